#include "gateway/api/tenants/archive.h"

#include "infra/tar/writer.h"

namespace kaogong::api {

namespace {

constexpr size_t kArchiveBlockBytes = size_t{64} << 10;

}  // namespace

bool ExportArchive::send() {
  gone_ = !sink_.write(block_);
  block_.clear();
  if (gone_) fault_ = "the client is gone";
  return !gone_;
}

bool ExportArchive::begin(std::string_view name, uint64_t bytes) {
  bytes_ = left_ = bytes;
  tar::append_header(&block_, name, bytes,
                     std::chrono::duration_cast<std::chrono::seconds>(now_.time_since_epoch()).count());
  return true;
}

bool ExportArchive::write(std::string_view bytes) {
  if (bytes.size() > left_) {
    fault_ = "a table is not as long as it was";
    return false;
  }
  left_ -= bytes.size();
  block_ += bytes;
  return block_.size() < kArchiveBlockBytes || send();
}

bool ExportArchive::end() {
  if (left_ > 0) {
    fault_ = "a table is not as long as it was";
    return false;
  }
  tar::append_padding(&block_, bytes_);
  return true;
}

bool ExportArchive::finish() {
  tar::append_end(&block_);
  return send();
}

}  // namespace kaogong::api
