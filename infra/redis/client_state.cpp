#include "infra/redis/client_state.h"

#include <algorithm>

namespace kaogong::redis {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

Client::State::State(Loop::Impl& loop, Options options, const log::Logger& logger)
    : loop_(loop),
      options_(std::move(options)),
      session_(std::make_shared<Session>(loop.io, options_, logger, static_cast<SessionListener&>(*this))),
      timer_(loop.io) {}

void Client::State::start() {
  asio::post(loop_.io, [self = shared_from_this()] {
    bool closed = false;
    {
      const std::lock_guard lock(self->mutex_);
      closed = self->closed_;
    }
    if (!closed) self->session_->start();
  });
}

void Client::State::stop() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  session_->stop();
  timer_.cancel();
  set_ready(false);
  fail_all(ErrorCode::kClosed);
}

std::optional<Error> Client::State::submit(Command command, std::optional<Command> unless_known, int64_t timeout_ms,
                                           Handler handler) {
  Pending pending{std::move(command).take(), {}, std::move(handler), {}, 0};
  if (unless_known) pending.unless_known = std::move(*unless_known).take();
  pending.bytes = static_cast<int64_t>(pending.wire.size() + (pending.unless_known ? pending.unless_known->size() : 0));
  if (pending.bytes > options_.outstanding_bytes_max) return Error{ErrorCode::kTooLarge, {}};
  pending.deadline = steady_clock::now() + milliseconds{timeout_ms > 0 ? timeout_ms : options_.command_timeout_ms};
  if (!ready_.load(std::memory_order_relaxed)) {
    disconnected_.fetch_add(1, std::memory_order_relaxed);
    return Error{ErrorCode::kDisconnected, {}};
  }
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return Error{ErrorCode::kClosed, {}};
    // Both grow under the mutex only; what the loop takes off meanwhile can only make room.
    if (outstanding_.load() >= options_.outstanding_max ||
        outstanding_bytes_.load() + pending.bytes > options_.outstanding_bytes_max) {
      overloaded_.fetch_add(1, std::memory_order_relaxed);
      return Error{ErrorCode::kOverloaded, {}};
    }
    outstanding_.fetch_add(1);
    outstanding_bytes_.fetch_add(pending.bytes);
    queue_.push_back(std::move(pending));
    wake = !drain_comes_;
    drain_comes_ = true;
  }
  commands_.fetch_add(1, std::memory_order_relaxed);
  if (wake) asio::post(loop_.io, [self = shared_from_this()] { self->drain(); });
  return std::nullopt;
}

// All that was handed over since the last turn of the loop goes out together.
void Client::State::drain() {
  std::vector<Pending> batch = std::move(drained_);
  {
    const std::lock_guard lock(mutex_);
    batch.swap(queue_);
    drain_comes_ = false;
  }
  if (!ready_.load(std::memory_order_relaxed)) {
    disconnected_.fetch_add(batch.size(), std::memory_order_relaxed);
    for (Pending& pending : batch) finish(pending, Error{ErrorCode::kDisconnected, {}});
    return;
  }
  if (!batch.empty()) batches_.fetch_add(1, std::memory_order_relaxed);
  for (Pending& pending : batch) write(std::move(pending));
  batch.clear();
  drained_ = std::move(batch);
  session_->flush();
}

void Client::State::write(Pending pending) {
  session_->out() += pending.wire;
  std::string().swap(pending.wire);
  watch(pending.deadline);
  pending_.push_back(std::move(pending));
}

void Client::State::finish(Pending& pending, Result<Reply> result) {
  outstanding_.fetch_sub(1);
  outstanding_bytes_.fetch_sub(pending.bytes);
  if (pending.handler) std::exchange(pending.handler, nullptr)(std::move(result));
}

void Client::State::on_ready() {
  connections_.fetch_add(1, std::memory_order_relaxed);
  set_ready(true);
}

void Client::State::on_reply(Reply&& reply) {
  const auto self = shared_from_this();  // the handler may destroy the client
  if (pending_.empty()) return session_->fail("there was a reply that nobody asked for");
  Pending pending = std::move(pending_.front());
  pending_.pop_front();
  if (reply.kind == Reply::Kind::kError && reply.text.starts_with("NOSCRIPT") && pending.handler &&
      pending.unless_known) {
    pending.wire = std::move(*pending.unless_known);
    pending.unless_known.reset();
    write(std::move(pending));
    return session_->flush();
  }
  finish(pending, std::move(reply));
}

void Client::State::on_lost() {
  const auto self = shared_from_this();
  set_ready(false);
  fail_all(ErrorCode::kDisconnected);
}

void Client::State::fail_all(ErrorCode code) {
  std::deque<Pending> written = std::exchange(pending_, {});
  std::vector<Pending> queued;
  {
    const std::lock_guard lock(mutex_);
    queued.swap(queue_);
  }
  if (code == ErrorCode::kDisconnected)
    disconnected_.fetch_add(written.size() + queued.size(), std::memory_order_relaxed);
  for (Pending& pending : written) finish(pending, Error{code, {}});
  for (Pending& pending : queued) finish(pending, Error{code, {}});
}

void Client::State::set_ready(bool ready) {
  {
    const std::lock_guard lock(mutex_);
    ready_.store(ready, std::memory_order_relaxed);
  }
  ready_changed_.notify_all();
}

void Client::State::watch(Time deadline) {
  if (watched_ && *watched_ <= deadline) return;
  watched_ = deadline;
  timer_.expires_at(deadline);
  timer_.async_wait([self = shared_from_this()](boost::system::error_code error) {
    if (!error) self->on_deadline();
  });
}

// The timer fires at the first deadline or before it: replies that came in time do not move it. So it fires seldom, and
// then looks at all.
void Client::State::on_deadline() {
  watched_.reset();
  const Time now = steady_clock::now();
  const auto grace = milliseconds{options_.answer_grace_ms};
  std::vector<Handler> late;
  std::optional<Time> next;
  bool dead = false;
  for (Pending& pending : pending_) {
    if (pending.handler && pending.deadline <= now) late.push_back(std::exchange(pending.handler, nullptr));
    const Time until = pending.handler ? pending.deadline : pending.deadline + grace;
    dead = dead || until <= now;
    if (!next || until < *next) next = until;
  }
  timeouts_.fetch_add(late.size(), std::memory_order_relaxed);
  if (dead) {
    session_->fail("there was no answer for too long");
  } else if (next) {
    watch(*next);
  }
  for (const Handler& handler : late) handler(Error{ErrorCode::kTimeout, {}});
}

bool Client::State::wait_connected(int64_t timeout_ms) const {
  std::unique_lock lock(mutex_);
  return ready_changed_.wait_for(lock, milliseconds{timeout_ms}, [this] { return ready_.load(); });
}

ClientStatus Client::State::status() const {
  ClientStatus status;
  status.connected = ready_.load();
  status.outstanding = outstanding_.load();
  status.outstanding_bytes = outstanding_bytes_.load();
  status.commands_total = commands_.load();
  status.batches_total = batches_.load();
  status.timeouts_total = timeouts_.load();
  status.disconnected_total = disconnected_.load();
  status.overloaded_total = overloaded_.load();
  status.connections_total = connections_.load();
  return status;
}

}  // namespace kaogong::redis
