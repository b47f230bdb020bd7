#include "infra/postgres/transaction.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <limits>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "infra/postgres/limits.h"
#include "infra/postgres/transact.h"
#include "tests/infra/postgres/two_tenants.h"

namespace kaogong::postgres {
namespace {

TEST(Transaction, CommitsOrNothing) {
  const TwoTenants tenants;
  Pool pool(tenants.pool_options());
  {
    Transaction transaction(pool, tenants.a);
    EXPECT_EQ(transaction.execute("insert into " + tenants.item_a() + " (id) values ($1), ($2)", {2, 3}), 2);
    EXPECT_TRUE(transaction.open());
    EXPECT_TRUE(transaction.commit().committed());
    EXPECT_FALSE(transaction.open());
    EXPECT_EQ(code_of([&] { transaction.query("select 1"); }), ErrorCode::kUnexpectedValue);
    EXPECT_EQ(transaction.commit().state, CommitState::kRolledBack);
  }
  {
    Transaction transaction(pool, tenants.a);
    transaction.execute("delete from " + tenants.item_a());
  }
  {
    Transaction transaction(pool, tenants.a);
    transaction.execute("delete from " + tenants.item_a());
    transaction.rollback();
  }
  Transaction transaction(pool, tenants.a);
  EXPECT_EQ(transaction.query("select count(*) from " + tenants.item_a()).one().int64(0), 3);
}

TEST(Transaction, EveryTypeComesBackAsItWent) {
  const TwoTenants tenants;
  Pool pool(tenants.pool_options());
  Transaction transaction(pool, tenants.a);
  const std::string hostile = "'; drop table x; -- \\ \" \t\r\n $1 考功 \x7f";
  const std::vector<std::byte> bytes = {std::byte{0}, std::byte{255}, std::byte{0}, std::byte{92}};
  const std::vector<std::byte> no_bytes;
  for (int round = 0; round < 5; ++round) {  // the later rounds run the prepared statement
    const Rows rows = transaction.query(
        "select $1::bigint, $2::bigint, $3::bool, $4::bool, $5::text, $6::text, $7::bytea, $8::bytea, $9::bigint[], "
        "$10::bigint[], $11::text[], $12::numeric(20,2)::text, $13::date, $14::timestamptz, $15::jsonb, $16::text, "
        "$17::int, 7::smallint, $18::bigint",
        {std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max(), true, false, hostile, "", bytes,
         no_bytes, std::vector<int64_t>{1, -2, 3}, std::vector<int64_t>{}, std::vector<std::string>{hostile, "", "b"},
         "123456789012345678.90", "1969-12-31", "2026-01-31 12:00:00.000001+08", R"({"k": [1]})", std::nullopt, 17,
         std::optional<int64_t>()});
    const Row row = rows.one();
    EXPECT_EQ(row.int64(0), std::numeric_limits<int64_t>::min());
    EXPECT_EQ(row.int64(1), std::numeric_limits<int64_t>::max());
    EXPECT_TRUE(row.boolean(2));
    EXPECT_FALSE(row.boolean(3));
    EXPECT_EQ(row.text(4), hostile);
    EXPECT_EQ(row.text(5), "");
    EXPECT_EQ(std::vector(row.bytes(6).begin(), row.bytes(6).end()), bytes);
    EXPECT_TRUE(row.bytes(7).empty());
    EXPECT_EQ(row.int64_array(8), (std::vector<int64_t>{1, -2, 3}));
    EXPECT_TRUE(row.int64_array(9).empty());
    EXPECT_EQ(row.text_array(10), (std::vector<std::string_view>{hostile, "", "b"}));
    EXPECT_EQ(row.text(11), "123456789012345678.90");
    EXPECT_EQ(row.day(12), -1);
    EXPECT_EQ(row.timestamp_us(13), 1'769'832'000'000'001);
    EXPECT_EQ(row.text(14), R"({"k": [1]})");
    EXPECT_TRUE(row.is_null(15));
    EXPECT_EQ(row.optional_text(15), std::nullopt);
    EXPECT_EQ(row.int64(16), 17);
    EXPECT_EQ(row.int64(17), 7);
    EXPECT_EQ(row.optional_int64(18), std::nullopt);
    EXPECT_EQ(row.optional_int64(16), 17);
  }
}

TEST(Transaction, WhatDoesNotFitIsRefused) {
  const TwoTenants tenants;
  Pool pool(tenants.pool_options());
  Transaction transaction(pool, tenants.a);
  EXPECT_EQ(code_of([&] { transaction.query("select $1::text", {std::string_view("a\0b", 3)}); }),
            ErrorCode::kInvalidData);
  const Rows rows = transaction.query(
      "select null::bigint, 'x'::text, 1.5::numeric, array[[1],[2]]::bigint[], array[null]::bigint[], "
      "'infinity'::date, "
      "'-infinity'::timestamptz");
  const Row row = rows.one();
  EXPECT_EQ(code_of([&] { row.int64(0); }), ErrorCode::kUnexpectedValue);
  EXPECT_EQ(code_of([&] { row.int64(1); }), ErrorCode::kUnexpectedValue);
  EXPECT_EQ(code_of([&] { row.text(2); }), ErrorCode::kUnexpectedValue);
  EXPECT_EQ(code_of([&] { row.bytes(1); }), ErrorCode::kUnexpectedValue);
  EXPECT_EQ(code_of([&] { row.boolean(1); }), ErrorCode::kUnexpectedValue);
  EXPECT_EQ(code_of([&] { row.int64_array(3); }), ErrorCode::kUnexpectedValue);
  EXPECT_EQ(code_of([&] { row.int64_array(4); }), ErrorCode::kUnexpectedValue);
  EXPECT_EQ(code_of([&] { row.text_array(3); }), ErrorCode::kUnexpectedValue);
  EXPECT_EQ(code_of([&] { row.day(5); }), ErrorCode::kUnexpectedValue);
  EXPECT_EQ(code_of([&] { row.timestamp_us(6); }), ErrorCode::kUnexpectedValue);
  EXPECT_EQ(code_of([&] { row.int64(7); }), ErrorCode::kUnexpectedValue);
  EXPECT_EQ(code_of([&] { row.is_null(7); }), ErrorCode::kUnexpectedValue);
  EXPECT_EQ(code_of([&] { rows[1]; }), ErrorCode::kUnexpectedValue);
  const Rows two = transaction.query("select 1 union all select 2");
  EXPECT_EQ(code_of([&] { two.one(); }), ErrorCode::kUnexpectedValue);
  EXPECT_EQ(code_of([&] { two.at_most_one(); }), ErrorCode::kUnexpectedValue);
  EXPECT_FALSE(transaction.query("select 1 where false").at_most_one().has_value());
  EXPECT_TRUE(transaction.commit().committed());
}

TEST(Transaction, RunsAsItsRoleAndNoOther) {
  const TwoTenants tenants;
  Pool pool(tenants.pool_options());
  const auto refused = [&](const std::string& sql, ErrorCode code) {
    Transaction transaction(pool, tenants.a);
    EXPECT_EQ(code_of([&] { transaction.query(sql); }), code) << sql;
  };
  refused("select * from " + tenants.item_b(), ErrorCode::kPermissionDenied);
  refused("insert into " + tenants.item_b() + " (id) values (9)", ErrorCode::kPermissionDenied);
  refused("create table " + tenants.schema_b.quoted("mine") + " (id bigint)", ErrorCode::kPermissionDenied);
  refused("create table public.mine (id bigint)", ErrorCode::kPermissionDenied);
  refused("select * from item", ErrorCode::kUndefined);  // without its schema nothing is found
  refused("select * from pg_catalog.pg_authid", ErrorCode::kPermissionDenied);
  {
    auto transaction = Transaction::as_login_role(pool);
    EXPECT_EQ(code_of([&] { transaction.query("select * from " + tenants.item_a()); }), ErrorCode::kPermissionDenied);
  }
  Transaction transaction(pool, tenants.a);
  EXPECT_EQ(transaction.query("select current_user::text, current_setting('search_path')").one().text(0),
            tenants.a.text());
  EXPECT_EQ(transaction.query("select name from " + tenants.item_a()).one().text(0), tenants.a.text());
}

TEST(Transaction, RolesThatAreNotThereOrNotOursAreRefused) {
  TwoTenants tenants;
  Pool pool(tenants.pool_options());
  EXPECT_EQ(code_of([&] { Transaction(pool, Role("nobody_at_all")); }), ErrorCode::kInvalidData);
  const Role stranger(tenants.database.make_role("stranger"));
  EXPECT_EQ(code_of([&] { Transaction(pool, stranger); }), ErrorCode::kPermissionDenied);
  Transaction transaction(pool, tenants.a);
  EXPECT_TRUE(transaction.commit().committed());
}

// What a statement might leave in the session, and what the next one must not find.
TEST(Transaction, LeavesNothingInTheSession) {
  const TwoTenants tenants;
  Pool pool(tenants.pool_options());
  int pid = 0;
  for (const bool commit : {true, false}) {
    {
      Transaction transaction(pool, tenants.a);
      if (pid != 0) {
        EXPECT_EQ(transaction.backend_pid(), pid);  // one connection all along
      }
      pid = transaction.backend_pid();
      transaction.execute_script("set role " + tenants.a.quoted() +
                                 "; set session characteristics as transaction read only; set work_mem = '77MB'; "
                                 "create temporary table item (id bigint); create temporary sequence s; "
                                 "select nextval('pg_temp.s'); select pg_catalog.pg_advisory_lock(7); listen channel; "
                                 "select pg_catalog.set_config('my.tenant', 'a', false); "
                                 "declare c cursor with hold for select 1");
      if (commit) {
        EXPECT_TRUE(transaction.commit().committed());
      }
    }
    {
      Transaction transaction(pool, tenants.b);
      EXPECT_EQ(transaction.backend_pid(), pid);
      const Rows rows = transaction.query(
          "select current_user::text, current_setting('work_mem') = '77MB', "
          "pg_catalog.to_regclass('pg_temp.item') is null, "
          "(select count(*) from pg_catalog.pg_locks where locktype = 'advisory' and pid = pg_backend_pid()), "
          "coalesce(current_setting('my.tenant', true), ''), (select count(*) from pg_catalog.pg_cursors where "
          "is_holdable), "
          "(select count(*) from pg_catalog.pg_listening_channels()), current_setting('transaction_read_only')");
      const Row row = rows.one();
      EXPECT_EQ(row.text(0), tenants.b.text());
      EXPECT_FALSE(row.boolean(1));
      EXPECT_TRUE(row.boolean(2));
      EXPECT_EQ(row.int64(3), 0);
      EXPECT_EQ(row.text(4), "");
      EXPECT_EQ(row.int64(5), 0);
      EXPECT_EQ(row.int64(6), 0);
      EXPECT_EQ(row.text(7), "off");
    }
    auto transaction = Transaction::as_login_role(pool);
    EXPECT_EQ(code_of([&] { transaction.query("select * from " + tenants.item_a()); }), ErrorCode::kPermissionDenied);
  }
}

// One connection, two tenants in turn, the same statement text prepared for both by its schema: none ever sees the
// other.
TEST(Transaction, AlternatingTenantsOverOneConnectionNeverMeet) {
  const TwoTenants tenants;
  Pool pool(tenants.pool_options());
  const char* rounds_text = std::getenv("KAOGONG_TEST_ALTERNATIONS");
  const int64_t rounds = rounds_text != nullptr ? std::strtoll(rounds_text, nullptr, 10) : 2'000;
  int wrong = 0, let_through = 0;
  for (int64_t i = 0; i < rounds; ++i) {
    const bool first = i % 2 == 0;
    const Role& role = first ? tenants.a : tenants.b;
    const std::string own = first ? tenants.item_a() : tenants.item_b();
    const std::string foreign = first ? tenants.item_b() : tenants.item_a();
    {
      Transaction transaction(pool, role);
      const Rows rows = transaction.query("select name, current_user::text from " + own + " where id = $1", {1});
      wrong += rows.one().text(0) == role.text() && rows.one().text(1) == role.text() ? 0 : 1;
      if (i % 4 < 2) {
        wrong += transaction.execute("update " + own + " set amount = amount + $1", {1}) == 1 ? 0 : 1;
        wrong += transaction.commit().committed() ? 0 : 1;
      } else {
        try {
          transaction.query("select name from " + foreign + " where id = $1", {1});
          ++let_through;
        } catch (const Error& error) {
          wrong += error.code() == ErrorCode::kPermissionDenied ? 0 : 1;
        }
      }
    }
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(let_through, 0);
  const PoolStatus status = pool.status();
  EXPECT_EQ(status.transactions_total, rounds);
  EXPECT_EQ(status.opened_total, 1 + (rounds - 1) / pool.options().transactions_max);
}

TEST(Transaction, ErrorsSayTheirKindAndNoValue) {
  const TwoTenants tenants;
  Pool pool(tenants.pool_options());
  {
    Transaction transaction(pool, tenants.a);
    transaction.execute_script("create table " + tenants.schema_a.quoted("child") + " (id bigint not null references " +
                               tenants.item_a() + ", name text check (name <> 'Zhang San'), amount integer)");
    ASSERT_TRUE(transaction.commit().committed());
  }
  const std::string child = tenants.schema_a.quoted("child");
  const struct {
    std::string sql;
    std::vector<Param> params;
    ErrorCode code;
  } cases[] = {
      {"insert into " + tenants.item_a() + " (id, name) values ($1, $2)",
       {1, "Zhang San"},
       ErrorCode::kUniqueViolation},
      {"insert into " + child + " (id) values ($1)", {424242}, ErrorCode::kForeignKeyViolation},
      {"insert into " + child + " (id, name) values ($1, $2)",
       {std::nullopt, "Zhang San"},
       ErrorCode::kNotNullViolation},
      {"insert into " + child + " (id, name) values (1, $1)", {"Zhang San"}, ErrorCode::kCheckViolation},
      {"select $1::bigint", {"Zhang San"}, ErrorCode::kInvalidData},
      {"select $1::date", {"Zhang San"}, ErrorCode::kInvalidData},
      {"select $1::bigint::integer", {424242424242}, ErrorCode::kInvalidData},
      {"select ($1::jsonb)->'a'", {"{Zhang San"}, ErrorCode::kInvalidData},
      {"select pg_catalog.set_config('work_mem', $1, true)", {"Zhang San"}, ErrorCode::kInvalidData},
      {"select 1 / ($1::bigint - 424242)", {424242}, ErrorCode::kInvalidData},
      {"select wrong syntax $1", {"Zhang San"}, ErrorCode::kOther},
      {"select $1::text from nowhere.nothing", {"Zhang San"}, ErrorCode::kUndefined},
  };
  for (const auto& each : cases) {
    Transaction transaction(pool, tenants.a);
    try {
      transaction.query(each.sql, each.params);
      ADD_FAILURE() << each.sql;
    } catch (const Error& error) {
      const std::string what = error.what();
      EXPECT_EQ(error.code(), each.code) << what;
      EXPECT_EQ(what.find("Zhang"), std::string::npos) << what;
      EXPECT_EQ(what.find("424242"), std::string::npos) << what;
    }
    const CommitResult result = transaction.commit();
    EXPECT_EQ(result.state, CommitState::kRolledBack);
    EXPECT_EQ(result.error.value().code(), each.code);
  }
}

TEST(Transaction, TriggersAreHeardByTheirSqlstate) {
  const TwoTenants tenants;
  Pool pool(tenants.pool_options());
  const CommitResult result = transact(pool, tenants.a, {}, [](Transaction& transaction) {
    transaction.execute_script("do $$ begin raise exception 'Zhang San is locked' using errcode = 'KG001'; end $$");
  });
  EXPECT_EQ(result.state, CommitState::kRolledBack);
  EXPECT_EQ(result.error.value().code(), ErrorCode::kRaised);
  EXPECT_EQ(result.error.value().sqlstate(), "KG001");
  EXPECT_EQ(std::string(result.error.value().what()).find("Zhang"), std::string::npos);
}

TEST(Transaction, FailuresAtCommitAreRollbacks) {
  const TwoTenants tenants;
  Pool pool(tenants.pool_options());
  Transaction transaction(pool, tenants.a);
  transaction.execute_script("create table " + tenants.schema_a.quoted("late") +
                             " (id bigint unique deferrable initially deferred); insert into " +
                             tenants.schema_a.quoted("late") + " values (1), (1)");
  const CommitResult result = transaction.commit();
  EXPECT_EQ(result.state, CommitState::kRolledBack);
  EXPECT_EQ(result.error.value().code(), ErrorCode::kUniqueViolation);
  EXPECT_EQ(result.error.value().constraint(), "late_id_key");
  EXPECT_EQ(pool.status().broken_total, 0);
}

TEST(Transaction, TimeoutsAndReadOnly) {
  const TwoTenants tenants;
  Pool pool(tenants.pool_options());
  {
    Transaction transaction(pool, tenants.a, {.statement_timeout_ms = 1});
    EXPECT_EQ(code_of([&] { transaction.query("select pg_catalog.pg_sleep(600)"); }), ErrorCode::kStatementTimeout);
  }
  {
    Transaction transaction(pool, tenants.a, {.read_only = true});
    EXPECT_EQ(code_of([&] { transaction.execute("delete from " + tenants.item_a()); }), ErrorCode::kReadOnly);
  }
  {
    PoolOptions options = tenants.pool_options();
    options.connections_max = 2;
    Pool two(options);
    Transaction holder(two, tenants.a);
    holder.execute("update " + tenants.item_a() + " set amount = 1");
    Transaction waiter(two, tenants.a, {.lock_timeout_ms = 1});
    EXPECT_EQ(code_of([&] { waiter.execute("update " + tenants.item_a() + " set amount = 2"); }),
              ErrorCode::kLockTimeout);
  }
  // The connection is as good as new.
  Transaction transaction(pool, tenants.a);
  EXPECT_EQ(transaction.query("select current_setting('statement_timeout')").one().text(0), "30s");
  EXPECT_EQ(pool.status().opened_total, 1);
}

TEST(Transaction, SavepointsUndoAPart) {
  const TwoTenants tenants;
  Pool pool(tenants.pool_options());
  Transaction transaction(pool, tenants.a);
  const std::string insert = "insert into " + tenants.item_a() + " (id) values ($1)";
  transaction.execute(insert, {2});
  {
    const Savepoint savepoint(transaction);
    transaction.execute(insert, {3});
    EXPECT_EQ(code_of([&] { transaction.execute(insert, {1}); }), ErrorCode::kUniqueViolation);
  }
  {
    Savepoint outer(transaction);
    {
      Savepoint inner(transaction);
      transaction.execute(insert, {4});
      inner.keep();
    }
    {
      const Savepoint inner(transaction);
      transaction.execute(insert, {5});
    }
    outer.keep();
  }
  EXPECT_TRUE(transaction.commit().committed());
  Transaction after(pool, tenants.a);
  EXPECT_EQ(after.query("select array_agg(id order by id) from " + tenants.item_a()).one().int64_array(0),
            (std::vector<int64_t>{1, 2, 4}));
}

TEST(Transaction, StatementsThatRepeatArePrepared) {
  const TwoTenants tenants;
  Pool pool(tenants.pool_options());
  const std::string sql = "select amount from " + tenants.item_a() + " where id = $1";
  const auto prepared = [&] {
    Transaction transaction(pool, tenants.a);
    return transaction.query("select count(*) from pg_catalog.pg_prepared_statements where statement = $1", {sql})
        .one()
        .int64(0);
  };
  for (int i = 1; i < kPrepareAtUse; ++i) Transaction(pool, tenants.a).query(sql, {1});
  EXPECT_EQ(prepared(), 0);
  Transaction(pool, tenants.a).query(sql, {1});
  EXPECT_EQ(prepared(), 1);
  // With the rights of who runs it, not of who prepared it.
  Transaction other(pool, tenants.b);
  EXPECT_EQ(code_of([&] { other.query(sql, {1}); }), ErrorCode::kPermissionDenied);
}

TEST(Transaction, APlanThatWentStaleIsMadeAgain) {
  const TwoTenants tenants;
  Pool pool(tenants.pool_options());
  const auto read = [&](Transaction& transaction) { transaction.query("select * from " + tenants.item_a()); };
  for (int i = 0; i < kPrepareAtUse; ++i) EXPECT_TRUE(transact(pool, tenants.a, {}, read).committed());
  {
    Transaction transaction(pool, tenants.a);
    transaction.execute_script("alter table " + tenants.item_a() + " add column more text");
    ASSERT_TRUE(transaction.commit().committed());
  }
  {
    Transaction transaction(pool, tenants.a);
    EXPECT_EQ(code_of([&] { read(transaction); }), ErrorCode::kStalePlan);
  }
  EXPECT_TRUE(transact(pool, tenants.a, {}, read).committed());
}

TEST(Transact, RunsAgainAfterASerializationFailure) {
  const TwoTenants tenants;
  PoolOptions options = tenants.pool_options();
  options.connections_max = 2;
  Pool pool(options);
  constexpr int kThreads = 2, kRounds = 50;
  std::atomic<int> attempts = 0, committed = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < kRounds; ++round) {
        const CommitResult result =
            transact(pool, tenants.a, {.isolation = Isolation::kSerializable}, [&](Transaction& transaction) {
              ++attempts;
              const int64_t amount =
                  transaction.query("select amount from " + tenants.item_a() + " where id = 1").one().int64(0);
              transaction.execute("update " + tenants.item_a() + " set amount = $1 where id = 1", {amount + 1});
            });
        if (result.committed()) {
          ++committed;
        } else {
          EXPECT_TRUE(result.error.value().retry_at_once()) << result.error.value().what();
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  Transaction transaction(pool, tenants.a);
  EXPECT_EQ(transaction.query("select amount from " + tenants.item_a() + " where id = 1").one().int64(0),
            100 + committed);
  EXPECT_GE(attempts, committed);
}

TEST(Transact, RollsBackOnPurposeAndForForeignExceptions) {
  const TwoTenants tenants;
  Pool pool(tenants.pool_options());
  const std::string erase = "delete from " + tenants.item_a();
  const CommitResult result = transact(pool, tenants.a, {}, [&](Transaction& transaction) {
    transaction.execute(erase);
    transaction.rollback();
  });
  EXPECT_EQ(result.state, CommitState::kRolledBack);
  EXPECT_EQ(result.error.value().code(), ErrorCode::kAborted);
  EXPECT_THROW((void)transact(pool, tenants.a, {},
                              [&](Transaction& transaction) {
                                transaction.execute(erase);
                                throw std::logic_error("not ours");
                              }),
               std::logic_error);
  Transaction transaction(pool, tenants.a);
  EXPECT_EQ(transaction.query("select count(*) from " + tenants.item_a()).one().int64(0), 1);
}

}  // namespace
}  // namespace kaogong::postgres
