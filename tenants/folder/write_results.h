// results.csv and rejects.csv.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/column/inputs.h"
#include "infra/csv/writer.h"
#include "tenants/folder/read_folder.h"

namespace kaogong::folder {

/// Writes results.csv, part by part; it appears when it is finished.
class ResultsWriter {
 public:
  /// Begins `path` with the header. Nothing, and why in `error`, if that fails.
  static std::unique_ptr<ResultsWriter> create(const std::string& path, const std::vector<std::string>& names,
                                               std::string* error);
  /// Appends the rows that are not refused, with the threads of the calling thread's TBB arena. `columns`: beside the
  /// names.
  void append(const column::StringRows& employees, const std::vector<column::Column>& columns,
              const std::vector<uint8_t>& refused);
  /// Waits for the disk: what can fail, fails now. finish() then gives the file its name.
  bool sync(std::string* error) { return writer_->sync(error); }
  bool finish(std::string* error) { return writer_->finish(error); }

 private:
  explicit ResultsWriter(std::unique_ptr<csv::Writer> writer) : writer_(std::move(writer)) {}
  std::unique_ptr<csv::Writer> writer_;
};

/// Writes rejects.csv: what was refused while reading and, behind it for each employee, what the engine refused; first
/// by the rows of the population, then what belongs to nobody in it. `chinese`: the language of the errors.
bool write_rejects(const std::string& path, const FolderInputs& folder, const std::vector<column::Fault>& faults,
                   bool chinese, std::string* error);

}  // namespace kaogong::folder
