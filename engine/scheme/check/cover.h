// Search for a combination of cells that no rule covers.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "engine/scheme/check/cells.h"

namespace kaogong::scheme {

/// A box of cells: one set an input.
using Box = std::vector<const CellSet*>;

/// A budget of steps, shared by the searches of one table.
struct Budget {
  uint64_t left = 0;
  bool spent() const { return left == 0; }
  void take(uint64_t steps) { left = steps > left ? 0 : left - steps; }
};

/// Calls `found` with the cells of each input (all of one answer) for combinations inside `within` that none of
/// `covering` covers, until it returns false or the budget is spent.
void find_uncovered(const std::vector<TableInput>& inputs, const Box& within, const std::vector<Box>& covering,
                    Budget& budget, const std::function<bool(const std::vector<std::vector<uint32_t>>&)>& found);

}  // namespace kaogong::scheme
