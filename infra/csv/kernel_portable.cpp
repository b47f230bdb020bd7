// The kernel for any machine: eight bytes at a time in ordinary registers.
#include <cstring>

#include "infra/csv/kernel_body.h"

namespace kaogong::csv {

namespace {

constexpr uint64_t kOnes = 0x0101010101010101ULL;

struct PortableChunk {
  uint64_t quote = 0, comma = 0, newline = 0, cr = 0, nul = 0, high = 0;

  explicit PortableChunk(const char* p) {
    for (int i = 0; i < 8; ++i) {
      uint64_t word = 0;
      std::memcpy(&word, p + 8 * i, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
      word = __builtin_bswap64(word);
#endif
      const int shift = 8 * i;
      quote |= equal(word, '"') << shift;
      comma |= equal(word, ',') << shift;
      newline |= equal(word, '\n') << shift;
      cr |= equal(word, '\r') << shift;
      nul |= equal(word, '\0') << shift;
      high |= gather(word & (kOnes << 7)) << shift;
    }
  }

  static uint64_t prefix_xor(uint64_t bits) {
    for (int shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
    return bits;
  }

 private:
  /// The top bit of each byte, as eight bits.
  static uint64_t gather(uint64_t tops) { return (tops >> 7) * 0x0102040810204080ULL >> 56; }
  static uint64_t equal(uint64_t word, char c) {
    const uint64_t x = word ^ (kOnes * static_cast<unsigned char>(c));
    const uint64_t low7 = kOnes * 0x7f;
    return gather(~(((x & low7) + low7) | x | low7));
  }
};

ScanCount scan(const char* text, size_t begin, size_t end, ScanState* state, uint32_t* ends, uint32_t* record_ends,
               uint32_t* lines) {
  return scan_chunks<PortableChunk>(text, begin, end, state, ends, record_ends, lines);
}

size_t last_record_end(const char* text, size_t size, bool* malformed) {
  return find_last_record_end<PortableChunk>(text, size, malformed);
}

}  // namespace

const Kernel kPortableKernel = {"portable", scan, last_record_end};

const Kernel& best_kernel() {
#if defined(__x86_64__)
  static const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("pclmul") &&
                               __builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt");
  return has_avx2 ? kAvx2Kernel : kPortableKernel;
#else
  return kPortableKernel;
#endif
}

}  // namespace kaogong::csv
