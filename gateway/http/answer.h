// Answers as bytes: the head of a response, and the server's own refusals.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "gateway/http/coding.h"
#include "gateway/http/message.h"

namespace kaogong::http {

std::string_view reason_phrase(int status);

/// What a refusal of the server's own is called; the API's table of problems has each of them.
struct RefusalKind {
  int status;
  std::string_view name;  // its type is /problems/<name>
  std::string_view title;
};
std::span<const RefusalKind> refusal_kinds();

/// A problem document (RFC 9457) of the server's own. Precondition: the status is one of the kinds'. Precondition:
/// `detail` has no character that JSON escapes.
Response refusal(int status, std::string_view detail);
/// The same with `Retry-After`.
Response refusal_for_now(int status, std::string_view detail, int retry_after_s);

/// What the server knows of an answer beside the answer.
struct Envelope {
  std::string_view date;  // as of the `Date` field
  std::string_view request_id;
  bool keep_alive = true;
  bool http_1_0 = false;
  Coding coding = Coding::kIdentity;   // of the body as it goes out
  std::optional<uint64_t> body_bytes;  // nothing: chunked, or until the end in HTTP/1.0
};

/// Whether an answer of that status has a body at all.
bool may_have_body(int status);
/// Whether the fields can be sent as they are: names are tokens, values have no control character, and none is a field
/// that the server sets itself.
bool is_sendable(const Response& response);
/// Appends the head with its empty line. Precondition: is_sendable().
void append_head(const Response& response, const Envelope& envelope, std::string* out);

/// Appends a number.
void append_number(uint64_t number, std::string* out);

}  // namespace kaogong::http
