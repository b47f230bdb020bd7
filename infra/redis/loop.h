// Where replies are read and handlers run: one thread.
#pragma once

#include <memory>

namespace kaogong::redis {

/// One thread that serves any number of clients and subscribers; or, made by adopt() of asio.h, the caller's own.
/// Must outlive the clients and subscribers that use it.
class Loop {
 public:
  struct Impl;
  /// Starts the thread.
  Loop();
  explicit Loop(std::unique_ptr<Impl> impl);
  /// Ends it. Must not be called by the loop's own thread.
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace kaogong::redis
