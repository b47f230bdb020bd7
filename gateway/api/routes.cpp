#include "gateway/api/routes.h"

namespace kaogong::api {

http::Route reading(std::string_view pattern, std::string_view operation_id, std::optional<tenants::Scope> scope,
                    Handler handler) {
  http::Route route;
  route.method = http::Method::kGet;
  route.pattern = pattern;
  route.operation_id = operation_id;
  route.scope = scope;
  route.handler = handler;
  return route;
}

http::Route changing(http::Method method, std::string_view pattern, std::string_view operation_id, tenants::Scope scope,
                     Handler handler) {
  auto route = reading(pattern, operation_id, scope, handler);
  route.method = method;
  route.body = method == http::Method::kDelete ? http::BodyKind::kNone : http::BodyKind::kJson;
  route.needs_idempotency_key = true;
  return route;
}

}  // namespace kaogong::api
