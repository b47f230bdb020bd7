#include "gateway/api/audit/routes.h"

#include <charconv>
#include <limits>

#include "gateway/api/answer.h"
#include "gateway/api/body.h"
#include "gateway/api/change.h"
#include "gateway/api/forms.h"
#include "gateway/api/routes.h"
#include "infra/crypto/encode.h"
#include "tenants/audit/chain.h"

namespace kaogong::api {

namespace {

namespace audit = tenants::audit;
using http::Response;
using tenants::Result;
using tenants::Scope;

void write_row(json::Writer& w, const audit::Row& row) {
  w.begin_object().member("seq", std::to_string(row.seq));
  instant_member(w, "at", row.at).member("actor", row.entry.actor).member("action", row.entry.action);
  w.member("subject", row.entry.subject).raw_member("detail", row.entry.detail);
  w.member("previous_hash", crypto::to_hex(row.previous_hash)).member("hash", crypto::to_hex(row.hash)).end_object();
}

/// Reads the tenant's log, or that of operators.
template <typename Value, typename Read, typename Show>
Response on_log(Call& call, const Read& read, const Show& show) {
  if (call.tenant)
    return look(
        call, [&](tenants::TenantTransaction& t) -> Result<Value> { return read(t.sql(), t.audit_log()); }, show);
  postgres::TransactionOptions options;
  options.isolation = postgres::Isolation::kRepeatableRead;
  options.read_only = true;
  const auto found = call.services.database.transact_control(
      [&](postgres::Transaction& sql) -> Result<Value> { return read(sql, tenants::operator_audit_log()); }, options);
  return found ? show(*found) : problem(found.failure());
}

Response list(Call& call) {
  Query query(call.request);
  const auto subject = query.text("subject").value_or("");
  int64_t after = query.whole("after", 0, std::numeric_limits<int64_t>::max()).value_or(0);
  const auto page = read_page(query, call);
  if (auto wrong = query.problem()) return *std::move(wrong);
  // A page's place is behind where the list began.
  std::from_chars(page.after.data(), page.after.data() + page.after.size(), after);
  return on_log<std::vector<audit::Row>>(
      call,
      [&](postgres::Transaction& sql, const audit::Log& log) {
        return audit::list(sql, log, after, page.size + 1, subject);
      },
      [&](const std::vector<audit::Row>& rows) {
        return answer_page(call, page, rows, write_row, [](const audit::Row& row) { return std::to_string(row.seq); });
      });
}

Response verify(Call& call) {
  return on_log<audit::Verdict>(
      call, [](postgres::Transaction& sql, const audit::Log& log) { return audit::verify(sql, log); },
      [](const audit::Verdict& verdict) {
        json::Writer w;
        w.begin_object().member("whole", !verdict.seq.has_value()).member("rows", verdict.rows).name("broken_seq");
        if (verdict.seq) {
          w.value(std::to_string(*verdict.seq));
        } else {
          w.null();
        }
        w.member("what", verdict.what).member("head", crypto::to_hex(verdict.head)).end_object();
        return answer(200, w);
      });
}

http::Route of_operators(http::Route route) {
  route.access = http::Access::kOperator;
  return route;
}

}  // namespace

void add_audit_routes(http::RouteTable& routes) {
  routes.add(reading("/v1/audit", "listAudit", Scope::kAuditRead, list));
  auto verifying = reading("/v1/audit/verify", "verifyAudit", Scope::kAuditRead, verify);
  verifying.lane = http::Lane::kBulk;
  routes.add(verifying);
  routes.add(of_operators(reading("/v1/operator-audit", "listOperatorAudit", Scope::kAuditRead, list)));
  verifying.pattern = "/v1/operator-audit/verify";
  verifying.operation_id = "verifyOperatorAudit";
  routes.add(of_operators(std::move(verifying)));
}

}  // namespace kaogong::api
