// Lines of people that come in over time, in whatever form, are checked one by one, and stored at the end.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "tenants/people/department_tree.h"
#include "tenants/people/people.h"
#include "tenants/sheet/line_answer.h"
#include "tenants/sheet/nameless_file.h"

namespace kaogong::tenants {

inline constexpr size_t kPeopleLoadMax = 2'000'000;  // lines
inline constexpr std::string_view kPeopleFile = "people.csv";
inline constexpr std::array<std::string_view, 5> kPersonAttributes = {"department", "position", "step", "pay_group",
                                                                      "manager"};
inline constexpr size_t kDepartment = 0, kManager = 4;  // of kPersonAttributes

/// One person as a line says it. Nothing: the line does not say, and what is there stays; empty: there is none.
struct PersonLine {
  std::string_view employee, name, hired_on;
  std::optional<std::string_view> left_on;
  std::array<std::optional<std::string_view>, kPersonAttributes.size()> attributes;  // as kPersonAttributes has them
  std::vector<std::pair<std::string_view, std::string_view>> extra;  // of the tenant's own making, each name once
};

/// Some lines by column: as arrays they go to the database.
struct PeopleColumns {
  std::vector<uint64_t> line;
  std::vector<std::string> employee, name, hired_on, left_on, extra;
  std::array<std::vector<std::string>, kPersonAttributes.size()> attributes;
  std::vector<std::string> given;  // what a line says: '1' or '0' for left_on and then each of kPersonAttributes
};

/// Lines that wait in a file without a name until all have come: who sends slowly holds neither a connection nor a
/// lock. Memory: the ids and the first faults. One thread at a time.
class PeopleUpload {
 public:
  /// `from`: the day from which what is changed holds. Failure kInternal: there is no room for the file.
  static Result<PeopleUpload> begin(TenantTransaction& transaction, Day from);

  /// Takes a line, or refuses it with everything that is wrong with it. Managers are looked at when all is stored.
  void add(uint64_t line, const PersonLine& person);
  /// Refuses a line whose form is wrong. `employee`: whose it is, if that is known.
  void refuse(uint64_t line, std::string_view employee, std::string_view column, std::string_view value,
              scheme::Labels error);
  /// More lines than are taken: whoever reads them may stop.
  bool is_full() const { return lines_ > kPeopleLoadMax; }
  /// Call it after the last line. Failures: kInvalid (no line, more than kPeopleLoadMax), kInternal (the file could not
  /// be written).
  Result<Done> finish();

  Day from() const { return from_; }
  int64_t lines() const { return static_cast<int64_t>(lines_); }
  const LineAnswers& faults() const { return faults_; }
  /// Whether a line has this id.
  bool has(const std::string& employee) const { return employees_.contains(employee); }
  /// Hands over the lines that were taken, some at a time. After finish(). Failure kInternal: the file cannot be read.
  Result<Done> for_each(const std::function<void(const PeopleColumns&)>& take) const;

 private:
  PeopleUpload(DepartmentTree tree, Day from) : tree_(std::move(tree)), from_(from) {}
  void fault(uint64_t line, std::string_view employee, std::string_view column, std::string_view value,
             scheme::Labels error);

  DepartmentTree tree_;
  Day from_;
  NamelessFile file_;
  uint64_t lines_ = 0;
  std::unordered_set<std::string> employees_;
  LineAnswers faults_;
  std::string row_;
};

/// Why a department cannot be said of somebody; nothing: it is there on that day, or none is said.
std::optional<scheme::Labels> department_fault(const DepartmentTree& tree, std::string_view code, Day day);

}  // namespace kaogong::tenants
