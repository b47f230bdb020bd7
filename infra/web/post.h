// One POST to an address that somebody else has chosen.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "infra/web/address.h"

namespace kaogong::web {

inline constexpr size_t kUrlBytesMax = 2'000;

/// `https://host[:port]/path?query`, without user, fragment, or anything else. An IPv6 host stands in brackets, which
/// are not in `host`.
struct Url {
  bool secure = true;
  std::string host;
  uint16_t port = 443;
  std::string target;  // "/path?query"
};
std::optional<Url> parse_url(std::string_view text);

/// The addresses of a name; none: it has none.
using Resolve = std::function<std::vector<Address>(const std::string& host, uint16_t port)>;
std::vector<Address> resolve_by_system(const std::string& host, uint16_t port);

struct PostOptions {
  /// Addresses that are not public, and http:// without TLS, are refused unless this is set: for an installation whose
  /// customers are in its own network.
  bool allow_private = false;
  int timeout_ms = 15'000;  // of all of it but the resolver's own
  Resolve resolve = resolve_by_system;
  std::string ca_file = {};  // empty: the system's certificates
};

struct Posted {
  int status = 0;     // of the answer; 0: there was none
  std::string error;  // why not; without anything that the other side has sent
};

/// Sends a JSON body and reads the answer's status; of its body nothing. Every address of the name is checked after it
/// was resolved, and the connection goes to the very address that was checked: a name that changes meanwhile gains
/// nothing. Certificates and names are checked. Redirects are not followed. Blocks, at most timeout_ms.
Posted post(const Url& url, const std::vector<std::pair<std::string, std::string>>& fields, std::string_view body,
            const PostOptions& options);

}  // namespace kaogong::web
