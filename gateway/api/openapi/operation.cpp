#include "gateway/api/openapi/operation.h"

#include <charconv>
#include <utility>

#include "gateway/api/openapi/schema.h"
#include "gateway/api/openapi/yaml.h"
#include "gateway/api/paging.h"

namespace kaogong::api {

namespace {

struct PathName {
  std::string_view name, about;
};
/// What the names in patterns stand for, the same everywhere.
constexpr PathName kPathNames[] = {
    {"assignment", "The number of the assignment"},
    {"day", "A day like 2026-10-31"},
    {"department", "The code of the department"},
    {"employee", "The number of the employee, as the tenant writes it"},
    {"key", "The id of the key; not the key itself"},
    {"ledger", "The name of the ledger"},
    {"message", "The id of the message"},
    {"operation", "The id of the operation"},
    {"period", "A period like 2026-10, 2026-Q3, 2026-H1 or 2026"},
    {"problem", "The last part of a problem's type"},
    {"run", "The number of the run"},
    {"scheme", "The name of the scheme"},
    {"sheet", "The name of the sheet"},
    {"template", "The name of the template"},
    {"tenant", "The id of the tenant"},
    {"token", "The last part of the link"},
    {"version", "The number of the version"},
    {"webhook", "The id of the webhook"},
};

void write_parameter(json::Writer& w, std::string_view in, std::string_view name, std::string_view word, bool required,
                     std::string_view about) {
  w.begin_object().member("name", name).member("in", in).member("required", required);
  if (!about.empty()) w.member("description", about);
  w.name("schema");
  write_schema(w, word);
  w.end_object();
}

void write_reference(json::Writer& w, std::string_view name) {
  w.begin_object().member("$ref", "#/components/parameters/" + std::string(name)).end_object();
}

/// `{employee}` of the pattern, with the fragment's example.
void write_path_parameters(json::Writer& w, std::string_view pattern, const YAML::Node& examples) {
  for (size_t at = pattern.find('{'); at != std::string_view::npos; at = pattern.find('{', at + 1)) {
    const std::string name(pattern.substr(at + 1, pattern.find('}', at) - at - 1));
    w.begin_object().member("name", name).member("in", "path").member("required", true);
    for (const auto& known : kPathNames)
      if (known.name == name) w.member("description", known.about);
    w.name("schema").begin_object().member("type", "string").end_object();
    if (examples && examples[name]) w.member("example", examples[name].Scalar());
    w.end_object();
  }
}

/// `on: date the day` and `issuer: text! whose key`.
void write_query_parameters(json::Writer& w, const YAML::Node& query) {
  for (const auto& one : query) {
    const std::string& said = one.second.Scalar();
    const size_t space = std::min(said.find(' '), said.size());
    std::string word = said.substr(0, space);
    const bool required = word.ends_with('!');
    if (required) word.pop_back();
    write_parameter(w, "query", one.first.Scalar(), word, required,
                    std::string_view(said).substr(std::min(space + 1, said.size())));
  }
}

void write_parameters(json::Writer& w, const http::Route& route, const YAML::Node& said, bool paged) {
  w.name("parameters").begin_array();
  write_path_parameters(w, route.pattern, said["path"]);
  write_query_parameters(w, said["query"]);
  if (paged) {
    write_reference(w, "PageSize");
    write_reference(w, "PageToken");
  }
  if (route.access == http::Access::kTenant) write_reference(w, "Tenant");
  if (route.needs_idempotency_key) write_reference(w, "IdempotencyKey");
  if (said["if_match"]) write_reference(w, said["if_match"].Scalar() == "always" ? "IfMatchNeeded" : "IfMatch");
  if (said["etag"] && route.method == http::Method::kGet) write_reference(w, "IfNoneMatch");
  if (said["last_event_id"]) write_reference(w, "LastEventId");
  w.end_array();
}

void write_body(json::Writer& w, const http::Route& route, const YAML::Node& said) {
  if (route.body == http::BodyKind::kNone) return;
  w.name("requestBody").begin_object().member("required", true).name("content").begin_object();
  if (route.body == http::BodyKind::kJson) {
    w.name("application/json").begin_object().name("schema");
    write_schema(w, said["body"] ? said["body"].Scalar() : "json");
    if (said["example"]) write_yaml(w.name("example"), said["example"]);
    w.end_object();
  } else {
    // The example is of the first type.
    bool first = true;
    for (const auto& type : said["stream"]) {
      w.name(type.Scalar()).begin_object().name("schema").begin_object().member("type", "string").end_object();
      if (std::exchange(first, false) && said["lines"]) w.member("example", said["lines"].Scalar());
      w.end_object();
    }
  }
  w.end_object().end_object();
}

void write_answer_schema(json::Writer& w, const SaidAnswer& answer) {
  if (!answer.list) {
    write_schema(w, answer.schema);
    return;
  }
  w.begin_object().member("type", "object").name("properties").begin_object().name("items");
  write_schema(w, "[" + answer.schema + "]");
  if (answer.page)
    w.name("next_page_token")
        .begin_object()
        .name("type")
        .begin_array()
        .value("string")
        .value("null")
        .end_array()
        .end_object();
  w.end_object().name("required").begin_array().value("items");
  if (answer.page) w.value("next_page_token");
  w.end_array().end_object();
}

void write_content(json::Writer& w, const SaidAnswer& answer, const YAML::Node& types) {
  const bool is_json = answer.schema.find('/') == std::string::npos;
  w.name("content").begin_object().name(is_json ? "application/json" : answer.schema).begin_object().name("schema");
  if (is_json) {
    write_answer_schema(w, answer);
  } else {
    w.begin_object().member("type", "string").end_object();
  }
  w.end_object();
  for (const auto& type : types)
    w.name(type.Scalar())
        .begin_object()
        .name("schema")
        .begin_object()
        .member("type", "string")
        .end_object()
        .end_object();
  w.end_object();
}

void write_header(json::Writer& w, std::string_view name, std::string_view about) {
  w.name(name).begin_object().member("description", about).name("schema").begin_object().member("type", "string");
  w.end_object().end_object();
}

void write_answer(json::Writer& w, int status, const SaidAnswer& answer, const YAML::Node& said) {
  w.name(std::to_string(status)).begin_object();
  w.member("description", status == 204 ? "Done" : status == 202 ? "Begun" : status == 201 ? "Made" : "Done, or found");
  const bool has_location = said["location"] && (status == 201 || status == 202);
  if (has_location || said["etag"]) {
    w.name("headers").begin_object();
    if (has_location) write_header(w, "Location", "Where it is to be asked for");
    if (said["etag"]) write_header(w, "ETag", "For If-None-Match, and for If-Match where it is changed");
    w.end_object();
  }
  if (!answer.schema.empty()) write_content(w, answer, said["types"]);
  w.end_object();
}

void write_answers(json::Writer& w, const http::Route& route, const YAML::Node& said) {
  const auto answer = answer_in(said["answer"]);
  w.name("responses").begin_object();
  write_answer(w, answer.status, answer, said);
  if (said["also"]) write_answer(w, said["also"].as<int>(), answer, said);
  if (said["or"]) {
    const auto other = answer_in(said["or"]);
    write_answer(w, other.status, other, said);
  }
  if (said["etag"] && route.method == http::Method::kGet)
    w.name("304").begin_object().member("description", "It is as If-None-Match says").end_object();
  if (route.access != http::Access::kPublic)
    for (const auto* status : {"401", "403", "429"})
      w.name(status).begin_object().member("$ref", "#/components/responses/Problem").end_object();
  w.name("default").begin_object().member("$ref", "#/components/responses/Problem").end_object().end_object();
}

std::string about(const http::Route& route, const YAML::Node& said) {
  std::string text = said["summary"].Scalar() + ".";
  if (said["about"]) text += " " + said["about"].Scalar();
  if (route.access == http::Access::kPublic) return text + " Nobody is asked who he is.";
  if (route.access == http::Access::kOperator) text += " For operators.";
  if (!route.scope) return text + " For everybody who is known.";
  text += " Needs the scope `" + std::string(tenants::to_text(*route.scope)) + "`";
  if (route.or_scope)
    text += ", or for what is the caller's own `" + std::string(tenants::to_text(*route.or_scope)) + "`";
  return text + ".";
}

}  // namespace

SaidAnswer answer_in(const YAML::Node& said) {
  std::string_view text = said ? std::string_view(said.Scalar()) : "200";
  SaidAnswer answer;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), answer.status);
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  if (text.starts_with(' ')) text.remove_prefix(1);
  for (const std::string_view prefix : {"page of ", "list of "}) {
    if (!text.starts_with(prefix)) continue;
    answer.list = true;
    answer.page = prefix.starts_with("page");
    text.remove_prefix(prefix.size());
  }
  answer.schema = text;
  return answer;
}

void write_operation(json::Writer& w, const http::Route& route, const std::string& tag, const YAML::Node& said) {
  w.begin_object().member("operationId", route.operation_id).member("summary", said["summary"].Scalar());
  w.member("description", about(route, said)).name("tags").begin_array().value(tag).end_array();
  write_parameters(w, route, said, said["paged"] || (answer_in(said["answer"]).page && !said["unpaged"]));
  write_body(w, route, said);
  write_answers(w, route, said);
  if (route.access == http::Access::kPublic) w.name("security").begin_array().end_array();
  w.end_object();
}

}  // namespace kaogong::api
