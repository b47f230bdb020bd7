#include "infra/postgres/pool.h"

#include <algorithm>
#include <utility>

#include "infra/postgres/error.h"
#include "infra/postgres/limits.h"
#include "infra/postgres/pool_state.h"

namespace kaogong::postgres {

namespace {

PoolOptions checked(PoolOptions options) {
  const bool good = options.connections_max >= 1 && options.connections_max <= kPoolConnectionsMax &&
                    options.acquire_timeout_ms >= 0 && options.connect_timeout_ms >= 0 &&
                    options.statement_timeout_ms >= 0 && options.answer_grace_ms > 0 &&
                    options.idle_in_transaction_timeout_ms >= 0 && options.idle_max_ms >= 0 &&
                    options.transactions_max >= 1 && options.age_max_ms >= 0;
  if (!good) throw Error(ErrorCode::kInvalidData, "an option of the pool is out of bounds");
  return options;
}

using Clock = Connection::Clock;
using std::chrono::milliseconds;

}  // namespace

Pool::Pool(PoolOptions options) : state_(std::make_shared<State>(checked(std::move(options)))) {}
Pool::~Pool() { state_->close(); }
void Pool::close() { state_->close(); }
PoolStatus Pool::status() const { return state_->status(); }
const PoolOptions& Pool::options() const { return state_->options(); }

Pool::State::State(PoolOptions options) : options_(std::move(options)), permits_(options_.connections_max) {}

bool Pool::State::is_worn(const Member& member, Clock::time_point now) const {
  return member.transactions >= options_.transactions_max || now - member.opened_at > milliseconds(options_.age_max_ms);
}

void Pool::State::take_out_worn(std::vector<Member>* worn, Clock::time_point now) {
  const auto keep = [&](const Member& member) {
    return !is_worn(member, now) && now - member.idle_since <= milliseconds(options_.idle_max_ms);
  };
  const auto first = std::stable_partition(idle_.begin(), idle_.end(), keep);
  worn->insert(worn->end(), std::make_move_iterator(first), std::make_move_iterator(idle_.end()));
  idle_.erase(first, idle_.end());
}

Pool::State::Member Pool::State::take_or_open(const std::string& role) {
  while (true) {
    std::vector<Member> worn;  // closed when the lock is gone
    Member member;
    {
      const std::lock_guard lock(mutex_);
      take_out_worn(&worn, Clock::now());
      counts_.recycled_total += static_cast<int64_t>(worn.size());
      if (idle_.empty()) break;
      auto found = std::find_if(idle_.rbegin(), idle_.rend(), [&](const Member& m) { return m.last_role == role; });
      if (found == idle_.rend()) found = idle_.rbegin();
      member = std::move(*found);
      idle_.erase(std::prev(found.base()));
    }
    if (!member.connection->closed_by_server()) {
      member.fresh = false;
      return member;
    }
    const std::lock_guard lock(mutex_);
    ++counts_.broken_total;
  }
  try {
    Member member;
    member.connection = Connection::open(options_.conninfo, options_.connect_timeout_ms);
    member.opened_at = Clock::now();
    const std::lock_guard lock(mutex_);
    ++counts_.opened_total;
    return member;
  } catch (const Error&) {
    const std::lock_guard lock(mutex_);
    ++counts_.open_failures_total;
    throw;
  }
}

Pool::State::Member Pool::State::begin(const std::string& role, const std::string& begin_sql) {
  const Clock::time_point started = Clock::now();
  bool waited = false;
  const Permits::Outcome outcome = permits_.acquire(started + milliseconds(options_.acquire_timeout_ms), &waited);
  {
    const std::lock_guard lock(mutex_);
    if (waited) {
      ++counts_.waits_total;
      counts_.wait_us_total += std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - started).count();
    }
    counts_.timeouts_total += outcome == Permits::Outcome::kTimeout ? 1 : 0;
    counts_.in_use += outcome == Permits::Outcome::kGranted ? 1 : 0;
  }
  if (outcome == Permits::Outcome::kClosed) throw Error(ErrorCode::kPoolClosed);
  if (outcome == Permits::Outcome::kTimeout) throw Error(ErrorCode::kPoolTimeout);
  Member member;
  try {
    while (true) {
      member = take_or_open(role);
      try {
        // BEGIN itself may not take longer than connecting does.
        member.connection->set_answer_timeout_ms(options_.connect_timeout_ms);
        member.connection->script(begin_sql);
        break;
      } catch (const Error& error) {
        // A connection that broke while it was idle: nothing has happened on it yet, so that another may be taken.
        if (member.fresh || !member.connection->broken()) throw;
        const std::lock_guard lock(mutex_);
        ++counts_.broken_total;
      }
    }
  } catch (...) {
    if (member.connection != nullptr) {
      end(std::move(member));
    } else {
      {
        const std::lock_guard lock(mutex_);
        --counts_.in_use;
      }
      permits_.release();
    }
    throw;
  }
  ++member.transactions;
  member.last_role = role;
  const std::lock_guard lock(mutex_);
  ++counts_.transactions_total;
  return member;
}

void Pool::State::end(Member member) noexcept {
  member.connection->set_answer_timeout_ms(options_.connect_timeout_ms);
  const bool clean = member.connection->reset();
  const Clock::time_point now = Clock::now();
  member.idle_since = now;
  std::vector<Member> worn;
  {
    const std::lock_guard lock(mutex_);
    --counts_.in_use;
    if (!clean) {
      ++counts_.broken_total;
      worn.push_back(std::move(member));
    } else if (closed_) {
      worn.push_back(std::move(member));
    } else {
      idle_.push_back(std::move(member));
      const size_t before = worn.size();
      take_out_worn(&worn, now);
      counts_.recycled_total += static_cast<int64_t>(worn.size() - before);
    }
  }
  // The backend must be gone before another may be opened in its place: the server counts it, too.
  worn.clear();
  permits_.release();
}

void Pool::State::close() {
  permits_.close();
  std::vector<Member> idle;
  const std::lock_guard lock(mutex_);
  closed_ = true;
  idle.swap(idle_);
}

void Pool::State::count_unknown_commit() {
  const std::lock_guard lock(mutex_);
  ++counts_.unknown_commits_total;
}

PoolStatus Pool::State::status() const {
  const std::lock_guard lock(mutex_);
  PoolStatus status = counts_;
  status.connections_max = options_.connections_max;
  status.idle = static_cast<int>(idle_.size());
  status.waiting = permits_.waiting();
  return status;
}

}  // namespace kaogong::postgres
