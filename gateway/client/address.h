// Where a server is.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kaogong::client {

/// `https://host:port/base`, taken apart.
struct Address {
  bool is_tls = false;
  std::string host;  // of IPv6 without brackets
  std::string port;
  std::string base;  // what stands before every path: empty, or `/kaogong`

  /// What the field Host says.
  std::string host_field() const;
};

/// Nothing: it is no http or https address, has a user, a query or a fragment, or characters that no address has.
std::optional<Address> parse_address(std::string_view text);

}  // namespace kaogong::client
