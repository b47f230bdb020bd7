#include "gateway/api/gate/jwt.h"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "gateway/json/read.h"
#include "infra/crypto/encode.h"
#include "infra/crypto/signature.h"
#include "tenants/registry/tenant.h"

namespace kaogong::api {

namespace {

using tenants::Failure;

Failure refused(std::string why) {
  return {tenants::FailureCode::kUnauthenticated, "the token is refused: " + std::move(why)};
}

struct Parts {
  std::string_view header, payload, signature;  // base64url
  std::string_view signed_text;                 // header and payload with their dot
};

std::optional<Parts> split(std::string_view token) {
  if (token.size() > kTokenBytesMax) return std::nullopt;
  const size_t first = token.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  const size_t second = token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) return std::nullopt;
  return Parts{token.substr(0, first), token.substr(first + 1, second - first - 1), token.substr(second + 1),
               token.substr(0, second)};
}

std::optional<json::Document> object_of(std::string_view base64) {
  const auto text = crypto::from_base64url(base64);
  if (!text) return std::nullopt;
  auto result = json::read(*text, {.bytes_max = kTokenBytesMax, .depth_max = 8});
  auto* document = std::get_if<json::Document>(&result);
  if (document == nullptr || !document->root().is(json::Kind::kObject)) return std::nullopt;
  return std::move(*document);
}

/// The member's text; empty if it is not there or no string.
std::string_view text_of(json::Value object, std::string_view name) {
  const auto found = object.find(name);
  return found && found->is(json::Kind::kString) ? found->text() : std::string_view();
}

/// Seconds since 1970, whole.
std::optional<clock::Instant> instant_of(json::Value value) {
  constexpr int64_t kSecondsMax = 253'402'300'799;  // the end of the year 9999
  if (!value.is(json::Kind::kNumber)) return std::nullopt;
  int64_t seconds = 0;
  const auto text = value.text();
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc{} || end != text.data() + text.size() || seconds < 0 || seconds > kSecondsMax)
    return std::nullopt;
  return clock::Instant{std::chrono::seconds{seconds}};
}

crypto::SignatureScheme scheme_of(tenants::TokenAlgorithm algorithm) {
  switch (algorithm) {
    case tenants::TokenAlgorithm::kEdDsa:
      return crypto::SignatureScheme::kEd25519;
    case tenants::TokenAlgorithm::kEs256:
      return crypto::SignatureScheme::kEcdsaP256Sha256;
    case tenants::TokenAlgorithm::kRs256:
      return crypto::SignatureScheme::kRsaPkcs1V15Sha256;
  }
  return crypto::SignatureScheme::kEd25519;
}

/// Nothing: the header is as it should be.
std::optional<std::string> fault_of_header(json::Value header) {
  for (const std::string_view name : {"jku", "jwk", "x5u", "x5c", "crit", "zip", "b64"})
    if (header.find(name)) return "its header may not have '" + std::string(name) + "'";
  const auto type = header.find("typ");
  if (type && (!type->is(json::Kind::kString) || (type->text() != "JWT" && type->text() != "at+jwt")))
    return "its typ is neither JWT nor at+jwt";
  if (text_of(header, "kid").empty()) return "its header has no kid";
  return std::nullopt;
}

bool has_audience(json::Value payload, std::string_view audience) {
  const auto found = payload.find("aud");
  if (!found) return false;
  if (found->is(json::Kind::kString)) return found->text() == audience;
  for (const auto item : found->items())
    if (item.is(json::Kind::kString) && item.text() == audience) return true;
  return false;
}

/// Nothing: the token holds now.
std::optional<std::string> fault_of_times(json::Value payload, clock::Instant now) {
  const auto expires = payload.find("exp");
  const auto end = expires ? instant_of(*expires) : std::nullopt;
  if (!end) return "it has no exp, or one that is no whole number of seconds";
  if (*end + kClockLeeway <= now) return "it has expired";
  if (*end > now + kTokenLifetimeMax + kClockLeeway) return "its exp is more than 24 hours ahead";
  for (const std::string_view name : {"nbf", "iat"}) {
    const auto found = payload.find(name);
    if (!found) continue;
    const auto at = instant_of(*found);
    if (!at) return "its " + std::string(name) + " is no whole number of seconds";
    if (*at > now + kClockLeeway) return "it does not hold yet (" + std::string(name) + ")";
  }
  return std::nullopt;
}

tenants::Result<TokenClaims> claims_of(json::Value payload, const tenants::TokenIssuer& issuer) {
  TokenClaims claims;
  claims.tenant = text_of(payload, "tenant");
  claims.subject = text_of(payload, "sub");
  claims.employee = text_of(payload, "employee");
  claims.expires_at = *instant_of(*payload.find("exp"));
  if (claims.subject.empty() || claims.subject.size() > 150) return refused("its sub is missing or too long");
  const auto role = tenants::parse_role(text_of(payload, "role"));
  if (!role) return refused("its role is missing or unknown");
  if (std::find(issuer.roles.begin(), issuer.roles.end(), *role) == issuer.roles.end())
    return refused("tokens of this issuer may not have the role " + std::string(tenants::to_text(*role)));
  claims.role = *role;
  if (tenants::is_of_person(*role) && claims.employee.empty()) return refused("its employee is missing");
  if (claims.employee.size() > 200) return refused("its employee is too long");
  const auto all = tenants::scopes_of(*role);
  const auto scope = payload.find("scope");
  if (!scope) {
    claims.scopes = all;
    return claims;
  }
  if (!scope->is(json::Kind::kString)) return refused("its scope is no text");
  for (auto rest = scope->text(); !rest.empty();) {
    const size_t space = std::min(rest.find(' '), rest.size());
    const auto one = tenants::parse_scope(rest.substr(0, space));
    // Scopes of other services are none of ours; those beyond the role are not given.
    if (one && all.has(*one)) claims.scopes.add(*one);
    rest.remove_prefix(std::min(space + 1, rest.size()));
  }
  return claims;
}

}  // namespace

std::optional<TokenHint> hint_of(std::string_view token) {
  const auto parts = split(token);
  if (!parts) return std::nullopt;
  const auto payload = object_of(parts->payload);
  if (!payload) return std::nullopt;
  return TokenHint{std::string(text_of(payload->root(), "tenant"))};
}

tenants::Result<TokenClaims> verify_token(std::string_view token, const std::vector<tenants::TokenIssuer>& issuers,
                                          clock::Instant now) {
  const auto parts = split(token);
  if (!parts) return refused("it is no JWT");
  const auto header = object_of(parts->header), payload = object_of(parts->payload);
  const auto signature = crypto::from_base64url(parts->signature);
  if (!header || !payload || !signature) return refused("it is no JWT");
  if (auto fault = fault_of_header(header->root())) return refused(*std::move(fault));
  const auto issuer = text_of(payload->root(), "iss"), key_id = text_of(header->root(), "kid");
  const auto found = std::find_if(issuers.begin(), issuers.end(),
                                  [&](const auto& one) { return one.issuer == issuer && one.key_id == key_id; });
  if (found == issuers.end()) return refused("its issuer and kid are not known to this tenant");
  if (text_of(header->root(), "alg") != tenants::to_text(found->algorithm))
    return refused("its alg is not the one of this key");
  const auto key = crypto::PublicKey::parse(found->public_key, scheme_of(found->algorithm));
  if (!key || !key->verify(parts->signed_text, *signature)) return refused("its signature is wrong");
  if (!has_audience(payload->root(), found->audience)) return refused("it is not meant for this audience");
  if (auto fault = fault_of_times(payload->root(), now)) return refused(*std::move(fault));
  return claims_of(payload->root(), *found);
}

bool is_public_key(std::string_view pem, tenants::TokenAlgorithm algorithm) {
  return crypto::PublicKey::parse(pem, scheme_of(algorithm)).has_value();
}

}  // namespace kaogong::api
