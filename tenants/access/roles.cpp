#include "tenants/access/roles.h"

#include <array>

namespace kaogong::tenants {

namespace {

constexpr std::array<std::string_view, 6> kRoles = {"operator", "tenant_admin", "hr", "rater", "employee", "executive"};
constexpr std::array<std::string_view, kScopes> kScopeTexts = {
    "tenants:manage", "keys:manage",   "people:read",     "people:write", "calendar:write",
    "schemes:read",   "schemes:write", "schemes:publish", "inputs:read",  "inputs:write",
    "ratings:write",  "runs:read",     "runs:write",      "runs:approve", "results:read",
    "results:own",    "ledgers:read",  "ledgers:write",   "audit:read",   "pay:read"};

template <typename Value, size_t Size>
std::optional<Value> find(const std::array<std::string_view, Size>& texts, std::string_view text) {
  for (size_t i = 0; i < Size; ++i) {
    if (texts[i] == text) return static_cast<Value>(i);
  }
  return std::nullopt;
}

constexpr Scopes kOperator = {Scope::kTenantsManage, Scope::kKeysManage, Scope::kAuditRead};
constexpr Scopes kHr = {Scope::kPeopleRead,   Scope::kPeopleWrite,  Scope::kCalendarWrite, Scope::kSchemesRead,
                        Scope::kSchemesWrite, Scope::kInputsRead,   Scope::kInputsWrite,   Scope::kRatingsWrite,
                        Scope::kRunsRead,     Scope::kRunsWrite,    Scope::kResultsRead,   Scope::kResultsOwn,
                        Scope::kLedgersRead,  Scope::kLedgersWrite, Scope::kPayRead};

constexpr Scopes all_of_tenant() {
  Scopes scopes = kHr;
  for (const auto scope : {Scope::kKeysManage, Scope::kSchemesPublish, Scope::kRunsApprove, Scope::kAuditRead})
    scopes.add(scope);
  return scopes;
}

}  // namespace

std::string_view to_text(AccessRole role) { return kRoles[static_cast<size_t>(role)]; }
std::optional<AccessRole> parse_role(std::string_view text) { return find<AccessRole>(kRoles, text); }
std::string_view to_text(Scope scope) { return kScopeTexts[static_cast<size_t>(scope)]; }
std::optional<Scope> parse_scope(std::string_view text) { return find<Scope>(kScopeTexts, text); }

std::vector<std::string> texts_of(Scopes scopes) {
  std::vector<std::string> texts;
  for (size_t i = 0; i < kScopes; ++i) {
    if (scopes.has(static_cast<Scope>(i))) texts.emplace_back(kScopeTexts[i]);
  }
  return texts;
}

Scopes scopes_of(AccessRole role) {
  switch (role) {
    case AccessRole::kOperator:
      return kOperator;
    case AccessRole::kTenantAdmin:
      return all_of_tenant();
    case AccessRole::kHr:
      return kHr;
    case AccessRole::kRater:
      return {Scope::kRatingsWrite, Scope::kResultsOwn};
    case AccessRole::kEmployee:
      return {Scope::kResultsOwn};
    case AccessRole::kExecutive:
      return {Scope::kPeopleRead,  Scope::kSchemesRead, Scope::kRunsRead,    Scope::kRunsApprove,
              Scope::kResultsRead, Scope::kResultsOwn,  Scope::kLedgersRead, Scope::kPayRead};
  }
  return {};
}

bool is_of_tenant(AccessRole role) { return role != AccessRole::kOperator; }
bool is_of_person(AccessRole role) { return role == AccessRole::kRater || role == AccessRole::kEmployee; }

}  // namespace kaogong::tenants
