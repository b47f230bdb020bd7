#include "gateway/api/gate/guesses.h"

#include <arpa/inet.h>

#include <algorithm>

namespace kaogong::api {

std::string network_of(std::string_view peer) {
  constexpr size_t kNetworkBytes = 8;
  in6_addr address{};
  const std::string text(peer);
  if (inet_pton(AF_INET6, text.c_str(), &address) != 1 || IN6_IS_ADDR_V4MAPPED(&address)) return text;
  std::fill(std::begin(address.s6_addr) + kNetworkBytes, std::end(address.s6_addr), uint8_t{0});
  char out[INET6_ADDRSTRLEN];
  return std::string(inet_ntop(AF_INET6, &address, out, sizeof out)) + "/64";
}

int64_t Guesses::locked_seconds(std::string_view peer) {
  if (wrong_max_ == 0) return 0;
  const std::scoped_lock lock(mutex_);
  const auto found = addresses_.find(network_of(peer));
  if (found == addresses_.end() || found->second.wrong < wrong_max_) return 0;
  const auto over = found->second.begun + kWindow, now = clock_.tick();
  return now >= over ? 0 : std::chrono::ceil<std::chrono::seconds>(over - now).count();
}

void Guesses::count_wrong(std::string_view peer) {
  const std::scoped_lock lock(mutex_);
  const auto now = clock_.tick();
  const auto [at, added] = addresses_.try_emplace(network_of(peer), Counted{now, 0, {}});
  auto& counted = at->second;
  if (added) {
    by_age_.push_front(at->first);
    counted.place = by_age_.begin();
  } else if (now - counted.begun >= kWindow) {
    counted.begun = now;
    counted.wrong = 0;
    by_age_.splice(by_age_.begin(), by_age_, counted.place);
  }
  ++counted.wrong;
  while (addresses_.size() > kAddressesMax) {
    addresses_.erase(by_age_.back());
    by_age_.pop_back();
  }
}

}  // namespace kaogong::api
