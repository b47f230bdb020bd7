// What a year's recomputation says of each employee: what differs from what was published, by month and in all.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tenants/runs/diff.h"
#include "tenants/runs/result_view.h"

namespace kaogong::runs {

/// Gathers the differences of months, one after the other; memory: those employees who differ anywhere.
class YearDifference {
 public:
  /// Adds a month's differences: what was published, and what it comes to now.
  void add(const std::string& period, const ResultView& published, const ResultView& now);

  /// One row for every employee who differs in any month: `:months`, how many of them differ; for every number that
  /// differs anywhere `<output>:delta`, the year's sum; then for each month and number that differs in it
  /// `<output>:<period>`. Columns in the order of the outputs, then of the months. Overflow of a sum is null.
  ResultSet finish();
  /// Employees who differ, so far.
  size_t employees() const { return rows_.size(); }

 private:
  struct Number {
    std::string output;
    scheme::TypeName type{};
    uint8_t scale = 0;
  };
  struct Month {
    std::string period;
    std::vector<size_t> numbers;  // places in numbers_ that differ in it
  };
  struct Delta {
    uint16_t month = 0;
    uint16_t number = 0;
    uint8_t scale = 0;
    bool known = false;
    __int128 value = 0;
  };
  struct Row {
    uint32_t months = 0;
    std::vector<Delta> deltas;
  };
  size_t number_of(const OutputSummary& output, scheme::TypeName type);

  std::map<std::string, Row, std::less<>> rows_;
  std::vector<Number> numbers_;
  std::vector<Month> months_;
};

}  // namespace kaogong::runs
