// A column of a plan from its declaration alone.
#pragma once

#include "tenants/generate/plan.h"

namespace kaogong::generate {

/// `numbers`: how many different names an open string has.
ColumnPlan default_column(const scheme::Named& declared, Plan* plan, uint32_t numbers);

/// A literal of a document (empty: null) as a cell.
Cell literal_cell(std::string_view text, const Format& format, Symbols* symbols);

}  // namespace kaogong::generate
