// Results and leaderboards through the cache. What a run came to never changes, and the names carry the result hash:
// the only thing that is asked of the database each time is which run counts.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "tenants/cache/sealed_cache.h"
#include "tenants/runs/effective.h"
#include "tenants/runs/queries.h"

namespace kaogong::cache {

inline constexpr std::chrono::hours kResultsLast{24};

/// The run whose results count for a scheme and a period.
struct PublishedRun {
  int64_t run = 0;
  std::string checksum;
};
/// Nothing: none is published.
std::optional<PublishedRun> published_run(tenants::TenantTransaction& transaction, std::string_view scheme_id,
                                          scheme::Period period);
/// The name that the result of an employee is kept under.
std::string result_name(std::string_view tenant, const PublishedRun& run, std::string_view employee);

/// The published result of an employee: as runs::effective_result of the published run, from the cache if it is there.
/// Nothing: nothing is published, or the employee has none.
tenants::Result<std::optional<runs::EffectiveResult>> published_result(const SealedCache& cache,
                                                                       tenants::TenantTransaction& transaction,
                                                                       std::string_view scheme_id,
                                                                       scheme::Period period,
                                                                       std::string_view employee);

/// The leaders of an output of a run that has results: as runs::leaders of its whole results, which are only read where
/// the cache has none.
tenants::Result<std::vector<runs::Leader>> leaders(const SealedCache& cache, tenants::TenantDatabase& database,
                                                   runs::EffectiveResults& results, const tenants::Tenant& tenant,
                                                   const tenants::Actor& actor, runs::RunId run,
                                                   std::string_view output, size_t count);

/// How a value is written; for tests of what must not be believed.
std::string to_bytes(const std::optional<runs::EffectiveResult>& result);
/// Nothing: the bytes are none.
std::optional<std::optional<runs::EffectiveResult>> result_of(std::string_view bytes);

}  // namespace kaogong::cache
