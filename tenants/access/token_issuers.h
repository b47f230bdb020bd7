// Who may issue tokens (JWT) for a tenant's end users. Only public keys are kept.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "infra/clock/clock.h"
#include "tenants/access/roles.h"
#include "tenants/registry/tenant_database.h"

namespace kaogong::tenants {

/// The one algorithm of a key: what a token's header says must be the same.
enum class TokenAlgorithm : uint8_t { kEdDsa, kEs256, kRs256 };
std::string_view to_text(TokenAlgorithm algorithm);  // "EdDSA", "ES256", "RS256"
std::optional<TokenAlgorithm> parse_token_algorithm(std::string_view text);

/// A key that tokens of a tenant may be signed with.
struct TokenIssuer {
  std::string issuer;  // the tokens' `iss`
  std::string key_id;  // the tokens' `kid`
  TokenAlgorithm algorithm = TokenAlgorithm::kEdDsa;
  std::string public_key;  // PEM (SubjectPublicKeyInfo)
  std::string audience;    // the tokens' `aud`
  std::vector<AccessRole> roles;
  std::string created_by;
  clock::Instant created_at;
};

inline constexpr size_t kIssuerBytesMax = 400;
inline constexpr size_t kTokenKeyIdBytesMax = 200;
inline constexpr size_t kPublicKeyBytesMax = 4'000;
inline constexpr size_t kTokenIssuersMax = 100;  // of a tenant

/// The control schema's table of them. Each change is in the operators' audit log, in the same transaction.
class TokenIssuers {
 public:
  explicit TokenIssuers(TenantDatabase& database) : database_(database) {}

  /// Failures: kExists (this issuer has a key of that id), kInvalid (a text is empty or too long, an operator's role,
  /// no role), kQuotaExceeded (kTokenIssuersMax). Whether the key is one is for whoever verifies with it to say,
  /// before.
  Result<TokenIssuer> add(const Tenant& tenant, const TokenIssuer& asked, const Actor& actor);
  /// Failures: kNotFound.
  Result<Done> remove(const Tenant& tenant, std::string_view issuer, std::string_view key_id, const Actor& actor);
  /// By issuer and key id.
  Result<std::vector<TokenIssuer>> list(std::string_view tenant_id);

 private:
  TenantDatabase& database_;
};

}  // namespace kaogong::tenants
