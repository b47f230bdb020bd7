#include "infra/postgres/pool.h"

#include <gtest/gtest.h>

#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "infra/postgres/limits.h"
#include "infra/postgres/run_alone.h"
#include "tests/infra/postgres/two_tenants.h"

namespace kaogong::postgres {
namespace {

int64_t sessions(const TwoTenants& tenants) {
  Pool owner({.conninfo = tenants.database.conninfo()});
  auto transaction = Transaction::as_login_role(owner);
  return transaction
      .query("select count(*) from pg_catalog.pg_stat_activity where datname = $1 and pid <> pg_backend_pid()",
             {tenants.database.name()})
      .one()
      .int64(0);
}

TEST(Pool, OptionsHaveBounds) {
  EXPECT_EQ(code_of([] { Pool pool({.connections_max = 0}); }), ErrorCode::kInvalidData);
  EXPECT_EQ(code_of([] { Pool pool({.connections_max = kPoolConnectionsMax + 1}); }), ErrorCode::kInvalidData);
  EXPECT_EQ(code_of([] { Pool pool({.acquire_timeout_ms = -1}); }), ErrorCode::kInvalidData);
  EXPECT_EQ(code_of([] { Pool pool({.transactions_max = 0}); }), ErrorCode::kInvalidData);
}

TEST(Pool, OpensWhatItNeedsAndNoMore) {
  const TwoTenants tenants;
  PoolOptions options = tenants.pool_options();
  options.connections_max = 2;
  options.acquire_timeout_ms = 0;
  Pool pool(options);
  EXPECT_EQ(pool.status().opened_total, 0);
  {
    const Transaction one(pool, tenants.a);
    EXPECT_EQ(pool.status().in_use, 1);
    const Transaction two(pool, tenants.b);
    EXPECT_EQ(code_of([&] { Transaction(pool, tenants.a); }), ErrorCode::kPoolTimeout);
    const PoolStatus status = pool.status();
    EXPECT_EQ(status.connections_max, 2);
    EXPECT_EQ(status.in_use, 2);
    EXPECT_EQ(status.idle, 0);
    EXPECT_EQ(status.timeouts_total, 1);
    EXPECT_EQ(status.transactions_total, 2);
    EXPECT_EQ(sessions(tenants), 2);
  }
  EXPECT_EQ(pool.status().idle, 2);
  EXPECT_EQ(pool.status().in_use, 0);
  for (int i = 0; i < 10; ++i) Transaction(pool, tenants.a).query("select 1");
  EXPECT_EQ(pool.status().opened_total, 2);
}

TEST(Pool, PrefersTheConnectionThatKnowsTheRole) {
  const TwoTenants tenants;
  PoolOptions options = tenants.pool_options();
  options.connections_max = 2;
  Pool pool(options);
  int pid_a = 0, pid_b = 0;
  {
    const Transaction a(pool, tenants.a);
    const Transaction b(pool, tenants.b);
    pid_a = a.backend_pid();
    pid_b = b.backend_pid();
  }
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(Transaction(pool, tenants.b).backend_pid(), pid_b);
    EXPECT_EQ(Transaction(pool, tenants.a).backend_pid(), pid_a);
  }
}

TEST(Pool, ServesInTheOrderOfComing) {
  constexpr int kThreads = 8;
  const TwoTenants tenants;
  Pool pool(tenants.pool_options());
  std::optional<Transaction> first;
  first.emplace(pool, tenants.a);
  std::mutex mutex;
  std::vector<int> order;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      Transaction transaction(pool, tenants.a);
      const std::lock_guard lock(mutex);
      order.push_back(i);
      transaction.rollback();
    });
    while (pool.status().waiting != i + 1) std::this_thread::yield();
  }
  first.reset();
  for (std::thread& thread : threads) thread.join();
  for (int i = 0; i < kThreads; ++i) EXPECT_EQ(order[static_cast<size_t>(i)], i);
  EXPECT_EQ(pool.status().waits_total, kThreads);
  EXPECT_GT(pool.status().wait_us_total, 0);
}

TEST(Pool, ClosingLetsNobodyIn) {
  const TwoTenants tenants;
  Pool pool(tenants.pool_options());
  {
    Transaction open(pool, tenants.a);
    std::thread waiter([&] { EXPECT_EQ(code_of([&] { Transaction(pool, tenants.a); }), ErrorCode::kPoolClosed); });
    while (pool.status().waiting != 1) std::this_thread::yield();
    pool.close();
    waiter.join();
    EXPECT_EQ(open.query("select 1").one().int64(0), 1);
    EXPECT_TRUE(open.commit().committed());
  }
  EXPECT_EQ(code_of([&] { Transaction(pool, tenants.a); }), ErrorCode::kPoolClosed);
  EXPECT_EQ(pool.status().idle, 0);
}

TEST(Pool, ATransactionMayOutliveItsPool) {
  const TwoTenants tenants;
  auto pool = std::make_unique<Pool>(tenants.pool_options());
  Transaction transaction(*pool, tenants.a);
  pool.reset();
  EXPECT_EQ(transaction.query("select 1").one().int64(0), 1);
  EXPECT_TRUE(transaction.commit().committed());
}

TEST(Pool, ConnectionsAreRecycled) {
  const TwoTenants tenants;
  PoolOptions options = tenants.pool_options();
  options.transactions_max = 3;
  Pool by_transactions(options);
  for (int i = 0; i < 7; ++i) Transaction(by_transactions, tenants.a).query("select 1");
  EXPECT_EQ(by_transactions.status().opened_total, 3);
  EXPECT_EQ(by_transactions.status().recycled_total, 2);
  options = tenants.pool_options();
  options.age_max_ms = 0;
  Pool by_age(options);
  for (int i = 0; i < 3; ++i) Transaction(by_age, tenants.a).query("select 1");
  EXPECT_EQ(by_age.status().opened_total, 3);
  EXPECT_EQ(by_age.status().broken_total, 0);
}

TEST(Pool, AConnectionThatDiedIdleIsReplacedUnseen) {
  const TwoTenants tenants;
  Pool pool(tenants.pool_options());
  const int pid = Transaction(pool, tenants.a).backend_pid();
  run_alone(tenants.database.conninfo(), "select pg_catalog.pg_terminate_backend(" + std::to_string(pid) + ", 60000)");
  Transaction transaction(pool, tenants.a);
  EXPECT_NE(transaction.backend_pid(), pid);
  EXPECT_EQ(pool.status().opened_total, 2);
  EXPECT_EQ(pool.status().broken_total, 1);
}

TEST(Pool, SaysWhyItCannotConnect) {
  const TwoTenants tenants;
  const auto code_with = [&](const std::string& more) {
    Pool pool({.conninfo = tenants.database.conninfo() + more});
    return code_of([&] { Transaction::as_login_role(pool); });
  };
  EXPECT_EQ(code_with(" dbname=not_there"), ErrorCode::kConnectionFailed);
  EXPECT_EQ(code_with(" user=not_there"), ErrorCode::kConnectionFailed);
  EXPECT_EQ(code_with(" host=/nowhere"), ErrorCode::kConnectionFailed);
  EXPECT_EQ(code_with(" nonsense=1"), ErrorCode::kConnectionFailed);
  Pool pool({.conninfo = tenants.database.conninfo() + " host=/nowhere"});
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(code_of([&] { Transaction::as_login_role(pool); }), ErrorCode::kConnectionFailed);
  }
  EXPECT_EQ(pool.status().in_use, 0);
  EXPECT_EQ(pool.status().open_failures_total, 20);
}

TEST(Pool, AFullServerIsSaidToBeFull) {
  TwoTenants tenants;
  const std::string limited = tenants.database.make_role("limited", "login connection limit 1");
  Pool first({.conninfo = tenants.database.conninfo(limited)});
  const auto open = Transaction::as_login_role(first);
  Pool second({.conninfo = tenants.database.conninfo(limited)});
  EXPECT_EQ(code_of([&] { Transaction::as_login_role(second); }), ErrorCode::kTooManyConnections);
}

}  // namespace
}  // namespace kaogong::postgres
