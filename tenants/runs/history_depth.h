// How far back a scheme looks, so that no run reads more of the past than it needs.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/scheme/document.h"
#include "engine/scheme/period.h"

namespace kaogong::runs {

inline constexpr int32_t kHistoryPeriodsMax = 600;  // how far back history is read: as in a data folder

/// What a column of history may read of a run's past.
struct HistoryReach {
  scheme::PeriodKind kind = scheme::PeriodKind::kMonth;
  int32_t newest = 0;  // the index of the newest period that is read
  int32_t count = 0;   // so many periods, from `newest` back; 0: the column is never used
  bool while_unbroken =
      false;  // beyond `count_at_least` only a streak reads it: nothing behind a period without results
  int32_t count_at_least = 0;
};

/// One for each history column of the document, in its order. Periods finer than the run's own: all those inside it.
std::vector<HistoryReach> history_reach(const scheme::Document& document, scheme::Period run);

}  // namespace kaogong::runs
