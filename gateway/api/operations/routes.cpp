#include "gateway/api/operations/routes.h"

#include "gateway/api/answer.h"
#include "gateway/api/body.h"
#include "gateway/api/operations/events.h"
#include "gateway/api/operations/operation.h"
#include "gateway/api/runs/run_json.h"
#include "gateway/api/services.h"

namespace kaogong::api {

namespace {

http::Response get_operation(Call& call) {
  Query query(call.request);
  if (auto wrong = query.problem()) return *std::move(wrong);
  const auto id = run_in_path(call);
  if (!id) return problem(id.failure());
  const auto operation = read_operation(call.services.database, *call.tenant, call.caller.actor, *id);
  if (!operation) return problem(operation.failure());
  json::Writer writer;
  write_operation(writer, *operation, call.services.clock.now());
  auto response = answer(200, writer);
  if (!operation->is_done()) response.fields.add("Retry-After", "1");
  return response;
}

}  // namespace

void add_operations_routes(http::RouteTable& routes) {
  routes.add({.pattern = "/v1/operations/{operation}",
              .operation_id = "getOperation",
              .scope = tenants::Scope::kRunsRead,
              .handler = get_operation});
  routes.add({.pattern = "/v1/operations/{operation}/events",
              .operation_id = "watchOperation",
              .scope = tenants::Scope::kRunsRead,
              .lane = http::Lane::kWatch,
              .handler = operation_events});
}

}  // namespace kaogong::api
