#include "gateway/api/paging.h"

#include <algorithm>

#include "gateway/api/call.h"
#include "gateway/api/services.h"
#include "infra/crypto/encode.h"
#include "infra/crypto/hash.h"
#include "infra/crypto/seal.h"

namespace kaogong::api {

namespace {

void append_part(std::string* out, std::string_view part) {
  *out += std::to_string(part.size());
  *out += ':';
  *out += part;
}

/// What a list is: everything that says which one, but the page.
std::string list_of(const Call& call) {
  std::string list;
  append_part(&list, call.route.operation_id);
  append_part(&list, call.tenant ? std::string_view(call.tenant->id().text()) : std::string_view());
  for (const auto& value : call.values) append_part(&list, value);
  auto query = call.request.query;
  std::erase_if(query,
                [](const auto& parameter) { return parameter.name == "page_token" || parameter.name == "page_size"; });
  std::sort(query.begin(), query.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  for (const auto& parameter : query) {
    append_part(&list, parameter.name);
    append_part(&list, parameter.value);
  }
  return list;
}

}  // namespace

PageTokens::PageTokens(std::string_view key) : key_(crypto::view(crypto::hmac_sha256(key, "page tokens"))) {}

std::string PageTokens::seal(std::string_view what, std::string_view place) const {
  return crypto::to_base64url(crypto::seal(key_, what, place));
}

std::optional<std::string> PageTokens::open(std::string_view what, std::string_view token) const {
  const auto bytes = crypto::from_base64url(token);
  if (!bytes) return std::nullopt;
  return crypto::unseal(key_, what, *bytes);
}

Page read_page(Query& query, const Call& call, int64_t size, int64_t size_max) {
  Page page;
  page.size = query.whole("page_size", 1, size_max).value_or(size);
  const auto token = query.text("page_token", kPageTokenBytesMax);
  if (!token) return page;
  auto place = call.services.page_tokens.open(list_of(call), *token);
  if (place) {
    page.after = *std::move(place);
  } else {
    query.fault("page_token",
                "is not one of this list: take next_page_token of the page before, with the same parameters");
  }
  return page;
}

void write_next_page(json::Writer& writer, const Call& call, const std::optional<std::string>& place) {
  writer.name("next_page_token");
  if (place) {
    writer.value(call.services.page_tokens.seal(list_of(call), *place));
  } else {
    writer.null();
  }
}

}  // namespace kaogong::api
