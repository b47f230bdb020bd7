#include "gateway/api/keys/routes.h"

#include <algorithm>
#include <utility>

#include "gateway/api/answer.h"
#include "gateway/api/body.h"
#include "gateway/api/call.h"
#include "gateway/api/forms.h"
#include "gateway/api/gate/claim.h"
#include "gateway/api/gate/jwt.h"
#include "gateway/api/routes.h"
#include "gateway/api/services.h"

namespace kaogong::api {

namespace {

using http::Method;
using http::Response;
using json::Need;
using tenants::ApiKey;
using tenants::Result;
using tenants::TokenIssuer;

constexpr int64_t kOverlapSecondsMax = 30 * 86'400;
constexpr size_t kEmployeeBytesMax = 200;

void write_key_members(json::Writer& w, const ApiKey& key) {
  w.member("id", key.id).member("role", tenants::to_text(key.role)).name("scopes").begin_array();
  for (const auto& scope : tenants::texts_of(key.scopes)) w.value(scope);
  w.end_array().member("employee", key.employee).member("label", key.label).member("created_by", key.created_by);
  instant_member(w, "created_at", key.created_at);
  instant_member(w, "expires_at", key.expires_at);
  instant_member(w, "revoked_at", key.revoked_at).member("replaces", key.replaces);
}

void write_key(json::Writer& w, const ApiKey& key) {
  w.begin_object();
  write_key_members(w, key);
  w.end_object();
}

Response shown(const Result<ApiKey>& key) {
  if (!key) return problem(key.failure());
  json::Writer w;
  write_key(w, *key);
  return answer(200, w);
}

/// Whose keys are meant: a tenant's, or operators'.
const tenants::Tenant* whose(const Call& call) { return call.tenant ? &*call.tenant : nullptr; }

/// The answer with the key's text, kept in the transaction that makes the key.
tenants::ApiKeys::AlsoInTransaction keep_issued(Call& call, Response* made) {
  return [&call, made](postgres::Transaction& sql, const tenants::IssuedKey& issued) -> Result<tenants::Done> {
    json::Writer w;
    w.begin_object().member("key", issued.text);
    write_key_members(w, issued.key);
    w.end_object();
    *made = answer(201, w);
    const std::string_view path = call.tenant ? "/v1/keys/" : "/v1/operator-keys/";
    made->fields.add("Location", std::string(path) + issued.key.id);
    return call.claim->keep(sql, *made);
  };
}

tenants::Scopes read_scopes(json::BodyReader& body) {
  tenants::Scopes scopes;
  size_t index = 0;
  for (const auto& text : body.texts("scopes", tenants::kScopes, 100, Need::kOptional)) {
    if (const auto scope = tenants::parse_scope(text)) {
      scopes.add(*scope);
    } else {
      body.faults().add(body.pointer("scopes", index), "is no scope");
    }
    ++index;
  }
  return scopes;
}

/// Nobody gives more than he has, but for operators, who make a tenant's first key.
bool may_give(const Call& call, tenants::Scopes scopes) {
  const bool of_tenant = call.tenant.has_value();
  return (of_tenant && call.caller.role == tenants::AccessRole::kOperator) || scopes.within(call.caller.scopes);
}

std::optional<tenants::KeyKind> parse_kind(std::string_view text) {
  if (text == "live") return tenants::KeyKind::kLive;
  if (text == "test") return tenants::KeyKind::kTest;
  return std::nullopt;
}

Response create(Call& call) {
  JsonBody body(call.request);
  tenants::KeyRequest request;
  request.kind = body->parsed("kind", parse_kind, "live or test", Need::kOptional).value_or(tenants::KeyKind::kLive);
  const auto role =
      call.tenant ? body->parsed("role", tenants::parse_role, "a role") : std::optional(tenants::AccessRole::kOperator);
  request.scopes = read_scopes(body.reader());
  if (call.tenant) request.employee = body->text_or_empty("employee", kEmployeeBytesMax);
  request.label = body->text_or_empty("label", tenants::kKeyLabelBytesMax);
  request.expires_at = body->parsed("expires_at", parse_instant, kInstantForm, Need::kOptional);
  if (auto wrong = body.problem()) return *std::move(wrong);
  request.role = *role;
  if (!may_give(call, request.scopes.empty() ? tenants::scopes_of(request.role) : request.scopes))
    return problem(ProblemCode::kForbidden, "a key cannot be given scopes that the caller does not have");
  Response made;
  const auto issued = call.services.keys.create(whose(call), request, call.caller.actor, keep_issued(call, &made));
  return issued ? made : problem(issued.failure());
}

Response list(Call& call) {
  Query query(call.request);
  const auto page = read_page(query, call);
  if (auto wrong = query.problem()) return *std::move(wrong);
  const auto keys = call.services.keys.list(whose(call));
  if (!keys) return problem(keys.failure());
  auto begin = keys->begin();
  if (!page.after.empty()) {
    begin = std::find_if(keys->begin(), keys->end(), [&](const ApiKey& key) { return key.id == page.after; });
    if (begin != keys->end()) ++begin;
  }
  const std::vector<ApiKey> rest(begin, keys->end());
  return answer_page(call, page, rest, write_key, [](const ApiKey& key) { return key.id; });
}

Response get(Call& call) { return shown(call.services.keys.get(whose(call), call.values[0])); }

/// The key that the call has.
Response get_own(Call& call) {
  if (call.caller.key_id.starts_with(kTokenPrefix))
    return problem(ProblemCode::kNotFound, "a token is no key: its claims say what it may");
  const auto key = call.services.keys.get(whose(call), call.caller.key_id);
  if (!key) return problem(key.failure());
  json::Writer w;
  w.begin_object().name("tenant");
  key->tenant ? w.value(key->tenant->text()) : w.null();
  write_key_members(w, *key);
  w.end_object();
  return answer(200, w);
}

/// Whether the key that is to be replaced has no more than the caller; the answer if not.
std::optional<Response> check_rights(Call& call) {
  const auto key = call.services.keys.get(whose(call), call.values[0]);
  if (!key) return problem(key.failure());
  if (may_give(call, key->scopes)) return std::nullopt;
  return problem(ProblemCode::kForbidden, "the key has scopes that the caller does not have");
}

Response rotate(Call& call) {
  JsonBody body(call.request);
  const auto overlap = body->whole("overlap_seconds", 0, kOverlapSecondsMax, Need::kOptional).value_or(0);
  if (auto wrong = body.problem()) return *std::move(wrong);
  if (auto refused = check_rights(call)) return *std::move(refused);
  Response made;
  const auto issued = call.services.keys.rotate(whose(call), call.values[0], overlap * 1'000'000, call.caller.actor,
                                                keep_issued(call, &made));
  call.services.known_callers.doubt_all();
  return issued ? made : problem(issued.failure());
}

Response revoke(Call& call) {
  const auto revoked = call.services.keys.revoke(whose(call), call.values[0], call.caller.actor);
  call.services.known_callers.doubt_all();
  return shown(revoked);
}

void write_issuer(json::Writer& w, const TokenIssuer& issuer) {
  w.begin_object().member("issuer", issuer.issuer).member("key_id", issuer.key_id);
  w.member("algorithm", tenants::to_text(issuer.algorithm)).member("public_key", issuer.public_key);
  w.member("audience", issuer.audience).name("roles").begin_array();
  for (const auto role : issuer.roles) w.value(tenants::to_text(role));
  w.end_array().member("created_by", issuer.created_by);
  instant_member(w, "created_at", issuer.created_at).end_object();
}

Response add_issuer(Call& call) {
  JsonBody body(call.request);
  TokenIssuer asked;
  asked.issuer = body->text("issuer", tenants::kIssuerBytesMax).value_or("");
  asked.key_id = body->text("key_id", tenants::kTokenKeyIdBytesMax).value_or("");
  const auto algorithm = body->parsed("algorithm", tenants::parse_token_algorithm, "EdDSA, ES256 or RS256");
  asked.public_key = body->text("public_key", tenants::kPublicKeyBytesMax).value_or("");
  asked.audience = body->text("audience", tenants::kIssuerBytesMax).value_or("");
  size_t index = 0;
  tenants::Scopes needed;
  for (const auto& text : body->texts("roles", 10, 100)) {
    const auto role = tenants::parse_role(text);
    if (role && tenants::is_of_tenant(*role)) {
      asked.roles.push_back(*role);
    } else {
      body->faults().add(body->pointer("roles", index), "is no role of a tenant");
    }
    ++index;
  }
  if (algorithm && !asked.public_key.empty() && !is_public_key(asked.public_key, *algorithm))
    body->fault("public_key", "is no public key in PEM for this algorithm (RSA: 2048 to 8192 bits)");
  if (auto wrong = body.problem()) return *std::move(wrong);
  asked.algorithm = *algorithm;
  for (const auto role : asked.roles) {
    if (call.caller.role != tenants::AccessRole::kOperator && !tenants::scopes_of(role).within(call.caller.scopes))
      return problem(ProblemCode::kForbidden, "tokens cannot be given scopes that the caller does not have");
  }
  const auto added = call.services.token_issuers.add(*call.tenant, asked, call.caller.actor);
  if (!added) return problem(added.failure());
  json::Writer w;
  write_issuer(w, *added);
  return answer(201, w);
}

Response list_issuers(Call& call) {
  const auto issuers = call.services.token_issuers.list(call.tenant->id().text());
  if (!issuers) return problem(issuers.failure());
  return answer_page(call, Page{.size = kPageSizeMax}, *issuers, write_issuer,
                     [](const TokenIssuer& issuer) { return issuer.issuer; });
}

Response remove_issuer(Call& call) {
  Query query(call.request);
  const auto issuer = query.required("issuer");
  if (auto wrong = query.problem()) return *std::move(wrong);
  const auto removed = call.services.token_issuers.remove(*call.tenant, issuer, call.values[0], call.caller.actor);
  call.services.known_callers.doubt_all();
  return removed ? no_content() : problem(removed.failure());
}

/// Their changes are in the control schema, where their answers are kept, too.
void add(http::RouteTable& routes, http::Route route) {
  route.answers_in_control = true;
  routes.add(std::move(route));
}

}  // namespace

void add_keys_routes(http::RouteTable& routes) {
  add(routes, changing(Method::kPost, "/v1/keys", "createKey", tenants::Scope::kKeysManage, create));
  add(routes, reading("/v1/keys", "listKeys", tenants::Scope::kKeysManage, list));
  add(routes, reading("/v1/keys/{key}", "getKey", tenants::Scope::kKeysManage, get));
  add(routes, changing(Method::kPost, "/v1/keys/{key}/rotate", "rotateKey", tenants::Scope::kKeysManage, rotate));
  add(routes, changing(Method::kDelete, "/v1/keys/{key}", "revokeKey", tenants::Scope::kKeysManage, revoke));
  auto own = reading("/v1/keys/self", "getOwnKey", std::nullopt, get_own);
  own.access = http::Access::kCaller;
  add(routes, std::move(own));
  const auto of_operators = [&](http::Route route) {
    route.access = http::Access::kOperator;
    add(routes, std::move(route));
  };
  of_operators(changing(Method::kPost, "/v1/operator-keys", "createOperatorKey", tenants::Scope::kKeysManage, create));
  of_operators(reading("/v1/operator-keys", "listOperatorKeys", tenants::Scope::kKeysManage, list));
  of_operators(changing(Method::kPost, "/v1/operator-keys/{key}/rotate", "rotateOperatorKey",
                        tenants::Scope::kKeysManage, rotate));
  of_operators(
      changing(Method::kDelete, "/v1/operator-keys/{key}", "revokeOperatorKey", tenants::Scope::kKeysManage, revoke));
  add(routes, changing(Method::kPost, "/v1/token-issuers", "addTokenIssuer", tenants::Scope::kKeysManage, add_issuer));
  add(routes, reading("/v1/token-issuers", "listTokenIssuers", tenants::Scope::kKeysManage, list_issuers));
  add(routes, changing(Method::kDelete, "/v1/token-issuers/{key}", "removeTokenIssuer", tenants::Scope::kKeysManage,
                       remove_issuer));
}

}  // namespace kaogong::api
