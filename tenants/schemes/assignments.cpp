#include "tenants/schemes/assignments.h"

#include <algorithm>
#include <set>

#include "engine/scheme/literal.h"
#include "tenants/audit/json_object.h"
#include "tenants/people/people.h"
#include "tenants/schemes/schemes.h"

namespace kaogong::tenants {

namespace {

constexpr std::string_view kColumns =
    "assignment_id, scheme_id, pay_group, department, from_period, to_period, created_by";

std::string first_text(scheme::Period period) { return scheme::date_to_text(scheme::first_day(period)); }
std::string last_text(scheme::Period period) { return scheme::date_to_text(scheme::last_day(period)); }

Assignment read(const postgres::Row& row) {
  Assignment assignment;
  assignment.id = row.int64(0);
  assignment.scheme_id = row.text(1);
  assignment.pay_group = row.optional_text(2).value_or("");
  assignment.department = row.optional_text(3).value_or("");
  assignment.from = *scheme::parse_period(row.text(4));
  if (const auto to = row.optional_text(5)) assignment.to = scheme::parse_period(*to);
  assignment.created_by = row.text(6);
  return assignment;
}

/// The assignments that hold in a period.
std::vector<Assignment> assignments_in(TenantTransaction& transaction, std::string_view scheme_id,
                                       scheme::Period period) {
  const auto found =
      transaction.sql().query("SELECT " + std::string(kColumns) + " FROM " + transaction.table("scheme_assignments") +
                                  " WHERE ($1 = '' OR scheme_id = $1) AND from_day <= $2 AND (to_day IS NULL OR to_day "
                                  ">= $3) ORDER BY assignment_id",
                              {scheme_id, last_text(period), first_text(period)});
  std::vector<Assignment> assignments;
  for (const auto row : found) assignments.push_back(read(row));
  return assignments;
}

}  // namespace

Result<Assignment> assign(TenantTransaction& transaction, const Assignment& asked) {
  const auto found = find_scheme(transaction, asked.scheme_id);
  if (!found) return found.failure();
  const auto checked = check_scheme(found->text);
  const auto& kinds = checked.document->periods;
  if (std::find(kinds.begin(), kinds.end(), asked.from.kind) == kinds.end())
    return invalid("scheme " + asked.scheme_id + " does not run for periods like " + scheme::to_text(asked.from));
  if (asked.to && (asked.to->kind != asked.from.kind || asked.to->index < asked.from.index))
    return invalid("the last period is of another kind than the first, or before it");
  if (asked.pay_group.size() > kAttributeBytesMax) return invalid("the pay group is too long");
  if (!asked.department.empty() &&
      department_tree(transaction).find(asked.department, scheme::last_day(asked.from)) == nullptr)
    return conflict("there is no department " + asked.department + " at the end of " + scheme::to_text(asked.from));
  Assignment made = asked;
  made.id = transaction.take("assignments");
  made.created_by = transaction.actor().name;
  const auto null_if_empty = [](const std::string& text) { return text.empty() ? std::nullopt : std::optional(text); };
  const auto to_period = asked.to ? std::optional(scheme::to_text(*asked.to)) : std::nullopt;
  const auto to_day = asked.to ? std::optional(last_text(*asked.to)) : std::nullopt;
  transaction.sql().execute(
      "INSERT INTO " + transaction.table("scheme_assignments") +
          " (assignment_id, scheme_id, pay_group, department, from_period, from_day, to_period, "
          "to_day, created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
      {made.id, made.scheme_id, null_if_empty(made.pay_group), null_if_empty(made.department),
       scheme::to_text(made.from), first_text(made.from), to_period, to_day, made.created_by, transaction.now_text()});
  transaction.audit("scheme.assign", made.scheme_id,
                    audit::json_object({{"assignment", made.id},
                                        {"pay_group", made.pay_group},
                                        {"department", made.department},
                                        {"from", scheme::to_text(made.from)},
                                        {"to", to_period.value_or("")}}));
  return made;
}

Result<Assignment> end_assignment(TenantTransaction& transaction, int64_t id, scheme::Period last) {
  const auto found =
      transaction.sql().query("SELECT " + std::string(kColumns) + " FROM " + transaction.table("scheme_assignments") +
                                  " WHERE assignment_id = $1 FOR UPDATE",
                              {id});
  const auto row = found.at_most_one();
  if (!row) return not_found("there is no assignment " + std::to_string(id));
  auto ended = read(*row);
  if (last.kind != ended.from.kind || last.index < ended.from.index)
    return invalid("the last period is of another kind than the first, or before it");
  transaction.sql().execute(
      "UPDATE " + transaction.table("scheme_assignments") + " SET to_period = $2, to_day = $3 WHERE assignment_id = $1",
      {id, scheme::to_text(last), last_text(last)});
  ended.to = last;
  transaction.audit("scheme.unassign", ended.scheme_id,
                    audit::json_object({{"assignment", id}, {"to", scheme::to_text(last)}}));
  return ended;
}

std::vector<Assignment> list_assignments(TenantTransaction& transaction, std::string_view scheme_id) {
  const auto found =
      transaction.sql().query("SELECT " + std::string(kColumns) + " FROM " + transaction.table("scheme_assignments") +
                                  " WHERE $1 = '' OR scheme_id = $1 ORDER BY assignment_id",
                              {scheme_id});
  std::vector<Assignment> assignments;
  for (const auto row : found) assignments.push_back(read(row));
  return assignments;
}

std::vector<std::string> people_of(TenantTransaction& transaction, std::string_view scheme_id, scheme::Period period) {
  const auto assignments = assignments_in(transaction, scheme_id, period);
  if (assignments.empty()) return {};
  // One row for each pair of an assignment and a department that it means.
  const auto tree = department_tree(transaction);
  std::vector<std::string> pay_groups, departments;
  for (const auto& assignment : assignments) {
    std::vector<std::string> meant = {""};
    if (!assignment.department.empty()) meant = tree.with_descendants(assignment.department, scheme::last_day(period));
    for (auto& department : meant) {
      pay_groups.push_back(assignment.pay_group);
      departments.push_back(std::move(department));
    }
  }
  const auto found = transaction.sql().query(
      "SELECT employee FROM (" + staff_between(transaction) +
          ") staff WHERE EXISTS (SELECT FROM unnest($3::text[], $4::text[]) AS a (g, d) "
          "WHERE (g = '' OR g = staff.pay_group) AND (d = '' OR d = staff.department)) ORDER BY employee",
      {first_text(period), last_text(period), pay_groups, departments});
  std::vector<std::string> people;
  people.reserve(found.size());
  for (const auto row : found) people.emplace_back(row.text(0));
  return people;
}

std::vector<std::string> schemes_of(TenantTransaction& transaction, std::string_view employee, scheme::Period period) {
  const auto found = transaction.sql().query(
      "SELECT department, pay_group FROM (" + staff_between(transaction) + ") staff WHERE employee = $3",
      {first_text(period), last_text(period), employee});
  const auto row = found.at_most_one();
  if (!row) return {};
  const auto way = department_tree(transaction).path(row->optional_text(0).value_or(""), scheme::last_day(period));
  const auto pay_group = row->optional_text(1).value_or("");
  std::set<std::string> schemes;
  for (const auto& assignment : assignments_in(transaction, {}, period)) {
    const bool in_group = assignment.pay_group.empty() || assignment.pay_group == pay_group;
    const bool in_department =
        assignment.department.empty() || std::find(way.begin(), way.end(), assignment.department) != way.end();
    if (in_group && in_department) schemes.insert(assignment.scheme_id);
  }
  return {schemes.begin(), schemes.end()};
}

}  // namespace kaogong::tenants
