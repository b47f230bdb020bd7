// What a transaction holds. Internal to this room.
#pragma once

#include <memory>
#include <utility>

#include "infra/postgres/pool_state.h"
#include "infra/postgres/transaction.h"

namespace kaogong::postgres {

struct Transaction::Impl {
  std::shared_ptr<Pool::State> pool;
  Pool::State::Member member;
  std::optional<Error> first_error = std::nullopt;  // why COMMIT will be a rollback
  bool open = true;
  bool copying = false;

  Impl(std::shared_ptr<Pool::State> state, const Role* role, const TransactionOptions& options);
  ~Impl() { end(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void end() noexcept {
    if (!std::exchange(open, false)) return;
    pool->end(std::move(member));
  }
  /// The connection for a statement; Error kUnexpectedValue if the transaction is over or in the midst of a COPY.
  Connection& ready();
  /// Runs it and remembers its error.
  template <typename Run>
  auto guarded(Run run) {
    try {
      return run();
    } catch (const Error& error) {
      if (!first_error.has_value()) first_error = error;
      throw;
    }
  }
};

}  // namespace kaogong::postgres
