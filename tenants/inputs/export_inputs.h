// What was entered, as the data folder that it came from.
#pragma once

#include <cstdint>
#include <string>

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
