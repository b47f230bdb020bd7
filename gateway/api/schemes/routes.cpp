#include "gateway/api/schemes/routes.h"

#include <charconv>

#include "engine/scheme/load.h"
#include "gateway/api/answer.h"
#include "gateway/api/body.h"
#include "gateway/api/change.h"
#include "gateway/api/forms.h"
#include "gateway/api/routes.h"
#include "gateway/api/schemes/assignments.h"
#include "infra/crypto/encode.h"
#include "tenants/schemes/schemes.h"

namespace kaogong::api {

namespace {

using http::Method;
using http::Response;
using json::Need;
using tenants::LedgerRule;
using tenants::Result;
using tenants::SchemeVersion;
using tenants::Scope;
using tenants::TenantTransaction;

constexpr std::string_view kLock = "scheme";
/// A document within a JSON text: every byte of it may be an escape.
constexpr size_t kSchemeBodyBytesMax = 6 * scheme::kDocumentBytesMax;

void write_step(json::Writer& w, std::string_view name, const tenants::Step& step) {
  w.name(name);
  if (step.actor.empty()) {
    w.null();
    return;
  }
  w.begin_object().member("by", step.actor);
  instant_member(w, "at", step.at).end_object();
}

void write_members(json::Writer& w, const SchemeVersion& version) {
  w.member("scheme", version.scheme_id).member("version", version.version);
  w.member("state", tenants::to_text(version.state)).member("hash", crypto::to_hex(crypto::view(version.hash)));
  w.name("ledgers").begin_array();
  for (const auto& rule : version.ledgers) {
    w.begin_object().member("output", rule.output).member("ledger", rule.ledger).member("kind", rule.kind);
    w.member("takes_away", rule.takes_away).end_object();
  }
  w.end_array().member("note", version.note);
  write_step(w, "created", version.created);
  write_step(w, "published", version.published);
  write_step(w, "retired", version.retired);
}

void write_version(json::Writer& w, const SchemeVersion& version) {
  w.begin_object();
  write_members(w, version);
  w.end_object();
}

std::string json_of(const SchemeVersion& version) {
  json::Writer w;
  write_version(w, version);
  return w.take();
}

std::string json_of(const tenants::SchemeDocument& found) {
  json::Writer w;
  w.begin_object();
  write_members(w, found.version);
  w.member("document", found.text).end_object();
  return w.take();
}

/// `draft`, `latest`, or a number above 0.
struct Which {
  bool good = false;
  std::optional<int32_t> version;  // nothing: the latest
};
Which parse_version(std::string_view text) {
  if (text == "draft") return {true, 0};
  if (text == "latest") return {true, std::nullopt};
  int32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return {error == std::errc{} && end == text.data() + text.size() && number > 0, number};
}
Response no_version() { return problem(ProblemCode::kNotFound, "a version is a number, draft or latest"); }

void write_checked(json::Writer& w, const tenants::CheckedScheme& checked) {
  w.member("compiles", checked.compiles).raw_member("findings", tenants::findings_json(checked.findings));
  w.name("interpreted").begin_array();
  for (const auto& name : checked.interpreted) w.value(name);
  w.end_array();
}

Response check(Call& call) {
  JsonBody body(call.request);
  const auto text = body->text("document", scheme::kDocumentBytesMax);
  if (auto wrong = body.problem()) return *std::move(wrong);
  json::Writer w;
  w.begin_object();
  write_checked(w, tenants::check_scheme(*text));
  w.end_object();
  return answer(200, w);
}

/// The newest version of each scheme, and whether there is a draft.
Response list(Call& call) {
  Query query(call.request);
  const auto page = read_page(query, call);
  if (auto wrong = query.problem()) return *std::move(wrong);
  return look(
      call,
      [&](TenantTransaction& t) -> Result<std::vector<SchemeVersion>> {
        std::vector<SchemeVersion> newest;
        for (auto& version : tenants::list_versions(t)) {
          if (!page.after.empty() && version.scheme_id <= page.after) continue;
          if (!newest.empty() && newest.back().scheme_id == version.scheme_id) {
            if (newest.back().version < version.version) newest.back() = std::move(version);
          } else {
            newest.push_back(std::move(version));
          }
        }
        return newest;
      },
      [&](const std::vector<SchemeVersion>& newest) {
        return answer_page(call, page, newest, write_version, [](const auto& version) { return version.scheme_id; });
      });
}

Response versions(Call& call) {
  return look(
      call,
      [&](TenantTransaction& t) -> Result<std::vector<SchemeVersion>> {
        auto found = tenants::list_versions(t, call.values[0]);
        if (found.empty()) return tenants::not_found("there is no scheme " + call.values[0]);
        return found;
      },
      [](const std::vector<SchemeVersion>& found) {
        json::Writer w;
        w.begin_object().name("items").begin_array();
        for (const auto& version : found) write_version(w, version);
        w.end_array().end_object();
        return answer(200, w);
      });
}

Response get(Call& call) {
  const auto which = parse_version(call.values[1]);
  if (!which.good) return no_version();
  return look(
      call, [&](TenantTransaction& t) { return tenants::find_scheme(t, call.values[0], which.version); },
      [&](const tenants::SchemeDocument& found) { return tagged(call.request, json_of(found)); });
}

/// Behind the scheme's lock: whether `If-Match` names the draft that is there; without a draft it is not needed.
Result<std::optional<Response>> check_draft(Call& call, TenantTransaction& t) {
  lock_subject(t, kLock, call.values[0]);
  const auto draft = tenants::find_scheme(t, call.values[0], 0);
  if (!draft && draft.failure().code != tenants::FailureCode::kNotFound) return draft.failure();
  if (!draft) return std::optional<Response>();
  return check_if_match(call.request, etag_of(json_of(*draft)));
}

Response put_draft(Call& call) {
  JsonBody body(call.request);
  const auto text = body->text("document", scheme::kDocumentBytesMax);
  const auto note = body->text_or_empty("note", tenants::kNoteBytesMax);
  if (auto wrong = body.problem()) return *std::move(wrong);
  return change(call, [&](TenantTransaction& t) -> Result<Response> {
    auto refused = check_draft(call, t);
    if (!refused) return refused.failure();
    if (*refused) return **std::move(refused);
    const auto put = tenants::put_draft(t, call.values[0], *text, note);
    if (!put) return put.failure();
    auto made = answer(200, json_of(*put));
    made.fields.add("ETag", etag_of(json_of(tenants::SchemeDocument{*put, *text})));
    return made;
  });
}

Response drop_draft(Call& call) {
  return change(call, [&](TenantTransaction& t) -> Result<Response> {
    if (const auto done = tenants::drop_draft(t, call.values[0]); !done) return done.failure();
    return no_content();
  });
}

std::vector<LedgerRule> read_ledgers(json::BodyReader& body) {
  std::vector<LedgerRule> rules;
  size_t index = 0;
  for (const auto item : body.array("ledgers", tenants::kLedgerRulesMax, Need::kOptional)) {
    json::BodyReader one(item, body.pointer("ledgers", index++), body.faults());
    LedgerRule rule;
    rule.output = one.text("output", 200).value_or("");
    rule.ledger = one.text("ledger", 100).value_or("");
    rule.kind = one.text("kind", 100).value_or("");
    rule.takes_away = one.truth("takes_away", Need::kOptional).value_or(false);
    one.finish();
    rules.push_back(std::move(rule));
  }
  return rules;
}

/// A version that was published; or why not, finding by finding.
Response published(const tenants::Publication& publication) {
  if (publication.version) {
    auto made = answer(201, json_of(*publication.version));
    made.fields.add("Location", "/v1/schemes/" + escaped_segment(publication.version->scheme_id) + "/versions/" +
                                    std::to_string(publication.version->version));
    return made;
  }
  json::BodyFaults faults;
  for (const auto& finding : publication.checked.findings) {
    if (finding.severity != scheme::Severity::kError) continue;
    faults.add("", "line " + std::to_string(finding.at.line) + ", column " + std::to_string(finding.at.column) + ": " +
                       finding.message + " [" + finding.code + "]" +
                       (finding.remedy.empty() ? "" : " " + finding.remedy));
  }
  return problem(faults);
}

Response publish(Call& call) {
  JsonBody body(call.request);
  const auto ledgers = read_ledgers(body.reader());
  if (auto wrong = body.problem()) return *std::move(wrong);
  return change(call, [&](TenantTransaction& t) -> Result<Response> {
    lock_subject(t, kLock, call.values[0]);
    const auto publication = tenants::publish(t, call.values[0], ledgers);
    if (!publication) return publication.failure();
    return published(*publication);
  });
}

Response retire(Call& call) {
  const auto which = parse_version(call.values[1]);
  if (!which.good || !which.version) return no_version();
  return change(call, [&](TenantTransaction& t) -> Result<Response> {
    const auto retired = tenants::retire(t, call.values[0], *which.version);
    if (!retired) return retired.failure();
    return answer(200, json_of(*retired));
  });
}

Response diff(Call& call) {
  Query query(call.request);
  const auto before = query.whole("before", 0, INT32_MAX), after = query.whole("after", 0, INT32_MAX);
  if (!call.request.parameter("before")) query.fault("before", "is missing");
  if (!call.request.parameter("after")) query.fault("after", "is missing");
  if (auto wrong = query.problem()) return *std::move(wrong);
  const auto language = call.chinese ? scheme::Language::kChinese : scheme::Language::kEnglish;
  return look(
      call,
      [&](TenantTransaction& t) {
        return tenants::diff_versions(t, call.values[0], static_cast<int32_t>(*before), static_cast<int32_t>(*after));
      },
      [&](const std::vector<scheme::Change>& changes) {
        constexpr std::string_view kKinds[] = {"added", "removed", "changed"};
        json::Writer w;
        w.begin_object().name("items").begin_array();
        for (const auto& one : changes) {
          w.begin_object().member("kind", kKinds[static_cast<size_t>(one.kind)]).member("section", one.section);
          w.member("name", one.name).member("part", one.part).member("label", one.label).member("before", one.before);
          w.member("after", one.after).member("text", scheme::describe(one, language)).end_object();
        }
        w.end_array().end_object();
        return answer(200, w);
      });
}

Response install_template(Call& call) {
  JsonBody body(call.request);
  if (auto wrong = body.problem()) return *std::move(wrong);
  return change(call, [&](TenantTransaction& t) -> Result<Response> {
    lock_subject(t, kLock, call.values[0]);
    const auto publication = tenants::install_template(t, call.values[0]);
    if (!publication) return publication.failure();
    return published(*publication);
  });
}

}  // namespace

void add_schemes_routes(http::RouteTable& routes) {
  auto checking = changing(Method::kPost, "/v1/schemes/check", "checkScheme", Scope::kSchemesRead, check);
  checking.needs_idempotency_key = false;  // it changes nothing
  checking.body_bytes_max = kSchemeBodyBytesMax;
  routes.add(std::move(checking));
  auto drafting =
      changing(Method::kPut, "/v1/schemes/{scheme}/draft", "putSchemeDraft", Scope::kSchemesWrite, put_draft);
  drafting.body_bytes_max = kSchemeBodyBytesMax;
  routes.add(std::move(drafting));
  routes.add(
      changing(Method::kDelete, "/v1/schemes/{scheme}/draft", "dropSchemeDraft", Scope::kSchemesWrite, drop_draft));
  routes.add(reading("/v1/schemes", "listSchemes", Scope::kSchemesRead, list));
  routes.add(reading("/v1/schemes/{scheme}/versions", "listSchemeVersions", Scope::kSchemesRead, versions));
  routes.add(reading("/v1/schemes/{scheme}/versions/{version}", "getSchemeVersion", Scope::kSchemesRead, get));
  routes.add(changing(Method::kPost, "/v1/schemes/{scheme}/publish", "publishScheme", Scope::kSchemesPublish, publish));
  auto retiring = changing(Method::kPost, "/v1/schemes/{scheme}/versions/{version}/retire", "retireSchemeVersion",
                           Scope::kSchemesPublish, retire);
  retiring.body = http::BodyKind::kNone;
  routes.add(std::move(retiring));
  routes.add(reading("/v1/schemes/{scheme}/diff", "diffSchemeVersions", Scope::kSchemesRead, diff));
  routes.add(changing(Method::kPost, "/v1/templates/{template}/install", "installTemplate", Scope::kSchemesPublish,
                      install_template));
  add_template_routes(routes);
  add_assignment_routes(routes);
}

}  // namespace kaogong::api
