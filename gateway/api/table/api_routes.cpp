#include "gateway/api/table/api_routes.h"

#include "gateway/api/audit/routes.h"
#include "gateway/api/calendar/routes.h"
#include "gateway/api/departments/routes.h"
#include "gateway/api/exports/routes.h"
#include "gateway/api/inputs/routes.h"
#include "gateway/api/keys/routes.h"
#include "gateway/api/ledgers/routes.h"
#include "gateway/api/openapi/routes.h"
#include "gateway/api/operations/routes.h"
#include "gateway/api/people/routes.h"
#include "gateway/api/results/routes.h"
#include "gateway/api/runs/routes.h"
#include "gateway/api/schemes/routes.h"
#include "gateway/api/score/routes.h"
#include "gateway/api/tenants/routes.h"
#include "gateway/api/webhooks/routes.h"

namespace kaogong::api {

void add_api_routes(http::RouteTable& routes) {
  add_openapi_routes(routes);
  add_tenants_routes(routes);
  add_keys_routes(routes);
  add_people_routes(routes);
  add_departments_routes(routes);
  add_calendar_routes(routes);
  add_schemes_routes(routes);
  add_ledgers_routes(routes);
  add_audit_routes(routes);
  add_inputs_routes(routes);
  add_runs_routes(routes);
  add_operations_routes(routes);
  add_results_routes(routes);
  add_exports_routes(routes);
  add_score_routes(routes);
  add_webhooks_routes(routes);
}

}  // namespace kaogong::api
