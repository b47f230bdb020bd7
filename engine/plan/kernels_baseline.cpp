// The loops for any x86-64 machine.
#include <algorithm>
#include <bit>
#include <cstring>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/plan/kernels.h"

namespace kaogong::plan::kernels_baseline {
#include "engine/plan/kernels_loops.inc"

const Kernels& table() {
  static const Kernels kTable = make_kernels();
  return kTable;
}
}  // namespace kaogong::plan::kernels_baseline
