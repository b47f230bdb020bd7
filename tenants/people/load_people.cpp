#include "tenants/people/load_people.h"

#include <algorithm>

#include "engine/scheme/literal.h"
#include "tenants/audit/json_object.h"

namespace kaogong::tenants {

namespace {

/// Where the columns of a file are.
struct Fields {
  size_t employee = 0, name = 0, hired_on = 0;
  std::optional<size_t> left_on;
  std::array<std::optional<size_t>, kPersonAttributes.size()> attributes;
  std::vector<size_t> extra;
};

Result<Fields> find_fields(const SheetFile& sheet) {
  Fields fields;
  for (auto [column, field] : {std::pair<std::string_view, size_t*>{"employee", &fields.employee},
                               {"name", &fields.name},
                               {"hired_on", &fields.hired_on}}) {
    const auto found = sheet.require(column);
    if (!found) return found.failure();
    *field = *found;
  }
  fields.left_on = sheet.column("left_on");
  for (size_t i = 0; i < kPersonAttributes.size(); ++i) fields.attributes[i] = sheet.column(kPersonAttributes[i]);
  for (size_t field = 0; field < sheet.columns().size(); ++field) {
    const bool known = field == fields.employee || field == fields.name || field == fields.hired_on ||
                       field == fields.left_on ||
                       std::find(fields.attributes.begin(), fields.attributes.end(), field) != fields.attributes.end();
    if (!known) fields.extra.push_back(field);
  }
  if (fields.extra.size() > kExtraMax)
    return invalid("there are more than " + std::to_string(kExtraMax) + " columns of your own");
  return fields;
}

/// What of a line cannot be seen without the database: managers are people of the upload or of the tenant, and
/// departments may have been closed since the line came.
Result<Done> check_references(TenantTransaction& transaction, const PeopleUpload& upload, LineAnswers* faults) {
  const auto tree = department_tree(transaction);
  return upload.for_each([&](const PeopleColumns& some) {
    const auto& managers = some.attributes[kManager];
    std::unordered_set<std::string_view> asked;
    for (const auto& manager : managers)
      if (!manager.empty() && !upload.has(manager)) asked.insert(manager);
    if (!asked.empty()) {
      const std::vector<std::string_view> list(asked.begin(), asked.end());
      const auto found = transaction.sql().query(
          "SELECT employee FROM " + transaction.table("people") + " WHERE employee = ANY($1)", {list});
      for (const auto row : found) asked.erase(row.text(0));
    }
    for (size_t i = 0; i < some.line.size(); ++i) {
      const auto wrong = [&](size_t attribute, scheme::Labels error) {
        faults->add({std::string(kPeopleFile), some.line[i], some.employee[i],
                     std::string(kPersonAttributes[attribute]), some.attributes[attribute][i], std::move(error)});
      };
      const auto day = std::max(scheme::parse_date(some.hired_on[i]).value(), upload.from());
      if (auto fault = department_fault(tree, some.attributes[kDepartment][i], day))
        wrong(kDepartment, *std::move(fault));
      if (asked.contains(managers[i]))
        wrong(kManager, {"没有这名员工：请先加入，或更正编号", "is no employee: add them, too, or correct the id"});
    }
  });
}

/// Stores some lines: people, then the versions of attributes that differ from what holds.
void store(TenantTransaction& transaction, const PeopleColumns& some, Day from, PeopleLoaded* loaded) {
  const std::string people = transaction.table("people"), versions = transaction.table("person_attributes");
  const auto says = [](size_t place) { return "substr(x.given, " + std::to_string(place + 1) + ", 1) = '1'"; };
  const auto counted = transaction.sql().query(
      "WITH put AS (INSERT INTO " + people +
          " AS p (employee, name, hired_on, left_on) SELECT e, n, h::date, CASE WHEN " + says(0) +
          " THEN NULLIF(l, '')::date WHEN o.left_on >= h::date THEN o.left_on END "
          "FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) AS x (e, n, h, l, given) LEFT "
          "JOIN " +
          people +
          " o ON o.employee = x.e ON CONFLICT (employee) DO UPDATE SET name = EXCLUDED.name, hired_on = "
          "EXCLUDED.hired_on, left_on = EXCLUDED.left_on RETURNING (xmax = 0) AS is_new) SELECT count(*) FROM put "
          "WHERE is_new",
      {some.employee, some.name, some.hired_on, some.left_on, some.given});
  loaded->added += counted.one().int64(0);
  std::string values, differs;
  for (size_t i = 0; i < kPersonAttributes.size(); ++i) {
    const std::string column(kPersonAttributes[i]), said = "NULLIF(x." + column + ", '')";
    values += ", CASE WHEN " + says(i + 1) + " THEN " + said + " ELSE v." + column + " END";
    differs += " OR (" + says(i + 1) + " AND v." + column + " IS DISTINCT FROM " + said + ")";
  }
  // Attributes of the tenant's own making: those that are empty are taken away.
  const std::string merged =
      "jsonb_strip_nulls(coalesce(v.extra, '{}') || (SELECT coalesce(jsonb_object_agg(key, NULLIF(value, '')), '{}') "
      "FROM jsonb_each_text(x.extra::jsonb)))";
  const std::string day = "GREATEST(x.hired::date, $9::date)";
  const std::string is_here = "(p.left_on IS NULL OR p.left_on >= " + day + ")";
  loaded->changed += transaction.sql().execute(
      "INSERT INTO " + versions +
          " (employee, valid_from, employed, department, position, step, pay_group, manager, extra, actor, entered_at) "
          "SELECT x.employee, CASE WHEN v.employee IS NULL THEN x.hired::date ELSE " +
          day + " END, v.employee IS NULL OR " + is_here + values + ", " + merged +
          ", $10, $11 FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], "
          "$8::text[], $12::text[]) "
          "AS x (employee, hired, department, position, step, pay_group, manager, extra, given) JOIN " +
          people + " p ON p.employee = x.employee LEFT JOIN LATERAL (SELECT * FROM " + versions +
          " a WHERE a.employee = x.employee AND a.valid_from <= " + day +
          " ORDER BY a.valid_from DESC LIMIT 1) v ON true WHERE v.employee IS NULL OR (NOT v.employed AND " + is_here +
          ")" + differs + " OR v.extra <> " + merged +
          " ON CONFLICT (employee, valid_from) DO UPDATE SET employed = EXCLUDED.employed, department = "
          "EXCLUDED.department, "
          "position = EXCLUDED.position, step = EXCLUDED.step, pay_group = EXCLUDED.pay_group, manager = "
          "EXCLUDED.manager, "
          "extra = EXCLUDED.extra, actor = EXCLUDED.actor, entered_at = EXCLUDED.entered_at",
      {some.employee, some.hired_on, some.attributes[0], some.attributes[1], some.attributes[2], some.attributes[3],
       some.attributes[4], some.extra, scheme::date_to_text(from), transaction.actor().name, transaction.now_text(),
       some.given});
  // Who has left: a version that says so, and none behind it.
  transaction.sql().execute("DELETE FROM " + versions +
                                " a USING unnest($1::text[], $2::text[]) AS x (e, l) WHERE a.employee = x.e AND l <> "
                                "'' AND a.valid_from > l::date",
                            {some.employee, some.left_on});
  transaction.sql().execute(
      "INSERT INTO " + versions +
          " (employee, valid_from, employed, department, position, step, pay_group, manager, extra, actor, entered_at) "
          "SELECT e, l::date + 1, false, v.department, v.position, v.step, v.pay_group, v.manager, v.extra, $3, $4 "
          "FROM unnest($1::text[], $2::text[]) AS x (e, l) JOIN LATERAL (SELECT * FROM " +
          versions +
          " a WHERE a.employee = x.e AND a.valid_from <= l::date ORDER BY a.valid_from DESC LIMIT 1) v ON true "
          "WHERE l <> '' AND v.employed",
      {some.employee, some.left_on, transaction.actor().name, transaction.now_text()});
}

}  // namespace

Result<Done> read_people(SheetFile& sheet, PeopleUpload& upload) {
  const auto fields = find_fields(sheet);
  if (!fields) return fields.failure();
  // A value is valid only until the next is asked for.
  std::vector<std::string> held(sheet.columns().size());
  PersonLine person;
  while (!upload.is_full() && sheet.next()) {
    if (sheet.is_faulty()) {
      auto fault = sheet.fault({});
      upload.refuse(fault.line, {}, {}, fault.value, std::move(fault.error));
      continue;
    }
    for (size_t field = 0; field < held.size(); ++field) held[field] = sheet.value(field);
    person.employee = held[fields->employee];
    person.name = held[fields->name];
    person.hired_on = held[fields->hired_on];
    if (fields->left_on) person.left_on = held[*fields->left_on];
    for (size_t i = 0; i < kPersonAttributes.size(); ++i)
      if (fields->attributes[i]) person.attributes[i] = held[*fields->attributes[i]];
    person.extra.clear();
    for (const size_t field : fields->extra) person.extra.emplace_back(sheet.columns()[field], held[field]);
    upload.add(sheet.line(), person);
  }
  if (auto failure = sheet.failure()) return *std::move(failure);
  return Done{};
}

Result<PeopleLoaded> store_people(TenantTransaction& transaction, const PeopleUpload& upload) {
  PeopleLoaded loaded;
  loaded.faults = upload.faults();
  loaded.lines = upload.lines();
  if (const auto checked = check_references(transaction, upload, &loaded.faults); !checked) return checked.failure();
  if (!loaded.faults.empty()) return loaded;
  const auto stored =
      upload.for_each([&](const PeopleColumns& some) { store(transaction, some, upload.from(), &loaded); });
  if (!stored) return stored.failure();
  if (const auto checked = check_people_quota(transaction); !checked) return checked.failure();
  loaded.stored = true;
  transaction.audit(
      "people.load", "",
      audit::json_object({{"lines", loaded.lines}, {"added", loaded.added}, {"changed", loaded.changed}}));
  return loaded;
}

Result<PeopleLoaded> load_people(TenantTransaction& transaction, const std::string& path, Day from) {
  const auto opened = SheetFile::open(path, std::string(kPeopleFile));
  if (!opened) return opened.failure();
  auto upload = PeopleUpload::begin(transaction, from);
  if (!upload) return upload.failure();
  if (const auto read = read_people(**opened, *upload); !read) return read.failure();
  if (const auto done = upload->finish(); !done) return done.failure();
  return store_people(transaction, *upload);
}

}  // namespace kaogong::tenants
