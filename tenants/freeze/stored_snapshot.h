// The rows of snapshots and chunks. Internal to this room.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "infra/postgres/copy.h"
#include "tenants/freeze/freeze.h"

namespace kaogong::freeze {

/// Where a chunk's bytes are.
struct ChunkPlace {
  int64_t snapshot_id = 0, number = 0;
};

struct StoredSnapshot {
  SnapshotInfo info;
  std::string head;
  std::vector<ChunkPlace> chunks;
};
std::optional<StoredSnapshot> read_stored(tenants::TenantTransaction& transaction, int64_t snapshot_id);

/// Writes a snapshot: its chunks one after another, some of them earlier ones', then the head.
class SnapshotWriter {
 public:
  SnapshotWriter(tenants::TenantTransaction* transaction, int64_t id) : transaction_(*transaction), id_(id) {}

  /// Begins to send chunks; until finish_chunks() the transaction takes no other statement.
  void begin_chunks();
  void add(snapshot::PackedChunk chunk);
  void finish_chunks();
  /// A chunk that is stored already.
  void keep(snapshot::ChunkFacts facts, ChunkPlace place);
  /// Stores the head and records it. `folder`: what is not in the chunks.
  SnapshotInfo finish(const FreezeRequest& request, int64_t watermark, const folder::FolderInputs& folder);

 private:
  tenants::TenantTransaction& transaction_;
  const int64_t id_;
  std::unique_ptr<postgres::BinaryCopyIn> copy_;
  std::vector<snapshot::ChunkFacts> facts_;
  std::vector<ChunkPlace> places_;
  int64_t written_ = 0;
};

std::string_view view(std::span<const std::byte> bytes);
std::span<const std::byte> bytes_of(std::string_view text);

}  // namespace kaogong::freeze
