#include "gateway/api/score/inline_sheets.h"

#include <algorithm>
#include <vector>

#include "engine/scheme/near.h"
#include "gateway/api/inputs/cell.h"
#include "gateway/api/score/routes.h"
#include "infra/csv/writer.h"
#include "tenants/inputs/sheet_ref.h"

namespace kaogong::api {

namespace {

std::string not_one_of(std::string_view name, const std::vector<std::string_view>& known) {
  return "is not known; " + scheme::suggest(name, known, "there are none");
}

/// The rows of one sheet.
std::string read_sheet(const folder::FileSpec& sheet, const json::Value& rows, const std::string& pointer,
                       json::BodyFaults& faults) {
  std::string csv;
  std::vector<std::string_view> names;
  for (const auto& column : sheet.columns) {
    if (!names.empty()) csv += ',';
    csv::append_field(&csv, column.name);
    names.emplace_back(column.name);
  }
  csv += '\n';
  size_t number = 0;
  std::vector<std::string_view> cells(sheet.columns.size());
  for (const auto row : rows.items()) {
    const size_t here = number++;
    if (!row.is(json::Kind::kObject)) {
      faults.add(json::pointer_to(pointer, here), "must be an object: columns and their values");
      continue;
    }
    std::fill(cells.begin(), cells.end(), std::string_view());
    for (const auto& member : row.members()) {
      const auto name = member.name;
      const auto value = member.value;
      const auto fault = [&](const std::string& detail) {
        faults.add(json::pointer_to(json::pointer_to(pointer, here), name), detail);
      };
      const auto found = std::find(names.begin(), names.end(), name);
      if (found == names.end()) {
        fault(not_one_of(name, names));
        continue;
      }
      const auto column = static_cast<size_t>(found - names.begin());
      if (const auto wrong = misfit(sheet.columns[column], value.kind())) {
        fault(wrong->en);
      } else if (value.is(json::Kind::kBoolean)) {
        cells[column] = value.truth() ? "true" : "false";
      } else {
        cells[column] = value.text();
      }
    }
    const size_t begin = csv.size();
    for (size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) csv += ',';
      csv::append_field(&csv, cells[i]);
    }
    csv += csv.size() == begin ? "\"\"\n" : "\n";
  }
  return csv;
}

}  // namespace

std::map<std::string, std::string> read_inline_sheets(const scheme::Document& document, const json::Value& sheets,
                                                      const std::string& pointer, json::BodyFaults& faults) {
  std::map<std::string, std::string> texts;
  const tenants::SheetList list(document);
  std::vector<std::string_view> names;
  for (const auto& sheet : list.sheets()) names.emplace_back(sheet.name);
  size_t child_rows = 0;
  for (const auto& [name, rows] : sheets.members()) {
    const auto here = json::pointer_to(pointer, name);
    const auto found = list.find(name);
    if (!found) {
      faults.add(here, not_one_of(name, names));
      continue;
    }
    if (!rows.is(json::Kind::kArray)) {
      faults.add(here, "must be a list of rows");
      continue;
    }
    const bool is_population = (*found)->name == "population";
    if (!is_population) child_rows += rows.size();
    if (rows.size() > (is_population ? kScoreRowsMax : kScoreChildRowsMax) || child_rows > kScoreChildRowsMax) {
      faults.add(here, "has too many rows: make a run of them instead");
      continue;
    }
    texts.emplace(name, read_sheet(**found, rows, here, faults));
  }
  return texts;
}

}  // namespace kaogong::api
