// Where values come from.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "infra/config/fault.h"

namespace kaogong::config {

inline constexpr size_t kFileBytesMax = size_t{1} << 20;
inline constexpr std::string_view kEnvironmentPrefix = "KAOGONG_";

/// The later source wins: file, environment, flags.
struct Sources {
  std::string file_path;                 // YAML; empty: none
  std::vector<std::string> environment;  // `NAME=value`; names without kEnvironmentPrefix are not looked at
  std::vector<std::string> flags;        // `key=value`, as --set takes it
};

/// The environment of this process.
std::vector<std::string> process_environment();

/// A value before it is known what it should be.
struct Entry {
  std::string key;
  std::string value;
  std::string source;
};

/// What is written of a key in the environment: `log.level` is `KAOGONG_LOG_LEVEL`.
std::string variable_of(std::string_view key);

/// Whether a name is one of those that Kubernetes makes for a service whose name begins with ours
/// (`KAOGONG_REDIS_SERVICE_HOST`, `KAOGONG_REDIS_PORT_6379_TCP`): no key is meant.
bool is_service_link(std::string_view variable);

}  // namespace kaogong::config
