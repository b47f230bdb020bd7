// The loops for machines with AVX2 and BMI2.
#include <algorithm>
#include <bit>
#include <cstring>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/plan/kernels.h"

namespace kaogong::plan::kernels_avx2 {
#include "engine/plan/kernels_loops.inc"

const Kernels& table() {
  static const Kernels kTable = make_kernels();
  return kTable;
}
}  // namespace kaogong::plan::kernels_avx2
