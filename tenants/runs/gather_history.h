// Earlier results into the history columns of a calculation.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/column/inputs.h"
#include "engine/scheme/document.h"
#include "tenants/runs/history_depth.h"
#include "tenants/runs/result_view.h"

namespace kaogong::runs {

/// An output of an earlier period, with the row of each employee of the calculation in it (kNoRow: none).
struct EarlierOutput {
  scheme::Period period;
  const column::Column* output = nullptr;
  const std::vector<uint32_t>* rows = nullptr;
};

/// Cuts each `while_unbroken` reach where a streak ends anyway: at the newest period in which `has` says that no column
/// of history has anything.
void cut_at_gap(std::vector<HistoryReach>* reaches, const std::function<bool(size_t column, int32_t back)>& has);

/// Makes a history column of `rows` employees. `earlier`: newest period first, each once. `sheet`: what was entered by
/// hand, of the same employees (null: nothing); it counts where an employee has no result of the period. Values are
/// converted to the declared type exactly; one that does not fit it (more decimals, out of bounds, not listed) is a
/// fault of its employee. Nothing is shared with `sheet` or `earlier` afterwards.
column::HistoryColumnData gather_history(const scheme::HistoryColumn& declared, const HistoryReach& reach, size_t rows,
                                         const std::vector<EarlierOutput>& earlier,
                                         const column::HistoryColumnData* sheet, std::vector<column::Fault>* faults);

}  // namespace kaogong::runs
