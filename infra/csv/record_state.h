// Where records end, byte by byte, also in text that is not well-formed: the meaning that the fast kernels must agree
// with.
#pragma once

#include <cstddef>
#include <cstdint>

namespace kaogong::csv {

/// Follows the bytes of one record. After a closing quote that is followed by other text the quotes of the record have
/// lost their meaning: it then ends with its line.
class RecordState {
 public:
  /// Reads text[at, end). Returns the position after the line feed that ends the record, or 0 when it goes on; then
  /// call again with what follows. After an end the next call begins a new record.
  size_t find_end(const char* text, size_t at, size_t end);

  bool inside_quotes() const { return state_ == State::kQuoted; }
  uint64_t lines() const { return lines_; }  // line feeds seen, that of the record's end too
  void reset_lines() { lines_ = 0; }

 private:
  enum class State : uint8_t { kFieldStart, kUnquoted, kQuoted, kAfterQuote, kBroken };
  State state_ = State::kFieldStart;
  uint64_t lines_ = 0;
};

}  // namespace kaogong::csv
