#include "gateway/api/openapi/document.h"

#include <algorithm>
#include <map>
#include <set>

#include "gateway/api/openapi/fragments.h"
#include "gateway/api/openapi/operation.h"
#include "gateway/api/openapi/schema.h"
#include "gateway/api/paging.h"
#include "gateway/json/writer.h"

namespace kaogong::api {

namespace {

/// What a fragment says of an operation.
struct Said {
  std::string tag;
  YAML::Node operation;
};

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

void write_info(json::Writer& w) {
  w.name("info").begin_object().member("title", "Kaogong").member("version", KAOGONG_VERSION);
  w.member("summary", "Appraisal and pay: schemes, inputs, runs, results");
  w.member(
      "description",
      "Amounts and scores are strings. Every mutation needs an Idempotency-Key. Whatever is no success is a problem "
      "document (RFC 9457). Dates are days, times are UTC.");
  w.name("license")
      .begin_object()
      .member("name", "Apache-2.0")
      .member("identifier", "Apache-2.0")
      .end_object()
      .end_object();
  w.name("servers")
      .begin_array()
      .begin_object()
      .member("url", "/")
      .member("description", "This server")
      .end_object()
      .end_array();
  w.name("security").begin_array().begin_object().name("bearer").begin_array().end_array().end_object().end_array();
}

void write_parameter(json::Writer& w, std::string_view key, std::string_view name, std::string_view in,
                     std::string_view about, bool required, std::string_view word) {
  w.name(key).begin_object().member("name", name).member("in", in).member("required", required);
  w.member("description", about).name("schema");
  write_schema(w, word);
  w.end_object();
}

void write_shared(json::Writer& w) {
  w.name("securitySchemes")
      .begin_object()
      .name("bearer")
      .begin_object()
      .member("type", "http")
      .member("scheme", "bearer");
  w.member("description", "An API key (kg_live_…), or a token (JWT) of an issuer that the tenant trusts")
      .end_object()
      .end_object();
  w.name("parameters").begin_object();
  w.name("PageSize").begin_object().member("name", "page_size").member("in", "query").member("required", false);
  w.member("description", "How many items at most").name("schema").begin_object().member("type", "integer");
  w.member("minimum", 1).member("maximum", kPageSizeMax).member("default", kPageSize).end_object().end_object();
  write_parameter(w, "PageToken", "page_token", "query", "next_page_token of the page before", false, "text");
  write_parameter(w, "Tenant", "Kaogong-Tenant", "header", "Which tenant is meant: of operators", false, "text");
  write_parameter(w, "IdempotencyKey", "Idempotency-Key", "header",
                  "A new UUID for each new call; the same one when a call is repeated", true, "text");
  write_parameter(w, "IfMatch", "If-Match", "header", "The ETag of what is changed; needed if it is there already",
                  false, "text");
  write_parameter(w, "IfMatchNeeded", "If-Match", "header", "The ETag of what is changed", true, "text");
  write_parameter(w, "LastEventId", "Last-Event-ID", "header", "The id of the event that was heard last", false,
                  "text");
  write_parameter(w, "IfNoneMatch", "If-None-Match", "header", "The ETag of what is known already", false, "text");
  w.end_object();
  w.name("responses").begin_object().name("Problem").begin_object().member("description", "Why not");
  w.name("headers").begin_object().name("Retry-After").begin_object();
  w.member("description", "Of 429 and 503: in how many seconds to try again").name("schema").begin_object();
  w.member("type", "integer").end_object().end_object().end_object();
  w.name("content").begin_object().name("application/problem+json").begin_object().name("schema").begin_object();
  w.member("$ref", "#/components/schemas/Problem").end_object().end_object().end_object().end_object().end_object();
}

/// A schema of a fragment: its members with their words. `closed`: of a body, which may have no other members.
void write_object(json::Writer& w, const YAML::Node& members, bool closed) {
  w.begin_object().member("type", "object").name("properties").begin_object();
  for (const auto& member : members) write_schema(w.name(member.first.Scalar()), member.second.Scalar());
  w.end_object();
  w.name("required").begin_array();
  for (const auto& member : members)
    if (!is_optional(member.second.Scalar())) w.value(member.first.Scalar());
  w.end_array();
  if (closed) w.member("additionalProperties", false);
  w.end_object();
}

void write_schemas(json::Writer& w, const std::vector<YAML::Node>& fragments, const std::set<std::string>& bodies) {
  w.name("schemas")
      .begin_object()
      .name("Problem")
      .begin_object()
      .member("type", "object")
      .name("properties")
      .begin_object();
  for (const auto* name : {"type", "title", "detail"}) write_schema(w.name(name), "text");
  write_schema(w.name("status"), "whole");
  w.name("errors").begin_object().member("type", "array").name("items").begin_object().member("type", "object");
  w.name("properties").begin_object();
  for (const auto* name : {"pointer", "parameter", "detail"}) write_schema(w.name(name), "text");
  w.end_object().end_object().end_object();
  // Of lines that were refused all together.
  write_schema(w.name("refused"), "[RefusedLine]");
  write_schema(w.name("faults_total"), "whole");
  w.end_object();
  w.name("required")
      .begin_array()
      .value("type")
      .value("title")
      .value("status")
      .value("detail")
      .end_array()
      .end_object();
  for (const auto& fragment : fragments)
    for (const auto& schema : fragment["schemas"]) {
      const auto& name = schema.first.Scalar();
      write_object(w.name(name), schema.second, bodies.contains(name) || name.starts_with("New"));
    }
  w.end_object();
}

std::vector<YAML::Node> read_fragments() {
  std::vector<YAML::Node> fragments;
  for (const auto& fragment : openapi_fragments()) fragments.push_back(YAML::Load(std::string(fragment.yaml)));
  return fragments;
}

}  // namespace

std::vector<std::string> described_operations() {
  std::vector<std::string> ids;
  for (const auto& fragment : read_fragments())
    for (const auto& operation : fragment["operations"]) ids.push_back(operation.first.Scalar());
  return ids;
}

std::string openapi_document(const http::RouteTable& routes) {
  const auto fragments = read_fragments();
  std::map<std::string, Said, std::less<>> said;
  std::set<std::string> bodies;
  json::Writer w;
  w.begin_object().member("openapi", "3.1.0");
  write_info(w);
  w.name("tags").begin_array();
  for (const auto& fragment : fragments) {
    const auto tag = fragment["tag"].Scalar();
    w.begin_object().member("name", tag).member("description", fragment["about"].Scalar()).end_object();
    for (const auto& operation : fragment["operations"]) {
      said.try_emplace(operation.first.Scalar(), Said{tag, operation.second});
      if (operation.second["body"]) bodies.insert(operation.second["body"].Scalar());
    }
  }
  w.end_array();
  std::map<std::string, std::vector<const http::Route*>> paths;
  for (const auto& route : routes.all())
    if (said.contains(route.operation_id)) paths[std::string(route.pattern)].push_back(&route);
  w.name("paths").begin_object();
  for (const auto& [pattern, methods] : paths) {
    w.name(pattern).begin_object();
    for (const auto* route : methods) {
      const auto& [tag, operation] = said.find(route->operation_id)->second;
      write_operation(w.name(lower(http::to_text(route->method))), *route, tag, operation);
    }
    w.end_object();
  }
  w.end_object().name("components").begin_object();
  write_shared(w);
  write_schemas(w, fragments, bodies);
  w.end_object().end_object();
  return w.take();
}

}  // namespace kaogong::api
