#include "gateway/api/score/routes.h"

#include <algorithm>

#include "gateway/api/answer.h"
#include "gateway/api/body.h"
#include "gateway/api/call.h"
#include "gateway/api/results/result_json.h"
#include "gateway/api/runs/run_json.h"
#include "gateway/api/score/inline_sheets.h"
#include "gateway/api/services.h"
#include "infra/crypto/encode.h"
#include "infra/crypto/hash.h"
#include "tenants/runs/parameters.h"
#include "tenants/runs/reject_list.h"
#include "tenants/runs/score.h"
#include "tenants/templates/templates.h"

namespace kaogong::api {

namespace {

constexpr int kThreads = 2;

/// The scheme that the body names or brings; a fault if it is none.
std::string read_document(json::BodyReader& body) {
  const auto id = body.text("template", 200, json::Need::kOptional);
  const auto document = body.text("document", kScoreDocumentBytesMax, json::Need::kOptional);
  if (id.has_value() == document.has_value()) {
    body.fault("template", "give either the id of a template or a document");
    return {};
  }
  if (document) return *document;
  const auto* found = templates::find(*id);
  if (found == nullptr) body.fault("template", "there is no such template");
  return found == nullptr ? std::string() : std::string(found->yaml);
}

void write_results(json::Writer& writer, const runs::ResultView& view) {
  writer.name("results").begin_array();
  for (size_t row = 0; row < view.rows(); ++row) {
    writer.begin_object()
        .member("employee", (*view.employees)[row])
        .member("refused", !view.has_row(row))
        .name("values");
    if (view.has_row(row)) {
      writer.begin_object();
      for (size_t i = 0; i < view.columns->size(); ++i) {
        const auto& column = (*view.columns)[i];
        writer.name((*view.names)[i]);
        write_value(writer, column.type,
                    column.is_null(row) ? std::nullopt : std::optional(column::format_value(column, row)));
      }
      writer.end_object();
    } else {
      writer.null();
    }
    writer.end_object();
  }
  writer.end_array();
}

void write_rejects(json::Writer& writer, const runs::Calculated& calculated) {
  std::vector<runs::RejectRow> rejects;
  const runs::RejectList list(calculated);
  list.append(0, calculated.snapshot->inputs.rows(), &rejects);
  list.append_of_nobody(&rejects);
  writer.name("rejects").begin_array();
  for (const auto& reject : rejects) {
    writer.begin_object().member("employee", reject.employee).member("sheet", reject.file).name("row");
    // The header is line 1 of the sheet as it is computed.
    reject.line >= 2 ? writer.value(reject.line - 2) : writer.null();
    writer.member("column", reject.column).member("value", reject.value);
    write_labels(writer, "error", {reject.error_zh, reject.error_en});
    writer.end_object();
  }
  writer.end_array();
}

http::Response score(Call& call) {
  JsonBody body(call.request, {.bytes_max = kScoreBodyBytesMax});
  auto& reader = body.reader();
  const auto document = read_document(reader);
  const auto period = reader.parsed("period", scheme::parse_period, "a period like 2026-10, 2026-Q3, 2026-H1 or 2026");
  const auto sheets = reader.any("sheets");
  runs::ScoreRequest request;
  request.parameters = parameters_in(reader, "parameters");
  if (sheets && !sheets->is(json::Kind::kObject)) body->fault("sheets", "must be an object of sheets and their rows");
  if (auto wrong = body.problem()) return *std::move(wrong);
  const auto program =
      call.services.programs.compile({0, crypto::to_hex(crypto::view(crypto::sha256(document))), document});
  if (!program) return problem(program.failure());
  json::BodyFaults faults;
  const auto& scheme = plan::document_of(**program);
  if (std::find(scheme.periods.begin(), scheme.periods.end(), period->kind) == scheme.periods.end())
    faults.add("/period", "scheme " + scheme.id + " is not for periods like " + scheme::to_text(*period));
  // An unknown name would leave a default in force without anybody's knowing.
  const auto given = runs::read_parameters(scheme, request.parameters);
  if (!given) return problem(given.failure());
  for (const auto* list : {&given->unknown, &given->faults})
    for (const auto& [name, error] : *list) faults.add(json::pointer_to("/parameters", name), error);
  request.program = *program;
  request.period = *period;
  request.sheets = read_inline_sheets(scheme, *sheets, "/sheets", faults);
  if (!faults.empty()) return problem(faults);
  request.threads = kThreads;
  const auto calculated = runs::score(request);
  if (!calculated) return problem(calculated.failure());
  json::Writer writer;
  writer.begin_object()
      .member("scheme", scheme.id)
      .member("period", scheme::to_text(*period))
      .member("rows", calculated->rows)
      .member("refused", calculated->refused);
  write_results(writer, calculated->view());
  write_rejects(writer, *calculated);
  writer.end_object();
  return answer(200, writer);
}

}  // namespace

void add_score_routes(http::RouteTable& routes) {
  routes.add({.method = http::Method::kPost,
              .pattern = "/v1/score",
              .operation_id = "score",
              .scope = tenants::Scope::kSchemesRead,
              .body = http::BodyKind::kJson,
              .body_bytes_max = kScoreBodyBytesMax,
              .lane = http::Lane::kBulk,
              .handler = score});
}

}  // namespace kaogong::api
