// Everything that was refused in one calculation, while reading and while computing, in one order.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tenants/runs/calculate.h"

namespace kaogong::runs {

struct RejectRow {
  std::string employee, file;
  uint64_t line = 0;
  std::string column, value, error_zh, error_en;
};

/// The rejects of a calculation, by the rows of its population; of one row first those of reading. What belongs to
/// nobody in the population comes last. Texts are made when they are asked for.
class RejectList {
 public:
  /// The calculation outlives it.
  explicit RejectList(const Calculated& calculated);

  /// Appends those of rows [begin, end) of the population.
  void append(size_t begin, size_t end, std::vector<RejectRow>* out) const;
  /// Appends those of nobody in the population.
  void append_of_nobody(std::vector<RejectRow>* out) const;

 private:
  RejectRow of_reading(const folder::Reject& reject) const;

  const Calculated& calculated_;
  std::vector<uint32_t> order_;  // places in the snapshot's rejects, by row; of nobody's last
};

}  // namespace kaogong::runs
