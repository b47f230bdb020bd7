// The kernel for AVX2 and carry-less multiplication. This source alone is compiled for them.
#include "infra/csv/kernel_body.h"

#if defined(__x86_64__)
#include <immintrin.h>

namespace kaogong::csv {

namespace {

struct Avx2Chunk {
  uint64_t quote, comma, newline, cr, nul, high;

  explicit Avx2Chunk(const char* p) {
    const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
    const __m256i top = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p + 32));
    quote = equal(low, top, '"');
    comma = equal(low, top, ',');
    newline = equal(low, top, '\n');
    cr = equal(low, top, '\r');
    nul = equal(low, top, '\0');
    high = bits(low, top);
  }

  static uint64_t prefix_xor(uint64_t mask) {
    const __m128i product =
        _mm_clmulepi64_si128(_mm_set_epi64x(0, static_cast<long long>(mask)), _mm_set1_epi8('\xFF'), 0);
    return static_cast<uint64_t>(_mm_cvtsi128_si64(product));
  }

 private:
  static uint64_t bits(__m256i low, __m256i top) {
    return static_cast<uint32_t>(_mm256_movemask_epi8(low)) |
           (static_cast<uint64_t>(static_cast<uint32_t>(_mm256_movemask_epi8(top))) << 32);
  }
  static uint64_t equal(__m256i low, __m256i top, char c) {
    const __m256i wanted = _mm256_set1_epi8(c);
    return bits(_mm256_cmpeq_epi8(low, wanted), _mm256_cmpeq_epi8(top, wanted));
  }
};

ScanCount scan(const char* text, size_t begin, size_t end, ScanState* state, uint32_t* ends, uint32_t* record_ends,
               uint32_t* lines) {
  return scan_chunks<Avx2Chunk>(text, begin, end, state, ends, record_ends, lines);
}

size_t last_record_end(const char* text, size_t size, bool* malformed) {
  return find_last_record_end<Avx2Chunk>(text, size, malformed);
}

}  // namespace

const Kernel kAvx2Kernel = {"avx2", scan, last_record_end};

}  // namespace kaogong::csv
#endif
