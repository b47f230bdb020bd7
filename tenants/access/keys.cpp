#include "tenants/access/keys.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "infra/crypto/hash.h"
#include "tenants/audit/json_object.h"

namespace kaogong::tenants {

namespace {

constexpr std::string_view kColumns =
    "key_id, tenant_id, role, scopes, employee, label, created_by, created_at, expires_at, revoked_at, replaces";

std::optional<clock::Instant> instant(std::optional<int64_t> us) {
  if (!us) return std::nullopt;
  return clock::Instant{std::chrono::microseconds{*us}};
}

std::optional<std::string> text_of(std::optional<clock::Instant> at) {
  if (!at) return std::nullopt;
  return clock::to_rfc3339(*at);
}

std::optional<std::string> null_if_empty(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return text;
}

std::optional<std::string> tenant_text(const Tenant* tenant) {
  if (tenant == nullptr) return std::nullopt;
  return tenant->id().text();
}

ApiKey read(const postgres::Row& row) {
  ApiKey key;
  key.id = row.text(0);
  if (const auto tenant = row.optional_text(1)) key.tenant = TenantId::parse(*tenant);
  key.role = parse_role(row.text(2)).value_or(AccessRole::kEmployee);
  for (const auto text : row.text_array(3)) {
    if (const auto scope = parse_scope(text)) key.scopes.add(*scope);
  }
  key.employee = row.optional_text(4).value_or("");
  key.label = row.text(5);
  key.created_by = row.text(6);
  key.created_at = *instant(row.timestamp_us(7));
  key.expires_at = instant(row.optional_timestamp_us(8));
  key.revoked_at = instant(row.optional_timestamp_us(9));
  key.replaces = row.optional_text(10).value_or("");
  return key;
}

std::optional<Failure> fault_of(const Tenant* tenant, const KeyRequest& request, clock::Instant now) {
  if (is_of_tenant(request.role) != (tenant != nullptr))
    return invalid(tenant == nullptr ? "a key of this role belongs to a tenant, and none is named"
                                     : "an operator's key belongs to no tenant");
  if (is_of_person(request.role) == request.employee.empty())
    return invalid(request.employee.empty() ? "a rater's or employee's key belongs to one person, and none is named"
                                            : "a key of this role belongs to no single person");
  if (!request.scopes.within(scopes_of(request.role)))
    return invalid("a scope goes beyond what the role " + std::string(to_text(request.role)) + " may");
  if (request.label.size() > kKeyLabelBytesMax) return invalid("the label is too long");
  if (request.expires_at && *request.expires_at <= now) return invalid("the key would have expired already");
  return std::nullopt;
}

void record(postgres::Transaction& sql, clock::Instant now, const Actor& actor, std::string_view action,
            const ApiKey& key) {
  audit::append(sql, operator_audit_log(), now,
                {actor.name, std::string(action), key.id,
                 audit::json_object({{"tenant", key.tenant ? key.tenant->text() : std::string()},
                                     {"role", std::string(to_text(key.role))}})});
}

IssuedKey insert(postgres::Transaction& sql, ApiKey key, KeyKind kind, clock::Instant now) {
  std::string text = make_key(kind);
  key.id = parse_key(text)->id;
  key.created_at = now;
  const auto hash = crypto::sha256(text);
  const std::optional<std::string> tenant = key.tenant ? std::optional(key.tenant->text()) : std::nullopt;
  sql.execute(
      "INSERT INTO kaogong.api_keys (key_id, tenant_id, hash, role, scopes, employee, label, created_by, created_at, "
      "expires_at, replaces) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
      {key.id, tenant, std::span<const std::byte>(std::as_bytes(std::span(hash))), to_text(key.role),
       texts_of(key.scopes), null_if_empty(key.employee), key.label, key.created_by, clock::to_rfc3339(now),
       text_of(key.expires_at), null_if_empty(key.replaces)});
  return {std::move(text), std::move(key)};
}

/// The key if it is the tenant's. `lock`: "FOR UPDATE", or nothing.
std::optional<ApiKey> find(postgres::Transaction& sql, const Tenant* tenant, std::string_view id,
                           std::string_view lock) {
  const auto found = sql.query("SELECT " + std::string(kColumns) +
                                   " FROM kaogong.api_keys WHERE key_id = $1 AND tenant_id IS NOT DISTINCT FROM $2 " +
                                   std::string(lock),
                               {id, tenant_text(tenant)});
  const auto row = found.at_most_one();
  if (!row) return std::nullopt;
  return read(*row);
}

constexpr std::string_view kLocked = "FOR UPDATE";

Failure no_key(std::string_view id) { return not_found("there is no key " + std::string(id)); }
Failure unauthenticated(std::string what) { return {FailureCode::kUnauthenticated, std::move(what)}; }

}  // namespace

Result<IssuedKey> ApiKeys::create(const Tenant* tenant, const KeyRequest& request, const Actor& actor,
                                  const AlsoInTransaction& also) {
  const auto now = database_.clock().now();
  if (auto fault = fault_of(tenant, request, now)) return *std::move(fault);
  return database_.transact_control([&](postgres::Transaction& sql) -> Result<IssuedKey> {
    ApiKey key;
    if (tenant != nullptr) key.tenant = tenant->id();
    key.role = request.role;
    key.scopes = request.scopes.empty() ? scopes_of(request.role) : request.scopes;
    key.employee = request.employee;
    key.label = request.label;
    key.created_by = actor.name;
    key.expires_at = request.expires_at;
    auto issued = insert(sql, std::move(key), request.kind, now);
    record(sql, now, actor, "key.create", issued.key);
    if (also) {
      if (const auto done = also(sql, issued); !done) return done.failure();
    }
    return issued;
  });
}

Result<ApiKey> ApiKeys::verify(std::string_view key) {
  const auto parsed = parse_key(key);
  if (!parsed) return unauthenticated("this is no API key, or it is not whole");
  return database_.transact_control(
      [&](postgres::Transaction& sql) -> Result<ApiKey> {
        const auto found = sql.query(
            "SELECT k.key_id, k.tenant_id, k.role, k.scopes, k.employee, k.label, k.created_by, k.created_at, "
            "k.expires_at, k.revoked_at, k.replaces, k.hash, t.state "
            "FROM kaogong.api_keys k LEFT JOIN kaogong.tenants t USING (tenant_id) WHERE k.key_id = $1",
            {parsed->id});
        const auto hash = crypto::sha256(key);
        const auto row = found.at_most_one();
        // An unknown id and a wrong secret are one answer.
        if (!row) return unauthenticated("there is no such API key");
        const auto stored = row->bytes(11);
        if (!crypto::equal_in_constant_time(crypto::view(hash),
                                            {reinterpret_cast<const char*>(stored.data()), stored.size()}))
          return unauthenticated("there is no such API key");
        auto known = read(*row);
        if (known.revoked_at) return unauthenticated("API key " + known.id + " was revoked");
        if (known.expires_at && *known.expires_at <= database_.clock().now())
          return unauthenticated("API key " + known.id + " has expired");
        if (known.tenant && row->text(12) != to_text(TenantState::kActive))
          return Failure{FailureCode::kSuspended,
                         "tenant " + known.tenant->text() + " is " + std::string(row->text(12))};
        return known;
      },
      {.read_only = true});
}

Result<IssuedKey> ApiKeys::rotate(const Tenant* tenant, std::string_view id, int64_t overlap_us, const Actor& actor,
                                  const AlsoInTransaction& also) {
  if (overlap_us < 0) return invalid("the overlap is below 0");
  return database_.transact_control([&](postgres::Transaction& sql) -> Result<IssuedKey> {
    const auto now = database_.clock().now();
    const auto old = find(sql, tenant, id, kLocked);
    if (!old) return no_key(id);
    if (old->revoked_at || (old->expires_at && *old->expires_at <= now))
      return conflict("key " + old->id + " is revoked or expired: create another");
    auto ends = now + std::chrono::microseconds{overlap_us};
    if (old->expires_at) ends = std::min(ends, *old->expires_at);
    sql.execute("UPDATE kaogong.api_keys SET expires_at = $2 WHERE key_id = $1", {id, clock::to_rfc3339(ends)});
    ApiKey next = *old;
    next.replaces = old->id;
    next.created_by = actor.name;
    auto issued = insert(sql, std::move(next), id.starts_with("kg_live_") ? KeyKind::kLive : KeyKind::kTest, now);
    record(sql, now, actor, "key.rotate", issued.key);
    if (also) {
      if (const auto done = also(sql, issued); !done) return done.failure();
    }
    return issued;
  });
}

Result<ApiKey> ApiKeys::revoke(const Tenant* tenant, std::string_view id, const Actor& actor) {
  return database_.transact_control([&](postgres::Transaction& sql) -> Result<ApiKey> {
    auto key = find(sql, tenant, id, kLocked);
    if (!key) return no_key(id);
    if (key->revoked_at) return *std::move(key);
    const auto now = database_.clock().now();
    sql.execute("UPDATE kaogong.api_keys SET revoked_at = $2, revoked_by = $3 WHERE key_id = $1",
                {id, clock::to_rfc3339(now), actor.name});
    key->revoked_at = now;
    record(sql, now, actor, "key.revoke", *key);
    return *std::move(key);
  });
}

Result<ApiKey> ApiKeys::get(const Tenant* tenant, std::string_view id) {
  return database_.transact_control(
      [&](postgres::Transaction& sql) -> Result<ApiKey> {
        auto key = find(sql, tenant, id, {});
        if (!key) return no_key(id);
        return *std::move(key);
      },
      {.read_only = true});
}

Result<std::vector<ApiKey>> ApiKeys::list(const Tenant* tenant) {
  return database_.transact_control(
      [&](postgres::Transaction& sql) -> Result<std::vector<ApiKey>> {
        const auto found = sql.query("SELECT " + std::string(kColumns) +
                                         " FROM kaogong.api_keys WHERE tenant_id IS NOT DISTINCT FROM $1 "
                                         "ORDER BY created_at, key_id LIMIT $2",
                                     {tenant_text(tenant), kKeysMax});
        std::vector<ApiKey> keys;
        for (const auto row : found) keys.push_back(read(row));
        return keys;
      },
      {.read_only = true});
}

}  // namespace kaogong::tenants
