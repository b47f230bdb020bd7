// One column of a file: texts of a run of records to stored values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/column/column.h"
#include "infra/csv/records.h"
#include "tenants/folder/chunk.h"

namespace kaogong::folder {

/// A closed list of strings, found by their bytes.
class ClosedList {
 public:
  explicit ClosedList(const std::vector<std::string>& values);
  /// The value's place in the list; -1: it is not there. Up to 16 bytes from `text` on may be read.
  int32_t find(const char* text, size_t size) const;

 private:
  struct Slot {
    uint64_t low = 0, high = 0;
    int32_t code = -1;
    uint32_t size = 0;
  };
  static Slot key_of(const char* text, size_t size);
  static size_t hash_of(const Slot& key);
  std::vector<Slot> slots_;
  std::vector<std::string> values_;
};

/// Immutable; used by many threads.
class ColumnParser {
 public:
  /// `file` and `index`: which column of which file of the folder's spec.
  ColumnParser(const ColumnSpec& spec, uint16_t file, uint16_t index);

  column::Physical physical() const { return physical_; }
  /// Reads field `field` of every record of a run behind the chunk's row `first_row`. `out` must have room.
  void parse(const csv::Records& records, size_t field, size_t first_row, ChunkColumn* out, Chunk* chunk) const;
  /// One value, with quotes taken off: for parameters and the cases that are not worth a loop. False: `*kind` says why.
  bool parse_one(std::string_view text, int64_t* value, bool* is_null, RejectKind* kind) const;

  /// What is stored where a value is faulty: 0, or the bound that is nearest to it (the engine relies on declared
  /// bounds), or of an open string the code of "", so that it does not depend on where a block begins.
  int64_t stands_for_fault(ChunkColumn* out) const;

 private:
  template <class T>
  void parse_numbers(const csv::Records& records, size_t field, size_t first_row, ChunkColumn* out, Chunk* chunk) const;
  template <class T>
  void parse_closed(const csv::Records& records, size_t field, size_t first_row, ChunkColumn* out, Chunk* chunk) const;
  void parse_open(const csv::Records& records, size_t field, size_t first_row, ChunkColumn* out, Chunk* chunk) const;
  template <class T>
  void parse_others(const csv::Records& records, size_t field, size_t first_row, ChunkColumn* out, Chunk* chunk) const;
  /// A value that the fast way could not read: 0 where it is null, stands_for_fault() where it is faulty.
  int64_t look_closer(const csv::Records& records, size_t record, size_t field, size_t row, ChunkColumn* out,
                      Chunk* chunk) const;
  void fault(RejectKind kind, std::string_view value, size_t row, Chunk* chunk) const;

  const scheme::TypeDecl type_;
  const uint16_t file_, index_;
  const column::Physical physical_;
  const ClosedList closed_;
  int64_t low_ = INT64_MIN, high_ = INT64_MAX;  // bounds
};

/// Adds a fault of a chunk's row.
void add_fault(Chunk* chunk, Reject reject, size_t row, std::string_view value, std::string_view employee = {});

}  // namespace kaogong::folder
