// The text of a document with its lines: byte offsets to lines and columns.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/scheme/document.h"

namespace kaogong::scheme {

/// An index over a text that outlives it. Building it costs one pass; `at` reads at most one block of the text, so that
/// a document of one long line costs no more than one of many.
class SourceText {
 public:
  explicit SourceText(std::string_view text);

  std::string_view text() const { return text_; }
  /// The line and column (in code points) of a byte offset; an offset beyond the text is its end.
  Position at(size_t offset) const;

 private:
  static constexpr size_t kBlock = 256;
  uint32_t code_points_before(size_t offset) const;

  std::string_view text_;
  std::vector<uint32_t> line_starts_;
  std::vector<uint32_t> code_points_;  // before each block
};

/// What makes bytes unfit as a document's text: not UTF-8, or a control character (YAML has no place for them, and
/// yaml-cpp takes U+0004 for the end).
struct BadByte {
  size_t offset;
  const char* what;
};
std::optional<BadByte> find_bad_byte(std::string_view text);

}  // namespace kaogong::scheme
