// The golden cases: a folder each, named like its template.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/column/column.h"

namespace kaogong::tests {

struct GoldenCase {
  std::string id;  // of the template
  std::string period;
  std::map<std::string, std::string> texts;  // files by name without ".csv"
  std::string expected;
};

/// All cases' ids, sorted.
std::vector<std::string> golden_ids();
GoldenCase read_golden(const std::string& id);

/// What differs between results and the text of an expected.csv, a line each (at most `lines_max`); empty: nothing.
/// Numbers are compared as numbers: expected.csv strips trailing zeros.
std::string difference(const std::string& expected, const column::StringRows& employees,
                       const std::vector<std::string>& names, const std::vector<column::Column>& columns,
                       size_t lines_max = 20);

}  // namespace kaogong::tests
