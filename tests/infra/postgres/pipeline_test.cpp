// Pipelined reads against a real server: whose rights they have, and what becomes of them when something fails.
#include "infra/postgres/pipeline.h"

#include <gtest/gtest.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "infra/postgres/limits.h"
#include "infra/postgres/opener.h"
#include "infra/postgres/run_alone.h"
#include "tests/infra/postgres/two_tenants.h"

namespace kaogong::postgres {
namespace {

namespace asio = boost::asio;

class PipelineTest : public ::testing::Test {
 protected:
  PipelineOptions options_of_app() const {
    PipelineOptions options;
    options.conninfo = tenants.pool_options().conninfo;
    options.connections = 1;
    options.statement_timeout_ms = 20'000;
    options.answer_timeout_ms = 30'000;
    options.reconnect_delay_min_ms = 1;
    options.reconnect_delay_max_ms = 20;
    return options;
  }
  void make(const PipelineOptions& options) { pipeline.emplace(io, opener, options); }

  /// Sends it as soon as there is a connection.
  void send(const Role& role, const std::vector<Query>& queries, const Pipeline::Handler& handler) {
    while (const auto refused = pipeline->start(role, queries, handler)) {
      ASSERT_EQ(refused->code(), ErrorCode::kConnectionFailed) << refused->what();
      io.run_one();
    }
  }
  Reading read(const Role& role, const std::vector<Query>& queries) {
    std::optional<Reading> reading;
    send(role, queries, [&](Reading got) { reading = std::move(got); });
    while (!reading) io.run_one();
    return *std::move(reading);
  }
  /// The one text of a statement; the name of the error if it fails.
  std::string text(const Role& role, const std::string& sql) {
    const Reading reading = read(role, {{sql, {}}});
    if (reading.error) return std::string(to_text(reading.error->code()));
    return std::string(reading.rows.at(0).one().text(0));
  }

  const TwoTenants tenants;
  Opener opener;
  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> work = asio::make_work_guard(io);
  std::optional<Pipeline> pipeline;
};

TEST_F(PipelineTest, ManyReadsOfTwoTenantsKeepTheirRights) {
  constexpr int kReads = 400;
  make(options_of_app());
  const std::string mine[] = {"select name || current_user from " + tenants.item_a() + " where id = $1",
                              "select name || current_user from " + tenants.item_b() + " where id = $1"};
  const Role* const roles[] = {&tenants.a, &tenants.b};
  int answered = 0, right = 0, refused = 0;
  for (int i = 0; i < kReads; ++i) {
    // Every third asks for the other's.
    const size_t who = i % 2, what = i % 3 == 0 ? 1 - who : who;
    send(*roles[who], {{mine[what], {1}}}, [&, who, what](Reading reading) {
      ++answered;
      if (who != what) {
        refused += reading.error && reading.error->code() == ErrorCode::kPermissionDenied ? 1 : 0;
      } else if (!reading.error) {
        right += reading.rows[0].one().text(0) == roles[who]->text() + roles[who]->text() ? 1 : 0;
      }
    });
  }
  while (answered < kReads) io.run_one();
  EXPECT_EQ(refused, 134);
  EXPECT_EQ(right, kReads - 134);
  EXPECT_EQ(pipeline->status().opened_total, 1);
  EXPECT_EQ(pipeline->status().outstanding, 0);
}

TEST_F(PipelineTest, ASessionReadsOnlyAndFindsNoNameWithoutItsSchema) {
  make(options_of_app());
  EXPECT_EQ(text(tenants.a, "insert into " + tenants.item_a() + " (id) values (2) returning name"), "read_only");
  EXPECT_EQ(text(tenants.a, "select name from item"), "undefined");
  EXPECT_EQ(text(tenants.a, "select name from " + tenants.item_a()), tenants.a.text());
}

TEST_F(PipelineTest, SeveralStatementsAreOneTransaction) {
  make(options_of_app());
  const std::string transaction =
      "select pg_catalog.pg_current_xact_id_if_assigned()::text, "
      "pg_catalog.transaction_timestamp()::text";
  const Reading reading = read(tenants.a, {{transaction, {}}, {transaction, {}}});
  ASSERT_FALSE(reading.error);
  EXPECT_EQ(reading.rows[0].one().text(1), reading.rows[1].one().text(1));
  const Reading failed = read(tenants.a, {{"select 1/$1::bigint", {0}}, {"select name from " + tenants.item_a(), {}}});
  ASSERT_TRUE(failed.error);
  EXPECT_EQ(failed.error->code(), ErrorCode::kInvalidData);
  EXPECT_TRUE(failed.rows.empty());
}

TEST_F(PipelineTest, ReadsOfOneMomentAndOneRoleShareATransaction) {
  make(options_of_app());
  ASSERT_EQ(text(tenants.a, "select 'on'"), "on");
  constexpr int kReads = 2 * static_cast<int>(kPipelineReadsMax) + 2;
  const std::string sql = "select transaction_timestamp()::text || current_user";
  std::vector<std::string> a, b;
  const auto before = pipeline->status();
  for (int i = 0; i < kReads; ++i)
    send(tenants.a, {{sql, {}}}, [&](Reading reading) { a.emplace_back(reading.rows.at(0).one().text(0)); });
  for (int i = 0; i < 2; ++i)
    send(tenants.b, {{sql, {}}}, [&](Reading reading) { b.emplace_back(reading.rows.at(0).one().text(0)); });
  while (b.size() < 2) io.run_one();
  ASSERT_EQ(a.size(), static_cast<size_t>(kReads));
  EXPECT_EQ(std::set(a.begin(), a.end()).size(), 3U);
  EXPECT_EQ(a.front(), a[kPipelineReadsMax - 1]);
  EXPECT_TRUE(a.front().ends_with(tenants.a.text()));
  EXPECT_EQ(b[0], b[1]);
  EXPECT_TRUE(b[0].ends_with(tenants.b.text()));
  EXPECT_EQ(pipeline->status().reads_total, before.reads_total + kReads + 2);
  EXPECT_EQ(pipeline->status().transactions_total, before.transactions_total + 4);
}

TEST_F(PipelineTest, WhatComesAfterAFailureInOneTransactionIsToBeAskedAgain) {
  make(options_of_app());
  ASSERT_EQ(text(tenants.a, "select 'on'"), "on");
  std::vector<std::string> seen;
  const auto ask = [&](const Role& role, const std::string& sql) {
    send(role, {{sql, {}}}, [&](Reading reading) {
      seen.emplace_back(reading.error ? to_text(reading.error->code()) : reading.rows.at(0).one().text(0));
    });
  };
  ask(tenants.a, "select 'before'");
  ask(tenants.a, "select 1/(pg_catalog.pg_backend_pid() * 0)");
  ask(tenants.a, "select 'after'");
  ask(tenants.b, "select 'another'");
  while (seen.size() < 4) io.run_one();
  EXPECT_EQ(seen, (std::vector<std::string>{"before", "invalid_data", "aborted", "another"}));
  EXPECT_EQ(pipeline->status().outstanding, 0);
  EXPECT_EQ(pipeline->status().failed_total, 2);
  EXPECT_EQ(pipeline->status().opened_total, 1);
  EXPECT_EQ(text(tenants.a, "select 'again'"), "again");
}

TEST_F(PipelineTest, StatementsThatAreUsedArePreparedAndTheirNumberIsBounded) {
  make(options_of_app());
  const auto prepared = [&] {
    const Reading reading = read(tenants.a, {{"select count(*) from pg_catalog.pg_prepared_statements", {}}});
    return reading.rows.at(0).one().int64(0);
  };
  const std::string sql = "select name from " + tenants.item_a();
  for (int i = 0; i < kPrepareAtUse; ++i) EXPECT_EQ(text(tenants.a, sql), tenants.a.text());
  EXPECT_EQ(prepared(), 2);  // with that of the role
  for (size_t i = 0; i < 2 * kStatementsMax; ++i)
    for (int k = 0; k < kPrepareAtUse; ++k) text(tenants.a, sql + " where id <> " + std::to_string(i + 10));
  EXPECT_LE(prepared(), static_cast<int64_t>(kStatementsMax) + 1);
  EXPECT_EQ(pipeline->status().opened_total, 1);
}

TEST_F(PipelineTest, APlanThatIsStaleIsSaidAndThenMadeAnew) {
  make(options_of_app());
  const std::string sql = "select * from " + tenants.item_a();
  for (int i = 0; i <= kPrepareAtUse; ++i) ASSERT_FALSE(read(tenants.a, {{sql, {}}}).error);
  run_alone(tenants.database.conninfo(), "alter table " + tenants.item_a() + " add column more text");
  const Reading stale = read(tenants.a, {{sql, {}}});
  ASSERT_TRUE(stale.error);
  EXPECT_EQ(stale.error->code(), ErrorCode::kStalePlan);
  const Reading again = read(tenants.a, {{sql, {}}});
  ASSERT_FALSE(again.error);
  EXPECT_EQ(again.rows[0].columns(), 4U);
}

TEST_F(PipelineTest, ARoleThatIsTakenAwayOrGoneIsRefused) {
  make(options_of_app());
  const std::string sql = "select name from " + tenants.item_a();
  for (int i = 0; i < kPrepareAtUse; ++i) EXPECT_EQ(text(tenants.a, sql), tenants.a.text());
  run_alone(tenants.database.conninfo(), "do $$ begin execute (select format('revoke %I from %I', '" +
                                             tenants.a.text() +
                                             "', rolname) from pg_auth_members m join pg_roles r on r.oid = m.member "
                                             "where m.roleid = '" +
                                             tenants.a.text() + "'::regrole); end $$");
  EXPECT_EQ(text(tenants.a, sql), "permission_denied");
  EXPECT_EQ(text(Role("nobody_at_all"), sql), "invalid_data");
  EXPECT_EQ(text(tenants.b, "select name from " + tenants.item_b()), tenants.b.text());
}

TEST_F(PipelineTest, WhatWaitsTooLongIsStoppedByTheServer) {
  auto options = options_of_app();
  options.statement_timeout_ms = 1;
  make(options);
  EXPECT_EQ(text(tenants.a, "select pg_catalog.pg_sleep(100)::text"), "statement_timeout");
  EXPECT_EQ(text(tenants.a, "select 'on'"), "on");
}

TEST_F(PipelineTest, TooManyAreRefusedAtOnce) {
  auto options = options_of_app();
  options.outstanding_max = 3;
  make(options);
  const std::string sql = "select name from " + tenants.item_a();
  ASSERT_EQ(text(tenants.a, sql), tenants.a.text());
  const std::vector<Query> queries{{sql, {}}};
  int answered = 0;
  const auto count = [&](const Reading& reading) { answered += reading.error ? 0 : 1; };
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(pipeline->start(tenants.a, queries, count));
  const auto refused = pipeline->start(tenants.a, queries, count);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code(), ErrorCode::kPoolTimeout);
  EXPECT_EQ(pipeline->status().overloaded_total, 1);
  EXPECT_EQ(pipeline->status().outstanding, 3);
  const std::vector<Query> none, many(kPipelineQueriesMax + 1, queries[0]), nul{{sql, {std::string_view("\0", 1)}}};
  for (const auto* wrong : {&none, &many, &nul}) {
    while (answered < 3) io.run_one();
    const auto said = pipeline->start(tenants.a, *wrong, count);
    ASSERT_TRUE(said);
    EXPECT_EQ(said->code(), ErrorCode::kInvalidData);
  }
  EXPECT_EQ(text(tenants.a, sql), tenants.a.text());
}

TEST_F(PipelineTest, AKilledSessionFailsWhatIsOutstandingAndAnotherIsOpened) {
  make(options_of_app());
  const Reading pid = read(tenants.a, {{"select pg_catalog.pg_backend_pid()", {}}});
  std::vector<Reading> failed;
  for (int i = 0; i < 3; ++i)
    send(tenants.a, {{"select pg_catalog.pg_sleep(1000)", {}}}, [&](Reading got) { failed.push_back(std::move(got)); });
  run_alone(tenants.database.conninfo(),
            "select pg_catalog.pg_terminate_backend(" + std::to_string(pid.rows[0].one().int64(0)) + ", 60000)");
  while (failed.size() < 3) io.run_one();
  for (const auto& one : failed) {
    ASSERT_TRUE(one.error);
    EXPECT_TRUE(one.error->retry_later()) << one.error->what();
    EXPECT_TRUE(one.rows.empty());
  }
  EXPECT_EQ(text(tenants.a, "select name from " + tenants.item_a()), tenants.a.text());
  EXPECT_EQ(pipeline->status().opened_total, 2);
  EXPECT_EQ(pipeline->status().failed_total, 3);
}

TEST_F(PipelineTest, AKilledServerIsFoundAgain) {
  make(options_of_app());
  const std::string sql = "select name from " + tenants.item_a();
  ASSERT_EQ(text(tenants.a, sql), tenants.a.text());
  test::program_postgres().kill();
  Reading lost;
  bool answered = false;
  const auto refused = pipeline->start(tenants.a, std::vector<Query>{{sql, {}}}, [&](Reading got) {
    lost = std::move(got);
    answered = true;
  });
  while (!refused && !answered) io.run_one();
  if (!refused) {
    EXPECT_TRUE(lost.error && lost.error->retry_later());
  }
  test::program_postgres().start();
  EXPECT_EQ(text(tenants.a, sql), tenants.a.text());
}

TEST_F(PipelineTest, AServerThatStandsStillIsTakenForDead) {
  auto options = options_of_app();
  options.statement_timeout_ms = 1;
  options.answer_timeout_ms = 100;
  options.connect_timeout_ms = 100;
  make(options);
  const std::string sql = "select name from " + tenants.item_a();
  ASSERT_EQ(text(tenants.a, "select 'on'"), "on");
  test::program_postgres().pause();
  std::vector<ErrorCode> codes;
  for (int i = 0; i < 2; ++i)
    send(tenants.a, {{sql, {}}}, [&](const Reading& got) { codes.push_back(got.error.value().code()); });
  while (codes.size() < 2) io.run_one();
  EXPECT_EQ(pipeline->status().connected, 0);
  EXPECT_EQ(pipeline->status().closed_total, 1);
  EXPECT_EQ(pipeline->status().outstanding, 0);
  const auto disconnected = pipeline->status().disconnected_total;
  EXPECT_TRUE(pipeline->start(tenants.a, std::vector<Query>{{sql, {}}}, [](const Reading&) {}));
  EXPECT_EQ(pipeline->status().disconnected_total, disconnected + 1);
  test::program_postgres().resume();
  EXPECT_EQ(codes, std::vector<ErrorCode>(2, ErrorCode::kStatementTimeout));
  while (text(tenants.a, "select 'on'") != "on") {
  }
}

TEST_F(PipelineTest, AConnectionThatSawMuchIsReplaced) {
  auto options = options_of_app();
  options.texts_max = 2;
  make(options);
  for (int i = 0; i < 3; ++i)
    for (int k = 0; k < kPrepareAtUse; ++k)
      EXPECT_EQ(text(tenants.a, "select name from " + tenants.item_a() + " where id <> " + std::to_string(i + 10)),
                tenants.a.text());
  // The second text ends a connection, and is the first of the next one.
  EXPECT_EQ(pipeline->status().recycled_total, 2);
  EXPECT_EQ(pipeline->status().opened_total, 3);
}

TEST_F(PipelineTest, ItsEndCallsNoHandler) {
  make(options_of_app());
  ASSERT_EQ(text(tenants.a, "select 'on'"), "on");
  int called = 0;
  send(tenants.a, {{"select pg_catalog.pg_sleep(1000)", {}}}, [&](const Reading&) { ++called; });
  pipeline.reset();
  work.reset();
  io.run();
  EXPECT_EQ(called, 0);
}

TEST_F(PipelineTest, AHandlerMayEndIt) {
  make(options_of_app());
  int called = 0;
  for (int i = 0; i < 3; ++i)
    send(tenants.a, {{"select name from " + tenants.item_a(), {}}}, [&](const Reading&) {
      ++called;
      pipeline.reset();
    });
  work.reset();
  io.run();
  EXPECT_EQ(called, 1);
}

}  // namespace
}  // namespace kaogong::postgres
