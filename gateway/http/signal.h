// A coroutine waits, another or a callback on the same thread wakes it. Not for others to include.
#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <optional>
#include <utility>

#include "gateway/http/shard.h"

namespace kaogong::http {

/// One waiter at a time, on one thread. News that came while nobody waited is not lost; several are one.
class Signal {
 public:
  explicit Signal(Executor executor) : executor_(std::move(executor)) {}

  void set() {
    if (!waiter_) {
      is_set_ = true;
      return;
    }
    auto waiter = std::move(*waiter_);
    waiter_.reset();
    asio::post(executor_, std::move(waiter));
  }

  /// Whether there is news, which is then taken; ask before wait().
  bool take() { return std::exchange(is_set_, false); }
  Awaitable<> wait() {
    // Named before it is awaited: GCC 12 destroys a capturing lambda inside a co_await expression twice.
    auto keep = [this](auto handler) { waiter_.emplace(std::move(handler)); };
    co_await asio::async_initiate<const Token, void()>(keep, kToken);
  }

 private:
  static constexpr Token kToken{};
  using Handler = asio::async_result<Token, void()>::handler_type;

  Executor executor_;
  std::optional<Handler> waiter_;
  bool is_set_ = false;
};

}  // namespace kaogong::http
