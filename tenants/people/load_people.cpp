#include "tenants/people/load_people.h"

#include <algorithm>
#include <array>
#include <unordered_set>
#include <vector>

#include "engine/scheme/literal.h"
#include "tenants/audit/json_object.h"
#include "tenants/people/attribute_rows.h"
#include "tenants/sheet/sheet_file.h"

namespace kaogong::tenants {

namespace {

constexpr size_t kRowsAtOnce = 5'000;
constexpr std::array<std::string_view, 5> kAttributes = {"department", "position", "step", "pay_group", "manager"};
constexpr size_t kDepartment = 0, kManager = 4;

/// The lines, by column: as arrays they go to the database.
struct Lines {
  std::vector<std::string> employee, name, hired_on, left_on, extra;
  std::array<std::vector<std::string>, kAttributes.size()> attributes;
  std::vector<uint64_t> line;
};

class Reader {
 public:
  Reader(TenantTransaction& transaction, SheetFile& sheet, Day from)
      : sheet_(sheet), tree_(department_tree(transaction)), from_(from) {}

  Result<Done> read(Lines* lines, LineAnswers* faults);
  bool has(size_t attribute) const { return attribute_fields_[attribute].has_value(); }

 private:
  std::optional<Failure> find_columns();
  void read_line(Lines* lines, LineAnswers* faults);

  SheetFile& sheet_;
  DepartmentTree tree_;
  Day from_;
  size_t employee_ = 0, name_ = 0, hired_on_ = 0;
  std::optional<size_t> left_on_;
  std::array<std::optional<size_t>, kAttributes.size()> attribute_fields_;
  std::vector<size_t> extra_;
  std::unordered_set<std::string> seen_;
};

std::optional<Failure> Reader::find_columns() {
  for (auto [column, field] :
       {std::pair<std::string_view, size_t*>{"employee", &employee_}, {"name", &name_}, {"hired_on", &hired_on_}}) {
    const auto found = sheet_.require(column);
    if (!found) return found.failure();
    *field = *found;
  }
  left_on_ = sheet_.column("left_on");
  for (size_t i = 0; i < kAttributes.size(); ++i) attribute_fields_[i] = sheet_.column(kAttributes[i]);
  for (size_t field = 0; field < sheet_.columns().size(); ++field) {
    const bool known = field == employee_ || field == name_ || field == hired_on_ || field == left_on_ ||
                       std::find(attribute_fields_.begin(), attribute_fields_.end(), field) != attribute_fields_.end();
    if (!known) extra_.push_back(field);
  }
  if (extra_.size() > kExtraMax)
    return invalid("there are more than " + std::to_string(kExtraMax) + " columns of your own");
  return std::nullopt;
}

void Reader::read_line(Lines* lines, LineAnswers* faults) {
  std::string employee(sheet_.value(employee_));
  const auto before = faults->total();
  const auto wrong = [&](std::string_view column, std::string_view value, scheme::Labels error) {
    faults->add({sheet_.name(), sheet_.line(), employee, std::string(column), std::string(value), std::move(error)});
  };
  if (employee.empty() || employee.size() > kCodeBytesMax)
    wrong("employee", employee, {"员工编号为空或过长", "is empty or too long"});
  else if (!seen_.insert(employee).second)
    wrong("employee", employee, {"员工编号重复", "is there twice"});
  std::string name(sheet_.value(name_));
  if (name.empty() || name.size() > kNameBytesMax) wrong("name", name, {"姓名为空或过长", "is empty or too long"});
  const auto hired = scheme::parse_date(sheet_.value(hired_on_));
  if (!hired) wrong("hired_on", sheet_.value(hired_on_), {"不是日期，应如2026-10-31", "is not a date like 2026-10-31"});
  std::string left;
  if (left_on_) left = sheet_.value(*left_on_);
  const auto left_on = left.empty() ? std::nullopt : scheme::parse_date(left);
  if (!left.empty() && !left_on) wrong("left_on", left, {"不是日期，应如2026-10-31", "is not a date like 2026-10-31"});
  if (hired && left_on && *left_on < *hired) wrong("left_on", left, {"离职早于入职", "is before they were hired"});
  std::array<std::string, kAttributes.size()> attributes;
  for (size_t i = 0; i < kAttributes.size(); ++i) {
    if (!attribute_fields_[i]) continue;
    attributes[i] = sheet_.value(*attribute_fields_[i]);
    if (attributes[i].size() > kAttributeBytesMax) wrong(kAttributes[i], attributes[i], {"内容过长", "is too long"});
  }
  if (hired && !attributes[kDepartment].empty() &&
      tree_.find(attributes[kDepartment], std::max(*hired, from_)) == nullptr)
    wrong("department", attributes[kDepartment], {"没有这个部门", "is no department on that day"});
  if (!attributes[kManager].empty() && attributes[kManager] == employee)
    wrong("manager", employee, {"不能是本人的上级", "is the employee"});
  std::map<std::string, std::string> extra;
  for (const size_t field : extra_) {
    std::string value(sheet_.value(field));
    if (value.size() > kAttributeBytesMax) wrong(sheet_.columns()[field], value, {"内容过长", "is too long"});
    extra.emplace(sheet_.columns()[field], std::move(value));
  }
  if (faults->total() != before) return;
  lines->line.push_back(sheet_.line());
  lines->employee.push_back(std::move(employee));
  lines->name.push_back(std::move(name));
  lines->hired_on.push_back(scheme::date_to_text(*hired));
  lines->left_on.push_back(std::move(left));
  lines->extra.push_back(extra_json(extra));
  for (size_t i = 0; i < kAttributes.size(); ++i) lines->attributes[i].push_back(std::move(attributes[i]));
}

Result<Done> Reader::read(Lines* lines, LineAnswers* faults) {
  if (auto failure = find_columns()) return *std::move(failure);
  while (sheet_.next()) {
    if (sheet_.is_faulty()) {
      faults->add(sheet_.fault({}));
    } else {
      read_line(lines, faults);
    }
    if (lines->line.size() > kPeopleLoadMax)
      return invalid("there are more than " + std::to_string(kPeopleLoadMax) + " lines");
  }
  if (auto failure = sheet_.failure()) return *std::move(failure);
  return Done{};
}

/// Managers are people of the file or of the tenant.
void check_managers(TenantTransaction& transaction, const Lines& lines, const std::string& file, LineAnswers* faults) {
  const auto& managers = lines.attributes[kManager];
  const std::unordered_set<std::string_view> here(lines.employee.begin(), lines.employee.end());
  std::unordered_set<std::string_view> asked;
  for (const auto& manager : managers) {
    if (!manager.empty() && !here.contains(manager)) asked.insert(manager);
  }
  if (asked.empty()) return;
  const std::vector<std::string_view> list(asked.begin(), asked.end());
  const auto found = transaction.sql().query(
      "SELECT employee FROM " + transaction.table("people") + " WHERE employee = ANY($1)", {list});
  for (const auto row : found) asked.erase(row.text(0));
  for (size_t i = 0; i < managers.size(); ++i) {
    if (asked.contains(managers[i]))
      faults->add({file, lines.line[i], lines.employee[i], "manager", managers[i], {"没有这名员工", "is no employee"}});
  }
}

template <typename T>
std::vector<T> slice(const std::vector<T>& all, size_t begin, size_t end) {
  return {all.begin() + static_cast<ptrdiff_t>(begin), all.begin() + static_cast<ptrdiff_t>(end)};
}

/// Stores some lines: people, then the versions of attributes that differ from what holds.
void store(TenantTransaction& transaction, const Lines& lines, const Reader& reader, size_t begin, size_t end, Day from,
           PeopleLoaded* loaded) {
  const auto employee = slice(lines.employee, begin, end), name = slice(lines.name, begin, end),
             hired = slice(lines.hired_on, begin, end), left = slice(lines.left_on, begin, end),
             extra = slice(lines.extra, begin, end);
  const std::string people = transaction.table("people"), versions = transaction.table("person_attributes");
  const auto counted = transaction.sql().query(
      "WITH put AS (INSERT INTO " + people +
          " AS p (employee, name, hired_on, left_on) SELECT e, n, h::date, NULLIF(l, '')::date "
          "FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS x (e, n, h, l) "
          "ON CONFLICT (employee) DO UPDATE SET name = EXCLUDED.name, hired_on = EXCLUDED.hired_on, "
          "left_on = EXCLUDED.left_on RETURNING (xmax = 0) AS is_new) SELECT count(*) FROM put WHERE is_new",
      {employee, name, hired, left});
  loaded->added += counted.one().int64(0);
  std::string values, differs;
  for (size_t i = 0; i < kAttributes.size(); ++i) {
    const std::string column(kAttributes[i]);
    const std::string given = "NULLIF(x." + column + ", '')";
    values += ", " + (reader.has(i) ? given : "v." + column);
    if (reader.has(i)) differs += " OR v." + column + " IS DISTINCT FROM " + given;
  }
  // Attributes of the tenant's own making: those that are empty in the file are taken away.
  const std::string merged =
      "jsonb_strip_nulls(coalesce(v.extra, '{}') || (SELECT coalesce(jsonb_object_agg(key, NULLIF(value, '')), '{}') "
      "FROM jsonb_each_text(x.extra::jsonb)))";
  loaded->changed += transaction.sql().execute(
      "INSERT INTO " + versions +
          " (employee, valid_from, employed, department, position, step, pay_group, manager, extra, actor, entered_at) "
          "SELECT x.employee, CASE WHEN v.employee IS NULL THEN x.hired::date ELSE GREATEST(x.hired::date, $9::date) "
          "END, true" +
          values + ", " + merged +
          ", $10, $11 FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], "
          "$8::text[]) "
          "AS x (employee, hired, department, position, step, pay_group, manager, extra) LEFT JOIN LATERAL (SELECT * "
          "FROM " +
          versions +
          " a WHERE a.employee = x.employee AND a.valid_from <= GREATEST(x.hired::date, $9::date) "
          "ORDER BY a.valid_from DESC LIMIT 1) v ON true WHERE v.employee IS NULL" +
          differs + " OR v.extra <> " + merged +
          " ON CONFLICT (employee, valid_from) DO UPDATE SET employed = EXCLUDED.employed, department = "
          "EXCLUDED.department, "
          "position = EXCLUDED.position, step = EXCLUDED.step, pay_group = EXCLUDED.pay_group, manager = "
          "EXCLUDED.manager, "
          "extra = EXCLUDED.extra, actor = EXCLUDED.actor, entered_at = EXCLUDED.entered_at",
      {employee, hired, slice(lines.attributes[0], begin, end), slice(lines.attributes[1], begin, end),
       slice(lines.attributes[2], begin, end), slice(lines.attributes[3], begin, end),
       slice(lines.attributes[4], begin, end), extra, scheme::date_to_text(from), transaction.actor().name,
       transaction.now_text()});
  // Who has left: a version that says so, and none behind it.
  transaction.sql().execute("DELETE FROM " + versions +
                                " a USING unnest($1::text[], $2::text[]) AS x (e, l) WHERE a.employee = x.e AND l <> "
                                "'' AND a.valid_from > l::date",
                            {employee, left});
  transaction.sql().execute(
      "INSERT INTO " + versions +
          " (employee, valid_from, employed, department, position, step, pay_group, manager, extra, actor, entered_at) "
          "SELECT e, l::date + 1, false, v.department, v.position, v.step, v.pay_group, v.manager, v.extra, $3, $4 "
          "FROM unnest($1::text[], $2::text[]) AS x (e, l) JOIN LATERAL (SELECT * FROM " +
          versions +
          " a WHERE a.employee = x.e AND a.valid_from <= l::date ORDER BY a.valid_from DESC LIMIT 1) v ON true "
          "WHERE l <> '' AND v.employed",
      {employee, left, transaction.actor().name, transaction.now_text()});
}

}  // namespace

Result<PeopleLoaded> load_people(TenantTransaction& transaction, const std::string& path, Day from) {
  auto opened = SheetFile::open(path, "people.csv");
  if (!opened) return opened.failure();
  PeopleLoaded loaded;
  Lines lines;
  Reader reader(transaction, **opened, from);
  if (const auto read = reader.read(&lines, &loaded.faults); !read) return read.failure();
  check_managers(transaction, lines, (*opened)->name(), &loaded.faults);
  loaded.lines = static_cast<int64_t>(lines.line.size());
  if (!loaded.faults.empty()) return loaded;
  for (size_t begin = 0; begin < lines.line.size(); begin += kRowsAtOnce)
    store(transaction, lines, reader, begin, std::min(begin + kRowsAtOnce, lines.line.size()), from, &loaded);
  if (const auto checked = check_people_quota(transaction); !checked) return checked.failure();
  loaded.stored = true;
  transaction.audit(
      "people.load", "",
      audit::json_object({{"lines", loaded.lines}, {"added", loaded.added}, {"changed", loaded.changed}}));
  return loaded;
}

}  // namespace kaogong::tenants
