// The loops: each takes whole vectors of one morsel. Compiled once for every instruction set; `kernels()` gives the set
// for the machine. Every set computes the same integers.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/plan/graph.h"

namespace kaogong::plan {

/// One term of a sum: `coefficient * x[i]`.
struct Term {
  const void* x = nullptr;
  Physical physical = Physical::kI64;
  Int coefficient = 1;
};

/// Unsigned division of 64-bit numbers by a constant, by multiplication (Granlund and Montgomery 1994).
struct Magic {
  uint64_t divisor = 1, multiplier = 0;
  int shift = 0;
  bool add = false;
  static Magic of(uint64_t divisor);
  /// For round_constant32: 1 < divisor < 2^31.
  static Magic of32(uint32_t divisor);
};

/// What a loop works on. Pointers are to the vectors' first elements.
struct KernelArgs {
  void* out = nullptr;
  const void* a = nullptr;
  const void* b = nullptr;
  const void* c = nullptr;
  size_t n = 0;
  Int constant = 0;
  const Term* terms = nullptr;
  size_t term_count = 0;
  const void* table = nullptr;  // of the output's width (gather) or the input's (band)
  size_t table_size = 0;
  const Magic* magic = nullptr;
  const uint64_t* offsets = nullptr;  // segments: n + 1 positions
  uint64_t base = 0;                  // of offsets
  const uint32_t* parents = nullptr;  // scatter: parent of each child, absolute
  uint64_t parent_base = 0;
  size_t children = 0;
  uint8_t* overflow = nullptr;  // set to 1 where a 128-bit result does not fit
};

using Kernel = void (*)(const KernelArgs&);

struct Kernels {
  Kernel cast[5][5];                      // from, to (truncates)
  Kernel linear[5];                       // by output width (kI32, kI64, kI128); overflow checked in kI128
  Kernel mul128;                          // kI128 x kI128 -> kI128 (checked)
  Kernel mul_wide;                        // kI64 x kI64 -> kI128
  Kernel mul_to32[3][3], mul_to64[4][4];  // by the operands' widths
  Kernel min[5], max[5];
  Kernel compare[6][5];           // kEq … kGe of two vectors
  Kernel compare_constant[6][5];  // with `constant`
  Kernel logical_and, logical_or, logical_not;
  Kernel select[5];
  Kernel divide_constant[3][5][5];  // kRoundDiv, kFloorDiv, kCeilDiv; from, to; divisor in `constant`, magic for kI64
  Kernel round_constant32;          // kRoundDiv from and to kI32 with Magic::of32
  Kernel divide[3][5][5];
  Kernel band[5][2];         // value width; output kI8, kI32
  Kernel gather[2][5];       // index kI8, kI32; output width
  Kernel expand[5];          // out[i] = a[parents[i] - parent_base]
  Kernel segment_sum[5][2];  // to kI64, kI128
  Kernel segment_min[5], segment_max[5];
  Kernel scatter_sum[5][2];
  Kernel scatter_min[5], scatter_max[5];
  // Sums of fractions a / b (both kI64 or both kI128): [kI128][denominator] to kI128, checked.
  Kernel segment_fraction[2][2], scatter_fraction[2][2];
  /// ranks[k] = 1 + how many of keys[0, padded) are below keys[k], for k < n; keys are below 2^31.
  void (*rank_small)(const int32_t* keys, size_t padded, size_t n, int32_t* ranks);
};

const Kernels& kernels();

}  // namespace kaogong::plan
