// Whose word counts about where a request comes from.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kaogong::http {

/// Addresses and networks of proxies in front of the server. Thread-safe.
class TrustedProxies {
 public:
  TrustedProxies() = default;
  /// `10.0.0.0/8, 127.0.0.1, fd00::/8`; empty: nobody. Nothing: a part is no address or network.
  static std::optional<TrustedProxies> parse(std::string_view text);

  bool trusts(std::string_view address) const;
  /// The client that a request came from: the last address in `forwarded_for` (the values of X-Forwarded-For, in their
  /// order) that is none of a trusted proxy. The peer itself if it is not trusted, nothing was forwarded, or what was
  /// is no address.
  std::string client_of(std::string_view peer, const std::vector<std::string_view>& forwarded_for) const;
  bool empty() const { return networks_.empty(); }

 private:
  using Bytes = std::array<uint8_t, 16>;
  struct Network {
    Bytes bytes{};
    unsigned bits = 0;
  };
  /// IPv4 addresses as IPv6 has them (::ffff:a.b.c.d).
  static std::optional<Bytes> bytes_of(std::string_view address, bool* is_ipv4);

  std::vector<Network> networks_;
};

}  // namespace kaogong::http
