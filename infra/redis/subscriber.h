// Hearing what is published.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "infra/log/logger.h"
#include "infra/redis/loop.h"
#include "infra/redis/options.h"

namespace kaogong::redis {

/// A connection that listens to channels, and listens to them again after each break. What is published while there is
/// no connection is lost. Thread-safe.
class Subscriber {
 public:
  class State;
  /// Called on the loop's thread, where they must not block.
  struct Handlers {
    std::function<void(std::string_view channel, std::string_view message)> on_message;
    /// From now on the channel is heard. Also after each break: what was published before may have been missed, so this
    /// is the time to read the truth. May be empty.
    std::function<void(std::string_view channel)> on_subscribed;
  };

  /// Begins to connect. Aborts for options out of their bounds.
  Subscriber(Loop& loop, Options options, const log::Logger& logger, Handlers handlers);
  /// No handler is called any more once this has returned, if the loop has its own thread or this is the loop's thread;
  /// else once the loop has run.
  ~Subscriber();
  Subscriber(const Subscriber&) = delete;
  Subscriber& operator=(const Subscriber&) = delete;

  /// False: there are kChannelsMax channels already. Twice is once.
  bool subscribe(std::string channel);
  void unsubscribe(std::string channel);

 private:
  Loop& loop_;
  std::shared_ptr<State> state_;
};

}  // namespace kaogong::redis
