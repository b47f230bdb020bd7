// The inside of Loop; not for others to include.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <functional>
#include <optional>
#include <thread>

#include "infra/redis/loop.h"

namespace kaogong::redis {

namespace asio = boost::asio;

struct Loop::Impl {
  Impl();
  explicit Impl(asio::io_context& others);
  ~Impl();
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  bool in_loop() const { return io.get_executor().running_in_this_thread(); }
  /// Runs the function on the loop's thread. Waits until it has run if the thread is the loop's own; if it is somebody
  /// else's that may not be running any more, hands it over only.
  void run(std::function<void()> function);

 private:
  std::optional<asio::io_context> own_;

 public:
  asio::io_context& io;

 private:
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> work_;
  std::thread thread_;
};

}  // namespace kaogong::redis
