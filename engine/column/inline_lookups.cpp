#include "engine/column/inline_lookups.h"

#include "engine/scheme/literal.h"

namespace kaogong::column {
namespace {

using scheme::TypeName;

// The stored integer of a literal that is not null.
std::optional<__int128> stored(const scheme::TypeDecl& type, std::string_view text, Dictionary* dictionary) {
  switch (type.name) {
    case TypeName::kString:
      return dictionary->insert(text);
    case TypeName::kBoolean:
      if (text != "true" && text != "false") return std::nullopt;
      return text == "true" ? 1 : 0;
    case TypeName::kDate: {
      const auto days = scheme::parse_date(text);
      if (!days) return std::nullopt;
      return *days;
    }
    default: {
      const auto parsed = scheme::parse_scaled(text, type.scale);
      const auto* units = std::get_if<int64_t>(&parsed);
      if (units == nullptr) return std::nullopt;
      return *units;
    }
  }
}

}  // namespace

Column make_column(const scheme::TypeDecl& type) {
  Column column;
  column.type = type.name;
  column.scale = type.scale;
  column.physical = physical_for(type);
  if (type.name == TypeName::kString) column.dictionary = std::make_shared<Dictionary>(type.values);
  return column;
}

std::optional<Column> make_literal(const scheme::TypeDecl& type, std::string_view text) {
  Column column = make_column(type);
  column.allocate(1, false);
  if (text.empty()) {
    column.set_null(0);
    return column;
  }
  const auto value = stored(type, text, column.dictionary.get());
  if (!value) return std::nullopt;
  if (type.name != TypeName::kString && type.name != TypeName::kBoolean && type.name != TypeName::kDate) {
    // A default outside its own bounds is the checker's to report; the narrow width would cut it.
    column.physical = Physical::kI64;
    column.allocate(1, false);
  }
  column.set(0, *value);
  return column;
}

LookupTable make_inline(const scheme::Lookup& lookup) {
  LookupTable table;
  table.rows = lookup.rows.size();
  for (size_t c = 0; c < lookup.columns.size(); ++c) {
    const scheme::TypeDecl& type = lookup.columns[c].type;
    Column column = make_column(type);
    // Literals may be wider than the bounds say only in documents that the checker refuses; hold them all the same.
    if (type.name != TypeName::kBoolean && type.name != TypeName::kDate) {
      column.physical = type.name == TypeName::kString ? Physical::kI32 : Physical::kI64;
    }
    column.allocate(table.rows, type.nullable);
    for (size_t r = 0; r < table.rows; ++r) {
      const std::string& text = lookup.rows[r][c];
      const auto value = text.empty() ? std::nullopt : stored(type, text, column.dictionary.get());
      if (value) {
        column.set(r, *value);
      } else {
        column.set_null(r);
      }
    }
    table.columns.push_back(std::move(column));
  }
  for (const scheme::Position& at : lookup.row_positions) table.lines.push_back(at.line);
  return table;
}

}  // namespace kaogong::column
