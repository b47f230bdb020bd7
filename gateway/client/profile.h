// The file that says where somebody's server is.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>

namespace kaogong::client {

/// What a profile says; what it does not say is empty.
struct Profile {
  std::string server, key, tenant, ca_file;
};

inline constexpr size_t kProfileBytesMax = 64 << 10;

/// Reads lines `name = value`: server, key, tenant, ca_file; `#` begins a remark. A text: what is wrong with the file,
/// which must be its owner's alone if it has a key. A file that is not there is an empty profile.
std::variant<Profile, std::string> read_profile(const std::string& path);

/// `kaogong/profile` in XDG_CONFIG_HOME, or in ~/.config; empty: there is no home.
std::string usual_profile_path();

}  // namespace kaogong::client
