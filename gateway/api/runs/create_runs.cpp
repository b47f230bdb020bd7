#include <span>

#include "gateway/api/answer.h"
#include "gateway/api/body.h"
#include "gateway/api/operations/operation.h"
#include "gateway/api/runs/handlers.h"
#include "gateway/api/runs/run_json.h"
#include "gateway/api/services.h"
#include "gateway/api/transact.h"
#include "infra/crypto/encode.h"
#include "infra/crypto/hash.h"
#include "tenants/runs/from_inputs.h"

namespace kaogong::api {

using runs::NewRun;
using runs::RunKind;

namespace {

constexpr size_t kIdBytesMax = 200;
constexpr const char* kPeriod = "a period like 2026-10, 2026-Q3, 2026-H1 or 2026";
constexpr const char* kPriority = "interactive, month-end or year-end";

/// The run's own key: the same call makes it once, whatever became of the connection. Callers do not share keys.
std::string key_of(const Call& call) {
  const auto* key = call.request.fields.find("idempotency-key");
  if (key == nullptr) return {};
  return "http/" + crypto::to_base64url(crypto::view(crypto::sha256(call.caller.key_id + '\n' + *key)));
}

std::map<std::string, std::string> read_history_from(json::BodyReader& body) {
  std::map<std::string, std::string> from;
  const auto object = body.any("history_from", json::Need::kOptional);
  if (!object) return from;
  if (!object->is(json::Kind::kObject)) {
    body.fault("history_from", "must be an object: a column of history, and the scheme that gives it");
    return from;
  }
  for (const auto& [column, scheme] : object->members()) {
    if (scheme.is(json::Kind::kString)) {
      from.emplace(column, scheme.text());
    } else {
      body.faults().add(json::pointer_to(body.pointer("history_from"), column), "must be the id of a scheme");
    }
  }
  return from;
}

/// What all kinds of runs have.
NewRun read_request(Call& call, json::BodyReader& body, RunKind kind, runs::Priority usual) {
  NewRun request;
  request.kind = kind;
  request.scheme_id = body.text("scheme", kIdBytesMax).value_or("");
  if (const auto version = body.whole("version", 1, INT32_MAX, json::Need::kOptional))
    request.version = static_cast<int32_t>(*version);
  request.priority = body.parsed("priority", runs::parse_priority, kPriority, json::Need::kOptional).value_or(usual);
  request.idempotency_key = key_of(call);
  return request;
}

http::Response make(Call& call, const NewRun& request) {
  auto& services = call.services;
  const auto run = runs::create_of_inputs(services.database, *call.tenant, call.caller.actor, request);
  if (!run) return problem(run.failure());
  services.hints.work_waits();
  return accepted(call, *run);
}

std::optional<RunKind> parse_kind(std::string_view text) {
  const auto kind = runs::parse_run_kind(text);
  if (kind == RunKind::kRegular || kind == RunKind::kPreview) return kind;
  return std::nullopt;
}

std::optional<scheme::Period> parse_year(std::string_view text) {
  const auto period = scheme::parse_period(text);
  if (period && period->kind == scheme::PeriodKind::kYear) return period;
  return std::nullopt;
}

}  // namespace

http::Response create_run(Call& call) {
  JsonBody body(call.request);
  auto& reader = body.reader();
  const auto kind =
      reader.parsed("kind", parse_kind, "regular or preview", json::Need::kOptional).value_or(RunKind::kRegular);
  auto request = read_request(call, reader, kind,
                              kind == RunKind::kPreview ? runs::Priority::kInteractive : runs::Priority::kMonthEnd);
  request.period = reader.parsed("period", scheme::parse_period, kPeriod).value_or(scheme::Period{});
  request.parameters = parameters_in(reader, "parameters");
  request.history_from = read_history_from(reader);
  request.start = reader.truth("start", json::Need::kOptional).value_or(true);
  if (auto wrong = body.problem()) return *std::move(wrong);
  return make(call, request);
}

http::Response create_correction(Call& call) {
  JsonBody body(call.request);
  auto request = read_request(call, body.reader(), RunKind::kCorrection, runs::Priority::kMonthEnd);
  request.period = body->parsed("period", scheme::parse_period, kPeriod).value_or(scheme::Period{});
  if (auto wrong = body.problem()) return *std::move(wrong);
  return make(call, request);
}

http::Response follow_up_correction(Call& call) {
  const auto first = run_in_path(call);
  if (!first) return problem(first.failure());
  auto& services = call.services;
  const auto found = runs::follow_up(services.database, services.results, *call.tenant, call.caller.actor, *first);
  if (!found) return problem(found.failure());
  if (found->waiting) {
    services.hints.work_waits();
    return accepted(call, *found->waiting);
  }
  json::Writer writer;
  writer.begin_object().name("corrections").begin_array();
  for (const auto& correction : found->corrections) {
    writer.begin_object().name("run");
    write_run(writer, correction.run);
    writer.name("carried").begin_array();
    for (const auto& output : correction.carried) writer.value(output);
    writer.end_array().end_object();
  }
  writer.end_array().end_object();
  return answer(200, writer);
}

http::Response create_year_end(Call& call) {
  JsonBody body(call.request);
  auto request = read_request(call, body.reader(), RunKind::kYearEnd, runs::Priority::kYearEnd);
  request.period = body->parsed("year", parse_year, "a year like 2026").value_or(scheme::Period{});
  request.parameters = parameters_in(body.reader(), "parameters");
  if (auto wrong = body.problem()) return *std::move(wrong);
  return make(call, request);
}

}  // namespace kaogong::api
