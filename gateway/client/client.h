// Calls of the API.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "gateway/client/address.h"

namespace kaogong::client {

struct ClientOptions {
  Address address;
  std::string key;             // sent as `Authorization: Bearer …`
  bool plain_allowed = false;  // whether the key may go to another machine unencrypted
  std::string tenant;          // of operators: whose business it is; else empty
  std::string ca_path;         // certificates that are trusted; empty: those of the system
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds step_timeout{120'000};  // of a piece of body sent, and until a piece of answer is there
  int attempts_max = 5;
  std::chrono::milliseconds pause{200};    // after the first attempt that failed; twice as long after each
  std::chrono::seconds pause_longest{30};  // whatever the server asks for
};

using FieldPair = std::pair<std::string, std::string>;

struct Request {
  std::string method = "GET";
  std::string path;  // with its query; begins with `/`
  std::string content_type;
  std::string body;
  std::string body_path;          // a file that is sent instead, as it is read; empty: `body`
  std::vector<FieldPair> fields;  // beside those of the client; one of the same name goes before the client's own
};

struct Response {
  unsigned status = 0;
  std::vector<FieldPair> fields;
  std::string body;  // unless it went to a sink

  /// By a name in small letters; nothing: nullptr.
  const std::string* find(std::string_view name) const;
  bool is_good() const { return status >= 200 && status < 300; }
};

/// Why there is no answer; English, one line.
struct CallFailure {
  std::string message;
  bool outcome_unknown = false;  // what was asked for may have been done
};

/// Gets pieces of a good answer's body as they come; false: no more is wanted.
using Sink = std::function<bool(std::string_view)>;

/// Calls one server, each time on a connection of its own. Not thread-safe. Every call that may change something has an
/// Idempotency-Key, one for all of its attempts. A call is tried again if the connection fails, and for 429, 503 and
/// `idempotency_in_flight`; not if a part of the answer went to the sink already.
class Client {
 public:
  static constexpr size_t kAnswerBytesMax = size_t{256} << 20;  // of an answer without a sink

  /// Nothing, and why in `error`: the certificates cannot be read, or the key would go over the net unencrypted.
  static std::unique_ptr<Client> open(ClientOptions options, std::string* error);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  std::variant<Response, CallFailure> call(const Request& request, const Sink& sink = {});

 private:
  struct Wire;
  explicit Client(std::unique_ptr<Wire> wire);
  std::unique_ptr<Wire> wire_;
};

}  // namespace kaogong::client
