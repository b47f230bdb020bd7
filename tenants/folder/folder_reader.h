// The inside of read_sheets: one method a kind of sheet.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "tenants/folder/employee_index.h"
#include "tenants/folder/file_reader.h"
#include "tenants/folder/read_folder.h"

namespace kaogong::folder {

class FolderReader {
 public:
  /// Begins to read a sheet; null and no error: it is not there.
  using Open = std::function<std::unique_ptr<csv::BlockReader>(const std::string& sheet, std::string* error)>;

  FolderReader(const scheme::Document& document, scheme::Period period, Open open_text, const csv::Limits& limits);

  /// False: error() says why.
  bool read();
  const scheme::Labels& error() const { return error_; }
  FolderInputs take() { return std::move(out_); }

 private:
  bool read_population();         // population.cpp
  bool read_table(size_t table);  // child_tables.cpp
  void group_by_employee(size_t table, std::vector<uint32_t> employees, std::vector<column::Column> columns,
                         std::vector<uint32_t> lines);
  void refuse_duplicate_keys(size_t table);
  bool read_history();              // history.cpp
  bool read_lookup(size_t lookup);  // lookups.cpp
  bool read_parameters();           // parameters.cpp

  enum class Need : uint8_t { kMust, kMay };
  /// A sheet by its place in `spec`; null: there is an error, or it is not there and may be missing.
  std::unique_ptr<FileReader> open(size_t file, const FileSpec& spec, bool of_employees, Need need);
  bool failed() const { return !error_.en.empty(); }
  /// Keeps a fault of a chunk; `row`: the employee's row of the population.
  void reject(const Chunk& chunk, const ChunkFault& fault, uint32_t row);
  void refuse(uint32_t row) {
    if (row != kNoRow) out_.refused[row] = 1;
  }

  /// The row of nobody in the population that was rejected last.
  struct Stray {
    uint16_t file = UINT16_MAX;
    uint32_t line = 0;
    std::string employee;
  };

  const scheme::Document& document_;
  const Open open_text_;
  const csv::Limits& limits_;
  FolderInputs out_;
  EmployeeIndex index_{out_.inputs.employees};
  scheme::Labels error_;
  Stray stray_;
};

}  // namespace kaogong::folder
