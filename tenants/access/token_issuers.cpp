#include "tenants/access/token_issuers.h"

#include <chrono>
#include <iterator>
#include <utility>

#include "tenants/audit/json_object.h"

namespace kaogong::tenants {

namespace {

constexpr std::string_view kAlgorithms[] = {"EdDSA", "ES256", "RS256"};

bool is_out_of_bounds(const std::string& text, size_t bytes_max) { return text.empty() || text.size() > bytes_max; }

std::optional<Failure> fault_of(const TokenIssuer& asked) {
  if (is_out_of_bounds(asked.issuer, kIssuerBytesMax) || is_out_of_bounds(asked.audience, kIssuerBytesMax))
    return invalid("issuer and audience have 1 to " + std::to_string(kIssuerBytesMax) + " bytes");
  if (is_out_of_bounds(asked.key_id, kTokenKeyIdBytesMax))
    return invalid("a key id has 1 to " + std::to_string(kTokenKeyIdBytesMax) + " bytes");
  if (is_out_of_bounds(asked.public_key, kPublicKeyBytesMax))
    return invalid("a public key has 1 to " + std::to_string(kPublicKeyBytesMax) + " bytes");
  if (asked.roles.empty()) return invalid("it is not said which roles the tokens may have");
  for (const auto role : asked.roles)
    if (!is_of_tenant(role)) return invalid("a token is never an operator's");
  return std::nullopt;
}

void record(postgres::Transaction& sql, clock::Instant now, const Actor& actor, std::string_view action,
            const Tenant& tenant, std::string_view issuer, std::string_view key_id) {
  audit::append(sql, operator_audit_log(), now,
                {actor.name, std::string(action), std::string(issuer),
                 audit::json_object({{"tenant", tenant.id().text()}, {"key_id", std::string(key_id)}})});
}

}  // namespace

std::string_view to_text(TokenAlgorithm algorithm) { return kAlgorithms[static_cast<size_t>(algorithm)]; }

std::optional<TokenAlgorithm> parse_token_algorithm(std::string_view text) {
  for (size_t i = 0; i < std::size(kAlgorithms); ++i)
    if (kAlgorithms[i] == text) return static_cast<TokenAlgorithm>(i);
  return std::nullopt;
}

Result<TokenIssuer> TokenIssuers::add(const Tenant& tenant, const TokenIssuer& asked, const Actor& actor) {
  if (auto fault = fault_of(asked)) return *std::move(fault);
  return database_.transact_control([&](postgres::Transaction& sql) -> Result<TokenIssuer> {
    const auto now = database_.clock().now();
    const auto count =
        sql.query("SELECT count(*) FROM kaogong.token_issuers WHERE tenant_id = $1", {tenant.id().text()});
    if (count.one().int64(0) >= static_cast<int64_t>(kTokenIssuersMax))
      return Failure{FailureCode::kQuotaExceeded,
                     "a tenant has at most " + std::to_string(kTokenIssuersMax) + " keys of token issuers"};
    TokenIssuer made = asked;
    made.created_by = actor.name;
    made.created_at = now;
    std::vector<std::string> roles;
    for (const auto role : asked.roles) roles.emplace_back(to_text(role));
    const auto added = sql.execute(
        "INSERT INTO kaogong.token_issuers (tenant_id, issuer, key_id, algorithm, public_key, audience, roles, "
        "created_by, "
        "created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
        {tenant.id().text(), made.issuer, made.key_id, to_text(made.algorithm), made.public_key, made.audience, roles,
         made.created_by, clock::to_rfc3339(now)});
    if (added == 0)
      return exists("this issuer has a key " + made.key_id + " already: add the new one under another id");
    record(sql, now, actor, "token_issuer.add", tenant, made.issuer, made.key_id);
    return made;
  });
}

Result<Done> TokenIssuers::remove(const Tenant& tenant, std::string_view issuer, std::string_view key_id,
                                  const Actor& actor) {
  return database_.transact_control([&](postgres::Transaction& sql) -> Result<Done> {
    const auto removed =
        sql.execute("DELETE FROM kaogong.token_issuers WHERE tenant_id = $1 AND issuer = $2 AND key_id = $3",
                    {tenant.id().text(), issuer, key_id});
    if (removed == 0) return not_found("there is no such issuer with a key of this id");
    record(sql, database_.clock().now(), actor, "token_issuer.remove", tenant, issuer, key_id);
    return Done{};
  });
}

Result<std::vector<TokenIssuer>> TokenIssuers::list(std::string_view tenant_id) {
  return database_.transact_control(
      [&](postgres::Transaction& sql) -> Result<std::vector<TokenIssuer>> {
        const auto found = sql.query(
            "SELECT issuer, key_id, algorithm, public_key, audience, roles, created_by, created_at "
            "FROM kaogong.token_issuers WHERE tenant_id = $1 ORDER BY issuer, key_id",
            {tenant_id});
        std::vector<TokenIssuer> issuers;
        for (const auto row : found) {
          const auto algorithm = parse_token_algorithm(row.text(2));
          if (!algorithm) continue;  // of a later version of the program
          TokenIssuer issuer{std::string(row.text(0)),
                             std::string(row.text(1)),
                             *algorithm,
                             std::string(row.text(3)),
                             std::string(row.text(4)),
                             {},
                             std::string(row.text(6)),
                             clock::Instant{std::chrono::microseconds{row.timestamp_us(7)}}};
          for (const auto role : row.text_array(5))
            if (const auto parsed = parse_role(role)) issuer.roles.push_back(*parsed);
          issuers.push_back(std::move(issuer));
        }
        return issuers;
      },
      {.read_only = true});
}

}  // namespace kaogong::tenants
