// What is wrong with a configuration, and what to do about it.
#pragma once

#include <string>
#include <string_view>

namespace kaogong::config {

/// What stands in the place of a secret.
inline constexpr std::string_view kMask = "********";

struct Fault {
  std::string source;   // `kaogong.yaml:12`, `environment KAOGONG_LOG_LEVEL`, `flag --set log.level`
  std::string key;      // empty: the fault is of the whole source
  std::string value;    // as it was given; the mask for a secret; cut after kShownBytesMax
  std::string problem;  // a clause: "is not an integer"
  std::string remedy;   // an order: "write a number from 1 to 1000"
};

inline constexpr size_t kShownBytesMax = 100;

/// `kaogong.yaml:12: log.level = "loud": is not one of the choices; write debug, info, warn, error or off`. Control
/// characters of the value are shown as `?`.
std::string to_text(const Fault& fault);

}  // namespace kaogong::config
