// A worked case: a scheme, and a file of its inputs and what must come out, period by period.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/scheme/document.h"

namespace kaogong::tests {

/// The rows of one period. A column "=name" is what the output `name` must be; an empty cell is not compared; "refused"
/// anywhere in a row: the row must be refused.
struct CasePeriod {
  std::string period;
  std::vector<std::map<std::string, std::string>> rows;  // by column
};

struct CaseFile {
  std::string id, scheme;
  std::vector<CasePeriod> periods;
};

/// The ids of all cases, sorted.
std::vector<std::string> case_ids();
/// Throws std::runtime_error for a file that cannot be read or a row with too many cells.
CaseFile read_case(const std::string& id);

/// population.csv of a period.
std::string population_of(const scheme::Document& document, const CasePeriod& period);

/// What the outputs of a period are not as they must be, a line each. `outputs[name][row]` are texts; a refused row has
/// "refused" everywhere.
std::string differences(const CasePeriod& period, const std::map<std::string, std::vector<std::string>>& outputs);

}  // namespace kaogong::tests
