// The head of a request: request line and header fields, read once, strictly. There is no second reader of the same
// bytes that could understand them otherwise; what is not exactly as RFC 9112 has it is refused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "gateway/http/message.h"

namespace kaogong::http {

struct HeadLimits {
  size_t bytes_max = size_t{16} << 10;  // of the whole head
  size_t fields_max = 100;
  size_t target_bytes_max = size_t{8} << 10;
};

/// Where the body ends.
enum class Framing : uint8_t { kNone, kLength, kChunked };

struct FieldView {
  std::string_view name;   // in lower case
  std::string_view value;  // without the spaces around it
};

struct Head {
  Method method = Method::kGet;
  std::string_view target;
  bool http_1_0 = false;
  bool keep_alive = true;
  bool expects_continue = false;
  Framing framing = Framing::kNone;
  uint64_t length = 0;  // of kLength
  std::vector<FieldView> fields;

  /// The first field of that name (lower case); null: there is none.
  const std::string_view* find(std::string_view name) const;
};

enum class HeadFault : uint8_t {
  kLineEnd,      // CR or LF alone, or NUL
  kRequestLine,  // not `METHOD target HTTP/1.1`
  kMethod,       // a method that the server does not know
  kTarget,       // not in origin form, or with characters that are none of a target
  kTargetTooLong,
  kVersion,
  kFolded,  // a line that begins with a space
  kFieldName,
  kFieldValue,
  kTooManyFields,
  kTooLarge,
  kHost,              // missing, twice, or no host
  kContentLength,     // not one number of digits, or there twice
  kTransferEncoding,  // anything but one `chunked`, beside a length, or in HTTP/1.0
  kConnection,        // no list of tokens
  kExpect,
  kTwice,  // a field that decides who calls or what is meant, and there twice
};
/// 400, 414, 417, 431, 501 or 505.
int status_of(HeadFault fault);
/// What is wrong, for the client.
std::string_view to_text(HeadFault fault);

/// Looks for the end of a head in bytes that arrive piece by piece, each byte once.
class HeadEnd {
 public:
  /// `bytes`: all that came since the head began. The size of the head with its empty line; 0: it is not whole yet. A
  /// fault: a line that ends otherwise than in CR LF.
  std::optional<HeadFault> look(std::string_view bytes, size_t* head_bytes);

 private:
  size_t seen_ = 0;
};

/// Reads a head, which ends with its empty line. Turns field names to lower case in place; the views of `head` are into
/// the text.
std::optional<HeadFault> parse_head(std::span<char> text, const HeadLimits& limits, Head* head);

}  // namespace kaogong::http
