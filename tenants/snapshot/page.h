// Pages of results: all outputs of some hundred employees in the order of their ids, so that one employee's are found
// by one probe of an index and read in microseconds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/column/column.h"
#include "tenants/snapshot/packed_column.h"
#include "tenants/snapshot/seal.h"

namespace kaogong::snapshot {

/// Packs rows [begin, end) of a run's result, at least one. `refused` as in plan::RunResult. The bytes depend on the
/// ids, on which rows are refused, and on the values of the others: types, scales and widths go with the values, names
/// do not (they are the outputs of the run's scheme version, in its order). Precondition: sorted by employee.
std::string pack_page(const column::StringRows& employees, const std::vector<column::Column>& columns,
                      const std::vector<uint8_t>& refused, size_t begin, size_t end,
                      Compression compression = Compression::kNone);

/// A page's bytes with every size checked. Lives as long as the bytes. Immutable; used by many threads.
class Page {
 public:
  /// Nothing, and why in `error`: the bytes are damaged or are no page.
  static std::optional<Page> open(std::string_view bytes, std::string* error);
  /// The inside of a page; nothing: it is none.
  static std::optional<Page> parse(std::string_view body);

  size_t rows() const { return ids_.size(); }
  size_t columns() const { return columns_.size(); }
  std::string employee(size_t row) const { return std::string(ids_.prefix) + std::string(ids_.rest(row)); }
  /// The row of an employee; rows(): not there.
  size_t find(std::string_view employee) const { return find_id(ids_, employee); }
  bool refused(size_t row) const {
    return refused_ != nullptr && (static_cast<uint8_t>(refused_[row / 8]) >> (row % 8) & 1) != 0;
  }
  const PackedColumn& column(size_t c) const { return columns_[c]; }
  const PackedStrings& ids() const { return ids_; }
  /// One value as a column of one row, for format_value and the like. Precondition: the row is not refused.
  column::Column value(size_t c, size_t row) const;

 private:
  Unsealed unsealed_;
  PackedStrings ids_;
  const char* refused_ = nullptr;
  std::vector<PackedColumn> columns_;
};

/// Rows of many pages as columns again, for history, comparison and export.
struct ResultRows {
  column::StringRows employees;
  std::vector<column::Column> columns;
  std::vector<uint8_t> refused;  // one byte a row; what the columns hold there is 0
};
/// Reads pages in the order given, with the threads of the calling thread's TBB arena. Strings get codes in the order
/// of their first use. Nothing, and why in `error`: a page is damaged, or has other columns than the first.
std::optional<ResultRows> read_pages(const std::vector<std::string_view>& pages, std::string* error);

}  // namespace kaogong::snapshot
