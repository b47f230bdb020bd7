// What happens when servers, connections and disks fail in the midst of it.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "infra/postgres/copy.h"
#include "infra/postgres/run_alone.h"
#include "infra/postgres/transact.h"
#include "tests/infra/postgres/cutting_proxy.h"
#include "tests/infra/postgres/two_tenants.h"

namespace kaogong::postgres {
namespace {

constexpr int kSmallDiskMb = 8;

const bool kOptionsSet = [] {
  test::set_postgres_options({.settings = {"deadlock_timeout=5ms"}, .small_disk_mb = kSmallDiskMb});
  return true;
}();

int64_t count(Pool& pool, const TwoTenants& tenants, int64_t id) {
  Transaction transaction(pool, tenants.a);
  return transaction.query("select count(*) from " + tenants.item_a() + " where id = $1", {id}).one().int64(0);
}

TEST(Fault, ACommitWhoseAnswerIsLostIsUnknown) {
  const TwoTenants tenants;
  test::CuttingProxy proxy(test::program_postgres().socket());
  PoolOptions options = tenants.pool_options();
  options.conninfo = proxy.conninfo(options.conninfo);
  Pool pool(options);
  const auto insert = [&](int64_t id) {
    return transact(pool, tenants.a, {}, [&](Transaction& transaction) {
      transaction.execute("insert into " + tenants.item_a() + " (id) values ($1)", {id});
    });
  };
  EXPECT_TRUE(insert(2).committed());
  proxy.cut(test::CuttingProxy::Cut::kAfterCommit);
  const CommitResult happened = insert(3);
  EXPECT_EQ(happened.state, CommitState::kUnknown);
  EXPECT_EQ(happened.error.value().code(), ErrorCode::kConnectionLost);
  proxy.cut(test::CuttingProxy::Cut::kBeforeCommit);
  const CommitResult did_not = insert(4);
  EXPECT_EQ(did_not.state, CommitState::kUnknown);
  EXPECT_EQ(did_not.error.value().code(), ErrorCode::kConnectionLost);
  // The caller looks for what it would have written, and so can tell.
  EXPECT_EQ(count(pool, tenants, 3), 1);
  EXPECT_EQ(count(pool, tenants, 4), 0);
  EXPECT_EQ(pool.status().unknown_commits_total, 2);
  EXPECT_EQ(pool.status().broken_total, 2);
}

TEST(Fault, ASessionThatIsTerminatedRollsBack) {
  const TwoTenants tenants;
  Pool pool(tenants.pool_options());
  Transaction transaction(pool, tenants.a);
  transaction.execute("insert into " + tenants.item_a() + " (id) values (2)");
  run_alone(tenants.database.conninfo(),
            "select pg_catalog.pg_terminate_backend(" + std::to_string(transaction.backend_pid()) + ", 60000)");
  const ErrorCode code = code_of([&] { transaction.query("select 1"); });
  EXPECT_TRUE(code == ErrorCode::kShuttingDown || code == ErrorCode::kConnectionLost) << to_text(code);
  const CommitResult result = transaction.commit();
  EXPECT_EQ(result.state, CommitState::kRolledBack);
  EXPECT_EQ(result.error.value().code(), code);
  EXPECT_EQ(count(pool, tenants, 2), 0);
}

// Nothing has been asked since the session was terminated, so that COMMIT is the first to find out.
TEST(Fault, ASessionThatIsTerminatedBeforeCommitIsUnknown) {
  const TwoTenants tenants;
  Pool pool(tenants.pool_options());
  Transaction transaction(pool, tenants.a);
  transaction.execute("insert into " + tenants.item_a() + " (id) values (2)");
  run_alone(tenants.database.conninfo(),
            "select pg_catalog.pg_terminate_backend(" + std::to_string(transaction.backend_pid()) + ", 60000)");
  EXPECT_NE(transaction.commit().state, CommitState::kCommitted);
  EXPECT_EQ(count(pool, tenants, 2), 0);
}

// As of a program that is stopped in the midst of its work: the server takes its locks away.
TEST(Fault, ASessionThatIsSilentTooLongIsEnded) {
  const TwoTenants tenants;
  PoolOptions options = tenants.pool_options();
  options.connections_max = 2;
  Pool pool(options);
  const std::string update = "update " + tenants.item_a() + " set amount = $1";
  Transaction silent(pool, tenants.a, {.idle_timeout_ms = 1});
  // The session may be gone before the lock is taken, too; that it goes is what counts.
  try {
    silent.execute(update, {1});
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kConnectionLost);
  }
  Transaction other(pool, tenants.a);
  EXPECT_EQ(other.execute(update, {2}), 1);  // waits for the lock
  EXPECT_TRUE(other.commit().committed());
  EXPECT_NE(silent.commit().state, CommitState::kCommitted);
  Transaction after(pool, tenants.a);
  EXPECT_EQ(after.query("select amount from " + tenants.item_a()).one().int64(0), 2);
}

TEST(Fault, AKilledServerLosesNothingThatWasCommitted) {
  const TwoTenants tenants;
  PoolOptions options = tenants.pool_options();
  options.connections_max = 2;
  Pool pool(options);
  {
    Transaction transaction(pool, tenants.a);
    Transaction idle(pool, tenants.b);
    transaction.execute("insert into " + tenants.item_a() + " (id) values (2)");
    EXPECT_TRUE(transaction.commit().committed());
  }
  Transaction open(pool, tenants.a);
  open.execute("insert into " + tenants.item_a() + " (id) values (3)");
  test::program_postgres().kill();
  EXPECT_EQ(code_of([&] { open.query("select 1"); }), ErrorCode::kConnectionLost);
  EXPECT_EQ(open.commit().state, CommitState::kRolledBack);
  EXPECT_EQ(code_of([&] { Transaction(pool, tenants.a); }), ErrorCode::kConnectionFailed);
  test::program_postgres().start();
  EXPECT_EQ(count(pool, tenants, 2), 1);
  EXPECT_EQ(count(pool, tenants, 3), 0);
  EXPECT_EQ(pool.status().in_use, 0);
}

TEST(Fault, AKilledServerIsSurvivedUnderLoad) {
  constexpr int kThreads = 4, kRounds = 40;
  const TwoTenants tenants;
  PoolOptions options = tenants.pool_options();
  options.connections_max = 3;
  Pool pool(options);
  std::atomic<int64_t> next = 100;
  std::atomic<int> committed_count = 0, finished = 0;
  std::vector<std::vector<int64_t>> committed(kThreads), unknown(kThreads), refused(kThreads);
  std::vector<std::thread> threads;
  for (size_t i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      for (int done = 0; done < kRounds;) {
        const int64_t id = next++;
        const CommitResult result = transact(pool, tenants.a, {}, [&](Transaction& transaction) {
          transaction.execute("insert into " + tenants.item_a() + " (id) values ($1)", {id});
        });
        (result.committed() ? committed : result.state == CommitState::kUnknown ? unknown : refused)[i].push_back(id);
        if (result.committed()) {
          ++done;
          ++committed_count;
        } else {
          EXPECT_TRUE(result.error.value().retry_later()) << result.error.value().what();
        }
      }
      ++finished;
    });
  }
  for (const int kill_at : {20, 70, 120}) {
    while (committed_count < kill_at) std::this_thread::yield();
    test::program_postgres().kill();
    test::program_postgres().start();
  }
  for (std::thread& thread : threads) thread.join();
  Transaction transaction(pool, tenants.a);
  const Rows rows =
      transaction.query("select coalesce(array_agg(id), '{}') from " + tenants.item_a() + " where id >= 100");
  const std::vector<int64_t> there = rows.one().int64_array(0);
  const auto is_there = [&](int64_t id) { return std::find(there.begin(), there.end(), id) != there.end(); };
  size_t sure = 0, perhaps = 0;
  for (size_t i = 0; i < kThreads; ++i) {
    for (const int64_t id : committed[i]) EXPECT_TRUE(is_there(id)) << id;
    for (const int64_t id : refused[i]) EXPECT_FALSE(is_there(id)) << id;
    sure += committed[i].size();
    perhaps += unknown[i].size();
  }
  EXPECT_EQ(sure, size_t{kThreads * kRounds});
  EXPECT_LE(there.size(), sure + perhaps);
}

TEST(Fault, AServerThatDoesNotAnswerIsGivenUp) {
  const TwoTenants tenants;
  PoolOptions options = tenants.pool_options();
  options.statement_timeout_ms = 50;
  options.answer_grace_ms = 50;
  options.connect_timeout_ms = 100;
  Pool pool(options);
  Transaction transaction(pool, tenants.a);
  test::program_postgres().pause();
  EXPECT_EQ(code_of([&] { transaction.query("select 1"); }), ErrorCode::kConnectionLost);
  transaction.rollback();
  EXPECT_EQ(code_of([&] { Transaction(pool, tenants.a); }), ErrorCode::kConnectionFailed);
  test::program_postgres().resume();
  Pool patient(tenants.pool_options());
  EXPECT_EQ(count(patient, tenants, 1), 1);
}

TEST(Fault, AnIdleConnectionToAServerThatDoesNotAnswerIsGivenUp) {
  const TwoTenants tenants;
  PoolOptions options = tenants.pool_options();
  options.connect_timeout_ms = 100;
  Pool pool(options);
  EXPECT_EQ(count(pool, tenants, 1), 1);
  test::program_postgres().pause();
  EXPECT_EQ(code_of([&] { Transaction(pool, tenants.a); }), ErrorCode::kConnectionFailed);
  test::program_postgres().resume();
  Pool patient(tenants.pool_options());
  EXPECT_EQ(count(patient, tenants, 1), 1);
}

TEST(Fault, ADeadlockIsBrokenAndRunAgain) {
  const TwoTenants tenants;
  PoolOptions options = tenants.pool_options();
  options.connections_max = 2;
  Pool pool(options);
  ASSERT_TRUE(transact(pool, tenants.a, {}, [&](Transaction& transaction) {
                transaction.execute("insert into " + tenants.item_a() + " values (2, '', 100)");
              }).committed());
  const std::string update = "update " + tenants.item_a() + " set amount = amount + 1 where id = $1";
  std::atomic<int> holding = 0, attempts = 0;
  const auto both = [&](int64_t first, int64_t second) {
    const CommitResult result = transact(pool, tenants.a, {}, [&](Transaction& transaction) {
      ++attempts;
      transaction.execute(update, {first});
      ++holding;
      while (holding < 2) std::this_thread::yield();  // until each holds what the other wants
      transaction.execute(update, {second});
    });
    EXPECT_TRUE(result.committed());
  };
  std::thread other([&] { both(2, 1); });
  both(1, 2);
  other.join();
  EXPECT_GE(attempts, 3);  // the one who was ended may come back before the other wakes, and they meet again
  Transaction transaction(pool, tenants.a);
  EXPECT_EQ(transaction.query("select sum(amount)::bigint from " + tenants.item_a()).one().int64(0), 204);
}

TEST(Fault, AFullDiskIsSaidAndSurvived) {
  if (!test::mounts_small_disks()) GTEST_SKIP() << "this machine lets us mount no small disk";
  const TwoTenants tenants;
  const std::string space = tenants.database.name() + "_small";
  run_alone(tenants.database.conninfo(),
            "create tablespace " + space + " location '" + test::program_postgres().small_disk().string() + "'");
  run_alone(tenants.database.conninfo(), "grant create on tablespace " + space + " to " + tenants.a.quoted());
  Pool pool(tenants.pool_options());
  const std::string table = tenants.schema_a.quoted("full");
  const auto run = [&](const std::string& sql) {
    const CommitResult result =
        transact(pool, tenants.a, {}, [&](Transaction& transaction) { transaction.execute_script(sql); });
    EXPECT_TRUE(result.committed()) << result.error.value().what();
  };
  const auto fill = [&](int64_t rows) {
    return transact(pool, tenants.a, {}, [&](Transaction& transaction) {
      const std::string_view columns[] = {"id", "filler"};
      BinaryCopyIn copy(transaction, {tenants.schema_a, "full", columns});
      const std::string filler(1000, 'x');
      for (int64_t i = 0; i < rows; ++i) copy.row().int64(i).text(filler);
      copy.finish();
    });
  };
  const std::string create = "create table " + table + " (id bigint, filler text) tablespace " + space;
  run(create);
  const CommitResult result = fill(2 * kSmallDiskMb * 1000);
  EXPECT_EQ(result.state, CommitState::kRolledBack);
  EXPECT_EQ(result.error.value().code(), ErrorCode::kDiskFull) << result.error.value().what();
  EXPECT_EQ(Transaction(pool, tenants.a).query("select count(*) from " + table).one().int64(0), 0);
  // What was undone still takes its place on the disk; a table that goes gives it back.
  run("drop table " + table);
  run(create);
  EXPECT_TRUE(fill(100).committed());
  EXPECT_EQ(pool.status().broken_total, 0);
  run("drop table " + table);
  run_alone(tenants.database.conninfo(), "drop tablespace " + space);
}

TEST(Fault, ALimitOfTemporaryFilesIsALimitOfResources) {
  const TwoTenants tenants;
  run_alone(tenants.database.conninfo(), "alter role " + tenants.database.name() + "_app set temp_file_limit = '1MB'");
  Pool pool(tenants.pool_options());
  Transaction transaction(pool, tenants.a);
  EXPECT_EQ(code_of([&] {
              transaction.query(
                  "select count(*) from (select g from pg_catalog.generate_series(1, 1000000) g order by "
                  "pg_catalog.md5(g::text) limit 900000) s");
            }),
            ErrorCode::kResourceLimit);
}

TEST(Fault, AServerThatDiesInTheMidstOfACopy) {
  const TwoTenants tenants;
  Pool pool(tenants.pool_options());
  const CommitResult result = transact(pool, tenants.a, {}, [&](Transaction& transaction) {
    const std::string_view columns[] = {"id", "name"};
    BinaryCopyIn copy(transaction, {tenants.schema_a, "item", columns});
    for (int64_t i = 100; i < 200'000; ++i) {
      if (i == 100'000) test::program_postgres().kill();
      copy.row().int64(i).text("some text to fill the row");
    }
    copy.finish();
  });
  EXPECT_EQ(result.state, CommitState::kRolledBack);
  EXPECT_EQ(result.error.value().code(), ErrorCode::kConnectionLost);
  test::program_postgres().start();
  EXPECT_EQ(count(pool, tenants, 100), 0);
}

}  // namespace
}  // namespace kaogong::postgres
