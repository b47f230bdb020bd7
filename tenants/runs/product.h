// What a run writes: pages, rejects and checksums, chunk by chunk. Any worker that calculates the run makes the same.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tenants/runs/calculate.h"
#include "tenants/runs/reject_list.h"

namespace kaogong::runs {

/// Some hundred employees' results, as they stand in the table.
struct PageRow {
  std::string first_employee;
  uint32_t rows = 0;
  std::string bytes;  // see tenants/snapshot/page.h
};

struct ChunkRows {
  std::vector<PageRow> pages;
  std::vector<RejectRow> rejects;
  uint64_t rows = 0, refused = 0;  // employees with results; rows of the population without
  std::string checksum;            // 32 bytes: SHA-256 over all of the above
};

/// The result of a calculated run, in memory. Immutable: chunks are made by any number of threads.
class Product {
 public:
  /// A whole population's results: every row of the snapshot has its place, refused or not.
  explicit Product(Calculated calculated);
  /// Rows of their own (differences, say), beside the rejects of the calculation and, behind all of them, `more`.
  /// `rows` are sorted and all accepted.
  Product(Calculated calculated, ResultSet rows, std::vector<RejectRow> more = {});
  Product(const Product&) = delete;
  Product& operator=(const Product&) = delete;

  size_t chunks() const { return bounds_.size(); }
  const std::vector<std::string>& outputs() const { return *view_.names; }
  const ResultView& view() const { return view_; }
  const Calculated& calculated() const { return calculated_; }
  ChunkRows make(size_t chunk) const;
  /// About how much memory it holds, without the snapshot.
  uint64_t memory_bytes() const;

 private:
  struct Bounds {
    size_t population_begin = 0, population_end = 0;  // rows of the snapshot
    size_t begin = 0, end = 0;                        // rows of the result
  };
  void cut();

  Calculated calculated_;
  ResultSet own_;
  bool whole_ = true;
  std::vector<RejectRow> more_;
  ResultView view_;
  RejectList rejects_;
  std::vector<Bounds> bounds_;  // of each chunk
};

/// How many chunks a snapshot's population is cut into: those of the snapshot itself, one at least.
size_t chunks_of(const column::Inputs& inputs);

/// The hash of a whole result, of its outputs' names and the chunks' checksums in order. 32 bytes.
std::string result_hash(const std::vector<std::string>& outputs, const std::vector<std::string>& chunk_checksums);

}  // namespace kaogong::runs
