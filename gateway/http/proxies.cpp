#include "gateway/http/proxies.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace kaogong::http {

namespace {

constexpr unsigned kMappedBits = 96;  // of an IPv4 address inside an IPv6 one

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::optional<TrustedProxies::Bytes> TrustedProxies::bytes_of(std::string_view address, bool* is_ipv4) {
  if (address.size() >= INET6_ADDRSTRLEN) return std::nullopt;
  const std::string text(address);
  Bytes bytes{};
  *is_ipv4 = false;
  if (::inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) return bytes;
  bytes.fill(0);
  bytes[10] = bytes[11] = 0xFF;
  *is_ipv4 = true;
  if (::inet_pton(AF_INET, text.c_str(), bytes.data() + 12) == 1) return bytes;
  return std::nullopt;
}

std::optional<TrustedProxies> TrustedProxies::parse(std::string_view text) {
  TrustedProxies proxies;
  while (!trimmed(text).empty()) {
    const size_t comma = std::min(text.find(','), text.size());
    const auto one = trimmed(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
    const size_t slash = std::min(one.find('/'), one.size());
    bool is_ipv4 = false;
    const auto bytes = bytes_of(one.substr(0, slash), &is_ipv4);
    if (!bytes) return std::nullopt;
    unsigned bits = is_ipv4 ? 32 : 128;
    if (slash < one.size()) {
      const auto digits = one.substr(slash + 1);
      unsigned given = 0;
      const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), given);
      if (end.ec != std::errc() || end.ptr != digits.data() + digits.size() || given > bits) return std::nullopt;
      bits = given;
    }
    proxies.networks_.push_back({*bytes, is_ipv4 ? bits + kMappedBits : bits});
  }
  return proxies;
}

bool TrustedProxies::trusts(std::string_view address) const {
  bool is_ipv4 = false;
  const auto bytes = bytes_of(address, &is_ipv4);
  if (!bytes) return false;
  return std::any_of(networks_.begin(), networks_.end(), [&](const Network& network) {
    const unsigned whole = network.bits / 8, rest = network.bits % 8;
    if (std::memcmp(bytes->data(), network.bytes.data(), whole) != 0) return false;
    if (rest == 0) return true;
    const auto mask = static_cast<uint8_t>(0xFFu << (8 - rest));
    return ((*bytes)[whole] & mask) == (network.bytes[whole] & mask);
  });
}

std::string TrustedProxies::client_of(std::string_view peer, const std::vector<std::string_view>& forwarded_for) const {
  std::string client(peer);
  if (networks_.empty() || forwarded_for.empty() || !trusts(peer)) return client;
  for (auto value = forwarded_for.rbegin(); value != forwarded_for.rend(); ++value) {
    std::string_view rest = *value;
    for (bool more = true; more;) {
      const size_t comma = rest.rfind(',');
      more = comma != std::string_view::npos;
      const auto one = trimmed(more ? rest.substr(comma + 1) : rest);
      if (more) rest = rest.substr(0, comma);
      bool is_ipv4 = false;
      if (!bytes_of(one, &is_ipv4)) return client;
      client = std::string(one);
      if (!trusts(one)) return client;
    }
  }
  return client;
}

}  // namespace kaogong::http
