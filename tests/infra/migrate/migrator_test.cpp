#include "infra/migrate/migrator.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <thread>
#include <vector>

#include "tests/infra/cluster/program_servers.h"

namespace kaogong::migrate {
namespace {

using postgres::Pool;
using postgres::Transaction;

std::vector<Migration> three() {
  return {
      {1, "people",
       "create table {schema}.person (id bigint primary key, name text); grant select on {schema}.person to {role}"},
      {2, "a first one", "insert into {schema}.person values (1, 'first')"},
      {3, "a column",
       "alter table {schema}.person add column note text; update {schema}.person set note = coalesce(note, '') || "
       "'x'"}};
}

std::vector<Migration> first(size_t count) {
  std::vector<Migration> migrations = three();
  migrations.resize(count);
  return migrations;
}

class MigratorTest : public testing::Test {
 protected:
  static constexpr int kConnections = 4;

  std::vector<Target> targets(int count) {
    std::vector<Target> made;
    for (int i = 0; i < count; ++i) {
      made.push_back({postgres::SchemaName("tenant_" + std::to_string(i)), postgres::Role(role_)});
    }
    return made;
  }
  Migrator migrator(std::vector<Migration> migrations) {
    return {pool_, Migrations(std::move(migrations)), {.create_schema = true}};
  }
  int64_t number(const std::string& sql) { return Transaction::as_login_role(pool_).query(sql).one().int64(0); }
  void run(const std::string& sql) {
    Transaction transaction = Transaction::as_login_role(pool_);
    transaction.execute_script(sql);
    ASSERT_TRUE(transaction.commit().committed());
  }
  // Each schema is whole: one row, which every migration has touched once.
  void expect_whole(const std::vector<Target>& all) {
    for (const Target& target : all) {
      EXPECT_EQ(number("select count(*) from " + target.schema.quoted("person") + " where note = 'x'"), 1)
          << target.schema.text();
      EXPECT_EQ(number("select count(*) from " + target.schema.quoted("migration")), 3) << target.schema.text();
    }
  }

  test::FreshDatabase database_;
  std::string role_ = database_.make_role("tenant");
  Pool pool_{{.conninfo = database_.conninfo(), .connections_max = kConnections}};
};

TEST_F(MigratorTest, BringsASchemaUpStepByStep) {
  const Target target = targets(1)[0];
  Result result = migrator(first(1)).migrate(target);
  EXPECT_EQ(result.fault, "");
  EXPECT_EQ(result.from, 0);
  EXPECT_EQ(result.to, 1);
  EXPECT_EQ(migrator(three()).check(target.schema).fault, "is at version 1 of 3");
  result = migrator(three()).migrate(target);
  EXPECT_EQ(result.fault, "");
  EXPECT_EQ(result.from, 1);
  EXPECT_EQ(result.to, 3);
  result = migrator(three()).migrate(target);
  EXPECT_TRUE(result.good());
  EXPECT_EQ(result.from, 3);
  EXPECT_EQ(result.to, 3);
  EXPECT_TRUE(migrator(three()).check(target.schema).good());
  expect_whole({target});
  EXPECT_EQ(number("select count(*) from tenant_0.migration where name = 'a column' and applied_at <= now()"), 1);
}

TEST_F(MigratorTest, RefusesWhatANewerProgramMade) {
  const Target target = targets(1)[0];
  ASSERT_TRUE(migrator(three()).migrate(target).good());
  const Result result = migrator(first(2)).migrate(target);
  EXPECT_EQ(result.fault, "has migration 3, which this program does not know (its newest is 2)");
  EXPECT_EQ(result.to, 2);
  EXPECT_EQ(migrator(first(2)).check(target.schema).fault, result.fault);
}

TEST_F(MigratorTest, RefusesAMigrationThatWasChangedAfterwards) {
  const Target target = targets(1)[0];
  ASSERT_TRUE(migrator(first(2)).migrate(target).good());
  std::vector<Migration> changed = three();
  changed[1].sql += " ";
  EXPECT_EQ(migrator(changed).migrate(target).fault, "was given another migration 2 than this program has");
  EXPECT_EQ(number("select count(*) from tenant_0.migration"), 2);
}

TEST_F(MigratorTest, AFailureLeavesTheOldVersion) {
  const Target target = targets(1)[0];
  ASSERT_TRUE(migrator(first(1)).migrate(target).good());
  std::vector<Migration> broken = three();
  broken[2].sql = "create table {schema}.half (id bigint); select * from {schema}.nowhere";
  const Result result = migrator(broken).migrate(target);
  EXPECT_EQ(result.from, 1);
  EXPECT_EQ(result.to, 1);
  EXPECT_NE(result.fault.find("migration 3: postgres: undefined (42P01)"), std::string::npos) << result.fault;
  EXPECT_EQ(number("select count(*) from tenant_0.person"), 0);
  EXPECT_EQ(number("select count(*) from pg_catalog.pg_class where relname = 'half'"), 0);
  EXPECT_FALSE(migrator({{1, "ends", "commit"}}).migrate(targets(2)[1]).good());
}

TEST_F(MigratorTest, ASchemaThatIsNotThereIsAFaultUnlessItIsToBeMade) {
  const Migrator strict(pool_, Migrations(three()), {});
  EXPECT_FALSE(strict.migrate(targets(1)[0]).good());
  EXPECT_EQ(strict.check(targets(1)[0].schema).fault, "is at version 0 of 3");
  run("create schema tenant_0");
  EXPECT_TRUE(strict.migrate(targets(1)[0]).good());
}

TEST_F(MigratorTest, WhatItMakesBelongsToTheOwner) {
  const std::string owner = database_.make_role("owner");
  run("create schema tenant_0 authorization " + owner);
  const Migrator as_owner(pool_, Migrations(three()), {.owner = postgres::Role(owner)});
  EXPECT_EQ(as_owner.migrate(targets(1)[0]).fault, "");
  EXPECT_EQ(number("select count(*) from pg_catalog.pg_tables where schemaname = 'tenant_0' and tableowner = '" +
                   owner + "'"),
            2);
  EXPECT_EQ(number("select pg_catalog.has_table_privilege('" + role_ + "', 'tenant_0.person', 'select')::integer"), 1);
  run("drop schema tenant_0 cascade");
}

TEST_F(MigratorTest, ManyAtOnceEachOnItsOwn) {
  const std::vector<Target> all = targets(40);
  run("create schema tenant_7; create table tenant_7.person (in_the_way bigint)");
  std::vector<Progress> seen;
  const std::vector<Result> results =
      migrator(three()).migrate_all(all, kConnections, [&](const Progress& progress) { seen.push_back(progress); });
  ASSERT_EQ(results.size(), all.size());
  for (size_t i = 0; i < all.size(); ++i) EXPECT_EQ(results[i].good(), i != 7) << i << " " << results[i].fault;
  ASSERT_EQ(seen.size(), all.size());
  EXPECT_EQ(seen.back().total, all.size());
  EXPECT_EQ(seen.back().done, all.size());
  EXPECT_EQ(seen.back().migrated, all.size() - 1);
  EXPECT_EQ(seen.back().failed, 1U);
  for (size_t i = 1; i < seen.size(); ++i) EXPECT_EQ(seen[i].done, seen[i - 1].done + 1);
  run("drop table tenant_7.person");
  for (const Result& result : migrator(three()).migrate_all(all, kConnections)) EXPECT_EQ(result.fault, "");
  expect_whole(all);
}

TEST_F(MigratorTest, TwoAtOnceDoNothingTwice) {
  const std::vector<Target> all = targets(20);
  const auto bring_up = [&] {
    for (const Result& result : migrator(three()).migrate_all(all, 2)) EXPECT_EQ(result.fault, "");
  };
  std::thread other(bring_up);
  bring_up();
  other.join();
  expect_whole(all);
}

TEST_F(MigratorTest, StopsWhenAsked) {
  const std::vector<Target> all = targets(10);
  std::stop_source stop;
  const std::vector<Result> results = migrator(three()).migrate_all(
      all, 1,
      [&](const Progress& progress) {
        if (progress.done == 4) stop.request_stop();
      },
      stop.get_token());
  for (size_t i = 0; i < all.size(); ++i) EXPECT_EQ(results[i].fault, i < 4 ? "" : "was not begun: stopped");
}

// The program that migrates is killed in the midst of it, again and again, each time a little later.
TEST_F(MigratorTest, GoesOnAfterKills) {
  const std::vector<Target> all = targets(30);
  for (const size_t kill_at : {1, 4, 9, 15, 22}) {
    const pid_t child = fork();
    if (child == 0) {
      Pool pool({.conninfo = database_.conninfo(), .connections_max = kConnections});
      const Migrator migrator(pool, Migrations(three()), {.create_schema = true});
      (void)migrator.migrate_all(all, kConnections, [&](const Progress& progress) {
        if (progress.done == kill_at) kill(getpid(), SIGKILL);  // the other threads are in their transactions
      });
      _exit(0);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
  }
  for (const Result& result : migrator(three()).migrate_all(all, kConnections)) EXPECT_EQ(result.fault, "");
  expect_whole(all);
}

TEST_F(MigratorTest, GoesOnAfterTheServerWasKilled) {
  const std::vector<Target> all = targets(30);
  const std::vector<Result> results = migrator(three()).migrate_all(all, kConnections, [&](const Progress& progress) {
    if (progress.done == 10) test::program_postgres().kill();
  });
  size_t failed = 0;
  for (const Result& result : results) failed += result.good() ? 0 : 1;
  EXPECT_GT(failed, 0U);
  test::program_postgres().start();
  for (const Result& result : migrator(three()).migrate_all(all, kConnections)) EXPECT_EQ(result.fault, "");
  expect_whole(all);
}

}  // namespace
}  // namespace kaogong::migrate
