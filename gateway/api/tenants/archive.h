// A tenant's export as one archive.
#pragma once

#include "gateway/http/message.h"
#include "infra/clock/clock.h"
#include "tenants/registry/export_files.h"

namespace kaogong::api {

/// Writes the files of an export as a tar archive, whose end comes with finish() only: one that broke off is not taken
/// for a whole one. Memory: a block.
class ExportArchive final : public tenants::ExportFiles {
 public:
  /// `sink` outlives it. `now`: the time of its files.
  ExportArchive(http::BodySink& sink, clock::Instant now) : sink_(sink), now_(now) {}
  bool wants_sizes() const override { return true; }
  bool begin(std::string_view name, uint64_t bytes) override;
  bool write(std::string_view bytes) override;
  bool end() override;
  std::string fault() const override { return fault_; }
  /// The end of the archive. False: as of the others.
  bool finish();
  /// The client wants no more.
  bool is_gone() const { return gone_; }

 private:
  bool send();

  http::BodySink& sink_;
  const clock::Instant now_;
  std::string block_;
  uint64_t bytes_ = 0, left_ = 0;  // of the file
  bool gone_ = false;
  std::string fault_;
};

}  // namespace kaogong::api
