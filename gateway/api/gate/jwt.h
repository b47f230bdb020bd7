// JSON Web Tokens (RFC 7519, 7515) of end users: what they say, and whether it is to be believed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "infra/clock/clock.h"
#include "tenants/access/token_issuers.h"
#include "tenants/registry/result.h"

namespace kaogong::api {

inline constexpr size_t kTokenBytesMax = 8'000;
inline constexpr std::chrono::seconds kClockLeeway{60};     // that clocks may differ
inline constexpr std::chrono::hours kTokenLifetimeMax{24};  // `exp` is at most so far ahead

/// What a token says of its bearer, after everything was verified.
struct TokenClaims {
  std::string tenant, subject;
  tenants::AccessRole role = tenants::AccessRole::kEmployee;
  tenants::Scopes scopes;
  std::string employee;  // of raters and employees; else empty
  clock::Instant expires_at;
};

/// Says whose keys are to be asked for: nothing that is believed.
struct TokenHint {
  std::string tenant;
};
/// Nothing: this is no token, or too long.
std::optional<TokenHint> hint_of(std::string_view token);

/// Verifies a token with the keys of the tenant that it names. The algorithm is the key's, whatever the header says; a
/// header that wants another one, names keys of its own (jku, jwk, x5u, x5c) or extensions (crit) is refused. Failures:
/// kUnauthenticated, with the reason.
tenants::Result<TokenClaims> verify_token(std::string_view token, const std::vector<tenants::TokenIssuer>& issuers,
                                          clock::Instant now);

/// Whether the key can be used with the algorithm: to be asked before it is stored.
bool is_public_key(std::string_view pem, tenants::TokenAlgorithm algorithm);

}  // namespace kaogong::api
