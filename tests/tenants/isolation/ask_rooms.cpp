// People, calendar, schemes, inputs, ledgers, keys: each with the ids of another tenant's.
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "engine/scheme/literal.h"
#include "tenants/access/keys.h"
#include "tenants/access/token_issuers.h"
#include "tenants/audit/chain.h"
#include "tenants/calendar/holidays.h"
#include "tenants/calendar/periods.h"
#include "tenants/inputs/entry_rows.h"
#include "tenants/inputs/export_inputs.h"
#include "tenants/inputs/load_inputs.h"
#include "tenants/ledgers/ledgers.h"
#include "tenants/people/load_people.h"
#include "tenants/people/people.h"
#include "tenants/schemes/assignments.h"
#include "tenants/webhooks/endpoints.h"
#include "tests/tenants/isolation/two_companies.h"

namespace kaogong::tenants::test {

namespace {

using T = TenantTransaction;

const std::vector<std::string> kColumns = {"employee", "wage", "fine", "department"};

// The program's files, gone when it ends.
struct Scratch {
  const std::string folder = ::testing::TempDir() + "kaogong_isolation_" + std::to_string(::getpid());
  Scratch() { std::filesystem::create_directories(folder + "/in"); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() { std::filesystem::remove_all(folder); }
};

const std::string& scratch() {
  static const Scratch made;
  return made.folder;
}

std::string written(const std::string& name, const std::string& text) {
  std::string path = scratch() + "/" + name;
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

}  // namespace

#define ASK(body) [=, this, has = foreign](const Tenant& as) { return ask(as, [&](T& t) { return body; }); }

std::vector<Question> TwoCompaniesTest::about_people() {
  const auto day = foreign.day;
  return {
      {"find_person", "not_found", ASK(find_person(t, has.employee))},
      {"person_on", "not_found", ASK(person_on(t, has.employee, day))},
      {"attribute_history", "not_found", ASK(attribute_history(t, has.employee))},
      {"change_attributes", "not_found", ASK(change_attributes(t, has.employee, day, {.step = "5", .extra = {}}))},
      {"leave", "not_found", ASK(leave(t, has.employee, day))},
      {"rehire", "not_found", ASK(rehire(t, has.employee, day, {}))},
      {"list_people", "not_found", ASK(list_people(t, day, has.department, "", 10))},
      {"staff_between", "nothing",
       ASK(t.sql()
               .query("SELECT FROM (" + staff_between(t) + ") s WHERE employee = $3",
                      {scheme::date_to_text(day), scheme::date_to_text(day), has.employee})
               .size())},
      {"add_person", "conflict",
       ASK(add_person(t, {"Enew", "New", day, std::nullopt}, {has.department, "", "", "", "", {}}))},
      {"load_people", "nothing",
       [this, has = foreign](const Tenant& as) {
         const auto path =
             written("people", "employee,name,hired_on,department\nEload,New,2026-01-01," + has.department + "\n");
         return ask(as, [&](T& t) -> Result<bool> {
           const auto loaded = load_people(t, path, has.day);
           return loaded ? Result<bool>(loaded->stored) : loaded.failure();
         });
       }},
      {"store_people", "nothing",
       [this, has = foreign](const Tenant& as) {
         return ask(as, [&](T& t) -> Result<bool> {
           auto upload = PeopleUpload::begin(t, has.day);
           if (!upload) return upload.failure();
           PersonLine person;
           person.employee = "Estored";
           person.name = "New";
           person.hired_on = "2026-01-01";
           person.attributes.back() = has.employee;  // the manager
           upload->add(2, person);
           if (const auto done = upload->finish(); !done) return done.failure();
           const auto loaded = store_people(t, *upload);
           return loaded ? Result<bool>(loaded->stored) : loaded.failure();
         });
       }},
      {"department_history", "not_found", ASK(department_history(t, has.department))},
      {"department_tree", "nothing", ASK(department_tree(t).find(has.department, day) != nullptr)},
      {"put_department", "conflict", ASK(put_department(t, {"Dnew", day, "New", has.department, false}))},
      {"put_departments", "conflict", ASK(put_departments(t, {{"Dnew", day, "New", has.department, false}}))},
      {"list_days", "nothing", ASK(list_days(t, day, day))},
      {"work_calendar", "found", ASK(work_calendar(t).is_working(day))},
      {"remove_day", "not_found", ASK(remove_day(t, day))},
      {"find_period", "not_found", ASK(find_period(t, has.period))},
      {"hold_for_entry", "not_found", ASK(hold_for_entry(t, has.period, "why"))},
      {"change_state", "not_found", ASK(change_state(t, has.period, PeriodState::kClosed, "why"))},
      {"list_periods", "nothing", ASK(std::ranges::count(list_periods(t), has.period, &TenantPeriod::period))},
      // What bears the same name is the asker's own.
      {"put_days", "done", ASK(put_days(t, {{day, CalendarDay::Kind::kHoliday, "Own"}})), true},
      {"put_department", "done", ASK(put_department(t, {has.department, day, "Own", "", false})), true},
      {"add_person change_attributes leave", "done",
       [this, has = foreign](const Tenant& as) {
         const auto employee = as.id() == owner.id() ? has.employee + "more" : has.employee;
         return ask(as, [&](T& t) -> Result<Done> {
           if (auto done = add_person(t, {employee, "Own", has.day, std::nullopt}, {}); !done) return done;
           if (auto done = change_attributes(t, employee, has.day, {.step = "1", .extra = {}}); !done) return done;
           return leave(t, employee, has.day);
         });
       },
       true},
  };
}

std::vector<Question> TwoCompaniesTest::about_schemes() {
  return {
      {"find_scheme", "not_found", ASK(find_scheme(t, has.scheme))},
      {"find_scheme", "not_found", ASK(find_scheme(t, has.draft, 0))},
      {"list_versions", "nothing", ASK(list_versions(t, has.scheme))},
      {"diff_versions", "not_found", ASK(diff_versions(t, has.scheme, 1, 1))},
      {"drop_draft", "not_found", ASK(drop_draft(t, has.draft))},
      {"publish", "not_found", ASK(tenants::publish(t, has.draft))},
      {"retire", "not_found", ASK(retire(t, has.scheme, 1))},
      {"read_scheme", "not_found", ASK(runs::read_scheme(t, has.scheme, std::nullopt))},
      {"document_for_entry", "not_found", ASK(document_for_entry(t, has.set))},
      {"assign", "not_found", ASK(assign(t, {0, has.scheme, "", "", has.period, std::nullopt, ""}))},
      {"end_assignment", "not_found", ASK(end_assignment(t, has.assignment, has.period))},
      {"list_assignments", "nothing", ASK(list_assignments(t, has.scheme))},
      {"people_of", "nothing", ASK(people_of(t, has.scheme, has.period))},
      {"schemes_of", "nothing", ASK(schemes_of(t, has.employee, has.period))},
      {"put_draft", "found", ASK(put_draft(t, has.draft, runs::kPayScheme).ok() || true), true},
  };
}

std::vector<Question> TwoCompaniesTest::about_inputs() {
  const auto& folder = scratch();
  const std::vector<std::vector<std::string>> rows = {{foreign.employee, "7", "7", "x"}};
  const auto sheet = written("population.csv", "employee,wage,fine,department\n" + foreign.employee + ",7,7,x\n");
  std::filesystem::copy_file(sheet, folder + "/in/population.csv", std::filesystem::copy_options::overwrite_existing);
  return {
      {"find_entry", "not_found", ASK(find_entry(t, has.set, has.entry))},
      {"entry_history", "nothing", ASK(entry_history(t, has.set, has.entry))},
      {"changes_since", "nothing", ASK(changes_since(t, has.set, 0, 10))},
      {"count_entries", "nothing", ASK(count_entries(t, has.set))},
      {"list_entries", "nothing", ASK(list_entries(t, has.set, "population", nullptr, 10))},
      {"watermark", "nothing", ASK(watermark(t, has.set))},
      {"put_entry", "not_found", ASK(put_entry(t, has.set, has.entry, kColumns, rows))},
      {"patch_entry", "not_found", ASK(patch_entry(t, has.set, has.entry, {}, {{"wage", "7"}}))},
      {"delete_entry", "not_found", ASK(delete_entry(t, has.set, has.entry))},
      {"load_sheet", "not_found", ASK(load_sheet(t, has.set, "population", sheet))},
      {"load_folder", "not_found", ASK(load_folder(t, has.set, folder + "/in"))},
      {"begin", "not_found", ASK(Upload::begin(t, has.set, "population", ""))},
      {"store_upload", "not_found",
       [this, has = foreign](const Tenant& as) {
         // An upload that was begun for a sheet of the asker's own.
         const auto& mine = as.id() == owner.id() ? foreign : own;
         return ask(as, [&](T& t) -> Result<InputsLoaded> {
           auto upload = Upload::begin(t, mine.set, "population", "");
           if (!upload) return upload.failure();
           upload->add(2, std::vector<std::string_view>{has.employee, "7", "7", "x"});
           if (auto done = upload->finish(); !done) return done.failure();
           return store_upload(t, has.set, *upload);
         });
       }},
      {"export_inputs", "not_found", ASK(export_inputs(t, has.set, folder + "/out"))},
      {"export_sheet", "not_found",
       ASK(export_sheet(
           t, has.set, "population", [](const auto&) { return true; }, [](auto) { return true; }))},
      {"check_inputs", "not_found", ASK(check_inputs(t, has.set))},
      {"columns_of_layout", "internal", ASK(columns_of_layout(t, has.layout))},
      {"hold_set layout_of store_batch", "done", ASK(([&]() -> Result<Done> {
         hold_set(t, has.set);
         EntryBatch batch;
         batch.add(has.employee, "", has.employee + ",7,7,x\n");
         store_batch(t, has.set, "population", layout_of(t, has.set, "population", kColumns),
                     t.take("entries/" + has.scheme + "/x"), batch, "");
         return Done{};
       }())),
       true},
  };
}

std::vector<Question> TwoCompaniesTest::about_money() {
  const Posting posting{foreign.ledger, foreign.employee, "by_hand", {1, 2}, {}};
  return {
      {"balance_of", "nothing", ASK(balance_of(t, has.ledger, has.employee, has.period) != "0")},
      {"balances", "nothing", ASK(balances(t, has.ledger, has.period, "", 10))},
      {"ledger_entries", "nothing", ASK(ledger_entries(t, has.ledger, has.employee, 10))},
      {"reverse_run", "nothing", ASK(([&]() -> Result<int64_t> {
         const auto reversed = reverse_run(t, runs::number_of(has.published.id), "why");
         return reversed ? Result<int64_t>(reversed->entries) : reversed.failure();
       }()))},
      // The same key with another amount is a conflict where it was posted.
      {"post_entry", "found", ASK(post_entry(t, has.entry_key, has.period, posting))},
      {"post_run", "found",
       ASK(post_run(t, runs::number_of(has.published.id), has.period, std::vector<Posting>{posting}))},
  };
}

std::vector<Question> TwoCompaniesTest::about_access() {
  const auto table = [](T& t) { return t.table("idempotency"); };
  return {
      {"list", "nothing",
       [this, has = foreign](const Tenant& as) {
         return said(std::ranges::count(*ApiKeys(tenants).list(&as), has.api_key, &ApiKey::id));
       }},
      {"get", "not_found",
       [this, has = foreign](const Tenant& as) { return said(ApiKeys(tenants).get(&as, has.api_key)); }},
      {"rotate", "not_found",
       [this, has = foreign](const Tenant& as) { return said(ApiKeys(tenants).rotate(&as, has.api_key, 0, actor)); }},
      {"revoke", "not_found",
       [this, has = foreign](const Tenant& as) { return said(ApiKeys(tenants).revoke(&as, has.api_key, actor)); }},
      {"list", "nothing",
       [this, has = foreign](const Tenant& as) {
         return said(std::ranges::count(*TokenIssuers(tenants).list(as.id().text()), has.issuer, &TokenIssuer::issuer));
       }},
      {"remove", "not_found",
       [this, has = foreign](const Tenant& as) {
         return said(TokenIssuers(tenants).remove(as, has.issuer, "k1", actor));
       }},
      {"find", "nothing", ASK(idempotency::find(t.sql(), table(t), has.call))},
      {"keep", "nothing", ASK(idempotency::keep(t.sql(), table(t), has.call, 1, "forged")), true},
      {"begin", "nothing",
       ASK(idempotency::begin(t.sql(), table(t), has.call, 1, t.now(), {}).outcome != idempotency::Outcome::kClaimed)},
      {"audit", "nothing", ASK(audit::list(t.sql(), t.audit_log(), 0, 10, has.audit_subject))},
  };
}

std::vector<Question> TwoCompaniesTest::about_webhooks() {
  return {
      {"list_endpoints", "nothing",
       ASK(std::ranges::count(webhooks::list_endpoints(t), has.endpoint, &webhooks::Endpoint::id))},
      {"find_endpoint", "not_found", ASK(webhooks::find_endpoint(t, has.endpoint))},
      {"enable_endpoint", "not_found", ASK(webhooks::enable_endpoint(t, has.endpoint, false))},
      {"list_deliveries", "nothing", ASK(webhooks::list_deliveries(t, has.endpoint, 0, 10))},
      {"replay", "not_found", ASK(webhooks::replay(t, has.endpoint, has.delivery))},
      {"replay", "not_found",
       [this, own_endpoint = own.endpoint, has = foreign](const Tenant& as) {
         return ask(as, [&](T& t) {
           return webhooks::replay(t, as.id() == owner.id() ? has.endpoint : own_endpoint, has.delivery);
         });
       }},
      {"send_test", "not_found", ASK(webhooks::send_test(t, has.endpoint))},
      {"delete_endpoint", "not_found", ASK(webhooks::delete_endpoint(t, has.endpoint))},
  };
}

#undef ASK

}  // namespace kaogong::tenants::test
