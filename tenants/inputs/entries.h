// What was entered: one entry at a time, corrected, taken away, and every version that was superseded.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "infra/clock/clock.h"
#include "tenants/inputs/sheet_ref.h"

namespace kaogong::tenants {

/// An entry as it stands, or as it stood.
struct Entry {
  EntryKey key;
  std::vector<std::string> columns;            // the header
  std::vector<std::vector<std::string>> rows;  // values without quotes, in the order of the columns
  int64_t change_id = 0;
  std::string actor;
  clock::Instant entered_at;
};

/// What a single call did.
struct Entered {
  bool changed = false;   // false: it stood there already, word for word
  int64_t change_id = 0;  // the set's watermark after it; if nothing changed: as before
};

/// Puts an entry in the place of what is there. `columns` must have those of the sheet; where the sheet is by employee,
/// each row's `employee` is the key's. Values are not looked at here: they are checked when the period is frozen (see
/// check_inputs()). `reason`: needed when the period is frozen. Failures: kNotFound (scheme, period, sheet), kConflict
/// (the period's state), kInvalid (columns, no row, too long), kQuotaExceeded.
Result<Entered> put_entry(TenantTransaction& transaction, const InputSet& set, const EntryKey& key,
                          const std::vector<std::string>& columns, const std::vector<std::vector<std::string>>& rows,
                          std::string_view reason = {});

/// Lets nobody else change the set until COMMIT: for who looks before he changes. Takes the counter's lock.
void hold_set(TenantTransaction& transaction, const InputSet& set);

/// Values by column.
using Values = std::vector<std::pair<std::string, std::string>>;

/// Sets values in those rows of an entry that have the values of `where` (none given: in all of them). Failures as of
/// put_entry(), and kNotFound: no such entry, column, or row.
Result<Entered> patch_entry(TenantTransaction& transaction, const InputSet& set, const EntryKey& key,
                            const Values& where, const Values& values, std::string_view reason = {});

/// Takes an entry away; its last version stays in the history. Failures: as of put_entry(), kNotFound.
Result<Entered> delete_entry(TenantTransaction& transaction, const InputSet& set, const EntryKey& key,
                             std::string_view reason = {});

/// Failures: kNotFound.
Result<Entry> find_entry(TenantTransaction& transaction, const InputSet& set, const EntryKey& key);

/// A version that was superseded.
struct PastEntry {
  Entry entry;
  bool deleted = false;  // taken away, not replaced
  int64_t ended_by = 0;  // the change that ended it
  std::string actor;     // who did that, when and why
  clock::Instant at;
  std::string reason;
};
/// Earlier versions of an entry, newest first; the one that stands is not among them.
std::vector<PastEntry> entry_history(TenantTransaction& transaction, const InputSet& set, const EntryKey& key);

/// One change of a set.
struct EntryChange {
  EntryKey key;
  int64_t change_id = 0;
  bool deleted = false;
  std::string actor;
  clock::Instant at;
  std::string reason;  // of replacements and deletions
};
/// What changed after a watermark: of each entry its last change, by change id, then sheet, employee and part; at most
/// `limit` (1 to kChangesMax).
std::vector<EntryChange> changes_since(TenantTransaction& transaction, const InputSet& set, int64_t watermark,
                                       int64_t limit);
inline constexpr int64_t kChangesMax = 100'000;

/// How many entries each sheet has; those without are left out.
std::vector<std::pair<std::string, int64_t>> count_entries(TenantTransaction& transaction, const InputSet& set);

/// A page of a sheet's entries as they are stored, by employee and part, behind `after` (null: from the beginning).
struct StoredEntry {
  EntryKey key;
  int64_t layout_id = 0;
  std::string payload;
};
std::vector<StoredEntry> list_entries(TenantTransaction& transaction, const InputSet& set, std::string_view sheet,
                                      const EntryKey* after, int64_t limit);

}  // namespace kaogong::tenants
