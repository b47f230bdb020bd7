#include "gateway/api/inputs/cell.h"

namespace kaogong::api {

namespace {

using Kind = folder::ColumnSpec::Kind;

scheme::Labels said(const folder::ColumnSpec& column, const char* zh, const char* en) {
  return {"“" + column.name + "”列：" + zh, "column '" + column.name + "': " + en};
}

bool is_text(const folder::ColumnSpec& column) {
  return column.kind == Kind::kEmployee || column.kind == Kind::kPeriod ||
         (column.kind == Kind::kValue &&
          (column.type.name == scheme::TypeName::kString || column.type.name == scheme::TypeName::kDate));
}

}  // namespace

bool is_boolean(const folder::ColumnSpec& column) {
  return column.kind == Kind::kValue && column.type.name == scheme::TypeName::kBoolean;
}

std::optional<scheme::Labels> misfit(const folder::ColumnSpec& column, json::Kind kind) {
  switch (kind) {
    case json::Kind::kNull:
      return std::nullopt;
    case json::Kind::kArray:
    case json::Kind::kObject:
      return said(column, "须为单个值", "a single value is expected, not a list or an object");
    case json::Kind::kString:
      if (!is_boolean(column)) return std::nullopt;
      break;
    case json::Kind::kBoolean:
      if (is_boolean(column) || column.kind == Kind::kText) return std::nullopt;
      break;
    case json::Kind::kNumber:
      if (!is_text(column) && !is_boolean(column)) return std::nullopt;
      break;
  }
  if (is_boolean(column)) return said(column, "须为true或false", "true or false is expected, without quotes");
  if (is_text(column)) return said(column, "须为字符串，加引号", "a string is expected: put it in quotes");
  return said(column, "须为数字", "a number is expected, bare or in quotes");
}

}  // namespace kaogong::api
