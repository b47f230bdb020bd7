#include "engine/explain/render.h"
#include "engine/scheme/literal.h"
#include "gateway/api/answer.h"
#include "gateway/api/body.h"
#include "gateway/api/results/handlers.h"
#include "gateway/api/results/result_json.h"
#include "gateway/api/results/visibility.h"
#include "gateway/api/transact.h"
#include "tenants/runs/explain_result.h"
#include "tenants/runs/payslip.h"

namespace kaogong::api {

using tenants::TenantTransaction;

namespace {

constexpr size_t kValuesMax = 100;
constexpr int64_t kRowsShownMax = 10'000;

struct Wanted {
  bool chinese = false, text = false;
};

/// `lang` and `format`: else what the headers ask for.
Wanted read_wanted(Query& query, const Call& call) {
  const auto lang = query.text("lang"), format = query.text("format");
  if (lang && *lang != "zh" && *lang != "en") query.fault("lang", "must be zh or en");
  if (format && *format != "json" && *format != "text") query.fault("format", "must be json or text");
  const auto* accept = call.request.fields.find("accept");
  return {lang ? *lang == "zh" : call.chinese,
          format ? *format == "text" : accept != nullptr && accept->starts_with("text/plain")};
}

http::Response plain_text(std::string text) {
  http::Response response;
  response.content_type = "text/plain; charset=utf-8";
  response.body = std::move(text);
  return response;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const size_t comma = std::min(text.find(','), text.size());
    if (comma > 0) parts.emplace_back(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return parts;
}

}  // namespace

http::Response get_explanation(Call& call) {
  Query query(call.request);
  const auto wanted = read_wanted(query, call);
  runs::ExplainRequest request;
  request.values = split(query.text("value").value_or(""));
  if (request.values.size() > kValuesMax) query.fault("value", "names too many values");
  if (const auto depth = query.whole("depth", 0, UINT32_MAX)) request.depth_max = static_cast<uint32_t>(*depth);
  const auto rows = query.whole("rows", 0, kRowsShownMax).value_or(20);
  if (auto wrong = query.problem()) return *std::move(wrong);
  request.employee = named_employee(call);
  if (auto refused = refuse_others(call, request.employee)) return *std::move(refused);
  // Whatever is explained is explained by amounts as well.
  if (!may_see(call.caller, scheme::TypeName::kMoney, request.employee))
    return problem(ProblemCode::kForbidden, "explanations of others' figures take the scope pay:read");
  const auto run = named_run(call);
  if (!run) return problem(run.failure());
  const auto explanation = runs::explain_result(call.services.database, call.services.builder, *call.tenant,
                                                call.caller.actor, *run, request);
  if (!explanation) return problem(explanation.failure());
  if (!wanted.text) return answer(200, explain::to_json(*explanation));
  return plain_text(explain::to_text(
      *explanation, {wanted.chinese ? explain::Language::kZh : explain::Language::kEn, static_cast<size_t>(rows)}));
}

http::Response get_payslip(Call& call) {
  Query query(call.request);
  const auto wanted = read_wanted(query, call);
  if (auto wrong = query.problem()) return *std::move(wrong);
  const auto& employee = named_employee(call);
  if (auto refused = refuse_others(call, employee)) return *std::move(refused);
  if (!may_see(call.caller, scheme::TypeName::kMoney, employee))
    return problem(ProblemCode::kForbidden, "payslips of others take the scope pay:read");
  const auto run = named_run(call);
  if (!run) return problem(run.failure());
  const auto slip =
      read_only(call, [&](TenantTransaction& t) { return runs::payslip(t, call.services.programs, *run, employee); });
  if (!slip) return problem(slip.failure());
  if (wanted.text) return plain_text(to_text(*slip, wanted.chinese));
  json::Writer writer;
  writer.begin_object().member("employee", slip->employee).member("scheme", slip->scheme_id);
  write_labels(writer, "scheme_label", slip->scheme);
  writer.member("period", scheme::to_text(slip->period))
      .member("run", number_of(slip->run))
      .member("refused", slip->refused)
      .name("lines")
      .begin_array();
  for (const auto& line : slip->lines) {
    writer.begin_object().member("name", line.name);
    write_labels(writer, "label", line.label);
    writer.member("type", scheme::type_name(line.type)).name("value");
    write_value(writer, line.type, line.value);
    writer.end_object();
  }
  writer.end_array().name("reasons").begin_array();
  for (const auto& reject : slip->rejects) {
    writer.begin_object();
    write_labels(writer, "error", {reject.error_zh, reject.error_en});
    writer.end_object();
  }
  writer.end_array().end_object();
  return tagged(call.request, writer.take());
}

}  // namespace kaogong::api
