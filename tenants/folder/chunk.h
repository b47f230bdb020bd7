// What one block of a file gives: narrow columns of its rows, and what is wrong with them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/column/column.h"
#include "engine/scheme/period.h"
#include "tenants/folder/reject.h"

namespace kaogong::folder {

/// The values of one column. Rows with a fault have the value 0.
struct ChunkColumn {
  column::Buffer data;
  std::vector<uint8_t> valid;                 // empty: no null yet
  column::Dictionary dictionary;              // open strings: codes count from 0 in this chunk
  int64_t low = INT64_MAX, high = INT64_MIN;  // numbers: what the values lie between
};

/// A fault; `line` counts from 0 at the chunk's first, `row` in the chunk.
struct ChunkFault {
  Reject reject;
  uint32_t chunk_row = 0;
};

struct Chunk {
  size_t rows = 0;
  size_t bytes = 0;             // of the block
  uint64_t lines_total = 0;     // of the block
  uint64_t first_line = 0;      // set in order, when the block before is done
  std::vector<uint32_t> lines;  // of each row, from 0 at the chunk's first
  // One of: ids (the population), employees (files of child rows).
  std::string ids;
  std::vector<uint32_t> id_ends;
  std::vector<uint64_t> id_hashes;
  std::vector<uint32_t> employees;  // population rows; kNoRow: unknown
  std::vector<scheme::Period> periods;
  std::vector<uint8_t> period_known;
  std::vector<ChunkColumn> columns;  // in the order of the file's value columns
  std::vector<ChunkFault> faults;    // by column, then row
  std::string fault_texts;           // of the faults: values and employees
  bool unterminated = false;         // the file ends inside a quote: nothing behind that line can be trusted
  uint32_t unterminated_line = 0;

  std::string_view id(size_t row) const {
    const size_t begin = row == 0 ? 0 : id_ends[row - 1];
    return std::string_view(ids).substr(begin, id_ends[row] - begin);
  }
};

}  // namespace kaogong::folder
