#include <filesystem>
#include <system_error>

#include "tenants/registry/export_files.h"

namespace kaogong::tenants {

bool ExportFolder::begin(std::string_view name, uint64_t /*bytes*/) {
  std::error_code failed;
  std::filesystem::create_directories(folder_, failed);
  if (failed) {
    fault_ = folder_ + " cannot be made: " + failed.message();
    return false;
  }
  path_ = folder_ + "/" + std::string(name);
  std::string error;
  writer_ = csv::Writer::create(path_, &error);
  if (writer_ == nullptr) fault_ = path_ + " cannot be written: " + error;
  return writer_ != nullptr;
}

bool ExportFolder::write(std::string_view bytes) {
  writer_->write(bytes);
  return true;
}

bool ExportFolder::end() {
  std::string error;
  const bool done = writer_->finish(&error);
  writer_.reset();
  if (!done) fault_ = path_ + " cannot be written: " + error;
  return done;
}

}  // namespace kaogong::tenants
