#include "gateway/http/head.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace kaogong::http {

namespace {

constexpr size_t kMethodBytesMax = 20;
constexpr size_t kLengthDigitsMax = 18;

enum CharClass : uint8_t { kToken = 1, kValue = 2, kTargetChar = 4, kHostChar = 8 };

constexpr std::array<uint8_t, 256> make_classes() {
  std::array<uint8_t, 256> classes{};
  const auto add = [&](std::string_view characters, int bits) {
    for (const char c : characters) classes[static_cast<unsigned char>(c)] |= static_cast<uint8_t>(bits);
  };
  constexpr std::string_view kAlphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  add(kAlphanumeric, kToken | kTargetChar | kHostChar);
  add("!#$%&'*+-.^_`|~", kToken);
  add("-._~!$&'()*+,;=:@/?%", kTargetChar);
  add("-._~!$&'()*+,;=:[]%", kHostChar);
  for (int c = 0x20; c < 0x7F; ++c) classes[c] |= kValue;
  for (int c = 0x80; c < 0x100; ++c) classes[c] |= kValue;  // obs-text: UTF-8 that some put there
  classes['\t'] |= kValue;
  return classes;
}
constexpr auto kClasses = make_classes();

bool all_of(std::string_view text, CharClass wanted) {
  return std::all_of(text.begin(), text.end(),
                     [&](char c) { return (kClasses[static_cast<unsigned char>(c)] & wanted) != 0; });
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool equals_ignoring_case(std::string_view text, std::string_view lower_case) {
  return text.size() == lower_case.size() &&
         std::equal(text.begin(), text.end(), lower_case.begin(), [](char a, char b) { return lower(a) == b; });
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Takes the next part of a list with commas; empty parts are none.
std::string_view take_part(std::string_view* list) {
  const size_t comma = std::min(list->find(','), list->size());
  const auto part = trimmed(list->substr(0, comma));
  list->remove_prefix(std::min(comma + 1, list->size()));
  return part;
}

bool is_token_list(std::string_view list) {
  while (!list.empty())
    if (!all_of(take_part(&list), kToken)) return false;
  return true;
}

/// Fields that decide who calls, what is meant or how the body is read: two of them are two opinions.
constexpr std::string_view kOnce[] = {"authorization",   "content-encoding", "content-type",   "expect",
                                      "idempotency-key", "if-match",         "kaogong-tenant", "last-event-id"};

/// What the fields seen so far say about the message.
struct Reading {
  Head* head;
  bool host = false, length = false, transfer = false, close = false, keep_alive = false;
  uint8_t once = 0;

  std::optional<HeadFault> take(std::string_view name, std::string_view value);
  std::optional<HeadFault> finish();

 private:
  std::optional<HeadFault> take_length(std::string_view value);
  void take_connection(std::string_view value);
};
static_assert(std::size(kOnce) <= 8);

std::optional<HeadFault> Reading::take_length(std::string_view value) {
  if (length || value.empty() || value.size() > kLengthDigitsMax) return HeadFault::kContentLength;
  uint64_t number = 0;
  for (const char c : value) {
    if (c < '0' || c > '9') return HeadFault::kContentLength;
    number = number * 10 + static_cast<uint64_t>(c - '0');
  }
  length = true;
  head->framing = number > 0 ? Framing::kLength : Framing::kNone;
  head->length = number;
  return std::nullopt;
}

void Reading::take_connection(std::string_view value) {
  while (!value.empty()) {
    const auto option = take_part(&value);
    close = close || equals_ignoring_case(option, "close");
    keep_alive = keep_alive || equals_ignoring_case(option, "keep-alive");
  }
}

std::optional<HeadFault> Reading::take(std::string_view name, std::string_view value) {
  for (size_t i = 0; i < std::size(kOnce); ++i) {
    if (name != kOnce[i]) continue;
    const auto bit = static_cast<uint8_t>(1u << i);
    if ((once & bit) != 0) return HeadFault::kTwice;
    once |= bit;
  }
  if (name == "host") {
    if (host || value.empty() || !all_of(value, kHostChar)) return HeadFault::kHost;
    host = true;
  } else if (name == "content-length") {
    return take_length(value);
  } else if (name == "transfer-encoding") {
    if (transfer || !equals_ignoring_case(value, "chunked")) return HeadFault::kTransferEncoding;
    transfer = true;
  } else if (name == "connection" || name == "proxy-connection") {
    // Nothing here obeys Proxy-Connection; whoever does must not find two meanings in it.
    if (!is_token_list(value)) return HeadFault::kConnection;
    if (name == "connection") take_connection(value);
  } else if (name == "expect") {
    if (!equals_ignoring_case(value, "100-continue")) return HeadFault::kExpect;
    head->expects_continue = true;
  }
  return std::nullopt;
}

std::optional<HeadFault> Reading::finish() {
  if (!host && !head->http_1_0) return HeadFault::kHost;
  if (transfer) {
    if (length || head->http_1_0) return HeadFault::kTransferEncoding;
    head->framing = Framing::kChunked;
  }
  head->keep_alive = !close && (!head->http_1_0 || keep_alive);
  // HTTP/1.0 does not know it; without a body there is nothing to wait for.
  if (head->http_1_0 || head->framing == Framing::kNone) head->expects_continue = false;
  return std::nullopt;
}

std::optional<HeadFault> parse_request_line(std::string_view line, const HeadLimits& limits, Head* head) {
  const size_t space = line.find(' ');
  if (space == std::string_view::npos || space == 0) return HeadFault::kRequestLine;
  const auto method = line.substr(0, space);
  if (!all_of(method, kToken)) return HeadFault::kRequestLine;
  line.remove_prefix(space + 1);
  const size_t end = line.find(' ');
  if (end == std::string_view::npos) return HeadFault::kRequestLine;
  head->target = line.substr(0, end);
  const auto version = line.substr(end + 1);
  if (version == "HTTP/1.0") {
    head->http_1_0 = true;
  } else if (version != "HTTP/1.1") {
    const bool other = version.size() == 8 && version.starts_with("HTTP/") && version[6] == '.';
    return other ? HeadFault::kVersion : HeadFault::kRequestLine;
  }
  if (head->target.size() > limits.target_bytes_max) return HeadFault::kTargetTooLong;
  if (head->target.empty() || head->target[0] != '/' || !all_of(head->target, kTargetChar)) return HeadFault::kTarget;
  const auto known = method.size() <= kMethodBytesMax ? parse_method(method) : std::nullopt;
  if (!known) return HeadFault::kMethod;
  head->method = *known;
  return std::nullopt;
}

}  // namespace

const std::string_view* Head::find(std::string_view name) const {
  for (const auto& field : fields)
    if (field.name == name) return &field.value;
  return nullptr;
}

int status_of(HeadFault fault) {
  switch (fault) {
    case HeadFault::kTargetTooLong:
      return 414;
    case HeadFault::kExpect:
      return 417;
    case HeadFault::kTooManyFields:
    case HeadFault::kTooLarge:
      return 431;
    case HeadFault::kMethod:
      return 501;
    case HeadFault::kVersion:
      return 505;
    default:
      return 400;
  }
}

std::string_view to_text(HeadFault fault) {
  switch (fault) {
    case HeadFault::kLineEnd:
      return "A line of the header ends in something else than CR LF.";
    case HeadFault::kRequestLine:
      return "The request line is not 'METHOD target HTTP/1.1'.";
    case HeadFault::kMethod:
      return "The server does not know this method.";
    case HeadFault::kTarget:
      return "The target is not a path that begins with a slash, or a character in it must be percent-encoded.";
    case HeadFault::kTargetTooLong:
      return "The target is too long.";
    case HeadFault::kVersion:
      return "The server speaks HTTP/1.1 and HTTP/1.0.";
    case HeadFault::kFolded:
      return "A header line begins with a space.";
    case HeadFault::kFieldName:
      return "The name of a header field has a character that it must not have.";
    case HeadFault::kFieldValue:
      return "The value of a header field has a control character.";
    case HeadFault::kTooManyFields:
      return "There are too many header fields.";
    case HeadFault::kTooLarge:
      return "The header is too large.";
    case HeadFault::kHost:
      return "There must be one Host field with a host in it.";
    case HeadFault::kContentLength:
      return "Content-Length must be there once, as one number in digits.";
    case HeadFault::kTransferEncoding:
      return "Transfer-Encoding must be 'chunked', once, in HTTP/1.1, and without Content-Length.";
    case HeadFault::kConnection:
      return "Connection must be tokens with commas between them.";
    case HeadFault::kExpect:
      return "The server knows no expectation but 100-continue.";
    case HeadFault::kTwice:
      return "A header field that must be there once is there twice.";
  }
  return "";
}

std::optional<HeadFault> HeadEnd::look(std::string_view bytes, size_t* head_bytes) {
  *head_bytes = 0;
  while (seen_ < bytes.size()) {
    const auto* found = static_cast<const char*>(std::memchr(bytes.data() + seen_, '\n', bytes.size() - seen_));
    if (found == nullptr) {
      seen_ = bytes.size();
      break;
    }
    const auto at = static_cast<size_t>(found - bytes.data());
    if (at == 0 || bytes[at - 1] != '\r') return HeadFault::kLineEnd;
    if (at == 1) return HeadFault::kRequestLine;  // an empty line before the request
    seen_ = at + 1;
    if (at >= 3 && bytes[at - 2] == '\n') {
      *head_bytes = seen_;
      break;
    }
  }
  return std::nullopt;
}

std::optional<HeadFault> parse_head(std::span<char> text, const HeadLimits& limits, Head* head) {
  if (text.size() > limits.bytes_max) return HeadFault::kTooLarge;
  char* const end = text.data() + text.size();
  const auto line_end = [end](char* from) {
    return static_cast<char*>(std::memchr(from, '\r', static_cast<size_t>(end - from)));
  };
  char* at = text.data();
  char* stop = line_end(at);
  if (stop == nullptr || stop + 1 == end || stop[1] != '\n') return HeadFault::kLineEnd;
  if (const auto fault = parse_request_line({at, static_cast<size_t>(stop - at)}, limits, head)) return fault;
  Reading reading{head};
  for (at = stop + 2; at < end; at = stop + 2) {
    stop = line_end(at);
    if (stop == nullptr || stop + 1 == end || stop[1] != '\n') return HeadFault::kLineEnd;
    if (stop == at) return at + 2 == end ? reading.finish() : HeadFault::kLineEnd;
    if (*at == ' ' || *at == '\t') return HeadFault::kFolded;
    if (head->fields.size() == limits.fields_max) return HeadFault::kTooManyFields;
    char* colon = at;
    while (colon < stop && (kClasses[static_cast<unsigned char>(*colon)] & kToken) != 0) {
      *colon = lower(*colon);
      ++colon;
    }
    if (colon == at || colon == stop || *colon != ':') return HeadFault::kFieldName;
    const std::string_view name(at, static_cast<size_t>(colon - at));
    const std::string_view raw(colon + 1, static_cast<size_t>(stop - colon - 1));
    if (!all_of(raw, kValue)) return HeadFault::kFieldValue;
    const auto value = trimmed(raw);
    if (const auto fault = reading.take(name, value)) return fault;
    head->fields.push_back({name, value});
  }
  return HeadFault::kLineEnd;
}

}  // namespace kaogong::http
