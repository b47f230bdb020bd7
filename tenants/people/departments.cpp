#include "tenants/people/departments.h"

#include <algorithm>
#include <optional>

#include "engine/scheme/literal.h"
#include "tenants/audit/json_object.h"

namespace kaogong::tenants {

namespace {

constexpr std::string_view kColumns = "code, valid_from, name, parent_code, closed";

DepartmentVersion read(const postgres::Row& row) {
  return {std::string(row.text(0)), static_cast<Day>(row.day(1)), std::string(row.text(2)),
          std::string(row.optional_text(3).value_or("")), row.boolean(4)};
}

std::optional<Failure> fault_of(const DepartmentVersion& version) {
  if (version.code.empty() || version.code.size() > kCodeBytesMax)
    return invalid("a department has a code of at most " + std::to_string(kCodeBytesMax) + " bytes");
  if (version.name.empty() || version.name.size() > kNameBytesMax)
    return invalid("department " + version.code + " has no name, or too long a one");
  return std::nullopt;
}

/// People whose department is the one, on the day or by a later version.
bool has_people(TenantTransaction& transaction, const DepartmentVersion& version) {
  return transaction.sql()
      .query(
          "SELECT EXISTS (SELECT FROM (SELECT a.*, lead(valid_from) OVER (PARTITION BY employee ORDER BY valid_from) "
          "AS until FROM " +
              transaction.table("person_attributes") +
              " a) v WHERE department = $1 AND employed AND (until IS NULL OR until > $2))",
          {version.code, scheme::date_to_text(version.valid_from)})
      .one()
      .boolean(0);
}

}  // namespace

DepartmentTree department_tree(TenantTransaction& transaction) {
  const auto found =
      transaction.sql().query("SELECT " + std::string(kColumns) + " FROM " + transaction.table("departments"));
  std::vector<DepartmentVersion> versions;
  versions.reserve(found.size());
  for (const auto row : found) versions.push_back(read(row));
  return DepartmentTree(versions);
}

Result<Done> put_departments(TenantTransaction& transaction, const std::vector<DepartmentVersion>& versions) {
  if (versions.empty()) return Done{};
  // One after the other: two changes that are good apart may make a cycle together.
  transaction.take("departments");
  Day first = versions.front().valid_from;
  for (const auto& version : versions) {
    if (auto fault = fault_of(version)) return *std::move(fault);
    const std::optional<std::string> parent = version.parent.empty() ? std::nullopt : std::optional(version.parent);
    if (parent == version.code) return conflict("department " + version.code + " would be above itself");
    transaction.sql().execute(
        "INSERT INTO " + transaction.table("departments") +
            " (code, valid_from, name, parent_code, closed) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (code, valid_from) "
            "DO UPDATE SET name = EXCLUDED.name, parent_code = EXCLUDED.parent_code, closed = EXCLUDED.closed",
        {version.code, scheme::date_to_text(version.valid_from), version.name, parent, version.closed});
    if (version.closed && has_people(transaction, version))
      return conflict("department " + version.code + " still has people on " +
                      scheme::date_to_text(version.valid_from));
    first = std::min(first, version.valid_from);
  }
  if (const auto fault = department_tree(transaction).fault_from(first))
    return conflict("department " + fault->code + ": " + fault->what + " on " + scheme::date_to_text(fault->day));
  for (const auto& version : versions) {
    transaction.audit(
        version.closed ? "department.close" : "department.put", version.code,
        audit::json_object({{"from", scheme::date_to_text(version.valid_from)}, {"parent", version.parent}}));
  }
  return Done{};
}

Result<Done> put_department(TenantTransaction& transaction, const DepartmentVersion& version) {
  return put_departments(transaction, {version});
}

Result<std::vector<DepartmentVersion>> department_history(TenantTransaction& transaction, std::string_view code) {
  const auto found =
      transaction.sql().query("SELECT " + std::string(kColumns) + " FROM " + transaction.table("departments") +
                                  " WHERE code = $1 ORDER BY valid_from",
                              {code});
  if (found.empty()) return not_found("there is no department " + std::string(code));
  std::vector<DepartmentVersion> versions;
  for (const auto row : found) versions.push_back(read(row));
  return versions;
}

}  // namespace kaogong::tenants
