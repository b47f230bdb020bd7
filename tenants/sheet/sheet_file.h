// A CSV file with a header, line by line.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "infra/csv/block_reader.h"
#include "infra/csv/records.h"
#include "tenants/registry/result.h"
#include "tenants/sheet/line_answer.h"

namespace kaogong::tenants {

/// Reads a file from its beginning to its end, in constant memory. One thread at a time.
class SheetFile {
 public:
  /// Opens it and reads the header. `name`: how answers call it ("population.csv"). Failures: kInvalid: it cannot be
  /// read, is empty, its header is malformed or names a column twice.
  static Result<std::unique_ptr<SheetFile>> open(const std::string& path, std::string name);
  /// The same of a text that comes from elsewhere, in pieces of any size.
  static Result<std::unique_ptr<SheetFile>> read(csv::Source source, std::string name);

  const std::string& name() const { return name_; }
  const std::vector<std::string>& columns() const { return columns_; }
  std::optional<size_t> column(std::string_view name) const;
  /// Failure kInvalid naming the column unless it is there.
  Result<size_t> require(std::string_view column) const;
  /// Nothing for whole files; else why reading stopped early.
  std::optional<Failure> failure() const;

  /// Goes to the next line that is not empty; false at the end.
  bool next();
  uint64_t line() const { return line_; }
  /// Whether its form is wrong: then fields() may be fewer than columns, and values are not to be relied on.
  bool is_faulty() const { return records_.fault != csv::FaultKind::kNone; }
  size_t fields() const { return records_.fields; }
  /// A value without its quotes; valid until the next call of value() or next(). Precondition: field < fields().
  std::string_view value(size_t field) { return records_.value(record_, field, &scratch_); }
  /// The line as written, without its line end; valid until next(). Precondition: not faulty.
  std::string_view text() const;
  /// What is wrong with a faulty line.
  LineAnswer fault(std::string employee) const;

 private:
  SheetFile(std::unique_ptr<csv::BlockReader> reader, std::string name)
      : reader_(std::move(reader)), name_(std::move(name)) {}
  static Result<std::unique_ptr<SheetFile>> begin(std::unique_ptr<csv::BlockReader> reader, std::string name);
  std::optional<Failure> read_header();

  std::unique_ptr<csv::BlockReader> reader_;
  std::string name_;
  std::vector<std::string> columns_;
  std::unique_ptr<csv::Block> block_;
  std::unique_ptr<csv::RecordScanner> scanner_;
  csv::Records records_;
  size_t record_ = 0;
  uint64_t block_line_ = 1;  // where the block begins
  uint64_t line_ = 1;
  std::string scratch_;
};

}  // namespace kaogong::tenants
