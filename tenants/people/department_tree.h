// Departments as a tree that changes over time. A value without a database.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tenants/calendar/day.h"

namespace kaogong::tenants {

/// What is true of a department from a day on, until its next version begins.
struct DepartmentVersion {
  std::string code;
  Day valid_from = 0;
  std::string name;
  std::string parent;   // empty: a root
  bool closed = false;  // there is no such department any more
  friend bool operator==(const DepartmentVersion&, const DepartmentVersion&) = default;
};

inline constexpr size_t kDepartmentDepthMax = 100;

/// All versions of all departments.
class DepartmentTree {
 public:
  explicit DepartmentTree(const std::vector<DepartmentVersion>& versions);

  /// The version that holds on a day; null if there is none, or it is closed.
  const DepartmentVersion* find(std::string_view code, Day day) const;
  /// The department and all below it on a day, in the order of their codes.
  std::vector<std::string> with_descendants(std::string_view code, Day day) const;
  /// From the department up to its root on a day; stops at kDepartmentDepthMax.
  std::vector<std::string> path(std::string_view code, Day day) const;
  /// Those open on a day, in the order of their codes.
  std::vector<DepartmentVersion> open_on(Day day) const;
  /// What is wrong with the tree on `from` or any later day: a cycle, a parent that is not there, too deep. Nothing: it
  /// is a tree on all of them.
  struct Fault {
    std::string code;
    Day day = 0;
    std::string what;
  };
  std::optional<Fault> fault_from(Day from) const;

 private:
  using Versions = std::map<Day, DepartmentVersion>;
  std::optional<Fault> fault_on(Day day) const;

  std::map<std::string, Versions, std::less<>> departments_;
};

}  // namespace kaogong::tenants
