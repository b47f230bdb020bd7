#include "tenants/inputs/grouped_sheet.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <unordered_map>

#include "tenants/folder/reject.h"
#include "tenants/inputs/sheet_ref.h"
#include "tenants/sheet/sheet_file.h"

namespace kaogong::tenants {

namespace {

constexpr size_t kPartitionsMax = 256;
constexpr std::string_view kEmployee = "employee";
constexpr size_t kNone = SIZE_MAX;

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using TemporaryFile = std::unique_ptr<std::FILE, Close>;

bool write(std::FILE* file, std::string_view bytes) {
  return std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
}

}  // namespace

Result<GroupedSheet> GroupedSheet::inspect(const std::string& path, const folder::FileSpec& sheet,
                                           std::vector<std::string> left_out) {
  GroupedSheet grouped;
  grouped.left_out_ = std::move(left_out);
  grouped.path_ = path;
  grouped.name_ = sheet.name + ".csv";
  grouped.by_employee_ = is_by_employee(sheet);
  auto opened = SheetFile::open(path, grouped.name_);
  if (!opened) return opened.failure();
  auto& file = **opened;
  for (const auto& column : sheet.columns) {
    if (const auto found = file.require(column.name); !found) return found.failure();
  }
  grouped.columns_ = file.columns();
  const size_t employee_column = grouped.by_employee_ ? file.column(kEmployee).value_or(kNone) : kNone;
  std::string last;
  std::vector<size_t> groups;  // hashes of the employees, one for each run of rows
  size_t group_bytes = 0;
  while (file.next()) {
    std::string employee;
    if (employee_column < file.fields()) employee = file.value(employee_column);
    const auto refuse = [&](LineAnswer answer) {
      ++grouped.faulty_lines_;
      grouped.faults_.add(std::move(answer));
      grouped.left_out_.push_back(employee);
    };
    if (file.is_faulty()) {
      refuse(file.fault(employee));
      continue;
    }
    if (employee_column != kNone && (employee.empty() || employee.size() > folder::kEmployeeBytesMax)) {
      refuse({grouped.name_, file.line(), employee, std::string(kEmployee), employee,
              employee.empty() ? scheme::Labels{"缺少员工编号", "is missing"}
                               : scheme::Labels{"员工编号过长", "is too long"}});
      continue;
    }
    if (grouped.lines_ == 0 || employee != last) {
      groups.push_back(std::hash<std::string>{}(employee));
      group_bytes = 0;
      last = employee;
    }
    ++grouped.lines_;
    const size_t bytes = file.text().size() + 1;
    grouped.bytes_ += bytes;
    group_bytes += bytes;
    if (group_bytes > kPayloadBytesMax) {
      refuse({grouped.name_,
              file.line(),
              employee,
              {},
              {},
              {"一名员工的行过多", "there are too many rows of one employee"}});
      group_bytes = 0;
    }
  }
  if (auto failure = file.failure()) return *std::move(failure);
  std::sort(groups.begin(), groups.end());
  grouped.together_ = std::adjacent_find(groups.begin(), groups.end()) == groups.end();
  std::sort(grouped.left_out_.begin(), grouped.left_out_.end());
  return grouped;
}

bool GroupedSheet::is_left_out(std::string_view employee) const {
  return std::binary_search(left_out_.begin(), left_out_.end(), employee);
}

Result<Done> GroupedSheet::for_each(const std::function<void(std::string_view, std::string_view)>& take) const {
  return together_ ? for_each_together(take) : for_each_apart(take);
}

Result<Done> GroupedSheet::for_each_together(
    const std::function<void(std::string_view, std::string_view)>& take) const {
  auto opened = SheetFile::open(path_, name_);
  if (!opened) return opened.failure();
  auto& file = **opened;
  const size_t employee_column = by_employee_ ? file.column(kEmployee).value_or(kNone) : kNone;
  std::string employee, rows;
  const auto give = [&] {
    if (!rows.empty() && !is_left_out(employee)) take(employee, rows);
    rows.clear();
  };
  while (file.next()) {
    if (file.is_faulty()) continue;
    if (employee_column != kNone) {
      const auto next = file.value(employee_column);
      if (next != employee) {
        give();
        employee = next;
      }
    }
    rows.append(file.text()) += '\n';
  }
  give();
  if (auto failure = file.failure()) return *std::move(failure);
  return Done{};
}

Result<Done> GroupedSheet::for_each_apart(const std::function<void(std::string_view, std::string_view)>& take) const {
  const Failure unwritable = invalid("a temporary file for " + name_ + " cannot be written");
  const size_t partitions = std::clamp<size_t>(bytes_ / kPartitionBytes + 1, 1, kPartitionsMax);
  std::vector<TemporaryFile> parts;
  for (size_t i = 0; i < partitions; ++i) {
    parts.emplace_back(std::tmpfile());
    if (parts.back() == nullptr) return unwritable;
  }
  auto opened = SheetFile::open(path_, name_);
  if (!opened) return opened.failure();
  auto& file = **opened;
  const size_t employee_column = file.column(kEmployee).value_or(kNone);
  if (employee_column == kNone) return invalid(name_ + " has changed meanwhile");
  // Each row with the sizes of its employee and its text before it: what is in the file may have line feeds of its own.
  while (file.next()) {
    if (file.is_faulty()) continue;
    const std::string employee(file.value(employee_column));
    if (employee.empty() || is_left_out(employee)) continue;
    const auto text = file.text();
    const size_t sizes[2] = {employee.size(), text.size()};
    std::FILE* part = parts[std::hash<std::string>{}(employee) % partitions].get();
    if (!write(part, {reinterpret_cast<const char*>(sizes), sizeof sizes}) || !write(part, employee) ||
        !write(part, text))
      return unwritable;
  }
  if (auto failure = file.failure()) return *std::move(failure);
  for (auto& part : parts) {
    if (std::fflush(part.get()) != 0) return unwritable;
    std::rewind(part.get());
    std::vector<std::pair<std::string, std::string>> groups;
    std::unordered_map<std::string, size_t> places;
    size_t sizes[2];
    std::string employee, text;
    while (std::fread(sizes, sizeof sizes, 1, part.get()) == 1) {
      employee.resize(sizes[0]);
      text.resize(sizes[1]);
      if (std::fread(employee.data(), 1, sizes[0], part.get()) != sizes[0] ||
          std::fread(text.data(), 1, sizes[1], part.get()) != sizes[1])
        return invalid("a temporary file for " + name_ + " cannot be read");
      const auto [place, is_new] = places.emplace(employee, groups.size());
      if (is_new) groups.emplace_back(employee, std::string());
      auto& rows = groups[place->second].second;
      rows.append(text) += '\n';
      if (rows.size() > kPayloadBytesMax) return invalid(name_ + ": there are too many rows of one employee");
    }
    for (const auto& [id, rows] : groups) take(id, rows);
    part.reset();
  }
  return Done{};
}

}  // namespace kaogong::tenants
