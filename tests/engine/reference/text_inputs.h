// A calculation's inputs from small CSV texts, for tests: no quotes, every value must be right.
#pragma once

#include <map>
#include <string>

#include "engine/column/inputs.h"
#include "engine/scheme/document.h"

namespace kaogong::tests {

/// Texts by file name without ".csv": "population", tables, lookups, "history", "parameters". Throws std::runtime_error
/// where a text is wrong.
column::Inputs text_inputs(const scheme::Document& document, const std::string& period,
                           const std::map<std::string, std::string>& texts);

}  // namespace kaogong::tests
