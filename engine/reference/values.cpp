#include "engine/reference/values.h"

#include <algorithm>
#include <limits>

#include "engine/number/number.h"
#include "engine/reference/refusal.h"
#include "engine/scheme/literal.h"

namespace kaogong::reference {
namespace {

using feel::Value;
using feel::ValueKind;
using number::Number;
using scheme::TypeName;

constexpr int32_t kCachedStringsMax = 1 << 16;

std::string quoted(const std::string& text) { return '"' + text + '"'; }

Refusal wrong_kind(const Value& value, const scheme::TypeDecl& type) {
  const std::string is(feel::to_string(value.kind()));
  const std::string wanted(scheme::type_name(type.name));
  return {{"类型不符:应为" + wanted + ",实为" + is, "this is " + is + ", not " + wanted}, {}, {}, {}, 0};
}

Value conform_number(const Value& value, const scheme::TypeDecl& type) {
  if (type.name == TypeName::kExact) return value;
  const auto mode = type.rounding == scheme::Rounding::kUp     ? number::Rounding::kUp
                    : type.rounding == scheme::Rounding::kDown ? number::Rounding::kDown
                                                               : number::Rounding::kHalfUp;
  const number::NumberResult rounded = number::round(value.as_number(), type.kept_decimals(), mode);
  const auto units = rounded ? rounded.value.to_scaled(type.scale) : std::nullopt;
  if (!units || *units > std::numeric_limits<int64_t>::max() || *units < std::numeric_limits<int64_t>::min()) {
    throw Refusal{{"数值溢出", "overflow: the value does not fit its type"}, {}, value.as_number().to_text(), {}, 0};
  }
  if (type.min && *units < *type.min) {
    const std::string bound = scheme::scaled_to_text(*type.min, type.scale);
    throw Refusal{{"小于最小值" + bound, "below the least value, " + bound}, {}, shown(rounded.value, type), {}, 0};
  }
  if (type.max && *units > *type.max) {
    const std::string bound = scheme::scaled_to_text(*type.max, type.scale);
    throw Refusal{{"大于最大值" + bound, "above the greatest value, " + bound}, {}, shown(rounded.value, type), {}, 0};
  }
  return rounded.value;
}

}  // namespace

ColumnReader::ColumnReader(const column::Column& column) : column_(&column) {
  if (column.type != TypeName::kString || !column.dictionary || column.dictionary->size() > kCachedStringsMax) return;
  strings_.reserve(static_cast<size_t>(column.dictionary->size()));
  for (int32_t code = 0; code < column.dictionary->size(); ++code) {
    strings_.push_back(Value::string(std::string(column.dictionary->at(code))));
  }
}

Value ColumnReader::at(size_t row) const {
  if (!strings_.empty() && !column_->is_null(row)) return strings_[static_cast<size_t>(column_->get(row))];
  return to_value(*column_, row);
}

Value to_value(const column::Column& column, size_t row) {
  if (column.is_null(row)) return {};
  const __int128 stored = column.get(row);
  switch (column.type) {
    case TypeName::kString:
      return Value::string(std::string(column.dictionary->at(static_cast<int32_t>(stored))));
    case TypeName::kBoolean:
      return Value::boolean(stored != 0);
    case TypeName::kDate:
      return Value(*feel::from_days(static_cast<int64_t>(stored)));
    default:
      return Value(Number::from_scaled(stored, column.scale));
  }
}

void store(const Value& value, column::Column* column, size_t row) {
  switch (value.kind()) {
    case ValueKind::kNumber:
      return column->set(row, *value.as_number().to_scaled(column->scale));
    case ValueKind::kString:
      return column->set(row, column->dictionary->insert(value.as_string()));
    case ValueKind::kBoolean:
      return column->set(row, value.as_boolean() ? 1 : 0);
    case ValueKind::kDate:
      return column->set(row, feel::to_days(value.as_date()));
    default:
      return column->set_null(row);
  }
}

Value conform(const Value& value, const scheme::TypeDecl& type) {
  refuse_poison(value);
  if (value.is_null()) {
    if (type.nullable || type.name == TypeName::kExact) return value;
    throw Refusal{{"结果为空值", "null where a value is needed"}, {}, {}, {}, 0};
  }
  switch (type.name) {
    case TypeName::kString: {
      if (!value.is(ValueKind::kString)) throw wrong_kind(value, type);
      if (!type.values.empty() &&
          std::find(type.values.begin(), type.values.end(), value.as_string()) == type.values.end()) {
        throw Refusal{
            {quoted(value.as_string()) + "不在取值范围内", quoted(value.as_string()) + " is not one of the values"},
            {},
            value.as_string(),
            {},
            0};
      }
      return value;
    }
    case TypeName::kBoolean:
      if (!value.is(ValueKind::kBoolean)) throw wrong_kind(value, type);
      return value;
    case TypeName::kDate:
      if (!value.is(ValueKind::kDate)) throw wrong_kind(value, type);
      if (value.as_date().year < 1 || value.as_date().year > 9999) {
        throw Refusal{{"日期超出范围", "the date is out of range"}, {}, feel::to_string(value.as_date()), {}, 0};
      }
      return value;
    default:
      // An exact value is a part of a larger expression; what it is shows there.
      if (!value.is(ValueKind::kNumber)) {
        if (type.name == TypeName::kExact) return value;
        throw wrong_kind(value, type);
      }
      return conform_number(value, type);
  }
}

Value literal(const scheme::TypeDecl& type, const std::string& text) {
  if (text.empty() || text == "null") return {};
  switch (type.name) {
    case TypeName::kString:
      return Value::string(text);
    case TypeName::kBoolean:
      return Value::boolean(text == "true");
    case TypeName::kDate: {
      const auto date = feel::parse_date(text);
      return date ? Value(*date) : Value();
    }
    default: {
      const auto number = Number::parse(text, number::Arithmetic::kExact);
      return number ? Value(*number) : Value();
    }
  }
}

std::string shown(const Value& value, const scheme::TypeDecl& type) {
  if (value.is(ValueKind::kNumber) && type.name != TypeName::kExact) return value.as_number().to_text(type.scale);
  return shown(value);
}

std::string shown(const Value& value) {
  return value.is_null() || value.is(ValueKind::kFunction) ? std::string() : feel::to_text(value);
}

void append_key(const Value& value, std::string* key) {
  const std::string text = value.is_null() ? std::string() : feel::to_text(value);
  key->push_back(static_cast<char>('a' + static_cast<int>(value.kind())));
  key->append(std::to_string(text.size()));
  key->push_back(':');
  key->append(text);
}

}  // namespace kaogong::reference
