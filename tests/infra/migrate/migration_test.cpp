#include "infra/migrate/migration.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace kaogong::migrate {
namespace {

TEST(Migrations, AreInOrderAndWhole) {
  EXPECT_EQ(Migrations({}).newest(), 0);
  EXPECT_EQ(Migrations({{1, "one", "select 1"}, {2, "two", "select 2"}}).newest(), 2);
  EXPECT_THROW(Migrations({{2, "two", "select 2"}}), std::invalid_argument);
  EXPECT_THROW(Migrations({{1, "one", "select 1"}, {1, "one", "select 1"}}), std::invalid_argument);
  EXPECT_THROW(Migrations({{1, "one", "select 1"}, {3, "three", "select 3"}}), std::invalid_argument);
  EXPECT_THROW(Migrations({{1, "", "select 1"}}), std::invalid_argument);
  EXPECT_THROW(Migrations({{1, "one", ""}}), std::invalid_argument);
  EXPECT_THROW(Migrations({{1, "one", std::string("select 1\0;", 10)}}), std::invalid_argument);
}

TEST(Migrations, PlaceholdersAreKnown) {
  EXPECT_NO_THROW(Migrations({{1, "one", "create table {schema}.t (j jsonb default '{}', k text default '{1,2}')"}}));
  EXPECT_THROW(Migrations({{1, "one", "create table {scheme}.t ()"}}), std::invalid_argument);
}

TEST(Migrations, PlaceholdersAreFilledWithQuotedNames) {
  const postgres::SchemaName schema("tenant_7");
  const postgres::Role role("tenant_7_role");
  EXPECT_EQ(fill_in("grant select on {schema}.t to {role}; select '{}', '{1}', '{', '{{schema}}'", schema, role),
            "grant select on \"tenant_7\".t to \"tenant_7_role\"; select '{}', '{1}', '{', '{\"tenant_7\"}'");
  EXPECT_EQ(fill_in("{schema", schema, role), "{schema");
}

TEST(Migrations, ChecksumsDependOnTheSqlAlone) {
  const auto checksum = [](const char* name, const char* sql) {
    return Migrations({{1, name, sql}}).steps().front().checksum;
  };
  EXPECT_EQ(checksum("one", "select 1"), checksum("another name", "select 1"));
  EXPECT_NE(checksum("one", "select 1"), checksum("one", "select  1"));
  EXPECT_EQ(checksum("one", "abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace kaogong::migrate
