#include "tenants/runs/score.h"

#include "infra/csv/text_source.h"
#include "tenants/folder/read_folder.h"
#include "tenants/snapshot/snapshot.h"

namespace kaogong::runs {

tenants::Result<Calculated> score(const ScoreRequest& request) {
  const scheme::Document& document = plan::document_of(*request.program);
  scheme::Labels error;
  auto folder = folder::read_sheets(
      document, request.period,
      [&](const std::string& sheet) -> std::optional<csv::Source> {
        const auto found = request.sheets.find(sheet);
        if (found == request.sheets.end()) return std::nullopt;
        return csv::source_of(found->second);
      },
      &error);
  if (!folder) return tenants::invalid(error.en);
  snapshot::sort_by_employee(&*folder);
  Calculation calculation;
  calculation.program = request.program;
  calculation.snapshot = std::make_shared<const folder::FolderInputs>(*std::move(folder));
  calculation.parameters = {request.parameters};
  calculation.threads = request.threads;
  auto calculated = calculate(calculation);
  if (!calculated.failure.empty()) return tenants::invalid(calculated.failure);
  return calculated;
}

}  // namespace kaogong::runs
