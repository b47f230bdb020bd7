#include "tenants/people/people_upload.h"

#include <algorithm>
#include <charconv>

#include "engine/scheme/literal.h"
#include "tenants/people/attribute_rows.h"

namespace kaogong::tenants {

namespace {

constexpr size_t kRowsAtOnce = 5'000;
constexpr size_t kBytesAtOnce = size_t{8} << 20;

const Failure kNoRoom{FailureCode::kInternal, "what is uploaded cannot be kept: there is no room for temporary files"};

scheme::Labels date_fault() { return {"不是日期，应如2026-10-31", "is not a date like 2026-10-31"}; }

scheme::Labels length_fault(size_t bytes_max) {
  const auto most = std::to_string(bytes_max);
  return {"内容过长：至多" + most + "字节", "is too long: at most " + most + " bytes"};
}

scheme::Labels absent_or_long_fault(const char* zh, size_t bytes_max) {
  const auto most = std::to_string(bytes_max);
  return {std::string(zh) + "为空或过长：须有1至" + most + "字节",
          "is empty or too long: give one of 1 to " + most + " bytes"};
}

}  // namespace

std::optional<scheme::Labels> department_fault(const DepartmentTree& tree, std::string_view code, Day day) {
  if (code.empty() || tree.find(code, day) != nullptr) return std::nullopt;
  const auto on = scheme::date_to_text(day);
  return scheme::Labels{on + "没有这个部门：请先建立部门，或更正代码",
                        "is no department on " + on + ": put it first, or correct the code"};
}

Result<PeopleUpload> PeopleUpload::begin(TenantTransaction& transaction, Day from) {
  PeopleUpload upload(department_tree(transaction), from);
  if (!upload.file_.is_good()) return kNoRoom;
  return upload;
}

void PeopleUpload::refuse(uint64_t line, std::string_view employee, std::string_view column, std::string_view value,
                          scheme::Labels error) {
  ++lines_;
  fault(line, employee, column, value, std::move(error));
}

void PeopleUpload::fault(uint64_t line, std::string_view employee, std::string_view column, std::string_view value,
                         scheme::Labels error) {
  faults_.add({std::string(kPeopleFile), line, std::string(employee), std::string(column), std::string(value),
               std::move(error)});
}

void PeopleUpload::add(uint64_t line, const PersonLine& person) {
  ++lines_;
  const auto before = faults_.total();
  const auto wrong = [&](std::string_view column, std::string_view value, scheme::Labels error) {
    fault(line, person.employee, column, value, std::move(error));
  };
  if (person.employee.empty() || person.employee.size() > kCodeBytesMax)
    wrong("employee", person.employee, absent_or_long_fault("员工编号", kCodeBytesMax));
  else if (!is_full() && !employees_.emplace(person.employee).second)
    wrong("employee", person.employee, {"员工编号重复：每人只能有一行", "is there twice: keep one line"});
  if (person.name.empty() || person.name.size() > kNameBytesMax)
    wrong("name", person.name, absent_or_long_fault("姓名", kNameBytesMax));
  const auto hired = scheme::parse_date(person.hired_on);
  if (!hired) wrong("hired_on", person.hired_on, date_fault());
  const auto left = person.left_on.value_or("");
  const auto left_on = left.empty() ? std::nullopt : scheme::parse_date(left);
  if (!left.empty() && !left_on) wrong("left_on", left, date_fault());
  if (hired && left_on && *left_on < *hired) wrong("left_on", left, {"离职早于入职", "is before they were hired"});
  std::string given(1, person.left_on ? '1' : '0');
  for (size_t i = 0; i < kPersonAttributes.size(); ++i) {
    const auto& value = person.attributes[i];
    given += value ? '1' : '0';
    if (value && value->size() > kAttributeBytesMax)
      wrong(kPersonAttributes[i], *value, length_fault(kAttributeBytesMax));
  }
  const auto department = person.attributes[kDepartment].value_or(""),
             manager = person.attributes[kManager].value_or("");
  if (hired)
    if (auto fault = department_fault(tree_, department, std::max(*hired, from_)))
      wrong("department", department, *std::move(fault));
  if (!manager.empty() && manager == person.employee)
    wrong("manager", manager, {"不能是本人的上级", "is the employee: name somebody else, or leave it empty"});
  std::map<std::string, std::string> extra;
  for (const auto& [name, value] : person.extra) {
    if (value.size() > kAttributeBytesMax) wrong(name, value, length_fault(kAttributeBytesMax));
    extra.emplace(name, value);
  }
  if (faults_.total() != before || is_full()) return;
  row_.clear();
  append_sized(&row_, std::to_string(line));
  append_sized(&row_, given);
  append_sized(&row_, person.employee);
  append_sized(&row_, person.name);
  append_sized(&row_, scheme::date_to_text(*hired));
  append_sized(&row_, left);
  for (const auto& value : person.attributes) append_sized(&row_, value.value_or(""));
  append_sized(&row_, extra_json(extra));
  file_.write(row_);
}

Result<Done> PeopleUpload::finish() {
  if (is_full())
    return invalid("there are more than " + std::to_string(kPeopleLoadMax) + " lines: hand them in as several files");
  if (lines_ == 0) return invalid("there is no line of a person");
  if (!file_.finish()) return kNoRoom;
  return Done{};
}

Result<Done> PeopleUpload::for_each(const std::function<void(const PeopleColumns&)>& take) const {
  const auto file = file_.open();
  const Failure unreadable{FailureCode::kInternal, "the lines of people cannot be read any more"};
  if (file == nullptr) return unreadable;
  std::string line;
  for (bool more = true; more;) {
    PeopleColumns some;
    size_t bytes = 0;
    while (some.line.size() < kRowsAtOnce && bytes < kBytesAtOnce && (more = read_sized(file.get(), &line))) {
      uint64_t number = 0;
      std::from_chars(line.data(), line.data() + line.size(), number);
      some.line.push_back(number);
      const auto read = [&](std::vector<std::string>* column) {
        const bool is_there = read_sized(file.get(), &column->emplace_back());
        bytes += column->back().size();
        return is_there;
      };
      for (auto* column : {&some.given, &some.employee, &some.name, &some.hired_on, &some.left_on})
        if (!read(column)) return unreadable;
      for (auto& column : some.attributes)
        if (!read(&column)) return unreadable;
      if (!read(&some.extra)) return unreadable;
    }
    if (!some.line.empty()) take(some);
  }
  return Done{};
}

}  // namespace kaogong::tenants
