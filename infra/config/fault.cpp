#include "infra/config/fault.h"

namespace kaogong::config {
namespace {

std::string shown(std::string_view value) {
  std::string out = "\"";
  for (const char c : value.substr(0, kShownBytesMax)) out += static_cast<unsigned char>(c) < ' ' || c == 127 ? '?' : c;
  return out + (value.size() > kShownBytesMax ? "…\"" : "\"");
}

}  // namespace

std::string to_text(const Fault& fault) {
  std::string out = fault.source + ": ";
  if (!fault.key.empty()) {
    out += fault.key;
    out += " = " + (fault.value == kMask ? std::string(kMask) : shown(fault.value)) + ": ";
  }
  return out + fault.problem + "; " + fault.remedy;
}

}  // namespace kaogong::config
