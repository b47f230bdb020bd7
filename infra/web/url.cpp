#include <algorithm>
#include <charconv>

#include "infra/web/post.h"

namespace kaogong::web {

namespace {

bool is_host_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

/// Printable ASCII without what may not stand in a target.
bool is_target_char(char c) {
  return c > 0x20 && c < 0x7F && c != '#' && c != '"' && c != '<' && c != '>' && c != '\\';
}

}  // namespace

std::optional<Url> parse_url(std::string_view text) {
  Url url;
  if (text.size() > kUrlBytesMax) return std::nullopt;
  if (text.starts_with("https://")) {
    text.remove_prefix(8);
  } else if (text.starts_with("http://")) {
    text.remove_prefix(7);
    url.secure = false;
    url.port = 80;
  } else {
    return std::nullopt;
  }
  const size_t slash = std::min(text.find_first_of("/?"), text.size());
  auto authority = text.substr(0, slash);
  url.target = text.substr(slash);
  if (url.target.empty() || url.target[0] == '?') url.target.insert(0, "/");
  if (authority.starts_with('[')) {
    const size_t end = authority.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    url.host = authority.substr(1, end - 1);
    authority.remove_prefix(end + 1);
    if (parse_address(url.host, 0).bytes.ss_family != AF_INET6) return std::nullopt;
  } else {
    const size_t colon = std::min(authority.find(':'), authority.size());
    url.host = authority.substr(0, colon);
    authority.remove_prefix(colon);
    if (url.host.empty() || url.host.size() > 253 || !std::all_of(url.host.begin(), url.host.end(), is_host_char))
      return std::nullopt;
  }
  if (!authority.empty()) {
    authority.remove_prefix(1);
    const auto [end, error] = std::from_chars(authority.data(), authority.data() + authority.size(), url.port);
    if (authority.empty() || error != std::errc() || end != authority.data() + authority.size() || url.port == 0)
      return std::nullopt;
  }
  if (!std::all_of(url.target.begin(), url.target.end(), is_target_char)) return std::nullopt;
  return url;
}

}  // namespace kaogong::web
