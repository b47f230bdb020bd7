// A file of rows, put together by employee.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tenants/folder/file_spec.h"
#include "tenants/registry/result.h"
#include "tenants/sheet/line_answer.h"

namespace kaogong::tenants {

/// A sheet's file that has been looked through once. The rows of an employee usually stand together; where they do not,
/// they are brought together through temporary files. Memory: eight bytes an employee, and one employee's rows; at most
/// about kPartitionBytes when rows do not stand together.
class GroupedSheet {
 public:
  /// Looks through all of it. Failures: kInvalid: it cannot be read, or a column of the sheet is missing or twice. What
  /// is wrong with a line is in faults(): its form, no employee, more than kPayloadBytesMax for one employee.
  /// `left_out`: employees whose rows are left out in any case.
  static Result<GroupedSheet> inspect(const std::string& path, const folder::FileSpec& sheet,
                                      std::vector<std::string> left_out = {});

  const std::vector<std::string>& columns() const { return columns_; }
  const LineAnswers& faults() const { return faults_; }
  uint64_t lines() const { return lines_; }  // without faults
  uint64_t faulty_lines() const { return faulty_lines_; }
  bool together() const { return together_; }

  /// Gives each employee's rows, as they are written and in their order, each ended by a line feed. Employees with a
  /// faulty line are left out: half of somebody's rows would be a wrong result. A sheet that is not by employee is one
  /// group with the employee ''; with a faulty line it is left out. The file must not have changed since. Failures:
  /// kInvalid: it cannot be read any more; a temporary file cannot be written.
  Result<Done> for_each(const std::function<void(std::string_view employee, std::string_view rows)>& take) const;

  static constexpr size_t kPartitionBytes = size_t{64} << 20;

 private:
  Result<Done> for_each_together(const std::function<void(std::string_view, std::string_view)>& take) const;
  Result<Done> for_each_apart(const std::function<void(std::string_view, std::string_view)>& take) const;
  bool is_left_out(std::string_view employee) const;

  std::string path_, name_;
  bool by_employee_ = true;
  std::vector<std::string> columns_;
  LineAnswers faults_;
  uint64_t lines_ = 0, faulty_lines_ = 0, bytes_ = 0;
  bool together_ = true;
  std::vector<std::string> left_out_;  // employees with a faulty line, in order
};

}  // namespace kaogong::tenants
