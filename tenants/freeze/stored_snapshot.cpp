#include "tenants/freeze/stored_snapshot.h"

#include "tenants/snapshot/signature.h"

namespace kaogong::freeze {

namespace {

constexpr std::string_view kColumns =
    "snapshot_id, scheme_id, period, watermark, rows, refused, signature, checksum, chunk_of";

SnapshotInfo info_of(const postgres::Row& row) {
  SnapshotInfo info;
  info.id = row.int64(0);
  info.scheme_id = row.text(1);
  info.period = row.text(2);
  info.watermark = row.int64(3);
  info.rows = row.int64(4);
  info.refused = row.int64(5);
  info.signature = snapshot::checksum_from(view(row.bytes(6)));
  info.checksum = snapshot::checksum_from(view(row.bytes(7)));
  for (const int64_t of : row.int64_array(8)) {
    ++info.chunks;
    info.chunks_written += of == info.id ? 1 : 0;
  }
  return info;
}

}  // namespace

std::string_view view(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

std::optional<SnapshotInfo> latest(tenants::TenantTransaction& transaction, std::string_view scheme_id,
                                   scheme::Period period, const snapshot::Checksum& signature) {
  const std::string wanted = snapshot::to_bytes(signature);
  const auto rows = transaction.sql().query(
      "SELECT " + std::string(kColumns) + " FROM " + transaction.table("snapshots") +
          " WHERE scheme_id = $1 AND period = $2 AND signature = $3 ORDER BY watermark DESC, snapshot_id DESC LIMIT 1",
      {scheme_id, scheme::to_text(period), bytes_of(wanted)});
  if (rows.empty()) return std::nullopt;
  return info_of(rows.one());
}

tenants::Result<SnapshotInfo> describe(tenants::TenantTransaction& transaction, int64_t snapshot_id) {
  const auto rows = transaction.sql().query(
      "SELECT " + std::string(kColumns) + " FROM " + transaction.table("snapshots") + " WHERE snapshot_id = $1",
      {snapshot_id});
  if (rows.empty()) return tenants::not_found("there is no snapshot " + std::to_string(snapshot_id));
  return info_of(rows.one());
}

std::optional<StoredSnapshot> read_stored(tenants::TenantTransaction& transaction, int64_t snapshot_id) {
  const auto rows = transaction.sql().query("SELECT " + std::string(kColumns) + ", chunk_no, head FROM " +
                                                transaction.table("snapshots") + " WHERE snapshot_id = $1",
                                            {snapshot_id});
  if (rows.empty()) return std::nullopt;
  const auto row = rows.one();
  StoredSnapshot stored{info_of(row), std::string(view(row.bytes(10))), {}};
  const auto of = row.int64_array(8), numbers = row.int64_array(9);
  for (size_t i = 0; i < of.size(); ++i) stored.chunks.push_back({of[i], numbers[i]});
  return stored;
}

void SnapshotWriter::begin_chunks() {
  static constexpr std::string_view kChunkColumns[] = {"snapshot_id", "chunk", "bytes"};
  copy_ = std::make_unique<postgres::BinaryCopyIn>(
      transaction_.sql(), postgres::CopyTable{transaction_.tenant().schema(), "snapshot_chunks", kChunkColumns});
}

void SnapshotWriter::add(snapshot::PackedChunk chunk) {
  copy_->row().int64(id_).int64(written_).bytes(bytes_of(chunk.bytes));
  facts_.push_back(std::move(chunk.facts));
  places_.push_back({id_, written_++});
}

void SnapshotWriter::finish_chunks() {
  copy_->finish();
  copy_.reset();
}

void SnapshotWriter::keep(snapshot::ChunkFacts facts, ChunkPlace place) {
  facts_.push_back(std::move(facts));
  places_.push_back(place);
}

SnapshotInfo SnapshotWriter::finish(const FreezeRequest& request, int64_t watermark,
                                    const folder::FolderInputs& folder) {
  const std::string head = snapshot::pack_head(folder, *request.document, facts_);
  SnapshotInfo info;
  info.id = id_;
  info.scheme_id = request.scheme_id;
  info.period = scheme::to_text(request.period);
  info.watermark = watermark;
  info.signature = snapshot::signature_of(*request.document);
  info.checksum = snapshot::checksum_of_head(head);
  info.chunks = static_cast<int64_t>(facts_.size());
  info.chunks_written = written_;
  for (const auto& facts : facts_) {
    info.rows += facts.rows;
    info.refused += facts.refused;
  }
  std::vector<int64_t> of, numbers;
  for (const auto& place : places_) {
    of.push_back(place.snapshot_id);
    numbers.push_back(place.number);
  }
  const std::string signature = snapshot::to_bytes(info.signature), checksum = snapshot::to_bytes(info.checksum);
  transaction_.sql().execute(
      "INSERT INTO " + transaction_.table("snapshots") +
          " (snapshot_id, scheme_id, period, signature, watermark, rows, refused, checksum, "
          "head, chunk_of, chunk_no, created_by, created_at) "
          "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
      {id_, info.scheme_id, info.period, bytes_of(signature), watermark, info.rows, info.refused, bytes_of(checksum),
       bytes_of(head), of, numbers, transaction_.actor().name, transaction_.now_text()});
  return info;
}

}  // namespace kaogong::freeze
