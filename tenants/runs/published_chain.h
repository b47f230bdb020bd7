// What is published, for those who read one employee's result without a transaction object at hand: the statements, and
// what their rows mean.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "infra/postgres/limits.h"
#include "infra/postgres/rows.h"
#include "tenants/runs/queries.h"

namespace kaogong::runs {

/// One run of what counts for a scheme and a period: the published one, then, if that is a correction, what it
/// corrects.
struct ChainLink {
  RunId run{};
  bool is_correction = false;
  std::vector<std::string> outputs;
  std::string checksum;
};
using Chain = std::vector<ChainLink>;
/// Longer chains are not read this way.
inline constexpr size_t kChainLinksMax = postgres::kPipelineQueriesMax;

/// The statement that gives the chain; $1: the scheme's id, $2: the period as text.
std::string chain_sql(const tenants::Tenant& tenant);
/// What it gave. Empty: nothing is published. More than kChainLinksMax links: it goes on. Throws postgres::Error for
/// rows of another statement.
Chain chain_of(const postgres::Rows& rows);

/// The statement that gives the page of a run that an employee is in; $1: the run, $2: the employee.
std::string page_sql(const tenants::Tenant& tenant);
/// What counts of an employee, from the pages of the chain's runs, in their order. Nothing: he has none. Failures:
/// kInternal (a page is damaged), kConflict (the chain is too long).
tenants::Result<std::optional<EffectiveResult>> effective_result_of(const Chain& chain,
                                                                    const std::vector<postgres::Rows>& pages,
                                                                    std::string_view employee);

}  // namespace kaogong::runs
