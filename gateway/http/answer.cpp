#include "gateway/http/answer.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace kaogong::http {

namespace {

/// Fields of the message itself, which a handler has no say in.
constexpr std::string_view kOwn[] = {"cache-control", "connection", "content-encoding",  "content-length",
                                     "content-type",  "date",       "transfer-encoding", "keep-alive",
                                     "trailer",       "upgrade",    "x-request-id"};

constexpr RefusalKind kRefusals[] = {
    {400, "malformed_request", "The request is not as HTTP has it"},
    {404, "not_found", "There is no such thing"},
    {405, "method_not_allowed", "The method is not allowed here"},
    {408, "request_timeout", "The request did not come in time"},
    {413, "too_large", "The body is too large"},
    {414, "target_too_long", "The target is too long"},
    {415, "unsupported_media_type", "The body's type is not taken here"},
    {417, "expectation_failed", "What is expected is not done here"},
    {431, "header_too_large", "The header is too large"},
    {500, "internal", "Something went wrong here"},
    {501, "method_unknown", "The method is not known here"},
    {503, "unavailable", "Not possible at the moment"},
    {505, "version_unknown", "This version of HTTP is not spoken here"},
};

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_';
  });
}

bool is_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) || c == '\t'; });
}

void append_field(std::string_view name, std::string_view value, std::string* out) {
  *out += name;
  *out += ": ";
  *out += value;
  *out += "\r\n";
}

}  // namespace

std::string_view reason_phrase(int status) {
  switch (status) {
    case 100:
      return "Continue";
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 206:
      return "Partial Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 411:
      return "Length Required";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 416:
      return "Range Not Satisfiable";
    case 417:
      return "Expectation Failed";
    case 422:
      return "Unprocessable Content";
    case 423:
      return "Locked";
    case 428:
      return "Precondition Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Status";
  }
}

std::span<const RefusalKind> refusal_kinds() { return kRefusals; }

Response refusal(int status, std::string_view detail) {
  const auto* const kind =
      std::find_if(std::begin(kRefusals), std::end(kRefusals), [&](const auto& one) { return one.status == status; });
  if (kind == std::end(kRefusals)) std::abort();
  Response response;
  response.status = status;
  response.content_type = "application/problem+json";
  response.body = "{\"type\":\"/problems/";
  response.body += kind->name;
  response.body += "\",\"title\":\"";
  response.body += kind->title;
  response.body += "\",\"status\":";
  append_number(static_cast<uint64_t>(status), &response.body);
  response.body += ",\"detail\":\"";
  response.body += detail;
  response.body += "\"}";
  return response;
}

Response refusal_for_now(int status, std::string_view detail, int retry_after_s) {
  Response response = refusal(status, detail);
  response.fields.add("retry-after", std::to_string(retry_after_s));
  return response;
}

bool may_have_body(int status) { return status >= 200 && status != 204 && status != 304; }

bool is_sendable(const Response& response) {
  if (response.status < 200 || response.status > 599 || !is_value(response.content_type)) return false;
  const auto fields = response.fields.all();
  return response.fields.whole() && std::all_of(fields.begin(), fields.end(), [](const auto& field) {
           return is_token(field.name) && is_value(field.value) &&
                  std::none_of(std::begin(kOwn), std::end(kOwn),
                               [&](std::string_view own) { return same_field_name(field.name, own); });
         });
}

void append_number(uint64_t number, std::string* out) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, number);
  out->append(digits, static_cast<size_t>(end.ptr - digits));
}

void append_head(const Response& response, const Envelope& envelope, std::string* out) {
  *out += "HTTP/1.1 ";
  append_number(static_cast<uint64_t>(response.status), out);
  *out += ' ';
  *out += reason_phrase(response.status);
  *out += "\r\n";
  append_field("date", envelope.date, out);
  if (!envelope.request_id.empty()) append_field("x-request-id", envelope.request_id, out);
  const bool has_body = may_have_body(response.status);
  if (has_body && !response.content_type.empty()) {
    append_field("content-type", response.content_type, out);
    *out += "x-content-type-options: nosniff\r\n";
    if (is_compressible(response.content_type)) *out += "vary: accept-encoding\r\n";
  }
  if (envelope.coding != Coding::kIdentity) append_field("content-encoding", to_text(envelope.coding), out);
  append_field("cache-control", response.cache_control, out);
  *out += response.fields.lines();
  if (has_body && envelope.body_bytes) {
    *out += "content-length: ";
    append_number(*envelope.body_bytes, out);
    *out += "\r\n";
  } else if (has_body && !envelope.http_1_0) {
    *out += "transfer-encoding: chunked\r\n";
  }
  if (!envelope.keep_alive) {
    *out += "connection: close\r\n";
  } else if (envelope.http_1_0) {
    *out += "connection: keep-alive\r\n";
  }
  *out += "\r\n";
}

}  // namespace kaogong::http
