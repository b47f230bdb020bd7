// What a run needs before it can be bound: parameters, lookups with their computed columns, groups of child rows.
#pragma once

#include <deque>
#include <optional>
#include <string>

#include "engine/plan/bind.h"

namespace kaogong::plan {

/// Owns what BindInput points to.
struct Prepared {
  std::deque<std::vector<column::Column>> lookup_columns;
  BindInput input;
  std::string failure;  // not empty: the run cannot be (a parameter is missing or wrong)
};

/// Fills `prepared->input` for a run over `inputs`.
void prepare(const scheme::Document& document, const column::Inputs& inputs, Prepared* prepared);

}  // namespace kaogong::plan
