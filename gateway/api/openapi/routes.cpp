#include "gateway/api/openapi/routes.h"

#include <memory>
#include <mutex>

#include "gateway/api/answer.h"
#include "gateway/api/openapi/document.h"
#include "gateway/api/openapi/fragments.h"
#include "gateway/api/openapi/problems.h"
#include "gateway/api/routes.h"

namespace kaogong::api {

namespace {

using http::Response;

/// Made once, by whoever asks first.
struct Made {
  std::once_flag once;
  std::string text;
};

/// Nothing of the page comes from elsewhere, and nothing of it goes there.
Response page(Call& call, std::string_view text, std::string_view type) {
  auto response = tagged(call.request, text);
  if (!response.content_type.empty()) response.content_type = type;
  response.fields.add("Content-Security-Policy",
                      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
                      "base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  response.fields.add("X-Content-Type-Options", "nosniff");
  return response;
}

Response html(Call& call) { return page(call, openapi_viewer().html, "text/html; charset=utf-8"); }
Response script(Call& call) { return page(call, openapi_viewer().script, "text/javascript; charset=utf-8"); }
Response style(Call& call) { return page(call, openapi_viewer().style, "text/css; charset=utf-8"); }

Response get_problem(Call& call) {
  for (const auto& kind : problem_kinds()) {
    if (kind.name != call.values[0]) continue;
    json::Writer w;
    w.begin_object().member("type", "/problems/" + std::string(kind.name)).member("title", kind.title);
    w.member("status", kind.status).member("about", about(kind.code)).end_object();
    return tagged(call.request, w.take());
  }
  return problem(ProblemCode::kNotFound, "there is no problem of this type");
}

void add(http::RouteTable& routes, std::string_view pattern, std::string_view id,
         std::function<Response(Call&)> handler) {
  auto route = reading(pattern, id, std::nullopt, nullptr);
  route.access = http::Access::kPublic;
  route.handler = std::move(handler);
  routes.add(std::move(route));
}

}  // namespace

void add_openapi_routes(http::RouteTable& routes) {
  const auto made = std::make_shared<Made>();
  add(routes, "/openapi.json", "getOpenapi", [made, &routes](Call& call) {
    std::call_once(made->once, [&] { made->text = openapi_document(routes); });
    return tagged(call.request, made->text);
  });
  add(routes, "/docs", "getDocs", html);
  add(routes, "/docs/viewer.js", "getDocsScript", script);
  add(routes, "/docs/viewer.css", "getDocsStyle", style);
  add(routes, "/problems/{problem}", "getProblem", get_problem);
}

}  // namespace kaogong::api
