// Where Redis is, and how patient to be with it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kaogong::redis {

struct Options {
  /// `host:port`, `[::1]:port`, or `unix:` and the path of a socket. No TLS.
  std::string endpoint = "localhost:6379";
  std::string user;      // empty: the default user
  std::string password;  // empty: no AUTH
  int64_t database = 0;

  /// From the name's resolution to the last answer of AUTH and SELECT.
  int64_t connect_timeout_ms = 2'000;
  /// From a command's hand-over to its reply, unless the command has its own.
  int64_t command_timeout_ms = 200;
  /// How long after its deadline a reply is still awaited; then the server is taken for dead, and the connection
  /// closed.
  int64_t answer_grace_ms = 2'000;
  /// Before connecting again: doubled each time from the first to the last of these, less up to a half by chance.
  int64_t reconnect_delay_min_ms = 50;
  int64_t reconnect_delay_max_ms = 5'000;
  /// A subscriber that hears nothing so long asks; after twice the time it connects again.
  int64_t silence_max_ms = 10'000;

  /// Commands, and their bytes, that were handed over and not answered yet. Beyond: Error kOverloaded, at once.
  int64_t outstanding_max = 10'000;
  int64_t outstanding_bytes_max = int64_t{64} << 20;
  /// A longer reply breaks the connection.
  int64_t reply_bytes_max = int64_t{16} << 20;
};

struct Endpoint {
  std::string host;         // empty: it is a socket's path
  std::string port;         // 1 to 65535
  std::string socket_path;  // at most 107 bytes
};

/// Nothing for a text of another form.
std::optional<Endpoint> endpoint_of(std::string_view text);

/// Whether a client can be made of the options: the endpoint has its form, times and bounds are above 0, the delays in
/// order.
bool is_sound(const Options& options);

}  // namespace kaogong::redis
