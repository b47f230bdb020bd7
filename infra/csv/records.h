// The records of a block, as runs of positions: one matrix of field ends, so that a column can be read in one loop.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "infra/csv/block_reader.h"
#include "infra/csv/fault.h"
#include "infra/csv/kernel.h"

namespace kaogong::csv {

/// Consecutive records with the same number of fields; or one record with a fault. Lives until the scanner's next call.
struct Records {
  const char* text = nullptr;
  const uint32_t* ends = nullptr;   // where field c of record i ends: ends[i * fields + c]; ends[-1] is there, too
  const uint32_t* lines = nullptr;  // line feeds of the block up to the end of record i; lines[-1] is there, too
  size_t count = 0;
  size_t fields = 0;  // of a faulty record: those that could be told apart
  FaultKind fault = FaultKind::kNone;
  size_t fault_fields = 0;  // kColumnCount: how many there are

  /// A field as written: with its quotes, without the line's carriage return.
  std::string_view raw(size_t record, size_t field) const {
    const uint32_t* end = ends + (record * fields + field);
    const uint32_t begin = end[-1] + 1;
    uint32_t stop = *end;
    if (stop > begin && text[stop] == '\n' && text[stop - 1] == '\r') --stop;
    return {text + begin, stop - begin};
  }
  /// A field's value; `scratch` holds it where quotes had to be undoubled.
  std::string_view value(size_t record, size_t field, std::string* scratch) const;
  /// Lines of the block before the record.
  uint32_t lines_before(size_t record) const { return *(lines + record - 1); }
  /// The text of record 0, at most `bytes_max` of it.
  std::string_view record_text(size_t bytes_max) const;
};

/// A field without its quotes; `scratch` holds it where quotes had to be undoubled.
std::string_view unquote(std::string_view raw, std::string* scratch);

/// Finds the records of one block after another. Not thread-safe; one for each thread. Empty lines are skipped.
class RecordScanner {
 public:
  /// `fields`: how many each record must have.
  RecordScanner(size_t fields, Limits limits, const Kernel& kernel = best_kernel());

  /// Begins with a block, which must outlive the calls of next().
  void begin(const Block& block);
  /// The next run of records or faulty record; false at the end of the block.
  bool next(Records* out);
  /// Lines of the whole block. Precondition: next() returned false.
  uint64_t block_lines() const { return block_lines_; }

 private:
  bool next_fast(Records* out);
  bool next_slow(Records* out);
  bool next_oversized(Records* out);
  void scan_batch();
  void compact();
  void reserve_delimiters(size_t count);
  bool is_empty_line(const uint32_t* ends) const;
  FaultKind size_fault(const uint32_t* ends, size_t fields) const;

  const size_t fields_;
  const Limits limits_;
  const Kernel& kernel_;
  const Block* block_ = nullptr;
  enum class Mode : uint8_t { kFast, kSlow, kOversized, kDone } mode_ = Mode::kDone;
  ScanState state_;
  size_t position_ = 0;      // the next byte to scan
  size_t record_begin_ = 0;  // of the first record that was not given out
  size_t delimiters_ = 0, records_ = 0, cursor_ = 0;
  size_t capacity_ = 0;
  // Each with one entry before the first.
  std::unique_ptr<uint32_t[]> ends_, lines_;
  std::unique_ptr<uint32_t[]> record_ends_;
  uint64_t block_lines_ = 0;
};

/// Takes the header, the first record of the file's first block, out of it. Errors: the fault of its form, or
/// kColumnCount for more than kFieldsMax columns. `*lines`: how many lines it has.
FaultKind take_header(Block* block, const Limits& limits, std::vector<std::string>* names, uint64_t* lines);

}  // namespace kaogong::csv
