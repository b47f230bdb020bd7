#include "infra/log/field.h"

#include <algorithm>

namespace kaogong::log {
namespace {

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace

Field::Field(const Key& key, MachineText value) : name_(key.name()), kind_(Kind::kText), text_(value.text) {
  if (value.text.size() <= MachineText::kBytesMax && is_printable(value.text)) return;
  kind_ = Kind::kRedacted;
  number_ = value.text.size();
}

void Field::append_value(std::string* out) const {
  switch (kind_) {
    case Kind::kSigned:
      *out += std::to_string(static_cast<int64_t>(number_));
      return;
    case Kind::kUnsigned:
      *out += std::to_string(number_);
      return;
    case Kind::kBoolean:
      *out += number_ != 0 ? "true" : "false";
      return;
    case Kind::kRedacted:
      *out += "\"[redacted " + std::to_string(number_) + " bytes]\"";
      return;
    case Kind::kText:
      *out += '"';
      for (const char c : text_) {
        constexpr std::string_view kHex = "0123456789abcdef";
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20) {
          *out += "\\u00";
          *out += kHex[byte >> 4];
          *out += kHex[byte & 15];
          continue;
        }
        if (c == '"' || c == '\\') *out += '\\';
        *out += c;
      }
      *out += '"';
      return;
  }
}

}  // namespace kaogong::log
