// Storing entries, many at once. Internal to this room.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tenants/inputs/sheet_ref.h"

namespace kaogong::tenants {

/// The id of a layout, which is made if it is new.
int64_t layout_of(TenantTransaction& transaction, const InputSet& set, std::string_view sheet,
                  const std::vector<std::string>& columns);
/// The columns of a layout.
std::vector<std::string> columns_of_layout(TenantTransaction& transaction, int64_t layout_id);

/// Entries of one sheet and layout that are stored in one statement.
struct EntryBatch {
  std::vector<std::string> employees, parts, payloads;
  size_t bytes = 0;

  void add(std::string_view employee, std::string_view part, std::string_view payload);
  void clear();
};
inline constexpr size_t kBatchBytesMax = size_t{8} << 20;
inline constexpr size_t kBatchEntriesMax = 5'000;

struct Stored {
  int64_t added = 0, replaced = 0;
};

/// Puts a batch, in whose keys none is twice; what stands there already, word for word, stays. The versions that are
/// superseded go to the history. Precondition: `change_id` was taken from the set's counter in this transaction.
Stored store_batch(TenantTransaction& transaction, const InputSet& set, std::string_view sheet, int64_t layout_id,
                   int64_t change_id, const EntryBatch& batch, std::string_view reason);

/// A header or row as CSV, without a line end.
std::string csv_line(const std::vector<std::string>& values);
/// The rows of a payload. Precondition: it is well-formed, and ends with a line feed.
std::vector<std::vector<std::string>> rows_of(std::string_view payload);

}  // namespace kaogong::tenants
