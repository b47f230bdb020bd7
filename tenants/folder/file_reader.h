// One file of the folder: read, parsed by several threads, handed over in order.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/column/inputs.h"
#include "infra/csv/block_reader.h"
#include "tenants/folder/chunk.h"
#include "tenants/folder/column_parser.h"
#include "tenants/folder/employee_index.h"

namespace kaogong::folder {

/// The employees of the population, for files of child rows.
struct Employees {
  const column::StringRows* ids = nullptr;
  const EmployeeIndex* index = nullptr;
};

class FileReader {
 public:
  /// Reads the header of a sheet. `employees`: null for the population and lookups. Errors, in both languages, in
  /// `error`: it cannot be read, is empty, has a malformed header, lacks a column, has one twice.
  static std::unique_ptr<FileReader> open(std::unique_ptr<csv::BlockReader> text, const FileSpec& spec, uint16_t file,
                                          Employees employees, const csv::Limits& limits, scheme::Labels* error);

  /// Reads all of it and calls `take` for each chunk, in the order of the file, never at the same time. False, and
  /// `error`, if the file cannot be read to its end.
  bool read(const std::function<void(Chunk&)>& take, scheme::Labels* error);

  /// A guess, rather too high, of how many rows there are; known after the first chunk.
  uint64_t rows_estimate() const { return rows_estimate_; }
  const std::vector<ColumnParser>& parsers() const { return parsers_; }

 private:
  struct State;  // of one thread
  FileReader(const FileSpec& spec, uint16_t file, Employees employees, const csv::Limits& limits)
      : spec_(spec), file_(file), employees_(employees), limits_(limits) {}
  bool read_header(scheme::Labels* error);
  void parse_block(const csv::Block& block, State* state, Chunk* chunk) const;
  void parse_run(const csv::Records& records, Chunk* chunk) const;
  void parse_faulty(const csv::Records& records, Chunk* chunk) const;
  void parse_employee(std::string_view id, size_t row, uint32_t* hint, Chunk* chunk) const;
  void parse_period(std::string_view text, size_t row, Chunk* chunk) const;

  const FileSpec& spec_;
  const uint16_t file_;
  const Employees employees_;
  const csv::Limits limits_;
  std::unique_ptr<csv::BlockReader> reader_;
  std::unique_ptr<csv::Block> first_block_;
  uint64_t header_lines_ = 0;
  size_t fields_ = 0;
  std::vector<size_t> value_fields_;  // beside parsers_
  std::vector<ColumnParser> parsers_;
  size_t employee_field_ = SIZE_MAX, period_field_ = SIZE_MAX;
  uint16_t employee_column_ = kNoColumn, period_column_ = kNoColumn;
  uint64_t rows_estimate_ = 0;
};

}  // namespace kaogong::folder
