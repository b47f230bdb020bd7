// Rows of a sheet that come in over time, in whatever form, are checked one by one, and stored at the end.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tenants/folder/file_spec.h"
#include "tenants/inputs/row_check.h"
#include "tenants/inputs/sheet_ref.h"
#include "tenants/sheet/line_answer.h"
#include "tenants/sheet/nameless_file.h"

namespace kaogong::tenants {

/// What became of one line.
enum class LineOutcome : uint8_t {
  kAccepted,
  kRefused,  // it has a fault
  kLeftOut,  // it has none itself, but another line of the same employee has
};

/// Rows that wait in files without a name until all have come: who sends slowly holds neither a connection nor a lock,
/// and memory does not grow with the rows, only with the faults. One thread at a time.
class Upload {
 public:
  /// For a sheet of a set that takes entries now. Failures: as of put_entry(); kInternal: there is no room for the
  /// files.
  static Result<Upload> begin(TenantTransaction& transaction, const InputSet& set, std::string_view sheet,
                              std::string_view reason);

  const folder::FileSpec& sheet() const { return check_.sheet(); }
  /// Takes a row, with a value for each column of the sheet in its order; an empty one is null. Checks every value as
  /// freezing will. False: it was refused. `line` grows from call to call, those of refuse() too.
  bool add(uint64_t line, std::span<const std::string_view> values);
  /// Refuses a line whose form is wrong. `employee`: whose it is, if that is known.
  void refuse(uint64_t line, std::string_view employee, std::string_view column, std::string_view value,
              const scheme::Labels& error);
  /// More faults than anybody will look at: whoever reads lines may stop.
  bool has_too_many_faults() const { return faulty_ > kFaultyLinesMax; }
  /// Call it after the last line. Failure kInternal: the files could not be written.
  Result<Done> finish();

  uint64_t lines() const { return lines_; }  // all of them
  uint64_t faulty_lines() const { return faulty_; }
  /// Employees with a faulty line, in order, each once. After finish().
  const std::vector<std::string>& left_out() const { return left_out_; }
  /// The accepted rows as CSV with a header. Lives as long as this.
  std::string path() const;

  struct Answer {
    uint64_t line = 0;
    LineOutcome outcome = LineOutcome::kAccepted;
    std::string_view employee;
    const LineAnswer* fault = nullptr;  // of kRefused; only the first of a line
  };
  /// Goes through what became of each line, in order, until `take` returns false. After finish(). Failure kInternal:
  /// the files cannot be read any more.
  Result<Done> for_each_answer(const std::function<bool(const Answer&)>& take) const;

  Upload(Upload&&) = default;
  Upload& operator=(Upload&&) = default;

  static constexpr uint64_t kFaultyLinesMax = 100'000;

 private:
  explicit Upload(RowCheck check);
  void note(uint64_t line, LineOutcome outcome);

  RowCheck check_;
  NamelessFile rows_, outcomes_, faults_;
  uint64_t lines_ = 0, faulty_ = 0;
  std::vector<std::string> left_out_;
  std::string row_;
};

}  // namespace kaogong::tenants
