// The innermost loops over CSV bytes, one set of functions an instruction set, chosen when the program runs.
#pragma once

#include <cstddef>
#include <cstdint>

namespace kaogong::csv {

/// What goes from one scan to the next inside one block.
struct ScanState {
  uint64_t in_quote = 0;         // all ones inside a quoted field
  uint64_t after_delimiter = 1;  // 1: the byte before was a delimiter, a quote, or there was none
  uint64_t after_closing = 0;    // 1: the byte before was a closing quote
  uint64_t after_cr = 0;         // 1: the byte before was a carriage return outside quotes
  uint32_t lines = 0;            // line feeds seen, quoted ones too
  bool malformed = false;  // quotes or carriage returns that RFC 4180 does not allow: what was found is worth nothing
  bool has_nul = false;
  bool has_high = false;  // bytes that are not ASCII
};

struct ScanCount {
  size_t delimiters = 0;
  size_t records = 0;
};

struct Kernel {
  const char* name;
  /// Finds the delimiters (commas and line feeds outside quotes) in text[begin, end). Writes their positions to `ends`,
  /// for each record's end how many delimiters of this call there are up to it to `record_ends`, and `state.lines`
  /// after it to `lines`. May write 64 entries more than it counts to `ends`; reads up to 63 bytes after `end`.
  ScanCount (*scan)(const char* text, size_t begin, size_t end, ScanState* state, uint32_t* ends, uint32_t* record_ends,
                    uint32_t* lines);
  /// Where the last complete record of text[0, size), which begins with a record, ends; 0: nowhere. `*malformed`: as in
  /// ScanState; the answer is then worth nothing.
  size_t (*last_record_end)(const char* text, size_t size, bool* malformed);
};

extern const Kernel kPortableKernel;
#if defined(__x86_64__)
extern const Kernel kAvx2Kernel;
#endif

/// The fastest one that this machine can run.
const Kernel& best_kernel();

}  // namespace kaogong::csv
