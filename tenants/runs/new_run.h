// What somebody asks for when a run is made.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "engine/scheme/period.h"
#include "tenants/runs/state.h"

namespace kaogong::runs {

struct NewRun {
  RunKind kind = RunKind::kRegular;
  std::string scheme_id;
  scheme::Period period;
  std::optional<int32_t> version;                   // nothing: the latest that is published
  std::optional<int64_t> snapshot;                  // nothing: the inputs as they are now are frozen first
  std::string parameters;                           // CSV `name,value` with its header; empty: as entered
  std::map<std::string, std::string> history_from;  // column → scheme, where several schemes have such an output
  Priority priority = Priority::kMonthEnd;
  bool start = true;            // else it stays a draft until it is started
  std::string idempotency_key;  // empty: none; the same key with another request is a conflict
  std::chrono::seconds preview_lasts = std::chrono::hours(24);
  /// Of a correction, where an earlier period is being corrected too and is not published yet: the runs that count
  /// instead of what is published for their periods.
  std::vector<RunId> instead;
};

inline constexpr size_t kIdempotencyKeyBytesMax = 200;
inline constexpr size_t kParametersBytesMax = size_t{1} << 20;
inline constexpr int64_t kRunChunksMax = 100'000;

/// SHA-256 of a request, so that a repeated key is known to mean the same.
std::string request_hash(const NewRun& request);

}  // namespace kaogong::runs
