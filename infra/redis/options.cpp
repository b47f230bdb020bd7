#include "infra/redis/options.h"

#include <sys/un.h>

#include <charconv>

namespace kaogong::redis {

std::optional<Endpoint> endpoint_of(std::string_view text) {
  constexpr std::string_view kUnix = "unix:";
  if (text.starts_with(kUnix)) {
    const std::string_view path = text.substr(kUnix.size());
    if (path.empty() || path.size() >= sizeof(sockaddr_un::sun_path)) return std::nullopt;
    return Endpoint{{}, {}, std::string(path)};
  }
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  uint16_t number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (error != std::errc{} || end != port.data() + port.size() || number == 0) return std::nullopt;
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return std::nullopt;  // an address of IPv6 stands in brackets
  }
  if (host.empty() || host.find_first_of(" \t\r\n/@[]") != std::string_view::npos) return std::nullopt;
  return Endpoint{std::string(host), std::string(port), {}};
}

bool is_sound(const Options& options) {
  for (const int64_t positive :
       {options.connect_timeout_ms, options.command_timeout_ms, options.answer_grace_ms, options.reconnect_delay_min_ms,
        options.silence_max_ms, options.outstanding_max, options.outstanding_bytes_max, options.reply_bytes_max}) {
    if (positive <= 0) return false;
  }
  return endpoint_of(options.endpoint).has_value() && options.database >= 0 &&
         options.reconnect_delay_min_ms <= options.reconnect_delay_max_ms;
}

}  // namespace kaogong::redis
