#include "infra/postgres/names.h"

#include <gtest/gtest.h>

#include <string>

#include "infra/postgres/error.h"
#include "infra/postgres/limits.h"

namespace kaogong::postgres {
namespace {

TEST(Names, IdentifiersAreQuoted) {
  EXPECT_EQ(quote_identifier("person"), "\"person\"");
  EXPECT_EQ(quote_identifier("a\"; drop schema b; --"), "\"a\"\"; drop schema b; --\"");
  EXPECT_EQ(quote_identifier(std::string(kIdentifierBytesMax, 'x')).size(), kIdentifierBytesMax + 2);
  EXPECT_THROW(quote_identifier(std::string(kIdentifierBytesMax + 1, 'x')), Error);
  EXPECT_THROW(quote_identifier(""), Error);
  EXPECT_THROW(quote_identifier(std::string_view("a\0b", 3)), Error);
}

TEST(Names, PlainNamesOnly) {
  for (const std::string_view good : {"t", "tenant_7", "_x", "noner"}) EXPECT_TRUE(is_plain_name(good)) << good;
  for (const std::string_view bad :
       {"", "7t", "Tenant", "a-b", "a b", "a\"b", "pg_catalog", "pg_", "information_schema", "public", "none", "täg"}) {
    EXPECT_FALSE(is_plain_name(bad)) << bad;
    EXPECT_FALSE(SchemaName::parse(bad).has_value());
    EXPECT_FALSE(Role::parse(bad).has_value());
  }
  EXPECT_TRUE(is_plain_name(std::string(kIdentifierBytesMax, 'x')));
  EXPECT_FALSE(is_plain_name(std::string(kIdentifierBytesMax + 1, 'x')));
  EXPECT_THROW(Role("none"), Error);
}

TEST(Names, SchemasQualify) {
  const SchemaName schema("tenant_7");
  EXPECT_EQ(schema.quoted(), "\"tenant_7\"");
  EXPECT_EQ(schema.quoted("person"), "\"tenant_7\".\"person\"");
}

}  // namespace
}  // namespace kaogong::postgres
