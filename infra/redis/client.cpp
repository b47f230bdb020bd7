#include "infra/redis/client.h"

#include <condition_variable>
#include <cstdlib>
#include <mutex>

#include "infra/redis/client_state.h"

namespace kaogong::redis {

Client::Client(Loop& loop, Options options, const log::Logger& logger) : loop_(loop) {
  if (!is_sound(options)) std::abort();
  state_ = std::make_shared<State>(loop.impl(), std::move(options), logger);
  state_->start();
}

Client::~Client() {
  loop_.impl().run([state = state_] { state->stop(); });
}

std::optional<Error> Client::send(Command command, std::optional<Command> unless_known, int64_t timeout_ms,
                                  Handler handler) {
  return state_->submit(std::move(command), std::move(unless_known), timeout_ms, std::move(handler));
}

Result<Reply> Client::wait(Command command, std::optional<Command> unless_known, int64_t timeout_ms) {
  if (loop_.impl().in_loop()) std::abort();
  std::mutex mutex;
  std::condition_variable came;
  std::optional<Result<Reply>> result;
  auto refused = state_->submit(std::move(command), std::move(unless_known), timeout_ms, [&](Result<Reply> reply) {
    // Told under the mutex: when it is free, the waiting thread may take all of these away.
    const std::lock_guard lock(mutex);
    result = std::move(reply);
    came.notify_one();
  });
  if (refused) return std::move(*refused);
  std::unique_lock lock(mutex);
  came.wait(lock, [&] { return result.has_value(); });
  return std::move(*result);
}

bool Client::wait_connected(int64_t timeout_ms) const { return state_->wait_connected(timeout_ms); }

ClientStatus Client::status() const { return state_->status(); }

}  // namespace kaogong::redis
