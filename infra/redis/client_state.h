// The inside of Client; not for others to include.
#pragma once

#include <atomic>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "infra/redis/client.h"
#include "infra/redis/loop_impl.h"
#include "infra/redis/session.h"

namespace kaogong::redis {

class Client::State final : public std::enable_shared_from_this<Client::State>, private SessionListener {
 public:
  State(Loop::Impl& loop, Options options, const log::Logger& logger);

  void start();
  /// On the loop's thread: ends everything.
  void stop();

  // Any thread:
  std::optional<Error> submit(Command command, std::optional<Command> unless_known, int64_t timeout_ms,
                              Handler handler);
  bool wait_connected(int64_t timeout_ms) const;
  ClientStatus status() const;

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Pending {
    std::string wire;  // what is to be written; empty once it is
    std::optional<std::string> unless_known;
    Handler handler;  // empty: its time is over, and its reply is dropped
    Time deadline;
    int64_t bytes;
  };

  void on_ready() override;
  void on_reply(Reply&& reply) override;
  void on_lost() override;

  void drain();
  void write(Pending pending);
  void finish(Pending& pending, Result<Reply> result);
  void fail_all(ErrorCode code);
  void set_ready(bool ready);
  void watch(Time deadline);
  void on_deadline();

  Loop::Impl& loop_;
  const Options options_;
  const std::shared_ptr<Session> session_;

  mutable std::mutex mutex_;
  mutable std::condition_variable ready_changed_;
  std::vector<Pending> queue_;  // handed over, not yet seen by the loop; under the mutex
  bool drain_comes_ = false;    // under the mutex
  bool closed_ = false;         // under the mutex

  // Of the loop's thread:
  std::vector<Pending> drained_;  // empty: room for the next that are handed over
  std::deque<Pending> pending_;   // written, in the order of their replies
  asio::steady_timer timer_;
  std::optional<Time> watched_;  // when the timer fires: not after the first deadline

  std::atomic<bool> ready_{false};
  std::atomic<int64_t> outstanding_{0}, outstanding_bytes_{0};
  std::atomic<uint64_t> commands_{0}, batches_{0}, timeouts_{0}, disconnected_{0}, overloaded_{0}, connections_{0};
};

}  // namespace kaogong::redis
