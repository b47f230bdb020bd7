#include "infra/csv/fault.h"

namespace kaogong::csv {

std::string_view to_text(FaultKind kind) {
  switch (kind) {
    case FaultKind::kNone:
      return "nothing is wrong";
    case FaultKind::kUnterminatedQuote:
      return "a quote is opened and never closed";
    case FaultKind::kTextAfterQuote:
      return "there is text between a closing quote and the next comma or line end";
    case FaultKind::kStrayQuote:
      return "there is a quote inside a field that does not begin with one";
    case FaultKind::kBareCarriageReturn:
      return "there is a carriage return without a line feed";
    case FaultKind::kNul:
      return "there is a NUL byte";
    case FaultKind::kInvalidUtf8:
      return "the text is not valid UTF-8";
    case FaultKind::kColumnCount:
      return "the number of fields is not that of the header";
    case FaultKind::kFieldTooLong:
      return "a field is too long";
    case FaultKind::kRecordTooLong:
      return "the row is too long";
  }
  return "unknown fault";
}

}  // namespace kaogong::csv
