// The target of a request line: its path and its query.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/http/message.h"

namespace kaogong::http {

inline constexpr size_t kParametersMax = 64;

struct Target {
  std::string_view raw_path;  // as it was sent, before `?`
  std::string path;           // percent-decoded by segment; a slash inside a segment stays %2F
  std::vector<Parameter> query;
};

/// Reads a target in origin form: `/`, then segments, then perhaps a query. Nothing for a character that RFC 3986 does
/// not have there, a percent sign without two hexadecimal digits, bytes that decode to a control character or to no
/// UTF-8, a segment `.` or `..`, or more than kParametersMax parameters. Views into the text.
std::optional<Target> parse_target(std::string_view text);

/// Percent-decodes one segment of a path. Precondition: it is of a target that parse_target() read.
std::string decode_segment(std::string_view segment);

}  // namespace kaogong::http
