#include "tenants/snapshot/packed_column.h"

#include <algorithm>
#include <unordered_map>

#include "engine/scheme/period.h"
#include "tenants/snapshot/integers.h"
#include "tenants/snapshot/limits.h"

namespace kaogong::snapshot {

namespace {

using column::Physical;
using scheme::TypeName;

constexpr uint8_t kHasNulls = 1, kHasValues = 2;

void append_extent(Physical physical, __int128 low, unsigned __int128 span, ByteWriter* out) {
  if (physical == Physical::kI128) {
    out->i128(low);
    out->i128(static_cast<__int128>(span));
  } else {
    out->zigzag(static_cast<int64_t>(low));
    out->varint(static_cast<uint64_t>(span));
  }
}

/// The rows' values with 0 for the least where there is none, so that what stands there has no influence.
template <class T>
std::vector<T> cleaned(const T* values, size_t count, const std::vector<uint8_t>& counts) {
  std::vector<T> clean(values, values + count);
  const auto first = std::find(counts.begin(), counts.end(), uint8_t{1});
  T low = first == counts.end() ? T{0} : values[first - counts.begin()];
  for (size_t i = 0; i < count; ++i)
    if (counts[i] != 0) low = std::min(low, values[i]);
  for (size_t i = 0; i < count; ++i)
    if (counts[i] == 0) clean[i] = low;
  return clean;
}

/// Places of values in the order in which they first occur.
class FirstOccurrences {
 public:
  explicit FirstOccurrences(const column::Dictionary& dictionary, size_t rows) : dictionary_(dictionary) {
    if (static_cast<size_t>(dictionary.size()) <= 4 * rows + 64)
      places_.assign(static_cast<size_t>(dictionary.size()), -1);
  }
  int32_t place_of(int32_t code) {
    int32_t& place = places_.empty() ? few_.emplace(code, -1).first->second : places_[static_cast<size_t>(code)];
    if (place < 0) {
      place = static_cast<int32_t>(values.size());
      values.push_back(dictionary_.at(code));
    }
    return place;
  }
  std::vector<std::string_view> values;

 private:
  const column::Dictionary& dictionary_;
  std::vector<int32_t> places_;
  std::unordered_map<int32_t, int32_t> few_;
};

bool is_all_null(const PackedColumn& column) {
  for (size_t row = 0; row < column.rows; ++row)
    if (!column.is_null(row)) return false;
  return true;
}

void append_values(const void* values, Physical physical, size_t count, ByteWriter* out) {
  const Extent extent = extent_of(values, physical, count);
  const auto span = static_cast<unsigned __int128>(extent.high) - static_cast<unsigned __int128>(extent.low);
  const unsigned width = width_for(span);
  append_extent(physical, extent.low, span, out);
  narrow(values, physical, count, extent.low, width, out->grow(packed_bytes(count, width)));
}

}  // namespace

StringForm form_for(const scheme::TypeDecl& type) {
  return type.name == TypeName::kString && type.values.empty() ? StringForm::kValues : StringForm::kCodes;
}

void append_column(const column::Column& column, size_t begin, size_t end, StringForm form, const uint8_t* present,
                   ByteWriter* out) {
  const size_t rows = end - begin;
  const bool with_values = form == StringForm::kValues && column.type == TypeName::kString;
  std::vector<uint8_t> counts;  // 1: the row has a value
  bool nulls = false;
  for (size_t i = 0; i < rows && (present != nullptr || column.valid.bytes() != 0); ++i) {
    const bool absent = present != nullptr && present[i] == 0, null = !absent && column.is_null(begin + i);
    if (!absent && !null) continue;
    if (counts.empty()) counts.assign(rows, 1);
    counts[i] = 0;
    nulls = nulls || null;
  }
  out->u8(static_cast<uint8_t>(column.type));
  out->u8(column.scale);
  out->u8(static_cast<uint8_t>(column.physical));
  out->u8(static_cast<uint8_t>((nulls ? kHasNulls : 0) | (with_values ? kHasValues : 0)));
  if (nulls) {
    char* bits = out->grow((rows + 7) / 8);
    for (size_t i = 0; i < rows; ++i)
      if (column.is_null(begin + i) && (present == nullptr || present[i] != 0))
        bits[i / 8] = static_cast<char>(bits[i / 8] | 1 << (i % 8));
  }
  if (with_values) {
    FirstOccurrences occurring(*column.dictionary, rows);
    std::vector<int32_t> places(rows, 0);
    for (size_t i = 0; i < rows; ++i)
      if (counts.empty() || counts[i] != 0) places[i] = occurring.place_of(static_cast<int32_t>(column.get(begin + i)));
    append_strings(occurring.values, out);
    return append_values(places.data(), Physical::kI32, rows, out);
  }
  const std::byte* values = column.data.data() + begin * column::width_of(column.physical);
  if (counts.empty()) return append_values(values, column.physical, rows, out);
  const auto clean = [&](auto zero) {
    using T = decltype(zero);
    const std::vector<T> all = cleaned(reinterpret_cast<const T*>(values), rows, counts);
    append_values(all.data(), column.physical, rows, out);
  };
  switch (column.physical) {
    case Physical::kI8:
      return clean(int8_t{});
    case Physical::kI16:
      return clean(int16_t{});
    case Physical::kI32:
      return clean(int32_t{});
    case Physical::kI64:
      return clean(int64_t{});
    case Physical::kI128:
      return clean(static_cast<__int128>(0));
  }
}

std::optional<__int128> PackedColumn::at(size_t row) const {
  if (is_null(row)) return std::nullopt;
  return static_cast<__int128>(static_cast<unsigned __int128>(low) + distance_at(values, width, row));
}

std::optional<std::string_view> PackedColumn::string_at(size_t row) const {
  const auto place = at(row);
  if (!place || *place < 0 || *place >= static_cast<__int128>(strings.size())) return std::nullopt;
  return strings.rest(static_cast<size_t>(*place));
}

PackedColumn take_column(ByteReader* in, size_t rows) {
  PackedColumn column;
  column.rows = rows;
  const uint8_t type = in->u8();
  column.scale = in->u8();
  const uint8_t physical = in->u8(), flags = in->u8();
  column.type = static_cast<TypeName>(type);
  column.physical = static_cast<Physical>(physical);
  const bool values = (flags & kHasValues) != 0;
  if (type > static_cast<uint8_t>(TypeName::kDate) || physical > static_cast<uint8_t>(Physical::kI128) ||
      flags > (kHasNulls | kHasValues) || (values && column.type != TypeName::kString)) {
    in->fail();
    return column;
  }
  column.form = values ? StringForm::kValues : StringForm::kCodes;
  if ((flags & kHasNulls) != 0) column.nulls = in->take((uint64_t{rows} + 7) / 8).data();
  if (values) column.strings = take_strings(in, std::max<size_t>(rows, 1), kStringBytesMax);
  const Physical stored = values ? Physical::kI32 : column.physical;
  if (stored == Physical::kI128) {
    column.low = in->i128();
    column.span = static_cast<unsigned __int128>(in->i128());
  } else {
    column.low = in->zigzag();
    column.span = in->varint();
  }
  Extent range = range_of(stored);
  if (column.type == TypeName::kBoolean) range = {0, 1};
  if (column.type == TypeName::kString) range.low = 0;
  // Without a value, places are 0.
  if (values) range.high = std::max<__int128>(0, static_cast<__int128>(column.strings.size()) - 1);
  if (column.low < range.low || column.low > range.high ||
      column.span > static_cast<unsigned __int128>(range.high) - static_cast<unsigned __int128>(column.low)) {
    in->fail();
    return column;
  }
  column.width = width_for(column.span);
  column.values = in->take(packed_bytes(rows, column.width)).data();
  return column;
}

bool fits(const PackedColumn& column, const scheme::TypeDecl& type) {
  if (column.type != type.name || column.scale != type.scale || column.physical != column::physical_for(type) ||
      column.form != form_for(type))
    return false;
  const auto high = static_cast<__int128>(static_cast<unsigned __int128>(column.low) + column.span);
  // Where everything is null, nothing of it is stored.
  if (column.low == 0 && column.span == 0 && is_all_null(column)) return true;
  if (type.name == TypeName::kString) return type.values.empty() || high < static_cast<__int128>(type.values.size());
  if (type.name == TypeName::kDate) {
    const scheme::Period first{scheme::PeriodKind::kYear, 1}, last{scheme::PeriodKind::kYear, 9999};
    if (column.low < scheme::first_day(first) || high > scheme::last_day(last)) return false;
  }
  return (!type.min || column.low >= *type.min) && (!type.max || high <= *type.max);
}

std::vector<int32_t> merge_strings(const PackedColumn& column, column::Dictionary* dictionary) {
  std::vector<int32_t> codes;
  codes.reserve(column.strings.size());
  for (size_t i = 0; i < column.strings.size(); ++i) codes.push_back(dictionary->insert(column.strings.rest(i)));
  return codes;
}

void merge_extent(const PackedColumn& packed, bool first, column::Column* column) {
  if (!scheme::is_numeric(packed.type) || packed.physical == Physical::kI128 || packed.rows == 0) return;
  auto low = static_cast<int64_t>(packed.low);
  auto high = static_cast<int64_t>(static_cast<unsigned __int128>(packed.low) + packed.span);
  if (packed.nulls != nullptr) {
    low = std::min<int64_t>(low, 0);
    high = std::max<int64_t>(high, 0);
  }
  column->low = first ? low : std::min(column->low, low);
  column->high = first ? high : std::max(column->high, high);
}

bool read_column(const PackedColumn& packed, const std::vector<int32_t>& codes, column::Column* out, size_t at) {
  const size_t rows = packed.rows;
  if (rows == 0) return true;
  if (packed.form == StringForm::kValues) {
    std::vector<int32_t> places(rows);
    if (!widen(packed.values, packed.width, rows, packed.low, packed.span, Physical::kI32, places.data())) return false;
    const auto write = [&](auto zero) {
      using T = decltype(zero);
      T* to = out->as<T>() + at;
      for (size_t i = 0; i < rows; ++i)
        to[i] = codes.empty() ? T{0} : static_cast<T>(codes[static_cast<size_t>(places[i])]);
    };
    switch (out->physical) {
      case Physical::kI8:
        write(int8_t{});
        break;
      case Physical::kI16:
        write(int16_t{});
        break;
      case Physical::kI32:
        write(int32_t{});
        break;
      default:
        return false;
    }
  } else if (!widen(packed.values, packed.width, rows, packed.low, packed.span, packed.physical,
                    out->data.data() + at * column::width_of(out->physical))) {
    return false;
  }
  if (out->valid.bytes() == 0) return true;
  std::byte* valid = out->valid.data() + at;
  if (packed.nulls == nullptr) {
    std::fill_n(valid, rows, std::byte{1});
    return true;
  }
  for (size_t i = 0; i < rows; ++i) {
    const bool null = packed.is_null(i);
    valid[i] = std::byte{null ? uint8_t{0} : uint8_t{1}};
    if (null) out->set(at + i, 0);
  }
  return true;
}

}  // namespace kaogong::snapshot
