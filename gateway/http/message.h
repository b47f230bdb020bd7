// Requests and responses as handlers see them: no type of the HTTP library shows here.
#pragma once

#include <boost/static_string/static_string.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/http/answer_fields.h"

namespace kaogong::http {

enum class Method : uint8_t { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions };
std::string_view to_text(Method method);
/// Nothing: a method that the server does not know.
std::optional<Method> parse_method(std::string_view text);

struct Field {
  std::string name;  // in lower case in requests
  std::string value;
};

/// The header fields of a request as they were when it was checked; trailers never get in.
class Fields {
 public:
  Fields() = default;
  explicit Fields(std::vector<Field> fields) : fields_(std::move(fields)) {}
  /// The first field of that name (lower case); null: there is none.
  const std::string* find(std::string_view name) const;
  size_t count(std::string_view name) const;
  const std::vector<Field>& all() const { return fields_; }

 private:
  std::vector<Field> fields_;
};

/// One parameter of the query, percent-decoded.
struct Parameter {
  std::string name, value;
};

/// A body that comes while it is read, for bulk uploads. One thread at a time.
class BodySource {
 public:
  enum class State : uint8_t { kMore, kEnd, kGone, kTooLarge, kTimeout, kMalformed };
  struct Part {
    size_t bytes = 0;  // more than 0 if and only if kMore
    State state = State::kEnd;
  };
  virtual ~BodySource() = default;
  /// Waits for at least one byte. After anything but kMore it gives the same state again.
  virtual Part read(std::span<char> into) = 0;
};

/// A body that goes out while it is made. One thread at a time.
class BodySink {
 public:
  virtual ~BodySink() = default;
  /// Waits while the client is slow. False: the client is gone, too slow, or the server ends; whoever writes stops.
  virtual bool write(std::string_view bytes) = 0;
  /// Sends what is buffered now; for lines that somebody waits for.
  virtual bool flush() = 0;
};

/// Hexadecimal digits.
using RequestId = boost::static_string<16>;
using TraceId = boost::static_string<32>;
/// The characters of an id.
template <size_t Digits>
std::string_view view(const boost::static_string<Digits>& id) {
  return {id.data(), id.size()};
}

struct Request {
  Method method = Method::kGet;
  std::string target;  // as it was sent
  std::string path;    // of the target, percent-decoded by segment, without the query
  std::vector<Parameter> query;
  Fields fields;
  std::string body;              // whole; empty if the route streams
  BodySource* stream = nullptr;  // of routes that stream
  std::string peer;              // address of the client (of the proxy's client, if the proxy is trusted)
  RequestId id;                  // also in the answer's `x-request-id` and in the log
  TraceId trace_id;              // from `traceparent`, or new
  std::chrono::steady_clock::time_point deadline;
  std::stop_token stop;     // the client is gone or the server ends
  bool is_counted = false;  // by the fast path, which did not have the answer: not to be counted again

  /// The first query parameter of that name; null: there is none.
  const std::string* parameter(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::string content_type;                     // empty: there is no body
  std::string_view cache_control = "no-store";  // of a constant
  AnswerFields fields;                          // beside those that the server sets (length, date, id, trace)
  std::string body;
  /// Makes the body instead of `body`, after the header was sent: chunked, on the same thread as the handler.
  std::function<void(BodySink&)> stream;
};

}  // namespace kaogong::http
