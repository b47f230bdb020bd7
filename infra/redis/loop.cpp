#include "infra/redis/loop.h"

#include <csignal>
#include <future>

#include "infra/redis/asio.h"
#include "infra/redis/loop_impl.h"

namespace kaogong::redis {

Loop::Impl::Impl() : own_(std::in_place, 1), io(*own_), work_(asio::make_work_guard(io)) {
  // Signals are for the program's own threads.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread([this] { io.run(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

Loop::Impl::Impl(asio::io_context& others) : io(others) {}

Loop::Impl::~Impl() {
  if (!thread_.joinable()) return;
  work_.reset();
  io.stop();
  thread_.join();
}

void Loop::Impl::run(std::function<void()> function) {
  if (in_loop()) return function();
  if (!thread_.joinable()) {
    asio::post(io, std::move(function));
    return;
  }
  std::promise<void> done;
  asio::post(io, [&] {
    function();
    done.set_value();
  });
  done.get_future().wait();
}

Loop::Loop() : impl_(std::make_unique<Impl>()) {}
Loop::Loop(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Loop::~Loop() = default;

std::unique_ptr<Loop> adopt(asio::io_context& io) { return std::make_unique<Loop>(std::make_unique<Loop::Impl>(io)); }

}  // namespace kaogong::redis
