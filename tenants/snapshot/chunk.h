// Part of a snapshot: some thousand employees with all their rows, packed so that it can be read without the others.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tenants/folder/read_folder.h"
#include "tenants/snapshot/checksum.h"
#include "tenants/snapshot/integers.h"
#include "tenants/snapshot/packed_column.h"
#include "tenants/snapshot/seal.h"

namespace kaogong::snapshot {

/// What the head of a snapshot knows of a chunk: enough to make room for the whole before any chunk is read.
struct ChunkFacts {
  std::string first_employee;
  uint32_t rows = 0, enrolled = 0, refused = 0;
  uint64_t id_bytes = 0;
  bool has_lines = false;
  struct OfTable {
    uint64_t rows = 0;
    bool has_lines = false;
    friend bool operator==(const OfTable&, const OfTable&) = default;
  };
  std::vector<OfTable> tables;
  std::vector<uint8_t> nulls;                 // 1: has nulls; the inputs, then each table's columns
  std::vector<std::vector<uint8_t>> history;  // beside the document's: 1: the period has values
  Checksum checksum;
  friend bool operator==(const ChunkFacts&, const ChunkFacts&) = default;
};

struct PackedChunk {
  ChunkFacts facts;
  std::string bytes;
};

/// Rejects of the population's rows, by row; of one row in the order in which they were found.
class RejectsByRow {
 public:
  explicit RejectsByRow(const folder::Rejects& rejects);
  /// Places in the list of those of rows [begin, end).
  std::pair<const uint32_t*, const uint32_t*> of(size_t begin, size_t end) const;

 private:
  const folder::Rejects& rejects_;
  std::vector<uint32_t> order_;
};

/// Packs the employees [begin, end), of which there is at least one. The bytes depend on what these employees' rows
/// hold and on nothing else.
PackedChunk pack_chunk(const folder::FolderInputs& folder, const scheme::Document& document,
                       const RejectsByRow& rejects, size_t begin, size_t end, Compression compression);

/// A chunk's bytes with every size checked; the values are checked when they are read. Lives as long as the bytes.
struct ChunkView {
  Unsealed unsealed;
  size_t rows = 0;
  PackedStrings ids;
  const char* refused = nullptr;  // one bit a row; null: none
  std::optional<Counts> lines;
  std::vector<PackedColumn> inputs;
  struct OfTable {
    std::vector<uint32_t> sizes;  // rows of each employee
    uint64_t rows = 0;
    std::optional<Counts> first_lines;  // less one, of each employee with rows: they are consecutive
    std::optional<Counts> lines;
    std::vector<PackedColumn> columns;
  };
  std::vector<OfTable> tables;
  struct Period {
    bool present = false;
    PackedColumn column;
  };
  std::vector<std::vector<Period>> history;
  folder::Rejects rejects;  // rows count from the chunk's first
};

/// Reads the inside of a chunk. False: it is none, or of other inputs than the document's.
bool parse_chunk(std::string_view body, const scheme::Document& document, const folder::FolderSpec& spec,
                 ChunkView* view);
/// What the head knows of a chunk.
ChunkFacts facts_of(const Checksum& checksum, const ChunkView& view);
/// Reads a chunk of a snapshot. False, and why in `error`, if the bytes are damaged, or do not belong to the facts or
/// to the document.
bool view_chunk(std::string_view bytes, const ChunkFacts& facts, const scheme::Document& document,
                const folder::FolderSpec& spec, ChunkView* view, std::string* error);

/// Rejects as bytes, in the order of their rows; `rows`: how many there are that they may belong to, 0: all belong to
/// nobody.
void append_reject(const folder::Rejects& from, const folder::Reject& reject, uint32_t row, ByteWriter* out);
bool take_rejects(ByteReader* in, uint64_t rows, const folder::FolderSpec& spec, folder::Rejects* rejects);

}  // namespace kaogong::snapshot
