// Small columns and results for tests, written as texts; "" is null.
#pragma once

#include <string>
#include <vector>

#include "engine/column/inline_lookups.h"
#include "tenants/runs/result_view.h"

namespace kaogong::runs {

inline scheme::TypeDecl decimal_type(scheme::TypeName name, uint8_t scale) {
  scheme::TypeDecl type;
  type.name = name;
  type.scale = scale;
  type.nullable = true;
  return type;
}
inline scheme::TypeDecl money() { return decimal_type(scheme::TypeName::kMoney, 2); }
inline scheme::TypeDecl text() { return decimal_type(scheme::TypeName::kString, 0); }

inline column::Column column_of(const scheme::TypeDecl& type, const std::vector<std::string>& texts) {
  column::Column column = column::make_column(type);
  if (type.name == scheme::TypeName::kString) column.dictionary = std::make_shared<column::Dictionary>(type.values);
  column.allocate(texts.size(), true);
  for (size_t row = 0; row < texts.size(); ++row) {
    const auto literal = column::make_literal(type, texts[row]);
    if (texts[row].empty()) {
      column.set_null(row);
    } else if (column.dictionary != nullptr) {
      column.set(row, column.dictionary->insert(texts[row]));
    } else {
      column.set(row, literal.value().get(0));
    }
  }
  return column;
}

struct NamedColumn {
  std::string name;
  scheme::TypeDecl type;
  std::vector<std::string> texts;
};

inline ResultSet results_of(const std::vector<std::string>& employees, const std::vector<NamedColumn>& columns) {
  ResultSet set;
  for (const auto& employee : employees) set.employees.push_back(employee);
  for (const auto& column : columns) {
    set.names.push_back(column.name);
    set.columns.push_back(column_of(column.type, column.texts));
  }
  return set;
}

}  // namespace kaogong::runs
