// The inside of read_folder: one method a kind of file.
#pragma once

#include <string>

#include "tenants/folder/employee_index.h"
#include "tenants/folder/file_reader.h"
#include "tenants/folder/read_folder.h"

namespace kaogong::folder {

class FolderReader {
 public:
  FolderReader(const scheme::Document& document, scheme::Period period, const std::string& path,
               const csv::Limits& limits);

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

  bool exists(size_t file) const;
  std::unique_ptr<FileReader> open(size_t file, bool of_employees);
  /// Keeps a fault of a chunk; `row`: the employee's row of the population.
  void reject(const Chunk& chunk, const ChunkFault& fault, uint32_t row);
  void refuse(uint32_t row) {
    if (row != kNoRow) out_.refused[row] = 1;
  }

  const scheme::Document& document_;
  const std::string& path_;
  const csv::Limits& limits_;
  FolderInputs out_;
  EmployeeIndex index_{out_.inputs.employees};
  scheme::Labels error_;
};

}  // namespace kaogong::folder
