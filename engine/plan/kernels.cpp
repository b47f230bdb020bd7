#include "engine/plan/kernels.h"

#include <bit>

namespace kaogong::plan {

namespace kernels_baseline {
const Kernels& table();
}
namespace kernels_avx2 {
const Kernels& table();
}

const Kernels& kernels() {
#if defined(__x86_64__)
  static const bool kAvx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
  if (kAvx2) return kernels_avx2::table();
#endif
  return kernels_baseline::table();
}

Magic Magic::of32(uint32_t divisor) {
  Magic magic;
  magic.divisor = divisor;
  magic.shift = 31 + (32 - std::countl_zero(divisor - 1));
  magic.multiplier = ((uint64_t{1} << magic.shift) + divisor - 1) / divisor;
  return magic;
}

Magic Magic::of(uint64_t divisor) {
  // Round-up method: m = ceil(2^(64+s) / d) with s = ceil(log2 d) is exact for all 64-bit n; it may need 65 bits.
  Magic magic;
  magic.divisor = divisor;
  if (std::has_single_bit(divisor)) {
    // d = 2^s: n * 2^63 >> 64 is n >> 1; d = 1 is handled by the caller.
    const int bits = std::countr_zero(divisor);
    magic.multiplier = uint64_t{1} << 63;
    magic.shift = bits - 1;
    return magic;
  }
  const int log = 64 - std::countl_zero(divisor - 1);
  const unsigned __int128 one = 1;
  // floor(2^64 * (2^log - d) / d) + 1 is the multiplier less 2^64.
  const unsigned __int128 proper = ((one << 64) * ((one << log) - divisor)) / divisor + 1;
  // Numbers below 2^63 + d (all that the loops pass) do with 64 bits more often: try the smaller shift first.
  for (int s = 0; s <= log; ++s) {
    const unsigned __int128 power = one << (64 + (s < 63 ? s : 63));
    const unsigned __int128 m = power / divisor + 1;
    const unsigned __int128 error = m * divisor - power;  // 0 < error <= divisor
    // Exact for n < 2^64 / … : n * error < 2^(64+s) for every n <= 2^63 + divisor / 2 + 1.
    const unsigned __int128 most = (one << 63) + divisor / 2 + 1;
    if (m < (one << 64) && error <= (power - 1) / most) {
      magic.multiplier = static_cast<uint64_t>(m);
      magic.shift = s;
      return magic;
    }
  }
  magic.add = true;
  magic.multiplier = static_cast<uint64_t>(proper);
  magic.shift = log - 1;
  return magic;
}

}  // namespace kaogong::plan
