#include "gateway/api/runs/run_json.h"

#include "gateway/api/transact.h"
#include "infra/crypto/encode.h"
#include "infra/csv/writer.h"
#include "tenants/runs/parameters.h"

namespace kaogong::api {

using runs::Run;
using runs::RunId;

namespace {

void write_step(json::Writer& writer, std::string_view name, const runs::Step& step) {
  writer.name(name);
  if (!step.at) {
    writer.null();
    return;
  }
  writer.begin_object().member("at", clock::to_rfc3339(*step.at)).name("by");
  if (step.by.empty()) {
    writer.null();
  } else {
    writer.value(step.by);
  }
  writer.end_object();
}

void write_id(json::Writer& writer, std::string_view name, RunId id) {
  writer.name(name);
  if (id == RunId{}) {
    writer.null();
  } else {
    writer.value(number_of(id));
  }
}

void write_text(json::Writer& writer, std::string_view name, std::string_view text) {
  writer.name(name);
  if (text.empty()) {
    writer.null();
  } else {
    writer.value(text);
  }
}

}  // namespace

void write_run(json::Writer& writer, const Run& run) {
  writer.begin_object()
      .member("id", number_of(run.id))
      .member("kind", to_text(run.kind))
      .member("state", to_text(run.state))
      .member("scheme", run.scheme_id)
      .member("period", scheme::to_text(run.period))
      .member("priority", to_text(run.priority));
  write_id(writer, "corrects", run.base);
  writer.name("sources").begin_array();
  for (const auto& month : run.sources) {
    writer.begin_object()
        .member("period", scheme::to_text(month.period))
        .member("version", month.version)
        .member("scheme_hash", month.scheme_hash)
        .member("snapshot", month.snapshot);
    write_id(writer, "published_before", month.published);
    writer.name("packs").begin_array();
    for (const auto& pack : month.packs)
      writer.begin_object().member("id", pack.id).member("hash", pack.hash).end_object();
    writer.end_array().end_object();
  }
  writer.end_array().name("parameters").begin_object();
  for (const auto& [name, value] : runs::parameter_texts(run.parameters)) writer.member(name, value);
  writer.end_object().member("people", run.people).member_or_null("rows", run.rows);
  writer.member_or_null("refused", run.refused).name("outputs").begin_array();
  for (const auto& output : run.outputs) writer.value(output);
  writer.end_array();
  write_text(writer, "result_hash", crypto::to_hex(run.checksum));
  write_text(writer, "failure", run.failure);
  write_id(writer, "replaced", run.replaced);
  writer.name("expires_at");
  if (run.expires_at) {
    writer.value(clock::to_rfc3339(*run.expires_at));
  } else {
    writer.null();
  }
  write_step(writer, "created", run.created);
  write_step(writer, "calculated", run.calculated);
  write_step(writer, "approved", run.approved);
  write_step(writer, "published", run.published);
  write_step(writer, "ended", run.ended);
  write_text(writer, "ended_why", run.ended_why);
  writer.end_object();
}

std::string run_json(const Run& run) {
  json::Writer writer;
  write_run(writer, run);
  return writer.take();
}

tenants::Result<RunId> run_in_path(const Call& call, size_t value) {
  const auto number = parse_number(call.values.at(value));
  if (!number) return tenants::not_found("there is no run '" + call.values.at(value) + "': a run's id is a number");
  return RunId{*number};
}

tenants::Result<Run> read_run(Call& call, RunId id) {
  return read_only(call, [&](tenants::TenantTransaction& t) { return runs::read_run(t, id); });
}

std::string parameters_in(json::BodyReader& body, std::string_view name) {
  const auto object = body.any(name, json::Need::kOptional);
  if (!object) return {};
  if (!object->is(json::Kind::kObject) || object->size() > kParametersMax) {
    body.fault(name, "must be an object of at most " + std::to_string(kParametersMax) + " values");
    return {};
  }
  std::string csv;
  for (const auto& [parameter, value] : object->members()) {
    if (csv.empty()) csv = "name,value\n";
    csv::append_field(&csv, parameter);
    csv += ',';
    switch (value.kind()) {
      case json::Kind::kString:
      case json::Kind::kNumber:
        csv::append_field(&csv, value.text());
        break;
      case json::Kind::kBoolean:
        csv += value.truth() ? "true" : "false";
        break;
      case json::Kind::kNull:
        break;
      case json::Kind::kArray:
      case json::Kind::kObject:
        body.faults().add(json::pointer_to(body.pointer(name), parameter), "must be a single value");
        break;
    }
    csv += '\n';
  }
  return csv;
}

}  // namespace kaogong::api
