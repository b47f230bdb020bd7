// The tenant's departments.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tenants/people/department_tree.h"
#include "tenants/registry/tenant_database.h"

namespace kaogong::tenants {

inline constexpr size_t kCodeBytesMax = 200;  // of departments and employees
inline constexpr size_t kNameBytesMax = 1'000;

/// Says what is true of a department from a day on, until its next version; a version of the very day is replaced. A
/// new department begins with it. Failures: kInvalid (no code, too long, a name missing), kConflict: on that or a later
/// day it would be above itself, or below one that is not there; or it is closed while departments or people are in it.
Result<Done> put_department(TenantTransaction& transaction, const DepartmentVersion& version);
/// Several at once, all or none: an organisation chart in any order.
Result<Done> put_departments(TenantTransaction& transaction, const std::vector<DepartmentVersion>& versions);
/// Every version of every department.
DepartmentTree department_tree(TenantTransaction& transaction);
/// The versions of one department, oldest first. Failures: kNotFound.
Result<std::vector<DepartmentVersion>> department_history(TenantTransaction& transaction, std::string_view code);

}  // namespace kaogong::tenants
