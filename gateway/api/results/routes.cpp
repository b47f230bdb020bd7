#include "gateway/api/results/routes.h"

#include "gateway/api/results/handlers.h"

namespace kaogong::api {

using http::Lane;
using tenants::Scope;

void add_results_routes(http::RouteTable& routes) {
  const auto get = [&](std::string_view pattern, std::string_view id, std::optional<Scope> or_scope, Lane lane,
                       http::Response (*handler)(Call&)) {
    routes.add({.pattern = pattern,
                .operation_id = id,
                .scope = Scope::kResultsRead,
                .or_scope = or_scope,
                .lane = lane,
                .handler = handler});
  };
  // Who may see only his own results sees what is published.
  get("/v1/results/{scheme}/{period}/{employee}", "getResult", Scope::kResultsOwn, Lane::kInteractive,
      get_published_result);
  get("/v1/results/{scheme}/{period}/{employee}/payslip", "getPayslip", Scope::kResultsOwn, Lane::kInteractive,
      get_payslip);
  get("/v1/results/{scheme}/{period}/{employee}/explanation", "explainResult", Scope::kResultsOwn, Lane::kBulk,
      get_explanation);
  get("/v1/results/{scheme}/{period}", "listResults", std::nullopt, Lane::kInteractive, list_results);
  get("/v1/leaders/{scheme}/{period}", "getLeaders", std::nullopt, Lane::kInteractive, get_leaders);
  get("/v1/distributions/{scheme}/{period}", "getDistribution", std::nullopt, Lane::kInteractive, get_distribution);
  // The same of any run that has results.
  get("/v1/runs/{run}/results", "listRunResults", std::nullopt, Lane::kInteractive, list_results);
  get("/v1/runs/{run}/results/{employee}", "getRunResult", std::nullopt, Lane::kInteractive, get_run_result);
  get("/v1/runs/{run}/results/{employee}/payslip", "getRunPayslip", std::nullopt, Lane::kInteractive, get_payslip);
  get("/v1/runs/{run}/results/{employee}/explanation", "explainRunResult", std::nullopt, Lane::kBulk, get_explanation);
  get("/v1/runs/{run}/leaders", "getRunLeaders", std::nullopt, Lane::kInteractive, get_leaders);
  get("/v1/runs/{run}/distribution", "getRunDistribution", std::nullopt, Lane::kInteractive, get_distribution);
}

}  // namespace kaogong::api
