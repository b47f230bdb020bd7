#include "infra/config/sources.h"

#include <unistd.h>

namespace kaogong::config {

std::vector<std::string> process_environment() {
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) all.emplace_back(*entry);
  return all;
}

std::string variable_of(std::string_view key) {
  std::string out(kEnvironmentPrefix);
  for (const char c : key) out += c == '.' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

bool is_service_link(std::string_view variable) {
  if (variable.ends_with("_SERVICE_HOST") || variable.ends_with("_PORT")) return true;
  if (variable.find("_SERVICE_PORT") != std::string_view::npos) return true;
  const size_t port = variable.find("_PORT_");
  return port != std::string_view::npos && variable.find_first_of("0123456789", port) == port + 6;
}

}  // namespace kaogong::config
