#include "tenants/folder/file_spec.h"

namespace kaogong::folder {

namespace {

ColumnSpec key_column(ColumnSpec::Kind kind, std::string name, std::string zh) {
  ColumnSpec column;
  column.kind = kind;
  column.labels = {std::move(zh), name};
  column.name = std::move(name);
  return column;
}

ColumnSpec value_column(const scheme::Named& named) {
  ColumnSpec column;
  column.name = named.name;
  column.type = named.type;
  column.labels = named.labels;
  return column;
}

}  // namespace

FolderSpec folder_spec(const scheme::Document& document) {
  using Kind = ColumnSpec::Kind;
  FolderSpec spec;
  spec.tables = document.tables.size();
  spec.lookups = document.lookups.size();
  const auto employee = key_column(Kind::kEmployee, "employee", "员工");
  FileSpec population{"population", {employee}};
  for (const auto& input : document.inputs) population.columns.push_back(value_column(input));
  spec.files.push_back(std::move(population));
  for (const auto& table : document.tables) {
    FileSpec file{table.name, {employee}};
    for (const auto& column : table.columns) file.columns.push_back(value_column(column));
    spec.files.push_back(std::move(file));
  }
  FileSpec history{"history", {employee, key_column(Kind::kPeriod, "period", "期间")}};
  for (const auto& column : document.history) history.columns.push_back(value_column(column));
  spec.files.push_back(std::move(history));
  for (const auto& lookup : document.lookups) {
    FileSpec file{lookup.name, {}};
    for (const auto& column : lookup.columns) file.columns.push_back(value_column(column));
    spec.files.push_back(std::move(file));
  }
  FileSpec parameters{"parameters", {key_column(Kind::kText, "name", "名称"), key_column(Kind::kText, "value", "值")}};
  for (auto& column : parameters.columns) column.type.name = scheme::TypeName::kString;
  parameters.columns[1].type.nullable = true;
  spec.files.push_back(std::move(parameters));
  return spec;
}

}  // namespace kaogong::folder
