// The people of a tenant, and what is true of them from a day on.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "infra/clock/clock.h"
#include "tenants/calendar/day.h"
#include "tenants/people/departments.h"
#include "tenants/registry/tenant_database.h"

namespace kaogong::tenants {

struct Person {
  std::string employee;  // the id: 1 to kCodeBytesMax bytes
  std::string name;
  Day hired_on = 0;
  std::optional<Day> left_on;  // the last day
  friend bool operator==(const Person&, const Person&) = default;
};

/// What can change over time; empty: not said.
struct Attributes {
  std::string department, position, step, pay_group, manager;
  std::map<std::string, std::string> extra;  // of the tenant's own making
  friend bool operator==(const Attributes&, const Attributes&) = default;
};

/// Attributes from a day on, until the next version begins.
struct AttributeVersion {
  Day valid_from = 0;
  bool employed = true;  // false: has left
  Attributes attributes;
  std::string actor;
  clock::Instant entered_at;
};

/// What a change says; what it does not say stays as it was.
struct AttributeChange {
  std::optional<std::string> department, position, step, pay_group, manager;
  std::map<std::string, std::string> extra;  // an empty text takes the name away
};

/// A person with what holds on one day.
struct PersonOnDay {
  Person person;
  bool employed = false;
  Attributes attributes;
};

inline constexpr size_t kAttributeBytesMax = 1'000;
inline constexpr size_t kExtraMax = 100;  // attributes of the tenant's own making

/// Adds a person with attributes from the day they were hired on. Failures: kExists, kInvalid (no id, a text too long),
/// kConflict (a department or manager that is not there on that day), kQuotaExceeded.
Result<Done> add_person(TenantTransaction& transaction, const Person& person, const Attributes& attributes);
/// Failures: kNotFound.
Result<Person> find_person(TenantTransaction& transaction, std::string_view employee);
/// What holds on a day. Failures: kNotFound (no such person, or not hired yet).
Result<PersonOnDay> person_on(TenantTransaction& transaction, std::string_view employee, Day day);
/// All versions, oldest first. Failures: kNotFound.
Result<std::vector<AttributeVersion>> attribute_history(TenantTransaction& transaction, std::string_view employee);
/// Changes attributes from a day on, until the next version that is already there; one of the very day is changed
/// itself. Failures: kNotFound, kInvalid, kConflict (a day before they were hired or after they left; as of
/// add_person).
Result<Done> change_attributes(TenantTransaction& transaction, std::string_view employee, Day from,
                               const AttributeChange& change);
/// Ends the employment after its last day. Versions behind it go. Failures: kNotFound, kConflict (before they were
/// hired).
Result<Done> leave(TenantTransaction& transaction, std::string_view employee, Day last_day);
/// Begins it again. Failures: kNotFound, kConflict (has not left before that day), kQuotaExceeded.
Result<Done> rehire(TenantTransaction& transaction, std::string_view employee, Day day, const AttributeChange& change);
/// Those employed on a day, by id, behind `after`, at most `limit` (1 to kPeoplePageMax). `department`: those in it or
/// below it; empty: all.
Result<std::vector<PersonOnDay>> list_people(TenantTransaction& transaction, Day day, std::string_view department,
                                             std::string_view after, int64_t limit);
inline constexpr int64_t kPeoplePageMax = 10'000;

/// A SELECT of (employee, department, pay_group), a row for each person employed on any day from $1 to $2 (dates), with
/// what held last of those days.
std::string staff_between(const TenantTransaction& transaction);

/// Whether the tenant has more people than its quota; to be asked after people were added. Failures: kQuotaExceeded.
Result<Done> check_people_quota(TenantTransaction& transaction);

}  // namespace kaogong::tenants
