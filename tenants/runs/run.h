// A run as the database has it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/scheme/period.h"
#include "infra/clock/clock.h"
#include "tenants/registry/result.h"
#include "tenants/registry/tenant_database.h"
#include "tenants/runs/run_sources.h"
#include "tenants/runs/state.h"

namespace kaogong::runs {

/// Who did a step, and when.
struct Step {
  std::string by;  // empty: nobody has
  std::optional<clock::Instant> at;
};

struct Run {
  RunId id{};
  RunKind kind = RunKind::kRegular;
  RunState state = RunState::kDraft;
  Priority priority = Priority::kMonthEnd;
  std::string scheme_id;
  scheme::Period period;
  RunId base{};  // of a correction: what it corrects; else 0
  std::vector<MonthSources> sources;
  std::string parameters;            // CSV `name,value`
  int64_t chunks = 0, people = 0;    // people: rows of the population
  std::vector<std::string> outputs;  // when it is calculated, as the four below
  std::optional<int64_t> rows, refused;
  std::string checksum;  // 32 bytes: the result hash
  std::string failure;
  RunId replaced{};  // what was published before it; 0: nothing
  std::optional<clock::Instant> expires_at;
  std::string request_hash;  // 32 bytes
  Step created, calculated, approved, published, ended;
  std::string ended_why;
};

/// How far a run is.
struct Progress {
  int64_t chunks = 0, claimed = 0, done = 0;
  int64_t people_done = 0;  // rows written and refused
  /// When the first chunk was written, and how many people were in it: what a rate is counted from.
  std::optional<clock::Instant> first_done_at;
  int64_t people_in_first = 0;
};

/// The run; kNotFound if there is none. `lock`: until COMMIT, against every other change.
tenants::Result<Run> read_run(tenants::TenantTransaction& transaction, RunId id, bool lock = false);
/// By the idempotency key it was made with; nothing if there is none.
std::optional<Run> find_run(tenants::TenantTransaction& transaction, std::string_view idempotency_key);

struct RunFilter {
  std::optional<std::string> scheme_id;
  std::optional<scheme::Period> period;
  std::optional<RunKind> kind;
  std::optional<RunState> state;
  std::optional<RunId> before;  // for the next page: the last one's id
  int64_t limit = 100;          // 1 to kRunsPageMax
};
inline constexpr int64_t kRunsPageMax = 1000;
/// Newest first.
std::vector<Run> list_runs(tenants::TenantTransaction& transaction, const RunFilter& filter);

Progress progress_of(tenants::TenantTransaction& transaction, RunId id);

/// The published run of a scheme and period; nothing if none is.
std::optional<RunId> published_run(tenants::TenantTransaction& transaction, std::string_view scheme_id,
                                   scheme::Period period);

/// The published runs of a scheme for periods inside a year, all of one kind of period (the finest that there is), in
/// order.
std::vector<Run> published_in_year(tenants::TenantTransaction& transaction, std::string_view scheme_id, int32_t year);

/// Texts, a line each, as a column keeps them, and back.
std::string join_lines(const std::vector<std::string>& lines);
std::vector<std::string> split_lines(std::string_view text);

}  // namespace kaogong::runs
