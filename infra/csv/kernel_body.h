// The loops of a kernel over any way to classify 64 bytes. Included by one source a kernel, which is compiled for its
// own instruction set: nothing here may be an inline function with external linkage.
#pragma once

#include <cstddef>
#include <cstdint>

#include "infra/csv/kernel.h"

namespace kaogong::csv {
namespace {

inline uint64_t low_bits(size_t count) { return count >= 64 ? ~uint64_t{0} : (uint64_t{1} << count) - 1; }

/// The delimiters of one chunk. `Chunk` has the masks quote, comma, newline, cr, nul, high, and prefix_xor().
template <class Chunk>
inline uint64_t delimiters_of(const Chunk& chunk, uint64_t inside, ScanState* state, uint64_t* newline_out) {
  const uint64_t quote = chunk.quote & inside, comma = chunk.comma & inside;
  const uint64_t newline = chunk.newline & inside, cr = chunk.cr & inside;
  *newline_out = newline;
  if (__builtin_expect((quote | cr | state->in_quote | state->after_cr | state->after_closing) == 0, 1)) {
    const uint64_t delimiter = comma | newline;
    state->after_delimiter = delimiter >> 63;
    return delimiter;
  }
  const uint64_t quoted =
      Chunk::prefix_xor(quote) ^ state->in_quote;  // an opening quote is inside, a closing one is not
  const uint64_t delimiter = (comma | newline) & ~quoted;
  const uint64_t opening = quote & quoted, closing = quote & ~quoted;
  const uint64_t bare = cr & ~quoted;
  const uint64_t may_open = ((delimiter | quote) << 1) | state->after_delimiter;
  const uint64_t after_closing = (closing << 1) | state->after_closing;
  const uint64_t after_cr = (bare << 1) | state->after_cr;
  const uint64_t wrong =
      (opening & ~may_open) | (after_closing & ~(comma | newline | cr | quote)) | (after_cr & ~newline);
  state->malformed |= (wrong & inside) != 0;
  state->in_quote = static_cast<uint64_t>(static_cast<int64_t>(quoted) >> 63);
  state->after_delimiter = (delimiter | quote) >> 63;
  state->after_closing = closing >> 63;
  state->after_cr = bare >> 63;
  *newline_out = newline & ~quoted;
  return delimiter;
}

template <class Chunk>
inline ScanCount scan_chunks(const char* text, size_t begin, size_t end, ScanState* state, uint32_t* ends,
                             uint32_t* record_ends, uint32_t* lines) {
  ScanState s = *state;
  uint64_t nul = 0, high = 0;
  size_t delimiters = 0, records = 0;
  for (size_t at = begin; at < end; at += 64) {
    const Chunk chunk(text + at);
    const uint64_t inside = low_bits(end - at);
    nul |= chunk.nul & inside;
    high |= chunk.high & inside;
    uint64_t record = 0;
    const uint64_t found = delimiters_of(chunk, inside, &s, &record);
    const uint64_t all_lines = chunk.newline & inside;
    while (record != 0) {
      const uint64_t up_to = record ^ (record - 1);  // the lowest bit and all below it
      record_ends[records] =
          static_cast<uint32_t>(delimiters + static_cast<size_t>(__builtin_popcountll(found & up_to)));
      lines[records] = s.lines + static_cast<uint32_t>(__builtin_popcountll(all_lines & up_to));
      ++records;
      record &= record - 1;
    }
    s.lines += static_cast<uint32_t>(__builtin_popcountll(all_lines));
    const size_t count = static_cast<size_t>(__builtin_popcountll(found));
    uint32_t* out = ends + delimiters;
    uint64_t rest = found;
    const uint32_t base = static_cast<uint32_t>(at);
    // Whole groups without a branch for each bit: what is written behind the last one is overwritten later.
    for (size_t written = 0; written < count; written += 8) {
      for (int i = 0; i < 8; ++i) {
        out[i] = base + static_cast<uint32_t>(__builtin_ctzll(rest | (uint64_t{1} << 63)));
        rest &= rest - 1;
      }
      out += 8;
    }
    delimiters += count;
  }
  s.has_nul |= nul != 0;
  s.has_high |= high != 0;
  *state = s;
  return {delimiters, records};
}

template <class Chunk>
inline size_t find_last_record_end(const char* text, size_t size, bool* malformed) {
  ScanState s;
  size_t last = 0;
  for (size_t at = 0; at < size; at += 64) {
    const Chunk chunk(text + at);
    uint64_t record = 0;
    delimiters_of(chunk, low_bits(size - at), &s, &record);
    if (record != 0) last = at + 64 - static_cast<size_t>(__builtin_clzll(record));
  }
  *malformed = s.malformed;
  return last;
}

}  // namespace
}  // namespace kaogong::csv
