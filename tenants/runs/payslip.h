// A payslip: one employee's published figures under the names that people know.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/scheme/document.h"
#include "infra/clock/clock.h"
#include "tenants/runs/programs.h"
#include "tenants/runs/queries.h"
#include "tenants/runs/run.h"

namespace kaogong::runs {

struct PayslipLine {
  std::string name;
  scheme::Labels label;
  scheme::TypeName type = scheme::TypeName::kNumber;
  std::optional<std::string> value;
};

struct Payslip {
  std::string employee;
  std::string scheme_id;
  scheme::Labels scheme;
  scheme::Period period;
  RunId run{};  // that says so
  bool refused = false;
  std::vector<PayslipLine> lines;  // in the order of the scheme's outputs
  std::vector<RejectRow> rejects;  // of who was refused: why
};

/// The payslip of an employee by a run that has results. Labels are those of the scheme's version that it was
/// calculated with. Failures: kNotFound (no such run, or he has no result in it), kConflict (the run has none), and of
/// compiling.
tenants::Result<Payslip> payslip(tenants::TenantTransaction& transaction, Programs& programs, const Run& run,
                                 std::string_view employee);

/// As a text of lines, in one language; columns are lined up by their width on a screen.
std::string to_text(const Payslip& payslip, bool chinese);

}  // namespace kaogong::runs
