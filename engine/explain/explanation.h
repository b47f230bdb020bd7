// An explanation of figures: a tree of plain values, in no language; render.h makes text or JSON of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/column/inputs.h"
#include "engine/scheme/document.h"

namespace kaogong::explain {

/// A value as it is shown: numbers with all decimals of their type, dates YYYY-MM-DD, booleans true or false.
struct Shown {
  enum class Kind : uint8_t { kNone, kNull, kNumber, kText, kBoolean, kDate, kList } kind = Kind::kNone;
  std::string text;  // empty for kNone (there is no value here) and kNull
};

enum class Kind : uint8_t {
  kDecision,   // a named value of the employee; children: what it was computed from
  kInput,      // a column of population.csv
  kParameter,  // `holds`: given in parameters.csv; otherwise its default
  kVariable,   // employee, period, period_start, period_end, year, enrolled()
  kLookup,     // the row that was looked up; facts: its key; children: the columns read
  kRows,    // child rows (or rows of a group or lookup) that counted: `count` of `of`; children: kRow, then what they
            // read
  kRow,     // children: the columns read, stored ones first
  kColumn,  // a column of a row; with an expression if it is a computed one
  kAggregate,  // sum, count, mean … of a list; children: the list
  kCondition,  // of an if: `holds`, and the branch taken
  kBands,      // facts: the value that is read; children: kBand
  kBand,       // facts: bound, value; `holds`: this one
  kTable,      // a decision table; facts: its inputs; children: the rules that match
  kRule,       // `line`: its number, from 1; facts: each input's cell, then the result
  kHistory,    // previous, last, streak …; children: kRecorded
  kRecorded,   // a period's recorded values in facts; `holds`: counted (of a streak: the condition holds)
  kPackCall,   // a pack's function; name: "cn.iit.cumulative"; children: kArgument, kStep, then what the result read
  kArgument,   // a parameter with the value it was given; expression: as given; empty with `holds` false: its default
  kStep,       // a named step of a function; children: as of a decision
  kPackRow,    // the row of a dated table that matched; facts: its keys and bound; `effective_from`, `effective_to`;
               // `file`: the pack's; children: the columns read
  kCohort,     // rank, share …; facts: group, of, by, by_total …; `count`: how many take part
};

struct Node {
  Kind kind = Kind::kDecision;
  std::string name;  // as the document has it; of kRecorded: the period
  scheme::Labels labels;
  Shown value;
  std::string type;        // "money"; empty: untyped
  int decimals = -1;       // of a rounded number; -1: not rounded
  std::string unrounded;   // the exact value, where rounding changed it
  std::string expression;  // as written
  std::string worked;      // the expression with the values in place; empty where that says nothing new
  std::string branch;      // kCondition: the branch taken, as written
  std::string source, remark;
  std::string effective_from, effective_to;  // kPackRow: dates; effective_to empty: until a later edition
  std::string rounding;                      // "up", "down 1" (to fewer decimals than the type's); empty: half-up
  std::string file;                          // with .csv; empty: none, or (kLookup) inline in the scheme
  uint32_t line = 0;                         // in that file or document; 0: unknown
  bool repeated = false;                     // a decision that is shown in full elsewhere in the explanation
  bool cut = false;                          // a decision deeper than was asked for: without its children
  std::optional<bool> holds;
  uint64_t count = 0, of = 0;
  std::vector<std::pair<std::string, Shown>> facts;
  std::vector<Node> children;
};

/// The explanation of one employee's figures.
struct Explanation {
  std::string scheme;
  uint32_t version = 1;
  scheme::Labels labels;
  std::string source_part, source_title;
  std::string period;
  std::string employee;
  uint32_t line = 0;  // in population.csv
  bool refused = false;
  std::vector<column::Fault> faults;  // why, if refused
  std::vector<Node> figures;          // kDecision, in the order asked for; none if refused
};

}  // namespace kaogong::explain
