#include "tests/gateway/api/api_fixture.h"

#include <algorithm>

#include "tests/gateway/api/inputs/text_body.h"
#include "tests/gateway/api/request_text.h"

namespace kaogong::api::test {

std::string Answered::field(std::string_view name) const {
  if (name == "Cache-Control") return std::string(cache_control);
  return std::string(fields.find(name).value_or(""));
}

std::string Answered::at(std::string_view pointer) const {
  auto read = json::read(body);
  if (std::holds_alternative<json::ReadFault>(read)) return "no JSON";
  const auto& document = std::get<json::Document>(read);
  std::optional<json::Value> value = document.root();
  while (value && !pointer.empty()) {
    pointer.remove_prefix(1);
    const auto end = std::min(pointer.find('/'), pointer.size());
    const auto step = pointer.substr(0, end);
    pointer.remove_prefix(end);
    if (value->is(json::Kind::kArray)) {
      std::optional<json::Value> item;
      size_t index = 0;
      for (const auto one : value->items())
        if (std::to_string(index++) == step) item = one;
      value = item;
    } else {
      value = value->find(step);
    }
  }
  if (!value) return "none";
  switch (value->kind()) {
    case json::Kind::kNull:
      return "null";
    case json::Kind::kBoolean:
      return value->truth() ? "true" : "false";
    case json::Kind::kArray:
      return "[" + std::to_string(value->size()) + "]";
    case json::Kind::kObject:
      return "{}";
    default:
      return std::string(value->text());
  }
}

ApiTest::ApiTest()
    : services{settings,  database.clock, logger, tenants, registry, keys,    token_issuers, programs,     results,
               snapshots, builder,        steps,  cache,   hints,    nullptr, page_tokens,   known_callers} {
  as(tenants::AccessRole::kTenantAdmin);
}

void ApiTest::as(tenants::AccessRole role, std::string employee) {
  caller.role = role;
  caller.scopes = tenants::scopes_of(role);
  caller.employee = std::move(employee);
  caller.key_id = "kg_test_key";
  caller.actor = {"key:kg_test_key"};
}

Answered ApiTest::send(http::Method method, const std::string& target, const std::string& body,
                       std::vector<http::Field> fields) {
  const auto mark = std::min(target.find('?'), target.size());
  http::Request request;
  request.method = method;
  request.target = target;
  request.path = target.substr(0, mark);
  request.query = query_of(std::string_view(target).substr(std::min(mark + 1, target.size())));
  const auto match = routes.find(method, request.path);
  if (match.route == nullptr) {
    ADD_FAILURE() << "no route for " << target;
    return {};
  }
  const auto& route = *match.route;
  const bool may =
      !route.scope || caller.scopes.has(*route.scope) || (route.or_scope && caller.scopes.has(*route.or_scope));
  if (!may) return {403, {}, {}, {}};
  if (route.needs_idempotency_key &&
      std::none_of(fields.begin(), fields.end(), [](const auto& field) { return field.name == "idempotency-key"; }))
    fields.push_back({"idempotency-key", "test-" + std::to_string(++sent_)});
  request.fields = http::Fields(std::move(fields));
  TextBody stream(body, 4'096);
  if (route.body == http::BodyKind::kStream) {
    request.stream = &stream;
  } else {
    request.body = body;
  }
  Call call{request, route, match.values, services, caller, tenant, false, nullptr};
  auto response = route.handler(call);
  Answered answered{response.status, response.content_type, std::move(response.body), std::move(response.fields),
                    response.cache_control};
  if (response.stream) {
    TextSink sink;
    response.stream(sink);
    answered.body = std::move(sink.text);
  }
  return answered;
}

}  // namespace kaogong::api::test
