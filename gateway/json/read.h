// Reading JSON strictly.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "gateway/json/document.h"

namespace kaogong::json {

inline constexpr size_t kDepthMax = 32;          // of arrays and objects in each other
inline constexpr size_t kNumberBytesMax = 100;   // of one number's text
inline constexpr int kMagnitudeMax = 308;        // |number| is below 10^308, the least above 10^-308
inline constexpr size_t kNodesMax = 10'000'000;  // values and names of one document
inline constexpr size_t kDocumentBytesMax = size_t{1} << 30;
inline constexpr size_t kPointerBytesMax = 1'000;  // of a fault's pointer; longer ones end there

struct ReadLimits {
  size_t bytes_max = kDocumentBytesMax;
  size_t depth_max = kDepthMax;
};

/// Why a text is no document that is taken.
struct ReadFault {
  std::string pointer;  // to the value at which reading ended (RFC 6901); empty: the document as a whole
  std::string detail;   // English; never with a value of the text; of what is no JSON mostly with line and column
};

/// Reads an object or an array with all that is in it, by RFC 8259 and more strictly: the text is UTF-8 without a byte
/// order mark; no name twice in one object; no text with U+0000 (no database takes it); numbers keep the text that they
/// have. Faults: those, anything beyond a limit, anything that is no JSON. Thread-safe. Time and memory: as many bytes
/// as the text has, whatever is in it.
std::variant<Document, ReadFault> read(std::string_view text, const ReadLimits& limits = {});

/// Whether it is a number by RFC 8259 within the bounds above.
bool is_number(std::string_view text);

}  // namespace kaogong::json
