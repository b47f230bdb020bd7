// Many people at once, from a CSV file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tenants/people/people.h"
#include "tenants/sheet/line_answer.h"

namespace kaogong::tenants {

/// What became of a load.
struct PeopleLoaded {
  LineAnswers faults;
  bool stored = false;  // false: there are faults, and nothing was changed
  int64_t lines = 0;    // without faults
  int64_t added = 0;    // new people
  int64_t changed = 0;  // versions of attributes that were put, those of new people among them
};

/// Reads `employee,name,hired_on` and, where there are such columns, `left_on`, `department`, `position`, `step`,
/// `pay_group`, `manager`; every other column is an attribute of the tenant's own making. Who is new is added with
/// attributes from the day they were hired on; of the others name and dates are replaced, and where an attribute
/// differs from what holds on `from` it is changed from then on; what the file has no column for stays. All lines or
/// none: with one fault nothing is stored and every fault is answered. Failures: kInvalid (no such file, a column
/// missing, more than kPeopleLoadMax lines), kQuotaExceeded.
Result<PeopleLoaded> load_people(TenantTransaction& transaction, const std::string& path, Day from);
inline constexpr size_t kPeopleLoadMax = 2'000'000;

}  // namespace kaogong::tenants
