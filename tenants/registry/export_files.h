// Where an export goes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "infra/csv/writer.h"

namespace kaogong::tenants {

/// Files that come one after another. False: fault(), and nothing more comes.
class ExportFiles {
 public:
  virtual ~ExportFiles() = default;
  /// Whether begin() must be told how long a file will be; each table is then read twice. Else it is told 0.
  virtual bool wants_sizes() const = 0;
  virtual bool begin(std::string_view name, uint64_t bytes) = 0;
  virtual bool write(std::string_view bytes) = 0;
  /// The file is whole.
  virtual bool end() = 0;
  /// English: what cannot be written, and why.
  virtual std::string fault() const = 0;
};

/// Files in a folder, which is made if missing; each appears when it is whole.
class ExportFolder final : public ExportFiles {
 public:
  explicit ExportFolder(std::string folder) : folder_(std::move(folder)) {}
  bool wants_sizes() const override { return false; }
  bool begin(std::string_view name, uint64_t bytes) override;
  bool write(std::string_view bytes) override;
  bool end() override;
  std::string fault() const override { return fault_; }

 private:
  const std::string folder_;
  std::string path_;
  std::unique_ptr<csv::Writer> writer_;
  std::string fault_;
};

}  // namespace kaogong::tenants
