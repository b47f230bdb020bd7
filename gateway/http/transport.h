// The bytes of one connection, plain or under TLS: reads and writes that never wait.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "gateway/http/tls.h"

struct ssl_st;

namespace kaogong::http {

/// Reads and writes a socket that does not block. Where there is nothing to read or no room to write, it says what to
/// wait for: under TLS a read may have to wait for room, and a write for bytes. The thread must have SIGPIPE blocked.
class Transport {
 public:
  enum class State : uint8_t { kDone, kAwaitsReadable, kAwaitsWritable, kEnd, kBroken };
  struct Moved {
    size_t bytes = 0;  // more than 0 if and only if kDone
    State state = State::kDone;
  };
  /// `context`: none for plain bytes. The socket belongs to the caller and lives longer.
  Transport(int socket, std::shared_ptr<const TlsContext> context);
  ~Transport();
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  bool is_tls() const { return tls_ != nullptr; }
  State handshake();
  /// Precondition: `into` has room.
  Moved read(std::span<char> into);
  /// Precondition: there are bytes.
  Moved write(std::string_view bytes);
  /// Says that nothing more is written; does not wait for the other side to say so.
  void end_writing();
  /// Whether the client has closed or broken the connection, as far as it can be seen without taking bytes.
  bool is_gone() const;

 private:
  Moved moved(int result);

  int socket_;
  std::shared_ptr<const TlsContext> context_;
  ssl_st* tls_ = nullptr;
};

}  // namespace kaogong::http
