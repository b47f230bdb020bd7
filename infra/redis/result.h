// What comes of a command: a value, or why there is none.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace kaogong::redis {

enum class ErrorCode : uint8_t {
  kTimeout,       // no reply before the deadline; the command may have been done, or still be done
  kDisconnected,  // there is no connection, or it broke before the reply: then the command may have been done
  kOverloaded,    // too many commands or bytes are waiting; this one was not sent
  kTooLarge,      // the command is larger than may ever wait; it was not sent
  kReplied,       // Redis answered with an error
  kUnexpected,    // Redis answered with a value of another type
  kClosed,        // the client is being destroyed
};

/// `timeout`, `disconnected`, …: good for logs and as the label of a metric.
std::string_view to_text(ErrorCode code);

struct Error {
  ErrorCode code;
  /// kReplied: Redis' own text, which may quote arguments of the command. Never log it; word() is safe.
  std::string text;

  /// The first word of a reply's error (`WRONGTYPE`, `OOM`) if it is one of capitals; else to_text(code).
  std::string_view word() const;
};

/// A value or an Error. Redis is a hint: whoever asks must go on with either.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : held_(std::in_place_index<0>, std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : held_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return held_.index() == 0; }
  explicit operator bool() const { return ok(); }
  /// Precondition: ok(); else std::bad_variant_access.
  T& value() { return std::get<0>(held_); }
  const T& value() const { return std::get<0>(held_); }
  T value_or(T other) const { return ok() ? value() : std::move(other); }
  /// Precondition: !ok(); else std::bad_variant_access.
  const Error& error() const { return std::get<1>(held_); }

 private:
  std::variant<T, Error> held_;
};

}  // namespace kaogong::redis
