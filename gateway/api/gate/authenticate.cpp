#include "gateway/api/gate/authenticate.h"

#include "gateway/api/gate/jwt.h"
#include "gateway/api/problem.h"
#include "infra/crypto/hash.h"

namespace kaogong::api {

using Known = KnownCallers::Known;
using tenants::FailureCode;
using tenants::Result;

namespace {

constexpr std::string_view kKeyPrefix = "kg_";

/// What stands behind `Bearer`; nothing: no such field, two of them, or another scheme.
std::optional<std::string_view> bearer_of(const http::Request& request) {
  constexpr std::string_view kScheme = "bearer ";
  if (request.fields.count("authorization") != 1) return std::nullopt;
  const std::string_view value = *request.fields.find("authorization");
  if (value.size() <= kScheme.size() || value.size() > kTokenBytesMax + kScheme.size()) return std::nullopt;
  for (size_t i = 0; i < kScheme.size(); ++i)
    if ((value[i] | 0x20) != (kScheme[i] | 0x20)) return std::nullopt;
  return value.substr(kScheme.size());
}

}  // namespace

Result<Known> Authenticator::by_key(std::string_view key) {
  auto verified = services_.keys.verify(key);
  if (!verified) return verified.failure();
  Known known;
  known.caller.role = verified->role;
  known.caller.scopes = verified->scopes;
  known.caller.employee = verified->employee;
  known.caller.key_id = verified->id;
  known.caller.actor.name = "key:" + verified->id;
  known.expires_at = verified->expires_at;
  if (verified->tenant) {
    auto tenant = services_.database.open(verified->tenant->text());
    if (!tenant) return tenant.failure();
    known.tenant = *std::move(tenant);
  }
  return known;
}

Result<Known> Authenticator::by_token(std::string_view token) {
  const tenants::Failure unknown{FailureCode::kUnauthenticated,
                                 "this is neither an API key nor a token that is known here"};
  const auto hint = hint_of(token);
  if (!hint || !tenants::TenantId::parse(hint->tenant)) return unknown;
  const auto issuers = services_.token_issuers.list(hint->tenant);
  if (!issuers) return issuers.failure();
  auto claims = verify_token(token, *issuers, services_.clock.now());
  if (!claims) return claims.failure();
  auto tenant = services_.database.open(claims->tenant);
  if (!tenant) return tenant.failure();
  Known known;
  known.caller.role = claims->role;
  known.caller.scopes = claims->scopes;
  known.caller.employee = claims->employee;
  known.caller.key_id = std::string(kTokenPrefix) + claims->subject;
  known.caller.actor.name = known.caller.key_id;
  known.expires_at = claims->expires_at;
  known.tenant = *std::move(tenant);
  return known;
}

std::shared_ptr<const Known> Authenticator::authenticate_at_once(const http::Request& request) {
  const auto shown = bearer_of(request);
  return shown ? services_.known_callers.find_at_once(crypto::sha256(*shown)) : nullptr;
}

std::variant<Known, http::Response> Authenticator::authenticate(const http::Request& request) {
  const auto shown = bearer_of(request);
  if (!shown)
    return problem(ProblemCode::kUnauthenticated, "send one field Authorization: Bearer, with an API key or a token");
  const auto digest = crypto::sha256(*shown);
  if (const auto known = services_.known_callers.find(digest)) return *known;
  // Who was good a moment ago does not suffer from a neighbour who guesses.
  if (const auto locked = guesses_.locked_seconds(request.peer);
      locked > 0 && !services_.known_callers.was_known(digest))
    return problem(ProblemCode::kLockedOut, "too many wrong keys came from this address", locked);
  const auto doubts = services_.known_callers.doubts();
  auto known = shown->starts_with(kKeyPrefix) ? by_key(*shown) : by_token(*shown);
  if (known) {
    services_.known_callers.keep(digest, *known, doubts);
    return *std::move(known);
  }
  const auto code = known.failure().code;
  // Where nobody could be asked, nothing is known against him.
  if (code != FailureCode::kUnavailable && code != FailureCode::kUnknown) services_.known_callers.forget(digest);
  if (code == FailureCode::kUnauthenticated) guesses_.count_wrong(request.peer);
  return problem(known.failure());
}

}  // namespace kaogong::api
