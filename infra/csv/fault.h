// What can be wrong with the form of a CSV record.
#pragma once

#include <cstdint>
#include <string_view>

namespace kaogong::csv {

enum class FaultKind : uint8_t {
  kNone,
  kUnterminatedQuote,  // the file ends inside a quoted field
  kTextAfterQuote,     // a closing quote is followed by neither a comma nor the end of the line
  kStrayQuote,         // a quote inside a field that does not begin with one
  kBareCarriageReturn,
  kNul,
  kInvalidUtf8,
  kColumnCount,
  kFieldTooLong,
  kRecordTooLong,
};

/// One English clause, without the numbers: "a quote is opened and never closed".
std::string_view to_text(FaultKind kind);

}  // namespace kaogong::csv
