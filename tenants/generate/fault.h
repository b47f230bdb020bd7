// Faulty rows, put in on purpose.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tenants/generate/plan.h"

namespace kaogong::generate {

/// One thing that can be wrong in the first row that an employee has in a file.
struct Fault {
  enum class Kind : uint8_t {
    kText,          // `text` in place of a value: missing, no number, out of bounds, not in the list, no date
    kPeriod,        // `text` in place of the period of history
    kExtraField,    // one field too many
    kDuplicateRow,  // the row twice
    kMissingRow,    // the row left out of a complete set
    kOrphan,        // another row, of an employee who is not there
  } kind = Kind::kText;
  size_t file = 0;    // see row_maker.h
  size_t column = 0;  // kText
  std::string text;
};

/// All faults that a plan's files can have.
std::vector<Fault> possible_faults(const Plan& plan);

}  // namespace kaogong::generate
