// The schemes that come with the program, and the JSON Schema of their documents.
#include "tenants/templates/templates.h"

#include "engine/scheme/load.h"
#include "engine/scheme/period.h"
#include "gateway/api/answer.h"
#include "gateway/api/call.h"
#include "gateway/api/routes.h"
#include "gateway/api/schemes/assignments.h"
#include "tenants/packs/packs.h"

namespace kaogong::api {

namespace {

using http::Response;

/// Made once: what a template is called is in its text, which takes a moment to read.
struct Entry {
  std::string_view id;
  scheme::Labels labels;
  std::vector<std::string> periods;
};

const std::vector<Entry>& entries() {
  static const std::vector<Entry> kEntries = [] {
    std::vector<Entry> made;
    for (const auto& one : templates::all()) {
      Entry entry{one.id, {}, {}};
      const auto loaded = scheme::load(one.yaml, packs::library());
      if (loaded.document) {
        entry.labels = loaded.document->labels;
        for (const auto kind : loaded.document->periods) entry.periods.emplace_back(scheme::to_text(kind));
      }
      made.push_back(std::move(entry));
    }
    return made;
  }();
  return kEntries;
}

void write_entry(json::Writer& w, const Entry& entry) {
  w.member("id", entry.id).name("labels").begin_object();
  w.member("en", entry.labels.en).member("zh", entry.labels.zh).end_object().name("periods").begin_array();
  for (const auto& period : entry.periods) w.value(period);
  w.end_array();
}

Response list(Call& call) {
  json::Writer w;
  w.begin_object().name("items").begin_array();
  for (const auto& entry : entries()) {
    w.begin_object();
    write_entry(w, entry);
    w.end_object();
  }
  w.end_array().end_object();
  return tagged(call.request, w.take());
}

Response get(Call& call) {
  const auto* found = templates::find(call.values[0]);
  if (found == nullptr) return problem(ProblemCode::kNotFound, "there is no template " + call.values[0]);
  json::Writer w;
  w.begin_object();
  for (const auto& entry : entries())
    if (entry.id == found->id) write_entry(w, entry);
  w.member("document", found->yaml).end_object();
  return tagged(call.request, w.take());
}

Response schema(Call& call) {
  auto response = tagged(call.request, scheme::json_schema());
  if (!response.content_type.empty()) response.content_type = "application/schema+json";
  return response;
}

}  // namespace

void add_template_routes(http::RouteTable& routes) {
  routes.add(reading("/v1/templates", "listTemplates", tenants::Scope::kSchemesRead, list));
  routes.add(reading("/v1/templates/{template}", "getTemplate", tenants::Scope::kSchemesRead, get));
  auto document = reading("/schemas/scheme.json", "getSchemeSchema", std::nullopt, schema);
  document.access = http::Access::kPublic;
  routes.add(std::move(document));
}

}  // namespace kaogong::api
