// Wrong keys and tokens by where they come from.
#pragma once

#include <chrono>
#include <cstdint>
#include <list>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "infra/clock/clock.h"

namespace kaogong::api {

/// Counts wrong keys of each address in windows; whoever has too many is not looked at until the window is over.
/// Thread-safe.
class Guesses {
 public:
  static constexpr std::chrono::seconds kWindow{60};
  static constexpr size_t kAddressesMax = 100'000;  // those seen last

  /// `wrong_max`: wrong ones of one address in a window; 0: no bound.
  Guesses(const clock::Clock& clock, int64_t wrong_max) : clock_(clock), wrong_max_(wrong_max) {}

  /// Seconds until the address is looked at again; 0: it is.
  int64_t locked_seconds(std::string_view peer);
  void count_wrong(std::string_view peer);

 private:
  struct Counted {
    clock::Tick begun;
    int64_t wrong = 0;
    std::list<std::string>::iterator place;
  };
  const clock::Clock& clock_;
  const int64_t wrong_max_;
  std::mutex mutex_;
  std::map<std::string, Counted, std::less<>> addresses_;
  std::list<std::string> by_age_;
};

/// What is counted as one: an IPv4 address, the /64 of an IPv6 address; anything else as it is.
std::string network_of(std::string_view peer);

}  // namespace kaogong::api
