// One record, byte by byte: also what is not well-formed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "infra/csv/fault.h"

namespace kaogong::csv {

struct ParsedRecord {
  size_t end = 0;  // behind its line feed
  uint32_t lines = 0;
  FaultKind fault = FaultKind::kNone;  // of its form; the number and length of the fields are not looked at
};

/// Reads the record that begins at text[at]; text[end - 1] is a line feed. Appends where each field ends to `ends`: up
/// to the field with a text after its closing quote or an unterminated one; all of them otherwise.
ParsedRecord parse_record(const char* text, size_t at, size_t end, std::vector<uint32_t>* ends);

}  // namespace kaogong::csv
