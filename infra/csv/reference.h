// The meaning of a CSV text, written as plainly as possible: what the fast reader is compared with, byte for byte.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace kaogong::csv::reference {

struct Record {
  size_t line = 1;
  bool faulty = false;
  std::vector<std::string> fields;  // values; only of a record without a fault
  friend bool operator==(const Record&, const Record&) = default;
};

/// Splits a whole text (no header, no byte order mark); each record must have `fields` fields. Bounds are not looked
/// at.
std::vector<Record> split(std::string_view text, size_t fields);

}  // namespace kaogong::csv::reference
