#include "tenants/people/people.h"

#include <algorithm>
#include <chrono>
#include <set>

#include "engine/scheme/literal.h"
#include "tenants/audit/json_object.h"
#include "tenants/people/attribute_rows.h"

namespace kaogong::tenants {

namespace {

std::string text(Day day) { return scheme::date_to_text(day); }

Failure no_person(std::string_view employee) { return not_found("there is no employee " + std::string(employee)); }

Person read_person(const postgres::Row& row) {
  Person person{std::string(row.text(0)), std::string(row.text(1)), static_cast<Day>(row.day(2)), std::nullopt};
  if (const auto left = row.optional_day(3)) person.left_on = static_cast<Day>(*left);
  return person;
}

/// Locks the person's row, so that two changes of one person come one after the other.
Result<Person> lock_person(TenantTransaction& transaction, std::string_view employee) {
  const auto found = transaction.sql().query("SELECT employee, name, hired_on, left_on FROM " +
                                                 transaction.table("people") + " WHERE employee = $1 FOR UPDATE",
                                             {employee});
  const auto row = found.at_most_one();
  if (!row) return no_person(employee);
  return read_person(*row);
}

std::optional<AttributeVersion> version_on(TenantTransaction& transaction, std::string_view employee, Day day) {
  const auto found = transaction.sql().query(
      "SELECT " + std::string(kAttributeColumns) + " FROM " + transaction.table("person_attributes") +
          " WHERE employee = $1 AND valid_from <= $2 ORDER BY valid_from DESC LIMIT 1",
      {employee, text(day)});
  const auto row = found.at_most_one();
  if (!row) return std::nullopt;
  return read_attributes(*row, 0);
}

Result<Done> check_attributes(TenantTransaction& transaction, std::string_view employee, const Attributes& attributes,
                              Day day) {
  for (const auto* value :
       {&attributes.department, &attributes.position, &attributes.step, &attributes.pay_group, &attributes.manager}) {
    if (value->size() > kAttributeBytesMax) return invalid("an attribute is too long");
  }
  if (attributes.extra.size() > kExtraMax)
    return invalid("there are more than " + std::to_string(kExtraMax) + " attributes of your own");
  for (const auto& [name, value] : attributes.extra) {
    if (name.size() > kAttributeBytesMax || value.size() > kAttributeBytesMax)
      return invalid("an attribute is too long");
  }
  if (!attributes.department.empty() && department_tree(transaction).find(attributes.department, day) == nullptr)
    return conflict("there is no department " + attributes.department + " on " + text(day));
  if (attributes.manager == employee) return conflict("nobody is their own manager");
  if (!attributes.manager.empty() && !find_person(transaction, attributes.manager))
    return conflict("there is no employee " + attributes.manager + " to be the manager");
  return Done{};
}

void put_version(TenantTransaction& transaction, std::string_view employee, Day from, bool employed,
                 const Attributes& a) {
  const auto null_if_empty = [](const std::string& value) {
    return value.empty() ? std::nullopt : std::optional(value);
  };
  transaction.sql().execute(
      "INSERT INTO " + transaction.table("person_attributes") +
          " (employee, valid_from, employed, department, position, step, pay_group, manager, extra, actor, entered_at) "
          "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (employee, valid_from) DO UPDATE SET "
          "employed = EXCLUDED.employed, department = EXCLUDED.department, position = EXCLUDED.position, "
          "step = EXCLUDED.step, pay_group = EXCLUDED.pay_group, manager = EXCLUDED.manager, extra = EXCLUDED.extra, "
          "actor = EXCLUDED.actor, entered_at = EXCLUDED.entered_at",
      {employee, text(from), employed, null_if_empty(a.department), null_if_empty(a.position), null_if_empty(a.step),
       null_if_empty(a.pay_group), null_if_empty(a.manager), extra_json(a.extra), transaction.actor().name,
       transaction.now_text()});
}

Attributes apply(Attributes before, const AttributeChange& change) {
  const auto set = [](std::string* to, const std::optional<std::string>& from) {
    if (from) *to = *from;
  };
  set(&before.department, change.department);
  set(&before.position, change.position);
  set(&before.step, change.step);
  set(&before.pay_group, change.pay_group);
  set(&before.manager, change.manager);
  for (const auto& [name, value] : change.extra) {
    if (value.empty()) {
      before.extra.erase(name);
    } else {
      before.extra[name] = value;
    }
  }
  return before;
}

}  // namespace

Result<Done> add_person(TenantTransaction& transaction, const Person& person, const Attributes& attributes) {
  if (person.employee.empty() || person.employee.size() > kCodeBytesMax)
    return invalid("an employee has an id of 1 to " + std::to_string(kCodeBytesMax) + " bytes");
  if (person.name.size() > kNameBytesMax) return invalid("the name is too long");
  if (person.left_on && *person.left_on < person.hired_on) return invalid("nobody leaves before they were hired");
  if (auto checked = check_attributes(transaction, person.employee, attributes, person.hired_on); !checked)
    return checked;
  const std::optional<std::string> left = person.left_on ? std::optional(text(*person.left_on)) : std::nullopt;
  const auto made = transaction.sql().execute(
      "INSERT INTO " + transaction.table("people") +
          " (employee, name, hired_on, left_on) VALUES ($1, $2, $3, $4) ON CONFLICT (employee) DO NOTHING",
      {person.employee, person.name, text(person.hired_on), left});
  if (made == 0) return exists("there is an employee " + person.employee + " already");
  put_version(transaction, person.employee, person.hired_on, true, attributes);
  if (person.left_on) put_version(transaction, person.employee, *person.left_on + 1, false, attributes);
  if (auto checked = check_people_quota(transaction); !checked) return checked;
  transaction.audit("person.add", person.employee, audit::json_object({{"hired_on", text(person.hired_on)}}));
  return Done{};
}

Result<Person> find_person(TenantTransaction& transaction, std::string_view employee) {
  const auto found = transaction.sql().query(
      "SELECT employee, name, hired_on, left_on FROM " + transaction.table("people") + " WHERE employee = $1",
      {employee});
  const auto row = found.at_most_one();
  if (!row) return no_person(employee);
  return read_person(*row);
}

Result<PersonOnDay> person_on(TenantTransaction& transaction, std::string_view employee, Day day) {
  auto person = find_person(transaction, employee);
  if (!person) return person.failure();
  auto version = version_on(transaction, employee, day);
  if (!version) return not_found("employee " + person->employee + " was hired only later than " + text(day));
  return PersonOnDay{*std::move(person), version->employed, std::move(version->attributes)};
}

Result<std::vector<AttributeVersion>> attribute_history(TenantTransaction& transaction, std::string_view employee) {
  const auto found =
      transaction.sql().query("SELECT " + std::string(kAttributeColumns) + " FROM " +
                                  transaction.table("person_attributes") + " WHERE employee = $1 ORDER BY valid_from",
                              {employee});
  if (found.empty()) return no_person(employee);
  std::vector<AttributeVersion> versions;
  for (const auto row : found) versions.push_back(read_attributes(row, 0));
  return versions;
}

Result<Done> change_attributes(TenantTransaction& transaction, std::string_view employee, Day from,
                               const AttributeChange& change) {
  const auto person = lock_person(transaction, employee);
  if (!person) return person.failure();
  const auto before = version_on(transaction, employee, from);
  if (!before) return conflict("employee " + person->employee + " was hired only on " + text(person->hired_on));
  if (!before->employed) return conflict("employee " + person->employee + " has left before " + text(from));
  const auto after = apply(before->attributes, change);
  if (after == before->attributes) return Done{};
  if (auto checked = check_attributes(transaction, employee, after, from); !checked) return checked;
  put_version(transaction, employee, from, true, after);
  transaction.audit("person.change", employee, audit::json_object({{"from", text(from)}}));
  return Done{};
}

Result<Done> leave(TenantTransaction& transaction, std::string_view employee, Day last_day) {
  const auto person = lock_person(transaction, employee);
  if (!person) return person.failure();
  const auto last = version_on(transaction, employee, last_day);
  if (!last || !last->employed)
    return conflict("employee " + person->employee + " is not employed on " + text(last_day));
  transaction.sql().execute(
      "DELETE FROM " + transaction.table("person_attributes") + " WHERE employee = $1 AND valid_from > $2",
      {employee, text(last_day)});
  put_version(transaction, employee, last_day + 1, false, last->attributes);
  transaction.sql().execute("UPDATE " + transaction.table("people") + " SET left_on = $2 WHERE employee = $1",
                            {employee, text(last_day)});
  transaction.audit("person.leave", employee, audit::json_object({{"last_day", text(last_day)}}));
  return Done{};
}

Result<Done> rehire(TenantTransaction& transaction, std::string_view employee, Day day, const AttributeChange& change) {
  const auto person = lock_person(transaction, employee);
  if (!person) return person.failure();
  const auto before = version_on(transaction, employee, day);
  if (!person->left_on || !before || before->employed)
    return conflict("employee " + person->employee + " has not left before " + text(day));
  const auto after = apply(before->attributes, change);
  if (auto checked = check_attributes(transaction, employee, after, day); !checked) return checked;
  put_version(transaction, employee, day, true, after);
  transaction.sql().execute("UPDATE " + transaction.table("people") + " SET left_on = NULL WHERE employee = $1",
                            {employee});
  if (auto checked = check_people_quota(transaction); !checked) return checked;
  transaction.audit("person.rehire", employee, audit::json_object({{"from", text(day)}}));
  return Done{};
}

Result<std::vector<PersonOnDay>> list_people(TenantTransaction& transaction, Day day, std::string_view department,
                                             std::string_view after, int64_t limit) {
  std::vector<std::string> codes;
  if (!department.empty()) {
    codes = department_tree(transaction).with_descendants(department, day);
    if (codes.empty()) return not_found("there is no department " + std::string(department) + " on " + text(day));
  }
  const auto found = transaction.sql().query(
      "SELECT p.employee, p.name, p.hired_on, p.left_on, " + std::string(kAttributeColumns) + " FROM " +
          transaction.table("people") + " p JOIN LATERAL (SELECT * FROM " + transaction.table("person_attributes") +
          " a WHERE a.employee = p.employee AND a.valid_from <= $1 ORDER BY a.valid_from DESC LIMIT 1) v ON true "
          "WHERE v.employed AND p.employee > $2 AND ($3 OR v.department = ANY($4)) ORDER BY p.employee LIMIT $5",
      {text(day), after, department.empty(), codes, std::clamp<int64_t>(limit, 1, kPeoplePageMax)});
  std::vector<PersonOnDay> people;
  people.reserve(found.size());
  for (const auto row : found) people.push_back({read_person(row), true, read_attributes(row, 4).attributes});
  return people;
}

std::string staff_between(const TenantTransaction& transaction) {
  return "SELECT DISTINCT ON (employee) employee, department, pay_group FROM (SELECT employee, valid_from, employed, "
         "department, pay_group, lead(valid_from) OVER (PARTITION BY employee ORDER BY valid_from) AS until FROM " +
         transaction.table("person_attributes") +
         " WHERE valid_from <= $2::date) versions WHERE employed AND (until IS NULL OR until > $1::date) "
         "ORDER BY employee, valid_from DESC";
}

Result<Done> check_people_quota(TenantTransaction& transaction) {
  const auto bound = transaction.tenant().quotas().people_max;
  if (!bound) return Done{};
  // One after the other, else two that add at once both find room for one.
  transaction.take("people");
  const auto count = transaction.sql()
                         .query("SELECT count(*) FROM " + transaction.table("people") + " WHERE left_on IS NULL")
                         .one()
                         .int64(0);
  if (count > *bound)
    return Failure{FailureCode::kQuotaExceeded, "there would be " + std::to_string(count) +
                                                    " people, and the tenant's quota is " + std::to_string(*bound)};
  return Done{};
}

}  // namespace kaogong::tenants
