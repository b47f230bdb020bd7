// Part of the inputs, for schemes in which no employee looks at another.
#pragma once

#include <cstddef>

#include "engine/column/inputs.h"

namespace kaogong::folder {

/// Makes `to` the employees [begin, end) of `from`, with their child rows and history. Lookups and parameters are moved
/// out of `from` by the first call and stay in `to`, which must be the same object for all parts.
void slice(column::Inputs* from, size_t begin, size_t end, column::Inputs* to);

}  // namespace kaogong::folder
