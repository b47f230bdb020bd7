#include "gateway/api/ledgers/routes.h"

#include "gateway/api/answer.h"
#include "gateway/api/body.h"
#include "gateway/api/change.h"
#include "gateway/api/forms.h"
#include "gateway/api/routes.h"
#include "tenants/ledgers/ledgers.h"
#include "tenants/people/people.h"

namespace kaogong::api {

namespace {

using http::Method;
using http::Response;
using tenants::Balance;
using tenants::LedgerEntry;
using tenants::Result;
using tenants::Scope;
using tenants::TenantTransaction;

/// The period up to which is asked: by default the month of today.
scheme::Period through_of(Query& query, const Call& call) {
  const auto asked = query.parsed("through", scheme::parse_period, kPeriodForm);
  return asked.value_or(*scheme::parse_period(scheme::date_to_text(today(call.services.clock)).substr(0, 7)));
}

Response balances(Call& call) {
  Query query(call.request);
  const auto through = through_of(query, call);
  const auto page = read_page(query, call);
  if (auto wrong = query.problem()) return *std::move(wrong);
  return look(
      call,
      [&](TenantTransaction& t) -> Result<std::vector<Balance>> {
        return tenants::balances(t, call.values[0], through, page.after, page.size + 1);
      },
      [&](const std::vector<Balance>& found) {
        return answer_page(
            call, page, found,
            [](json::Writer& w, const Balance& one) {
              w.begin_object().member("employee", one.employee).member("amount", one.amount).end_object();
            },
            [](const Balance& one) { return one.employee; });
      });
}

void write_entry(json::Writer& w, const LedgerEntry& entry) {
  w.begin_object().member("key", entry.key).member("period", scheme::to_text(entry.period)).name("run");
  if (entry.run_id) {
    w.value(std::to_string(*entry.run_id));
  } else {
    w.null();
  }
  w.member("ledger", entry.posting.ledger)
      .member("employee", entry.posting.employee)
      .member("kind", entry.posting.kind);
  w.member("amount", tenants::to_text(entry.posting.amount)).member("note", entry.posting.note);
  w.member("actor", entry.actor);
  instant_member(w, "posted_at", entry.posted_at).end_object();
}

Response account(Call& call) {
  constexpr int64_t kEntriesMax = 10'000;
  Query query(call.request);
  const auto through = through_of(query, call);
  if (auto wrong = query.problem()) return *std::move(wrong);
  struct Account {
    std::string balance;
    std::vector<LedgerEntry> entries;
  };
  const auto &ledger = call.values[0], &employee = call.values[1];
  return look(
      call,
      [&](TenantTransaction& t) -> Result<Account> {
        if (const auto person = tenants::find_person(t, employee); !person) return person.failure();
        return Account{tenants::balance_of(t, ledger, employee, through),
                       tenants::ledger_entries(t, ledger, employee, kEntriesMax)};
      },
      [&](const Account& found) {
        json::Writer w;
        w.begin_object().member("ledger", ledger).member("employee", employee);
        w.member("through", scheme::to_text(through)).member("balance", found.balance).name("entries").begin_array();
        for (const auto& entry : found.entries) write_entry(w, entry);
        w.end_array().end_object();
        return answer(200, w);
      });
}

Response post(Call& call) {
  JsonBody body(call.request);
  tenants::Posting posting;
  posting.ledger = call.values[0];
  const auto key = body->text("key", tenants::kEntryKeyBytesMax);
  const auto period = body->parsed("period", scheme::parse_period, kPeriodForm);
  posting.employee = body->text("employee", tenants::kCodeBytesMax).value_or("");
  posting.kind = body->text("kind", tenants::kLedgerBytesMax).value_or("");
  const auto amount =
      body->parsed("amount", tenants::parse_amount, "an amount like \"-12.50\", with at most 6 decimals");
  posting.note = body->text_or_empty("note", 4'000);
  if (auto wrong = body.problem()) return *std::move(wrong);
  posting.amount = *amount;
  return change(call, [&](TenantTransaction& t) -> Result<Response> {
    if (const auto person = tenants::find_person(t, posting.employee); !person) return person.failure();
    const auto posted = tenants::post_entry(t, *key, *period, posting);
    if (!posted) return posted.failure();
    json::Writer w;
    w.begin_object().member("entries", posted->entries).member("before", posted->before).end_object();
    return answer(posted->before ? 200 : 201, w);
  });
}

}  // namespace

void add_ledgers_routes(http::RouteTable& routes) {
  routes.add(reading("/v1/ledgers/{ledger}/balances", "listBalances", Scope::kLedgersRead, balances));
  routes.add(reading("/v1/ledgers/{ledger}/people/{employee}", "getAccount", Scope::kLedgersRead, account));
  routes.add(changing(Method::kPost, "/v1/ledgers/{ledger}/entries", "postLedgerEntry", Scope::kLedgersWrite, post));
}

}  // namespace kaogong::api
