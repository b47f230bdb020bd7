#include "tenants/runs/parameters.h"

#include <memory>

#include "infra/csv/text_source.h"
#include "tenants/folder/growing_column.h"
#include "tenants/folder/parameter_check.h"
#include "tenants/folder/reject.h"
#include "tenants/sheet/sheet_file.h"

namespace kaogong::runs {

using tenants::Result;

namespace {

Result<std::unique_ptr<tenants::SheetFile>> open(std::string_view csv) {
  return tenants::SheetFile::read(csv::source_of(csv), "parameters");
}

}  // namespace

Result<GivenParameters> read_parameters(const scheme::Document& document, std::string_view csv) {
  GivenParameters given;
  for (const auto& parameter : document.parameters) given.columns.push_back(folder::empty_column(parameter.type));
  if (csv.empty()) return given;
  const auto lines = open(csv);
  if (!lines) return lines.failure();
  const auto name_at = (*lines)->require("name"), value_at = (*lines)->require("value");
  if (!name_at) return name_at.failure();
  if (!value_at) return value_at.failure();
  const folder::ParameterCheck check(document);
  while ((*lines)->next()) {
    if ((*lines)->is_faulty()) return tenants::invalid("parameters: " + (*lines)->fault({}).error.en);
    const std::string name((*lines)->value(*name_at));
    const auto parameter = check.find(name);
    if (!parameter) {
      given.unknown.push_back({name, check.unknown(name).en});
    } else if (given.columns[*parameter].rows != 0) {
      given.faults.push_back({name, "the parameter '" + name + "' is given twice: keep one"});
    } else if (const auto wrong = check.read(*parameter, (*lines)->value(*value_at), &given.columns[*parameter])) {
      given.faults.push_back({name, wrong->en});
    }
  }
  if (const auto failure = (*lines)->failure()) return *failure;
  return given;
}

std::vector<std::pair<std::string, std::string>> parameter_texts(std::string_view csv) {
  std::vector<std::pair<std::string, std::string>> texts;
  if (csv.empty()) return texts;
  const auto lines = open(csv);
  if (!lines || (*lines)->columns().size() != 2) return texts;
  while ((*lines)->next()) {
    if ((*lines)->is_faulty()) break;
    std::string name((*lines)->value(0));
    texts.emplace_back(std::move(name), (*lines)->value(1));
  }
  return texts;
}

}  // namespace kaogong::runs
