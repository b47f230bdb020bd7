#include "tests/gateway/api/api_fixture.h"

#include <algorithm>

#include "tests/gateway/api/inputs/text_body.h"

namespace kaogong::api::test {

namespace {

class TextSink : public http::BodySink {
 public:
  bool write(std::string_view bytes) override {
    text += bytes;
    return true;
  }
  bool flush() override { return true; }
  std::string text;
};

std::string decoded(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::vector<http::Parameter> query_of(std::string_view text) {
  std::vector<http::Parameter> query;
  while (!text.empty()) {
    const auto end = std::min(text.find('&'), text.size());
    const auto one = text.substr(0, end);
    const auto equal = std::min(one.find('='), one.size());
    query.push_back({decoded(one.substr(0, equal)), decoded(one.substr(std::min(equal + 1, one.size())))});
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return query;
}

}  // namespace

std::string Answered::field(std::string_view name) const {
  for (const auto& one : fields)
    if (one.name == name) return one.value;
  return {};
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
  Answered answered{response.status, response.content_type, std::move(response.body), std::move(response.fields)};
  if (response.stream) {
    TextSink sink;
    response.stream(sink);
    answered.body = std::move(sink.text);
  }
  return answered;
}

}  // namespace kaogong::api::test
