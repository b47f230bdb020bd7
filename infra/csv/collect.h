// Reads a text the fast way into what the plain splitter gives: for tests and the fuzz target.
#pragma once

#include <string_view>
#include <vector>

#include "infra/csv/kernel.h"
#include "infra/csv/limits.h"
#include "infra/csv/reference.h"

namespace kaogong::csv {

/// All records of a text without header. Reads it from a file without a name.
std::vector<reference::Record> collect(std::string_view text, size_t fields, Limits limits, const Kernel& kernel);

}  // namespace kaogong::csv
