#include "gateway/client/address.h"

#include <algorithm>
#include <charconv>

namespace kaogong::client {

namespace {

bool is_letter_or_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

bool is_host(std::string_view text, bool bracketed) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return is_letter_or_digit(c) || c == '.' || (bracketed ? c == ':' : c == '-' || c == '_');
  });
}

bool is_port(std::string_view text) {
  uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc{} && end == text.data() + text.size() && port != 0;
}

}  // namespace

std::string Address::host_field() const {
  const std::string shown = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return port == (is_tls ? "443" : "80") ? shown : shown + ":" + port;
}

std::optional<Address> parse_address(std::string_view text) {
  constexpr std::string_view kPlain = "http://", kTls = "https://";
  Address address;
  address.is_tls = text.starts_with(kTls);
  if (!address.is_tls && !text.starts_with(kPlain)) return std::nullopt;
  text.remove_prefix(address.is_tls ? kTls.size() : kPlain.size());
  const auto slash = std::min(text.find('/'), text.size());
  auto authority = text.substr(0, slash);
  auto base = text.substr(slash);
  while (base.ends_with('/')) base.remove_suffix(1);
  if (!std::all_of(base.begin(), base.end(), [](char c) {
        return is_letter_or_digit(c) || c == '/' || c == '-' || c == '_' || c == '.' || c == '~';
      }))
    return std::nullopt;
  address.base = base;

  const bool is_bracketed = authority.starts_with('[');
  size_t end = is_bracketed ? authority.find(']') : std::min(authority.find(':'), authority.size());
  if (end == std::string_view::npos) return std::nullopt;
  address.host = authority.substr(is_bracketed ? 1 : 0, is_bracketed ? end - 1 : end);
  if (!is_host(address.host, is_bracketed)) return std::nullopt;
  authority.remove_prefix(is_bracketed ? end + 1 : end);
  if (authority.empty()) {
    address.port = address.is_tls ? "443" : "80";
    return address;
  }
  if (!authority.starts_with(':') || !is_port(authority.substr(1))) return std::nullopt;
  address.port = authority.substr(1);
  return address;
}

}  // namespace kaogong::client
