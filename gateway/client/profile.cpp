#include "gateway/client/profile.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string_view>

namespace kaogong::client {

namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r";
  const auto begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

}  // namespace

std::string usual_profile_path() {
  const char* folder = std::getenv("XDG_CONFIG_HOME");
  if (folder != nullptr && *folder == '/') return std::string(folder) + "/kaogong/profile";
  const char* home = std::getenv("HOME");
  if (home == nullptr || *home == '\0') return {};
  return std::string(home) + "/.config/kaogong/profile";
}

std::variant<Profile, std::string> read_profile(const std::string& path) {
  Profile profile;
  struct stat facts {};
  if (path.empty() || (::stat(path.c_str(), &facts) != 0 && (errno == ENOENT || errno == ENOTDIR))) return profile;
  if (!S_ISREG(facts.st_mode) || static_cast<size_t>(facts.st_size) > kProfileBytesMax) return path + " is no profile";
  std::ifstream file(path);
  if (!file) return path + " cannot be read: " + std::strerror(errno);
  const std::map<std::string_view, std::string*> names = {
      {"server", &profile.server}, {"key", &profile.key}, {"tenant", &profile.tenant}, {"ca_file", &profile.ca_file}};
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    const auto text = trimmed(line);
    if (text.empty() || text.front() == '#') continue;
    const auto equals = text.find('=');
    const auto found = names.find(trimmed(text.substr(0, equals)));
    if (equals == std::string_view::npos || found == names.end())
      return path + ", line " + std::to_string(number) + ": not 'server = …', 'key = …', 'tenant = …' or 'ca_file = …'";
    *found->second = trimmed(text.substr(equals + 1));
  }
  constexpr mode_t kOthers = S_IRWXG | S_IRWXO;
  if (!profile.key.empty() && (facts.st_mode & kOthers) != 0)
    return path + " has a key and others may read it: chmod 600 " + path;
  return profile;
}

}  // namespace kaogong::client
