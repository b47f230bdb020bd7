// What a caller may do: roles, and scopes that narrow them.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kaogong::tenants {

enum class AccessRole : uint8_t {
  kOperator,     // runs the installation; belongs to no tenant
  kTenantAdmin,  // everything of one tenant
  kHr,           // people, inputs, runs, results of all
  kRater,        // enters ratings that are asked of them
  kEmployee,     // sees what is theirs
  kExecutive,    // sees results of all, approves
};

/// What a call needs. A key has those of its role, or fewer.
enum class Scope : uint8_t {
  kTenantsManage,
  kKeysManage,
  kPeopleRead,
  kPeopleWrite,
  kCalendarWrite,
  kSchemesRead,
  kSchemesWrite,
  kSchemesPublish,
  kInputsRead,
  kInputsWrite,
  kRatingsWrite,  // own forms only
  kRunsRead,
  kRunsWrite,
  kRunsApprove,
  kResultsRead,
  kResultsOwn,  // one's own results only
  kLedgersRead,
  kLedgersWrite,
  kAuditRead,
  kPayRead,  // amounts of money in the results of others; without it only scores, grades, places …
};

inline constexpr size_t kScopes = static_cast<size_t>(Scope::kPayRead) + 1;

/// A set of scopes.
class Scopes {
 public:
  constexpr Scopes() = default;
  constexpr Scopes(std::initializer_list<Scope> scopes) {
    for (const auto scope : scopes) add(scope);
  }
  constexpr bool has(Scope scope) const { return (bits_ & bit(scope)) != 0; }
  constexpr bool within(Scopes other) const { return (bits_ & ~other.bits_) == 0; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr void add(Scope scope) { bits_ |= bit(scope); }
  friend constexpr bool operator==(Scopes, Scopes) = default;

 private:
  static constexpr uint32_t bit(Scope scope) { return uint32_t{1} << static_cast<unsigned>(scope); }
  uint32_t bits_ = 0;
};
static_assert(kScopes <= 32);

std::string_view to_text(AccessRole role);  // "tenant_admin"
std::optional<AccessRole> parse_role(std::string_view text);
std::string_view to_text(Scope scope);  // "inputs:write"
std::optional<Scope> parse_scope(std::string_view text);
/// The texts of a set, in the order of the enumeration.
std::vector<std::string> texts_of(Scopes scopes);
/// All that a role may.
Scopes scopes_of(AccessRole role);
/// Whether a key of the role belongs to a tenant, and whether it belongs to one person.
bool is_of_tenant(AccessRole role);
bool is_of_person(AccessRole role);

}  // namespace kaogong::tenants
