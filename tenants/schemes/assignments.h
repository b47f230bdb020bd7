// Which scheme is for whom, from which period on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/scheme/period.h"
#include "tenants/registry/tenant_database.h"

namespace kaogong::tenants {

/// A scheme is for everybody whom one of its assignments means: those of the pay group and of the department or one
/// below it; where one of the two is empty, the other alone decides; both empty: all.
struct Assignment {
  int64_t id = 0;
  std::string scheme_id;
  std::string pay_group, department;
  scheme::Period from;
  std::optional<scheme::Period> to;  // the last one; nothing: until it is ended
  std::string created_by;
};

/// Assigns a scheme. Failures: kNotFound (no published version), kInvalid (periods of two kinds, or in the wrong order;
/// a kind that the scheme does not run for), kConflict (no such department in the first period).
Result<Assignment> assign(TenantTransaction& transaction, const Assignment& asked);
/// Ends an assignment with a period. Failures: kNotFound, kInvalid (before it begins, or of another kind).
Result<Assignment> end_assignment(TenantTransaction& transaction, int64_t id, scheme::Period last);
/// By id. `scheme_id` empty: of all schemes.
std::vector<Assignment> list_assignments(TenantTransaction& transaction, std::string_view scheme_id = {});

/// Whom a scheme is for in a period: people employed on any day of it, by what held on the last of those days; in the
/// order of their ids. Empty if nobody is assigned.
std::vector<std::string> people_of(TenantTransaction& transaction, std::string_view scheme_id, scheme::Period period);
/// The schemes that are for a person in a period, by id.
std::vector<std::string> schemes_of(TenantTransaction& transaction, std::string_view employee, scheme::Period period);

}  // namespace kaogong::tenants
