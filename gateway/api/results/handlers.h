// The handlers of this room; routes.cpp says which path each has.
#pragma once

#include "gateway/api/call.h"
#include "gateway/http/message.h"
#include "tenants/registry/result.h"
#include "tenants/runs/run.h"

namespace kaogong::api {

/// What a path names: `/v1/runs/{run}/…` any run, `/v1/results/{scheme}/{period}/…` the published one.
tenants::Result<runs::Run> named_run(Call& call);
/// The employee that the path names last. Precondition: it names one.
const std::string& named_employee(const Call& call);
/// Nothing: the caller may see the employee's results.
std::optional<http::Response> refuse_others(const Call& call, const std::string& employee);

// read_results.cpp
http::Response get_published_result(Call& call);
http::Response get_run_result(Call& call);
http::Response list_results(Call& call);
// questions.cpp
http::Response get_leaders(Call& call);
http::Response get_distribution(Call& call);
// personal.cpp
http::Response get_explanation(Call& call);
http::Response get_payslip(Call& call);

}  // namespace kaogong::api
