// Everything one calculation reads, as columns.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/column/column.h"
#include "engine/scheme/period.h"

namespace kaogong::column {

/// Child rows of the employees, sorted by employee in the population's order; within one employee as in the file.
struct ChildTable {
  std::vector<Column> columns;    // in the order of the document's table.columns
  std::vector<uint64_t> offsets;  // population rows + 1: the rows of employee r are [offsets[r], offsets[r+1])
  std::vector<uint32_t> lines;    // line in the file of each row; empty: unknown
};

/// A table keyed by something else than the employee.
struct LookupTable {
  std::vector<Column> columns;  // in the order of the document's lookup.columns
  std::vector<uint32_t> lines;
  size_t rows = 0;
  std::vector<uint8_t> faulty;              // 1: this row refuses every employee who reads it; empty: none
  std::vector<scheme::Labels> fault_texts;  // why, beside faulty
  std::vector<std::string> fault_columns;   // which column, beside faulty
  std::vector<std::string> fault_values;    // what stands there, beside faulty
};

/// Recorded values of one history column: by_period[i] belongs to the period `newest - i` of kind `kind`; a column with
/// 0 rows: nothing recorded for that period. Otherwise one row an employee, null where nothing is recorded.
struct HistoryColumnData {
  scheme::PeriodKind kind = scheme::PeriodKind::kMonth;
  int32_t newest = 0;  // same kind as the run: the period before it; finer: the last one inside it
  std::vector<Column> by_period;
};

/// What the caller guarantees, because the engine does not look again: every stored value, in refused rows too, lies
/// within the bounds and the closed list that its type declares (where it is null: 0); dictionary codes lie inside
/// their dictionaries; a table with a key has no two rows of one employee with the same key, unless that employee is
/// refused; employee ids differ among the rows that are not refused. tenants/folder holds to it and refuses what does
/// not.
struct Inputs {
  scheme::Period period;
  StringRows employees;
  std::vector<uint32_t> lines;  // line of each population row; empty: row + 2
  uint64_t enrolled = 0;        // distinct employee ids in the population, refused ones included
  std::vector<Column> inputs;   // in the order of the document's inputs
  std::vector<ChildTable> tables;
  std::vector<LookupTable> lookups;  // inline ones too (the compiler fills these: see plan/program.h)
  std::vector<HistoryColumnData> history;
  std::vector<Column> parameters;  // one row each, in the document's order; 0 rows: not given, the default holds
  size_t rows() const { return employees.size(); }
};

/// A fault that refuses an employee. `file`: "population", a table's, lookup's or "history" (no ".csv"). `line` 0:
/// unknown.
struct Fault {
  uint32_t row = 0;  // population row
  std::string file;
  uint32_t line = 0;
  std::string column, value;
  scheme::Labels error;
};

}  // namespace kaogong::column
