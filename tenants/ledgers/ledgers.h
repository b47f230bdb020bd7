// Amounts that are carried from period to period: retained commission, carried deductions, points. What is wrong is
// reversed, never changed.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/scheme/period.h"
#include "infra/clock/clock.h"
#include "tenants/registry/tenant_database.h"

namespace kaogong::tenants {

/// An exact decimal: `units` times 10^-scale.
struct Amount {
  int64_t units = 0;
  int scale = 2;  // 0 to kAmountScaleMax
  friend bool operator==(const Amount&, const Amount&) = default;
};

inline constexpr int kAmountScaleMax = 6;
inline constexpr size_t kLedgerBytesMax = 100;  // of a ledger's name, and of a kind
inline constexpr size_t kEntryKeyBytesMax = 200;
inline constexpr size_t kPostingsMax = 5'000'000;  // of one run

/// Reads `-12.50`; nothing for any other text, more than kAmountScaleMax decimals, or beyond 64 bits.
std::optional<Amount> parse_amount(std::string_view text);
/// With all decimals of its scale.
std::string to_text(const Amount& amount);

/// What is to be posted.
struct Posting {
  std::string ledger;  // "retained_commission"
  std::string employee;
  std::string kind;  // "retain", "release", "charge"
  Amount amount;     // below 0: takes away
  std::string note = {};
};

/// What posting did.
struct Posted {
  int64_t entries = 0;
  bool before = false;  // it was posted already, and nothing was done now
};

/// Posts what a run gives, all or nothing; amounts of 0 are left out. A run posts once: again with the same postings
/// does nothing. Call it in the transaction that publishes the run. Failures: kInvalid (a name, amount or note out of
/// bounds; the same ledger, employee and kind twice), kConflict (the run has posted something else).
Result<Posted> post_run(TenantTransaction& transaction, int64_t run_id, scheme::Period period,
                        std::span<const Posting> postings);
/// Posts the contrary of everything that a run posted, into the same period: for a run that is void or corrected.
/// Again: nothing. `note`: why.
Result<Posted> reverse_run(TenantTransaction& transaction, int64_t run_id, std::string_view note);
/// Posts one entry by hand under a key of the caller's choice; again with the same content does nothing. Failures:
/// kInvalid, kConflict (the key has another content).
Result<Posted> post_entry(TenantTransaction& transaction, std::string_view key, scheme::Period period,
                          const Posting& posting);

/// What somebody has in a ledger, as an exact decimal text.
struct Balance {
  std::string employee;
  std::string amount;  // "120.50"
};
/// The balance with everything up to the end of a period; "0" if there is nothing.
std::string balance_of(TenantTransaction& transaction, std::string_view ledger, std::string_view employee,
                       scheme::Period through);
/// Those of all who have entries, by employee, behind `after`, at most `limit` (1 to kBalancesMax).
std::vector<Balance> balances(TenantTransaction& transaction, std::string_view ledger, scheme::Period through,
                              std::string_view after, int64_t limit);
inline constexpr int64_t kBalancesMax = 100'000;

/// An entry as it stands.
struct LedgerEntry {
  std::string key;
  scheme::Period period;
  std::optional<int64_t> run_id;
  Posting posting;
  std::string actor;
  clock::Instant posted_at;
};
/// Somebody's entries in a ledger, by period, then time; at most `limit` (1 to kBalancesMax).
std::vector<LedgerEntry> ledger_entries(TenantTransaction& transaction, std::string_view ledger,
                                        std::string_view employee, int64_t limit);

}  // namespace kaogong::tenants
