#include "tests/tenants/isolation/two_companies.h"

#include "engine/scheme/literal.h"
#include "tenants/access/keys.h"
#include "tenants/access/token_issuers.h"
#include "tenants/calendar/holidays.h"
#include "tenants/calendar/periods.h"
#include "tenants/ledgers/ledgers.h"
#include "tenants/people/people.h"
#include "tenants/registry/owner_transaction.h"
#include "tenants/runs/from_inputs.h"
#include "tenants/schemes/assignments.h"
#include "tenants/webhooks/endpoints.h"

namespace kaogong::tenants::test {

namespace {

constexpr int64_t kIdsApart = 1'000;  // the second company's numbers begin behind

std::string pay_scheme(const std::string& id) {
  std::string text = runs::kPayScheme;
  return text.replace(text.find("id: pay"), 7, "id: " + id);
}

}  // namespace

TwoCompaniesTest::TwoCompaniesTest() {
  auto& server = kaogong::test::program_redis();
  server.start();
  redis = std::make_unique<redis::Client>(loop, redis::options_of(server), redis::silent_logger());
  EXPECT_TRUE(redis->wait_connected(60'000));
  const auto key = cache::sealing_key(tenants);
  EXPECT_OK(key);
  sealed.emplace(redis.get(), *key);
  EXPECT_OK(in(owner, [](TenantTransaction& t) -> Result<Done> {
    for (const char* counter : {"runs", "snapshots", "assignments", "layouts", "webhooks", "webhook_messages"})
      t.take(counter, kIdsApart);
    return Done{};
  }));
  own = furnish(stranger, "a", 1);
  foreign = furnish(owner, "b", 5);
}

Belongings TwoCompaniesTest::furnish(const Tenant& tenant, const std::string& mark, int32_t month) {
  Belongings has;
  has.scheme = "pay_" + mark;
  has.draft = "draft_" + mark;
  has.employee = "E" + mark;
  has.department = "D" + mark;
  has.ledger = "held_" + mark;
  has.entry_key = "by_hand_" + mark;
  has.run_key = "key_" + mark;
  has.issuer = "https://" + mark + ".example";
  has.period = scheme::parse_period("2026-0" + std::to_string(month)).value();
  has.day = *scheme::parse_date("2026-0" + std::to_string(month) + "-06");
  has.set = {has.scheme, has.period};
  has.entry = {"population", has.employee, ""};
  has.call = {crypto::sha256("call" + mark), crypto::sha256("request" + mark)};
  const Day hired = *scheme::parse_date("2020-01-01");
  const std::vector<std::string> columns = {"employee", "wage", "fine", "department"};
  EXPECT_OK(in(tenant, [&](TenantTransaction& t) -> Result<Done> {
    if (auto done = put_department(t, {has.department, hired, "Department", "", false}); !done) return done;
    if (auto done =
            add_person(t, {has.employee, "Somebody", hired, std::nullopt}, {has.department, "", "", "g", "", {}});
        !done)
      return done;
    if (auto done = put_days(t, {{has.day, CalendarDay::Kind::kHoliday, "Holiday"}}); !done) return done;
    if (auto done = publish_document(t, pay_scheme(has.scheme), {}, {{"carried", has.ledger, "hold", false}}); !done)
      return done.failure();
    if (auto done = put_draft(t, has.draft, pay_scheme(has.draft)); !done) return done.failure();
    if (auto done = open_period(t, has.period, std::nullopt); !done) return done.failure();
    auto assigned = assign(t, {0, has.scheme, "g", has.department, has.period, std::nullopt, ""});
    if (!assigned) return assigned.failure();
    has.assignment = assigned->id;
    // Twice: the first version of the entry is history.
    for (const char* wage : {"900", "1000"}) {
      const auto put = put_entry(t, has.set, has.entry, columns, {{has.employee, wage, "500", has.department}});
      if (!put) return put.failure();
    }
    if (auto put = put_entry(t, has.set, {"population", has.employee + "x", ""}, columns,
                             {{has.employee + "x", "13", "0", has.department}});
        !put)
      return put.failure();
    has.layout = t.taken("layouts");
    const auto posted =
        post_entry(t, has.entry_key, has.period, {has.ledger, has.employee, "by_hand", {12'300, 2}, "a note"});
    if (!posted) return posted.failure();
    constexpr int64_t kEpoch = 1;
    idempotency::begin(t.sql(), t.table("idempotency"), has.call, kEpoch, t.now(), {});
    EXPECT_TRUE(idempotency::keep(t.sql(), t.table("idempotency"), has.call, kEpoch, "answer"));
    const auto told = webhooks::create_endpoint(t, "https://" + mark + ".example/told", {"*"}, "", false);
    if (!told) return told.failure();
    has.endpoint = told->endpoint.id;
    const auto sent = webhooks::send_test(t, has.endpoint);
    if (!sent) return sent.failure();
    has.delivery = sent->id;
    has.audit_subject = "subject_" + mark;
    t.audit("test.furnish", has.audit_subject);
    return Done{};
  }));
  const auto frozen = runs::freeze_inputs(tenants, tenant, actor, has.scheme, std::nullopt, has.period);
  EXPECT_OK(frozen);
  has.snapshot = frozen->id;
  runs::NewRun request;
  request.scheme_id = has.scheme;
  request.period = has.period;
  request.snapshot = has.snapshot;
  request.idempotency_key = has.run_key;
  const auto make = [&](bool start) {
    request.start = start;
    auto run = runs::create_run(tenants, tenant, actor, request);
    EXPECT_OK(run);
    request.idempotency_key.clear();
    return *run;
  };
  has.published = make(true);
  work();
  EXPECT_OK(steps.approve(tenant, actor, has.published.id));
  EXPECT_OK(steps.publish(tenant, actor, has.published.id));
  has.calculated = make(true);
  work();
  has.waiting = make(false);
  has.dropped = make(false);
  has.published = get(tenant, has.published.id);
  has.calculated = get(tenant, has.calculated.id);
  has.claim = {has.published.id, 0, 1};
  ApiKeys keys(tenants);
  const auto issued = keys.create(&tenant, {}, actor);
  EXPECT_OK(issued);
  has.api_key = issued->key.id;
  TokenIssuers issuers(tenants);
  EXPECT_OK(issuers.add(
      tenant, {has.issuer, "k1", TokenAlgorithm::kEdDsa, "a public key", "kaogong", {AccessRole::kHr}, "", {}}, actor));
  return has;
}

std::string TwoCompaniesTest::everything_of(const Tenant& tenant) {
  std::string all;
  const auto hash = [&](const std::string& table, const std::string& where) {
    all += table + " " +
           value("SELECT count(*) || ' ' || md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM " +
                 table + " t" + where) +
           "\n";
  };
  const auto tables =
      transact_as_owner(database.owner(), [&](postgres::Transaction& sql) -> Result<std::vector<std::string>> {
        std::vector<std::string> names;
        for (const auto row : sql.query("SELECT relname::text FROM pg_catalog.pg_class WHERE relkind = 'r' AND "
                                        "relnamespace = $1::regnamespace ORDER BY relname",
                                        {tenant.schema().text()}))
          names.emplace_back(row.text(0));
        return names;
      });
  EXPECT_OK(tables);
  for (const auto& name : *tables) hash(tenant.schema().quoted(name), "");
  // The tables of all tenants: whichever have a column for whose a row is.
  const auto shared =
      transact_as_owner(database.owner(), [&](postgres::Transaction& sql) -> Result<std::vector<std::string>> {
        std::vector<std::string> names;
        for (const auto row :
             sql.query("SELECT c.relname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute "
                       "a ON a.attrelid = c.oid WHERE c.relkind = 'r' AND c.relnamespace = "
                       "'kaogong'::regnamespace AND a.attname = 'tenant_id' ORDER BY 1"))
          names.emplace_back(row.text(0));
        return names;
      });
  EXPECT_OK(shared);
  EXPECT_GE(shared->size(), 5u);
  for (const auto& name : *shared) hash("kaogong." + name, " WHERE tenant_id = '" + tenant.id().text() + "'");
  return all;
}

void TwoCompaniesTest::put_to_both(const std::vector<Question>& questions) {
  const auto before = everything_of(owner);
  for (const auto& question : questions) {
    EXPECT_EQ(question.ask(stranger), question.answer) << question.services << ", asked by a stranger";
  }
  EXPECT_EQ(everything_of(owner), before);
  for (const auto& question : questions) {
    if (question.same_for_owner) {
      EXPECT_EQ(question.ask(owner), question.answer) << question.services << ", asked by the owner";
    } else {
      EXPECT_NE(question.ask(owner), question.answer) << question.services << ", asked by the owner";
    }
  }
}

}  // namespace kaogong::tenants::test
