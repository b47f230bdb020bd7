#include "tenants/audit/chain.h"

#include <thread>

#include "tenants/audit/json_object.h"
#include "tests/tenants/database/tenant_fixture.h"

namespace kaogong::tenants::test {
namespace {

class ChainTest : public TenantTest {
 protected:
  void append(const Tenant& tenant, int count) {
    for (int i = 0; i < count; ++i) {
      ASSERT_OK(in(tenant, [&](TenantTransaction& transaction) -> Result<Done> {
        transaction.audit("person.put", "E" + std::to_string(i), R"({"n":1})");
        return Done{};
      }));
    }
  }
  audit::Verdict verify(const Tenant& tenant) {
    postgres::TransactionOptions options;
    options.isolation = postgres::Isolation::kRepeatableRead;
    options.read_only = true;
    auto verdict = tenants.transact(
        tenant, actor,
        [](TenantTransaction& transaction) -> Result<audit::Verdict> {
          return audit::verify(transaction.sql(), transaction.audit_log());
        },
        options);
    EXPECT_OK(verdict);
    return *verdict;
  }
  /// As somebody with the owner's rights and bad intent would.
  void tamper(const Tenant& tenant, const std::string& sql) {
    const auto log = tenant.schema().quoted("audit_log");
    run_as_owner("ALTER TABLE " + log + " DISABLE TRIGGER append_only");
    run_as_owner(sql);
    run_as_owner("ALTER TABLE " + log + " ENABLE TRIGGER append_only");
  }
};

TEST_F(ChainTest, AnUntouchedLogIsWhole) {
  const auto tenant = make_tenant();
  EXPECT_EQ(verify(tenant).rows, 0);
  append(tenant, 25);
  const auto verdict = verify(tenant);
  EXPECT_FALSE(verdict.seq) << verdict.what;
  EXPECT_EQ(verdict.rows, 25);
}

TEST_F(ChainTest, TheFirstBrokenRowIsNamed) {
  const auto tenant = make_tenant();
  append(tenant, 10);
  const auto log = tenant.schema().quoted("audit_log"), counters = tenant.schema().quoted("counters");
  for (const char* change : {"actor = 'somebody'", "action = 'x'", "subject = 'E9'", "detail = '{}'",
                             "at = at + interval '1 microsecond'"}) {
    tamper(tenant, "UPDATE " + log + " SET " + change + " WHERE seq = 4");
    EXPECT_EQ(verify(tenant).seq, 4) << change;
    EXPECT_EQ(verify(tenant).what, "its content was changed") << change;
    // Put back what was there: a chain is not broken for good.
    tamper(tenant, "UPDATE " + log +
                       " SET actor = 'tester', action = 'person.put', subject = 'E3', detail = '{\"n\":1}', "
                       "at = (SELECT at FROM " +
                       log + " WHERE seq = 1) WHERE seq = 4");
    EXPECT_FALSE(verify(tenant).seq);
  }
  tamper(tenant, "UPDATE " + log + " SET previous_hash = sha256('') WHERE seq = 7");
  EXPECT_EQ(verify(tenant).seq, 7);
  tamper(tenant, "DELETE FROM " + log + " WHERE seq = 6");
  EXPECT_EQ(verify(tenant).seq, 6);
  EXPECT_EQ(verify(tenant).what, "the row is missing");
}

TEST_F(ChainTest, ACutOffEndIsSeen) {
  const auto tenant = make_tenant();
  append(tenant, 5);
  tamper(tenant, "DELETE FROM " + tenant.schema().quoted("audit_log") + " WHERE seq = 5");
  EXPECT_EQ(verify(tenant).seq, 5);
  tamper(tenant, "UPDATE " + tenant.schema().quoted("counters") + " SET value = 4 WHERE name = 'audit'");
  EXPECT_EQ(verify(tenant).seq, 4);
}

TEST_F(ChainTest, ARowOfAnotherTenantFitsNowhere) {
  const auto one = make_tenant(), other = make_tenant();
  append(one, 3);
  append(other, 3);
  tamper(one, "DELETE FROM " + one.schema().quoted("audit_log"));
  tamper(one,
         "INSERT INTO " + one.schema().quoted("audit_log") + " SELECT * FROM " + other.schema().quoted("audit_log"));
  EXPECT_EQ(verify(one).seq, 1);
}

TEST_F(ChainTest, ManyWriteAtOnce) {
  const auto tenant = make_tenant();
  std::vector<std::thread> writers;
  for (int w = 0; w < 4; ++w) writers.emplace_back([&] { append(tenant, 20); });
  for (auto& writer : writers) writer.join();
  const auto verdict = verify(tenant);
  EXPECT_FALSE(verdict.seq) << verdict.what;
  EXPECT_EQ(verdict.rows, 80);
}

TEST_F(ChainTest, WhatIsRolledBackLeavesNoTrace) {
  const auto tenant = make_tenant();
  const auto failed = in(tenant, [](TenantTransaction& transaction) -> Result<Done> {
    transaction.audit("person.put", "E1");
    return conflict("not today");
  });
  EXPECT_FALSE(failed.ok());
  append(tenant, 1);
  EXPECT_EQ(verify(tenant).rows, 1);
}

TEST_F(ChainTest, TextsAreKeptWhateverTheySay) {
  const auto tenant = make_tenant();
  const std::string nasty = "'; DROP TABLE people; -- \" \\ $1 考功\n\t";
  ASSERT_OK(in(tenant, [&](TenantTransaction& transaction) -> Result<Done> {
    transaction.audit(nasty, nasty, audit::json_object({{"x", nasty}}));
    return Done{};
  }));
  const auto rows = in(tenant, [](TenantTransaction& transaction) -> Result<std::vector<audit::Row>> {
    return audit::list(transaction.sql(), transaction.audit_log(), 0, 10);
  });
  ASSERT_OK(rows);
  EXPECT_EQ(rows->at(0).entry.subject, nasty);
  EXPECT_FALSE(verify(tenant).seq);
}

}  // namespace
}  // namespace kaogong::tenants::test
