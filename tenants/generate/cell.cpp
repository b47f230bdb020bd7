#include "tenants/generate/cell.h"

#include <array>

#include "engine/feel/civil.h"
#include "infra/csv/writer.h"

namespace kaogong::generate {

Cell Symbols::of(std::string_view text) {
  const auto [place, is_new] = places_.emplace(text, static_cast<Cell>(texts_.size()));
  if (is_new) {
    texts_.emplace_back(text);
    csv::append_field(&fields_.emplace_back(), text);
  }
  return place->second;
}

int64_t power_of_ten(int n) {
  int64_t power = 1;
  for (int i = 0; i < n; ++i) power *= 10;
  return power;
}

void append_padded(std::string* out, uint64_t value, int width) {
  std::array<char, 32> digits;
  size_t at = digits.size();
  do {
    digits[--at] = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value != 0);
  while (static_cast<int>(digits.size() - at) < width && at > 0) digits[--at] = '0';
  out->append(&digits[at], digits.size() - at);
}

void append_number(std::string* out, int64_t value) {
  if (value < 0) out->push_back('-');
  append_padded(out, value < 0 ? 0 - static_cast<uint64_t>(value) : static_cast<uint64_t>(value), 1);
}

void append_date(std::string* out, int32_t days) {
  const auto date = feel::civil::civil_from_days(days);
  append_padded(out, static_cast<uint64_t>(date.year), 4);
  out->push_back('-');
  append_padded(out, static_cast<uint64_t>(date.month), 2);
  out->push_back('-');
  append_padded(out, static_cast<uint64_t>(date.day), 2);
}

void append_cell(std::string* out, Cell cell, const Format& format, const Symbols& symbols) {
  if (cell == kNull) return;
  switch (format.kind) {
    case Format::Kind::kSymbol:
      out->append(symbols.field(cell));
      return;
    case Format::Kind::kNumbered:
      out->append(format.prefix);
      append_padded(out, static_cast<uint64_t>(cell), format.width);
      return;
    case Format::Kind::kBoolean:
      out->append(cell != 0 ? "true" : "false");
      return;
    case Format::Kind::kDate:
      append_date(out, static_cast<int32_t>(cell));
      return;
    case Format::Kind::kDecimal:
      break;
  }
  int scale = format.scale;
  while (scale > 0 && cell % 10 == 0) {
    cell /= 10;
    --scale;
  }
  if (scale == 0) {
    append_number(out, cell);
    return;
  }
  if (cell < 0) {
    out->push_back('-');
    cell = -cell;
  }
  const int64_t unit = power_of_ten(scale);
  append_padded(out, static_cast<uint64_t>(cell / unit), 1);
  out->push_back('.');
  append_padded(out, static_cast<uint64_t>(cell % unit), scale);
}

}  // namespace kaogong::generate
