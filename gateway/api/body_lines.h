// Bodies of many lines, in CSV or NDJSON, as they come.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "engine/scheme/document.h"
#include "gateway/http/message.h"
#include "infra/csv/block_reader.h"

namespace kaogong::api {

enum class LinesForm : uint8_t { kNdjson, kCsv };

inline constexpr size_t kLineBytesMax = size_t{1} << 20;  // a longer line is refused, and not held in memory
inline constexpr size_t kLineDepthMax = 8;                // of its JSON

scheme::Labels line_too_long_fault();

/// Whether a header says that type, with parameters or without.
bool is_type(const std::string* field, std::string_view type);
/// By the request's Content-Type; nothing: it is neither, and lines_form_refused() is the answer.
std::optional<LinesForm> lines_form(const http::Request& request);
http::Response lines_form_refused();

/// The answer to a body that did not come to its end; nothing: all of it came.
std::optional<http::Response> problem_of(http::BodySource::State state);

/// The body for readers of CSV. `end`: how it ended. Both outlive it.
csv::Source csv_source(http::BodySource& body, http::BodySource::State& end);

/// White space of JSON within a line.
inline bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

/// Cuts a body into lines. Those that are empty are counted and skipped, and so is a byte order mark. Memory: one line
/// and a buffer.
class BodyLines {
 public:
  explicit BodyLines(http::BodySource& body);

  struct Line {
    uint64_t number = 0;
    std::string_view text;
    bool too_long = false;  // then there is no text
  };
  /// Nothing: the end, of which state() says more. The text is valid until the next call.
  std::optional<Line> next();
  http::BodySource::State state() const { return state_; }

 private:
  std::optional<Line> next_of_any_kind();
  void fill();

  http::BodySource& body_;
  std::unique_ptr<char[]> buffer_;
  size_t begin_ = 0, end_ = 0, searched_ = 0;
  uint64_t number_ = 0;
  bool at_end_ = false;
  http::BodySource::State state_ = http::BodySource::State::kEnd;
};

}  // namespace kaogong::api
