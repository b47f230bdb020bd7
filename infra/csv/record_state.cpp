#include "infra/csv/record_state.h"

#include <cstring>

namespace kaogong::csv {

size_t RecordState::find_end(const char* text, size_t at, size_t end) {
  while (at < end) {
    const char c = text[at];
    switch (state_) {
      case State::kFieldStart:
        if (c == '"') {
          state_ = State::kQuoted;
          ++at;
          continue;
        }
        if (c == ',') {
          ++at;
          continue;
        }
        state_ = State::kUnquoted;
        break;
      case State::kQuoted: {
        const auto* quote = static_cast<const char*>(std::memchr(text + at, '"', end - at));
        const size_t stop = quote == nullptr ? end : static_cast<size_t>(quote - text);
        for (const char* p = text + at;
             (p = static_cast<const char*>(std::memchr(p, '\n', static_cast<size_t>(text + stop - p)))) != nullptr; ++p)
          ++lines_;
        at = stop;
        if (quote != nullptr) {
          state_ = State::kAfterQuote;
          ++at;
        }
        continue;
      }
      case State::kAfterQuote:
        if (c == '"') {
          state_ = State::kQuoted;
          ++at;
          continue;
        }
        if (c == ',') {
          state_ = State::kFieldStart;
          ++at;
          continue;
        }
        if (c == '\r' && (at + 1 == end || text[at + 1] == '\n')) {
          // A line feed, if it comes, ends the record; anything else shows that the carriage return was text.
          if (at + 1 == end) {
            state_ = State::kBroken;
            return 0;
          }
          ++at;
        } else if (c != '\n') {
          state_ = State::kBroken;
          break;
        }
        break;
      case State::kUnquoted:
        if (c == ',') {
          state_ = State::kFieldStart;
          ++at;
          continue;
        }
        break;
      case State::kBroken: {
        const auto* feed = static_cast<const char*>(std::memchr(text + at, '\n', end - at));
        if (feed == nullptr) return 0;
        at = static_cast<size_t>(feed - text);
        break;
      }
    }
    if (text[at] == '\n') {
      ++lines_;
      state_ = State::kFieldStart;
      return at + 1;
    }
    ++at;
  }
  return 0;
}

}  // namespace kaogong::csv
