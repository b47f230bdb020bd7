// Answers that are known without a thread that may block: looked up on the io thread, in memory or over connections
// that live on that thread's own loop.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/http/message.h"
#include "gateway/http/route.h"

namespace boost::asio {
class io_context;
}

namespace kaogong::http {

/// What one io thread has of a fast path. Everything here is called on that thread, and never blocks.
class FastThread {
 public:
  enum class Verdict : uint8_t {
    kNo,        // take the usual way
    kAnswered,  // the answer is in `response`
    kAsk,       // call ask() next, before anything else
  };
  using Done = std::function<void(const std::optional<Response>&)>;

  virtual ~FastThread() = default;
  /// Unless it answers it leaves the request as it is, but for `is_counted`.
  virtual Verdict begin(Request& request, const Route& route, const std::vector<std::string>& values,
                        Response* response) = 0;
  /// Looks further. `done` is called once, later on this thread: with the answer, or nothing: take the usual way.
  virtual void ask(Done done) = 0;
};

/// Used by all io threads; outlives the server.
class FastPath {
 public:
  virtual ~FastPath() = default;
  /// Whether begin() is to be called for a route.
  virtual bool takes(const Route& route) const = 0;
  /// Makes a thread's part, before the thread runs. The loop outlives it.
  virtual std::unique_ptr<FastThread> begin_thread(boost::asio::io_context& io) = 0;
};

}  // namespace kaogong::http
