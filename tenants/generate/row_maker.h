// Makes the rows of one employee after another. What an employee gets depends on the plan and the employee's number
// alone.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tenants/generate/fault.h"
#include "tenants/generate/plan.h"

namespace kaogong::generate {

/// Which output a file is: the population, the tables in their order, the history.
inline constexpr size_t kPopulationFile = 0;
inline constexpr size_t table_file(size_t table) { return 1 + table; }
inline size_t history_file(const Plan& plan) { return 1 + plan.tables.size(); }
inline size_t file_count(const Plan& plan) { return 2 + plan.tables.size(); }

/// Not thread-safe; make one for each thread. The plan must outlive it.
class RowMaker {
 public:
  RowMaker(const Plan& plan, const std::vector<Fault>& faults, uint32_t faults_ppm);

  /// Appends the lines of employee `index` to the texts of the files.
  void append(uint64_t index, std::vector<std::string>* texts);
  /// How many faults were put in so far.
  uint64_t faults() const { return faults_made_; }
  /// How many lines each file has got.
  const std::vector<uint64_t>& lines() const { return lines_; }

 private:
  struct Interval {
    Cell low = 0, high = 0;
  };
  /// Intervals of a column's check by the symbol of another column of the row: they are looked up, not worked out anew.
  struct Known {
    bool usable = false;
    size_t column = 0;
    std::vector<std::vector<Interval>> of_symbol;
  };

  void make_person(uint64_t index);
  void make_table(size_t table);
  void make_history();
  void fill(const FilePlan& file, const std::vector<Known>& known, const std::vector<char>& is_set, Random& random,
            Cell* row);
  Cell draw(const ColumnPlan& column, const Known& known, Random& random, const Cell* row);
  static Known know(const FilePlan& file, size_t column);
  static void intervals(const ColumnPlan& column, const Scope& scope, std::vector<Interval>* out);
  void complete_rows(const TablePlan& table, const std::vector<Known>& known, Random& random, Rows* rows);
  void free_rows(const TablePlan& table, const std::vector<Known>& known, Random& random, Rows* rows);

  bool applies(const Fault& fault) const;
  void write(const Fault* fault, std::vector<std::string>* texts);
  void write_population(const Fault* fault, std::string* out);
  void write_line(size_t file, const std::string& employee, const Cell* row, const Fault* fault, std::string* out);

  const Plan& plan_;
  const std::vector<Fault>& faults_;
  const uint32_t faults_ppm_;
  Person person_;
  std::string employee_;
  std::vector<Rows> rows_;                 // by file
  std::vector<std::vector<Known>> known_;  // by file and column
  std::vector<char> is_set_;
  std::vector<Interval> intervals_;
  std::vector<std::vector<Cell>> lists_;
  std::vector<uint64_t> lines_;
  uint64_t faults_made_ = 0;
};

/// E00000001 for index 0.
void append_employee(std::string* out, uint64_t index);

}  // namespace kaogong::generate
