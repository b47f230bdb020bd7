#include "gateway/api/answer.h"

#include "infra/crypto/encode.h"
#include "infra/crypto/hash.h"

namespace kaogong::api {

namespace {

constexpr size_t kTagBytes = 12;  // 96 bits: no two versions of one thing meet

/// Whether a list of tags has one; weak tags are the same for reading, never for changing.
bool has_tag(std::string_view list, std::string_view tag, bool weak_too) {
  while (!list.empty()) {
    const size_t comma = std::min(list.find(','), list.size());
    auto item = list.substr(0, comma);
    list.remove_prefix(std::min(comma + 1, list.size()));
    while (!item.empty() && (item.front() == ' ' || item.front() == '\t')) item.remove_prefix(1);
    while (!item.empty() && (item.back() == ' ' || item.back() == '\t')) item.remove_suffix(1);
    if (weak_too && item.starts_with("W/")) item.remove_prefix(2);
    if (item == "*" || item == tag) return true;
  }
  return false;
}

}  // namespace

http::Response answer(int status, std::string json) {
  http::Response response;
  response.status = status;
  response.content_type = "application/json";
  response.body = std::move(json);
  return response;
}

void write_labels(json::Writer& writer, std::string_view name, const scheme::Labels& labels) {
  writer.name(name).begin_object().member("zh", labels.zh).member("en", labels.en).end_object();
}

http::Response no_content() {
  http::Response response;
  response.status = 204;
  return response;
}

void write_fault(json::Writer& writer, const tenants::LineAnswer& fault) {
  writer.member("column", fault.column).member("value", fault.value);
  write_labels(writer, "error", fault.error);
}

std::string etag_of(std::string_view content) {
  return "\"" + crypto::to_base64url(crypto::view(crypto::sha256(content)).substr(0, kTagBytes)) + "\"";
}

http::Response tagged(const http::Request& request, std::string_view json) {
  return tagged(request.fields.find("if-none-match"), etag_of(json), json);
}

http::Response tagged(const std::string* if_none_match, std::string_view tag, std::string_view json,
                      http::AnswerFields fields) {
  http::Response response;
  if (if_none_match != nullptr && has_tag(*if_none_match, tag, true)) {
    response.status = 304;
  } else {
    response.content_type = "application/json";
    response.body = json;
  }
  // May be kept, and must be asked for each time.
  response.cache_control = "private, no-cache";
  response.fields = std::move(fields);
  response.fields.add("ETag", tag);
  return response;
}

std::optional<http::Response> check_if_match(const http::Request& request, std::string_view current) {
  const auto* wanted = request.fields.find("if-match");
  if (wanted == nullptr)
    return problem(ProblemCode::kPreconditionRequired,
                   "send If-Match with the ETag that a GET of this gave, so that no change of others is lost");
  if (has_tag(*wanted, current, false)) return std::nullopt;
  return problem(ProblemCode::kPreconditionFailed, "it was changed since: GET it again");
}

}  // namespace kaogong::api
