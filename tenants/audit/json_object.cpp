#include "tenants/audit/json_object.h"

#include <cstdio>

namespace kaogong::tenants::audit {

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(static_cast<unsigned char>(c)));
      out += escape;
    } else {
      out += c;
    }
  }
  out += '"';
  return out;
}

std::string json_object(std::initializer_list<std::pair<std::string_view, JsonValue>> members) {
  std::string out = "{";
  for (const auto& [name, value] : members) {
    if (out.size() > 1) out += ',';
    out += json_string(name) + ":";
    if (const auto* text = std::get_if<std::string>(&value)) {
      out += json_string(*text);
    } else if (const auto* number = std::get_if<int64_t>(&value)) {
      out += std::to_string(*number);
    } else {
      out += std::get<bool>(value) ? "true" : "false";
    }
  }
  return out + "}";
}

}  // namespace kaogong::tenants::audit
