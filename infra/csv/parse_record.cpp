#include "infra/csv/parse_record.h"

#include <algorithm>
#include <cstring>

#include "infra/csv/utf8.h"

namespace kaogong::csv {

namespace {

size_t find(const char* text, size_t at, size_t end, char c) {
  const void* found = std::memchr(text + at, c, end - at);
  return found == nullptr ? end : static_cast<size_t>(static_cast<const char*>(found) - text);
}

}  // namespace

ParsedRecord parse_record(const char* text, size_t at, size_t end, std::vector<uint32_t>* ends) {
  ParsedRecord record;
  const size_t begin = at;
  const auto note = [&record](FaultKind kind) {
    if (record.fault == FaultKind::kNone) record.fault = kind;
  };
  for (bool more = true; more;) {
    if (text[at] == '"') {
      size_t close = at;
      do {
        close = find(text, close + 1, end, '"');
        if (close + 1 >= end) break;
        if (text[close + 1] != '"') break;
        ++close;
      } while (true);
      if (close >= end) {
        note(FaultKind::kUnterminatedQuote);
        at = end;
        break;
      }
      at = close + 1;
      const bool line_ends = text[at] == '\n' || (text[at] == '\r' && at + 1 < end && text[at + 1] == '\n');
      if (text[at] != ',' && !line_ends) {
        note(text[at] == '\r' ? FaultKind::kBareCarriageReturn : FaultKind::kTextAfterQuote);
        at = find(text, at, end, '\n') + 1;
        break;
      }
      if (text[at] == '\r') ++at;
    } else {
      for (; text[at] != ',' && text[at] != '\n'; ++at) {
        if (text[at] == '"') note(FaultKind::kStrayQuote);
        if (text[at] == '\r' && text[at + 1] != '\n') note(FaultKind::kBareCarriageReturn);
      }
    }
    ends->push_back(static_cast<uint32_t>(at));
    more = text[at] == ',';
    ++at;
  }
  record.end = std::min(at, end);
  record.lines = static_cast<uint32_t>(std::count(text + begin, text + record.end, '\n'));
  if (std::memchr(text + begin, '\0', record.end - begin) != nullptr) note(FaultKind::kNul);
  if (!is_utf8(text + begin, record.end - begin)) note(FaultKind::kInvalidUtf8);
  return record;
}

}  // namespace kaogong::csv
