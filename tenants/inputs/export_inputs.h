// What was entered, as the data folder that it came from.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tenants/inputs/sheet_ref.h"
#include "tenants/sheet/line_answer.h"

namespace kaogong::tenants {

/// What was written.
struct InputsExported {
  int64_t entries = 0;
  int64_t watermark = 0;
};

/// Writes the sheets of a set that have entries as CSV files into a folder, which is made if missing: what `kaogong
/// score` takes. By employee, then part, in the order of their bytes; columns of several layouts are put together.
/// Streamed. For a REPEATABLE READ transaction, else a change may be half in it. Failures: kNotFound, kInvalid (the
/// folder cannot be written).
Result<InputsExported> export_inputs(TenantTransaction& transaction, const InputSet& set, const std::string& folder);

/// Hands out one sheet's entries in the order and form of export_inputs(): first `begin` with the columns, then `rows`
/// with the lines of some entries, each ended by a line feed. Ends when one of them gives false. Memory: a page of
/// entries. For a REPEATABLE READ transaction. Gives the entries. Failures: kNotFound (scheme, sheet).
Result<int64_t> export_sheet(TenantTransaction& transaction, const InputSet& set, const std::string& sheet,
                             const std::function<bool(const std::vector<std::string>&)>& begin,
                             const std::function<bool(std::string_view)>& rows);

/// What a freeze would say now.
struct InputsChecked {
  uint64_t employees = 0, refused = 0;
  LineAnswers faults;   // file and line are those of export_inputs()
  std::string failure;  // not empty: nothing could be computed at all, and why
  int64_t watermark = 0;
};

/// Checks every value that was entered, as reading a data folder does. Goes through a temporary folder, which is
/// removed. Failures: as of export_inputs().
Result<InputsChecked> check_inputs(TenantTransaction& transaction, const InputSet& set);

}  // namespace kaogong::tenants
