#include "tenants/folder/column_parser.h"

#include <algorithm>
#include <cstring>

#include "engine/number/fixed.h"
#include "engine/scheme/literal.h"
#include "tenants/folder/number_text.h"

namespace kaogong::folder {

ClosedList::Slot ClosedList::key_of(const char* text, size_t size) {
  Slot key;
  key.low = detail::load8(text) & detail::low_bytes(static_cast<unsigned>(std::min<size_t>(size, 8)));
  if (size > 8)
    key.high = detail::load8(text + 8) & detail::low_bytes(static_cast<unsigned>(std::min<size_t>(size - 8, 8)));
  key.size = static_cast<uint32_t>(size);
  return key;
}

size_t ClosedList::hash_of(const Slot& key) {
  return static_cast<size_t>(((key.low ^ (key.high * 0x9E3779B97F4A7C15ULL)) + key.size) * 0xD6E8FEB86659FD93ULL >> 32);
}

ClosedList::ClosedList(const std::vector<std::string>& values) : values_(values) {
  size_t slots = 4;
  while (slots < 3 * values.size()) slots *= 2;
  slots_.resize(slots);
  for (size_t i = 0; i < values.size(); ++i) {
    const std::string padded = values[i] + std::string(16, '\0');
    Slot key = key_of(padded.data(), values[i].size());
    key.code = static_cast<int32_t>(i);
    size_t at = hash_of(key) & (slots - 1);
    while (slots_[at].code >= 0) at = (at + 1) & (slots - 1);
    slots_[at] = key;
  }
}

int32_t ClosedList::find(const char* text, size_t size) const {
  const Slot key = key_of(text, size);
  for (size_t at = hash_of(key) & (slots_.size() - 1); slots_[at].code >= 0; at = (at + 1) & (slots_.size() - 1)) {
    const Slot& slot = slots_[at];
    if (slot.low == key.low && slot.high == key.high && slot.size == key.size &&
        (size <= 16 || std::memcmp(values_[static_cast<size_t>(slot.code)].data(), text, size) == 0))
      return slot.code;
  }
  return -1;
}

void add_fault(Chunk* chunk, Reject reject, size_t row, std::string_view value, std::string_view employee) {
  Rejects texts;
  texts.texts = std::move(chunk->fault_texts);
  texts.add(reject, value, employee);
  chunk->fault_texts = std::move(texts.texts);
  chunk->faults.push_back({texts.list.front(), static_cast<uint32_t>(row)});
}

ColumnParser::ColumnParser(const ColumnSpec& spec, uint16_t file, uint16_t index)
    : type_(spec.type),
      file_(file),
      index_(index),
      physical_(column::physical_for(spec.type)),
      closed_(spec.type.values) {
  if (type_.min) low_ = *type_.min;
  if (type_.max) high_ = *type_.max;
}

void ColumnParser::fault(RejectKind kind, std::string_view value, size_t row, Chunk* chunk) const {
  Reject reject;
  reject.kind = kind;
  reject.file = file_;
  reject.column = index_;
  reject.line = chunk->lines[row];
  add_fault(chunk, reject, row, value);
}

bool ColumnParser::parse_one(std::string_view text, int64_t* value, bool* is_null, RejectKind* kind) const {
  *value = 0;
  *is_null = text.empty();
  const auto fail = [kind](RejectKind why) {
    *kind = why;
    return false;
  };
  if (text.empty()) return type_.nullable || fail(RejectKind::kMissingValue);
  switch (type_.name) {
    case scheme::TypeName::kString: {
      if (type_.values.empty()) return text.size() <= kTextBytesMax || fail(RejectKind::kTextTooLong);
      const auto found = std::find(type_.values.begin(), type_.values.end(), text);
      if (found == type_.values.end()) return fail(RejectKind::kNotListed);
      *value = found - type_.values.begin();
      return true;
    }
    case scheme::TypeName::kBoolean:
      *value = text == "true";
      return *value != 0 || text == "false" || fail(RejectKind::kNotBoolean);
    case scheme::TypeName::kDate: {
      const auto day = scheme::parse_date(text);
      if (!day) return fail(RejectKind::kNotADate);
      *value = *day;
      break;
    }
    default:
      switch (fixed::parse(text, type_.scale, value)) {
        case fixed::ParseStatus::kOk:
          break;
        case fixed::ParseStatus::kMalformed:
          return fail(RejectKind::kNotANumber);
        case fixed::ParseStatus::kTooManyDecimals:
          return fail(RejectKind::kTooManyDecimals);
        case fixed::ParseStatus::kOutOfRange:
          return fail(RejectKind::kTooLarge);
      }
  }
  if (*value < low_) return fail(RejectKind::kBelowMinimum);
  if (*value > high_) return fail(RejectKind::kAboveMaximum);
  return true;
}

int64_t ColumnParser::stands_for_fault(ChunkColumn* out) const {
  if (type_.name == scheme::TypeName::kString && type_.values.empty()) return out->dictionary.insert("");
  return std::clamp<int64_t>(0, low_, high_);
}

int64_t ColumnParser::look_closer(const csv::Records& records, size_t record, size_t field, size_t row,
                                  ChunkColumn* out, Chunk* chunk) const {
  std::string scratch;
  const std::string_view text = records.value(record, field, &scratch);
  int64_t value = 0;
  bool is_null = false;
  RejectKind kind{};
  if (!parse_one(text, &value, &is_null, &kind)) {
    fault(kind, text, row, chunk);
    return stands_for_fault(out);
  }
  if (is_null) {
    out->valid.resize(row, 1);
    out->valid.push_back(0);
    return 0;
  }
  if (type_.name == scheme::TypeName::kString && type_.values.empty()) return out->dictionary.insert(text);
  return value;
}

template <class T>
void ColumnParser::parse_numbers(const csv::Records& records, size_t field, size_t first_row, ChunkColumn* out,
                                 Chunk* chunk) const {
  T* to = reinterpret_cast<T*>(out->data.data()) + first_row;
  const size_t stride = records.fields;
  const bool last = field + 1 == stride;
  const uint32_t* end = records.ends + field;
  const char* const text = records.text;
  const unsigned scale = type_.scale;
  const UsualDecimal usual(scale);
  const int64_t low = low_, high = high_;
  int64_t least = out->low, most = out->high;
  for (size_t i = 0; i < records.count; ++i, end += stride) {
    const uint32_t begin = end[-1] + 1;
    uint32_t stop = *end;
    if (last && stop > begin && text[stop - 1] == '\r') --stop;
    int64_t value = 0;
    if (__builtin_expect(!usual.parse(text + begin, stop - begin, &value), 0) &&
        !parse_short_decimal(text + begin, stop - begin, scale, fixed::kPow10Int64.data(), &value)) {
      value = look_closer(records, i, field, first_row + i, out, chunk);
    } else if (__builtin_expect(value < low || value > high, 0)) {
      value = look_closer(records, i, field, first_row + i, out, chunk);
    }
    least = std::min(least, value);
    most = std::max(most, value);
    to[i] = static_cast<T>(value);
  }
  out->low = least;
  out->high = most;
}

template <class T>
void ColumnParser::parse_closed(const csv::Records& records, size_t field, size_t first_row, ChunkColumn* out,
                                Chunk* chunk) const {
  T* to = reinterpret_cast<T*>(out->data.data()) + first_row;
  for (size_t i = 0; i < records.count; ++i) {
    const std::string_view text = records.raw(i, field);
    int64_t code = text.empty() ? -1 : closed_.find(text.data(), text.size());
    if (__builtin_expect(code < 0, 0)) code = look_closer(records, i, field, first_row + i, out, chunk);
    to[i] = static_cast<T>(code);
  }
}

void ColumnParser::parse_open(const csv::Records& records, size_t field, size_t first_row, ChunkColumn* out,
                              Chunk* chunk) const {
  auto* to = reinterpret_cast<int32_t*>(out->data.data()) + first_row;
  std::string_view before;
  int32_t code = 0;
  for (size_t i = 0; i < records.count; ++i) {
    const std::string_view text = records.raw(i, field);
    if (text.empty() || text[0] == '"' || text.size() > kTextBytesMax) {
      to[i] = static_cast<int32_t>(look_closer(records, i, field, first_row + i, out, chunk));
      continue;
    }
    if (text != before) {
      code = out->dictionary.insert(text);
      before = text;
    }
    to[i] = code;
  }
}

template <class T>
void ColumnParser::parse_others(const csv::Records& records, size_t field, size_t first_row, ChunkColumn* out,
                                Chunk* chunk) const {
  T* to = reinterpret_cast<T*>(out->data.data()) + first_row;
  const bool is_date = type_.name == scheme::TypeName::kDate;
  for (size_t i = 0; i < records.count; ++i) {
    const std::string_view text = records.raw(i, field);
    if (!is_date && text == "true") {
      to[i] = 1;
    } else if (!is_date && text == "false") {
      to[i] = 0;
    } else {
      to[i] = static_cast<T>(look_closer(records, i, field, first_row + i, out, chunk));
    }
  }
}

void ColumnParser::parse(const csv::Records& records, size_t field, size_t first_row, ChunkColumn* out,
                         Chunk* chunk) const {
  using column::Physical;
  if (type_.name == scheme::TypeName::kString) {
    if (type_.values.empty()) return parse_open(records, field, first_row, out, chunk);
    if (physical_ == Physical::kI8) return parse_closed<int8_t>(records, field, first_row, out, chunk);
    if (physical_ == Physical::kI16) return parse_closed<int16_t>(records, field, first_row, out, chunk);
    return parse_closed<int32_t>(records, field, first_row, out, chunk);
  }
  if (type_.name == scheme::TypeName::kBoolean) return parse_others<int8_t>(records, field, first_row, out, chunk);
  if (type_.name == scheme::TypeName::kDate) return parse_others<int32_t>(records, field, first_row, out, chunk);
  switch (physical_) {
    case Physical::kI8:
      return parse_numbers<int8_t>(records, field, first_row, out, chunk);
    case Physical::kI16:
      return parse_numbers<int16_t>(records, field, first_row, out, chunk);
    case Physical::kI32:
      return parse_numbers<int32_t>(records, field, first_row, out, chunk);
    default:
      return parse_numbers<int64_t>(records, field, first_row, out, chunk);
  }
}

}  // namespace kaogong::folder
