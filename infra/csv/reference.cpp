#include "infra/csv/reference.h"

#include <algorithm>

#include "infra/csv/utf8.h"

namespace kaogong::csv::reference {

std::vector<Record> split(std::string_view text, size_t fields) {
  std::vector<Record> records;
  size_t line = 1, at = 0;
  const auto line_end = [&](size_t i) {  // bytes of the line end at i; 0: there is none
    if (i >= text.size()) return size_t{0};
    if (text[i] == '\n') return size_t{1};
    return text[i] == '\r' && (i + 1 == text.size() || text[i + 1] == '\n') ? size_t{2} : size_t{0};
  };
  while (at < text.size()) {
    Record record;
    record.line = line;
    const size_t begin = at;
    for (bool more = true; more;) {
      std::string field;
      if (at < text.size() && text[at] == '"') {
        bool closed = false;
        for (++at; at < text.size() && !closed;) {
          if (text[at] != '"') {
            field += text[at++];
          } else if (at + 1 < text.size() && text[at + 1] == '"') {
            field += '"';
            at += 2;
          } else {
            ++at;
            closed = true;
          }
        }
        if (!closed) record.faulty = true;
        if (at < text.size() && text[at] != ',' && line_end(at) == 0) {
          record.faulty = true;
          while (at < text.size() && text[at] != '\n') ++at;  // nothing of the line means anything any more
        }
      } else {
        while (at < text.size() && text[at] != ',' && line_end(at) == 0) {
          if (text[at] == '"' || text[at] == '\r') record.faulty = true;
          field += text[at++];
        }
      }
      record.fields.push_back(field);
      more = at < text.size() && text[at] == ',';
      if (more) ++at;
    }
    at = std::min(text.size(), at + line_end(at));
    const std::string_view whole = text.substr(begin, at - begin);
    for (const char c : whole) line += c == '\n';
    if (whole.find('\0') != std::string_view::npos || !is_utf8(whole.data(), whole.size())) record.faulty = true;
    const bool empty_line = whole == "\n" || whole == "\r\n" || whole == "\r";
    if (empty_line) continue;
    if (record.fields.size() != fields) record.faulty = true;
    if (record.faulty) record.fields.clear();
    records.push_back(record);
  }
  return records;
}

}  // namespace kaogong::csv::reference
