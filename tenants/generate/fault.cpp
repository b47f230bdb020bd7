#include "tenants/generate/fault.h"

#include "engine/scheme/literal.h"
#include "tenants/generate/row_maker.h"

namespace kaogong::generate {

namespace {

void add_texts(const ColumnPlan& column, size_t file, size_t place, std::vector<Fault>* out) {
  const auto add = [&](std::string text) { out->push_back({Fault::Kind::kText, file, place, std::move(text)}); };
  const scheme::TypeDecl& type = column.type;
  if (!type.nullable) add("");
  switch (type.name) {
    case scheme::TypeName::kString:
      if (!type.values.empty()) add("unknown");
      break;
    case scheme::TypeName::kBoolean:
      add("maybe");
      break;
    case scheme::TypeName::kDate:
      add("2026-02-30");
      break;
    default:
      add("n/a");
      add("NaN");
      add("1." + std::string(size_t{type.scale} + 1, '5'));
      if (type.min) add(scheme::scaled_to_text(*type.min - 1, type.scale));
      if (type.max) add(scheme::scaled_to_text(*type.max + 1, type.scale));
      break;
  }
}

}  // namespace

std::vector<Fault> possible_faults(const Plan& plan) {
  std::vector<Fault> faults;
  for (size_t c = 0; c < plan.population.columns.size(); ++c) {
    add_texts(plan.population.columns[c], kPopulationFile, c, &faults);
  }
  faults.push_back({Fault::Kind::kExtraField, kPopulationFile, 0, {}});
  faults.push_back({Fault::Kind::kDuplicateRow, kPopulationFile, 0, {}});
  for (size_t t = 0; t < plan.tables.size(); ++t) {
    const TablePlan& table = plan.tables[t];
    for (size_t c = 0; c < table.columns.size(); ++c) add_texts(table.columns[c], table_file(t), c, &faults);
    faults.push_back({Fault::Kind::kOrphan, table_file(t), 0, {}});
    if (!table.key.empty()) faults.push_back({Fault::Kind::kDuplicateRow, table_file(t), 0, {}});
    if (table.has_complete) faults.push_back({Fault::Kind::kMissingRow, table_file(t), 0, {}});
  }
  if (!plan.recorded.empty()) {
    faults.push_back({Fault::Kind::kPeriod, history_file(plan), 0, "2026-13"});
    faults.push_back({Fault::Kind::kDuplicateRow, history_file(plan), 0, {}});
    faults.push_back({Fault::Kind::kOrphan, history_file(plan), 0, {}});
  }
  return faults;
}

}  // namespace kaogong::generate
