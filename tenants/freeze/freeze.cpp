#include "tenants/freeze/freeze.h"

#include <algorithm>
#include <set>

#include "tenants/freeze/entry_sheets.h"
#include "tenants/freeze/stored_snapshot.h"
#include "tenants/registry/counters.h"
#include "tenants/snapshot/signature.h"

namespace kaogong::freeze {

namespace {

using tenants::Failure;
using tenants::FailureCode;
using tenants::Result;

constexpr int64_t kChangedMax = 100'000;  // employees; beyond: everything is read anew

/// One freezing.
class Freezing {
 public:
  Freezing(tenants::TenantTransaction* transaction, const FreezeRequest& request, int64_t id, int64_t watermark)
      : transaction_(*transaction),
        request_(request),
        id_(id),
        watermark_(watermark),
        spec_(folder::folder_spec(*request.document)),
        sheets_(transaction, request.scheme_id, request.period, spec_) {}

  Result<SnapshotInfo> everything();
  /// Nothing: too much has changed.
  std::optional<Result<SnapshotInfo>> since(const SnapshotInfo& earlier);

 private:
  /// Chunks [first, end) of the earlier snapshot, made anew.
  struct Part {
    size_t first = 0, end = 0;
    folder::FolderInputs folder;
  };
  Result<folder::FolderInputs> read(const EmployeeRange& range);
  EmployeeRange range_of(const std::vector<snapshot::ChunkFacts>& chunks, size_t first, size_t end) const;
  /// Which chunks have changed; nothing: too many.
  std::optional<std::vector<uint8_t>> affected(const SnapshotInfo& earlier,
                                               const std::vector<snapshot::ChunkFacts>& chunks);
  Result<std::vector<Part>> read_parts(const std::vector<snapshot::ChunkFacts>& chunks, std::vector<uint8_t> affected);
  folder::Rejects rejects_of_nobody(const folder::FolderInputs& before, const std::vector<EmployeeRange>& ranges,
                                    const std::vector<Part>& parts, const folder::FolderInputs& outside) const;
  bool of_employees(const folder::Reject& reject) const { return reject.file <= spec_.history(); }

  tenants::TenantTransaction& transaction_;
  const FreezeRequest& request_;
  const int64_t id_, watermark_;
  const folder::FolderSpec spec_;
  EntrySheets sheets_;
};

Failure nothing_entered(const FreezeRequest& request) {
  return tenants::conflict("nothing has been entered for the population of " + request.scheme_id + " in " +
                           scheme::to_text(request.period));
}

SnapshotInfo write_all(tenants::TenantTransaction* transaction, const FreezeRequest& request, int64_t id,
                       int64_t watermark, const folder::FolderInputs& folder) {
  SnapshotWriter writer(transaction, id);
  writer.begin_chunks();
  snapshot::pack_chunks(folder, *request.document, request.compression, [&](size_t, snapshot::PackedChunk chunk) {
    writer.add(std::move(chunk));
    return true;
  });
  writer.finish_chunks();
  return writer.finish(request, watermark, folder);
}

void copy_reject(const folder::Rejects& from, const folder::Reject& reject, folder::Rejects* to) {
  to->add(reject, from.value(reject), from.employee(reject));
}

Result<folder::FolderInputs> Freezing::read(const EmployeeRange& range) {
  scheme::Labels error;
  auto folder = folder::read_sheets(*request_.document, request_.period, sheets_.sources(range), &error);
  if (!folder) return tenants::invalid(error.en);
  sheets_.renumber(&*folder);
  snapshot::sort_by_employee(&*folder);
  return std::move(*folder);
}

Result<SnapshotInfo> Freezing::everything() {
  auto folder = read({});
  if (!folder) return folder.failure();
  if (folder->inputs.rows() == 0) return nothing_entered(request_);
  return write_all(&transaction_, request_, id_, watermark_, *folder);
}

EmployeeRange Freezing::range_of(const std::vector<snapshot::ChunkFacts>& chunks, size_t first, size_t end) const {
  EmployeeRange range;
  if (first != 0) range.from = chunks[first].first_employee;
  if (end != chunks.size()) range.before = chunks[end].first_employee;
  return range;
}

std::optional<std::vector<uint8_t>> Freezing::affected(const SnapshotInfo& earlier,
                                                       const std::vector<snapshot::ChunkFacts>& chunks) {
  const std::string where = " WHERE scheme_id = $1 AND period = $2 AND change_id > $3 AND employee <> ''";
  const auto changed = transaction_.sql().query(
      "SELECT employee FROM " + transaction_.table("entries") + where + " UNION SELECT employee FROM " +
          transaction_.table("entry_changes") + where + " LIMIT $4",
      {request_.scheme_id, scheme::to_text(request_.period), earlier.watermark, kChangedMax + 1});
  if (changed.size() > static_cast<size_t>(kChangedMax)) return std::nullopt;
  std::vector<uint8_t> marks(chunks.size(), 0);
  for (const auto row : changed) {
    const auto after =
        std::upper_bound(chunks.begin(), chunks.end(), row.text(0),
                         [](std::string_view id, const snapshot::ChunkFacts& of) { return id < of.first_employee; });
    marks[after == chunks.begin() ? 0 : static_cast<size_t>(after - chunks.begin()) - 1] = 1;
  }
  return marks;
}

/// A part must begin and end where chunks of the whole would: else its neighbours belong to it, too.
Result<std::vector<Freezing::Part>> Freezing::read_parts(const std::vector<snapshot::ChunkFacts>& chunks,
                                                         std::vector<uint8_t> affected) {
  std::vector<Part> parts;
  for (size_t i = 0; i < chunks.size();) {
    if (affected[i] == 0) {
      ++i;
      continue;
    }
    Part part{i, i, {}};
    while (part.end < chunks.size() && affected[part.end] != 0) ++part.end;
    for (;;) {
      auto folder = read(range_of(chunks, part.first, part.end));
      if (!folder) return folder.failure();
      part.folder = std::move(*folder);
      const column::Inputs& inputs = part.folder.inputs;
      const size_t rows = inputs.rows();
      const bool last = part.end == chunks.size();
      const auto after = [&] { return std::string_view(chunks[part.end].first_employee); };
      const bool begins =
          part.first == 0 || (rows == 0 && last) ||
          snapshot::may_end_before(chunks[part.first - 1].rows, rows != 0 ? inputs.employees[0] : after());
      const std::vector<size_t> ends = snapshot::cut(inputs);
      const size_t in_last = ends.empty() ? 0 : ends.back() - (ends.size() == 1 ? 0 : ends[ends.size() - 2]);
      const bool finishes = last || rows == 0 || snapshot::may_end_before(in_last, after());
      if (begins && finishes) break;
      if (!begins) --part.first;
      if (!finishes) ++part.end;
    }
    // What it grew into may be what the part before it, or nothing, holds: then they are one.
    if (!parts.empty() && parts.back().end >= part.first) {
      for (size_t c = std::min(parts.back().first, part.first); c < part.end; ++c) affected[c] = 1;
      i = std::min(parts.back().first, part.first);
      parts.pop_back();
      continue;
    }
    i = part.end;
    parts.push_back(std::move(part));
  }
  return parts;
}

folder::Rejects Freezing::rejects_of_nobody(const folder::FolderInputs& before,
                                            const std::vector<EmployeeRange>& ranges, const std::vector<Part>& parts,
                                            const folder::FolderInputs& outside) const {
  folder::Rejects rejects;
  for (const auto& reject : before.rejects.list) {
    const auto employee = before.rejects.employee(reject);
    const bool anew = std::any_of(ranges.begin(), ranges.end(), [&](const auto& r) { return r.contains(employee); });
    if (of_employees(reject) && !anew) copy_reject(before.rejects, reject, &rejects);
  }
  for (const auto& part : parts)
    for (const auto& reject : part.folder.rejects.list)
      if (reject.row == folder::kNoRow && of_employees(reject)) copy_reject(part.folder.rejects, reject, &rejects);
  for (const auto& reject : outside.rejects.list)
    if (!of_employees(reject)) copy_reject(outside.rejects, reject, &rejects);
  snapshot::order_rejects_of_nobody(&rejects);
  return rejects;
}

std::optional<Result<SnapshotInfo>> Freezing::since(const SnapshotInfo& earlier) {
  const auto stored = read_stored(transaction_, earlier.id);
  std::string error;
  auto before = snapshot::unpack_head(stored->head, *request_.document, &error);
  if (!before) return Failure{FailureCode::kInternal, error};
  const std::vector<snapshot::ChunkFacts>& chunks = before->head.chunks;
  const auto marks = affected(earlier, chunks);
  if (!marks) return std::nullopt;
  // Lookups and parameters, and nobody.
  auto outside = read({{}, std::string()});
  if (!outside) return outside.failure();
  auto parts = read_parts(chunks, *marks);
  if (!parts) return parts.failure();
  std::vector<EmployeeRange> ranges;
  for (const auto& part : *parts) ranges.push_back(range_of(chunks, part.first, part.end));
  outside->rejects = rejects_of_nobody(before->folder, ranges, *parts, *outside);

  SnapshotWriter writer(&transaction_, id_);
  writer.begin_chunks();
  size_t next = 0, kept_rows = 0;
  const auto keep_until = [&](size_t end) {
    for (; next < end; ++next) {
      kept_rows += chunks[next].rows;
      writer.keep(chunks[next], stored->chunks[next]);
    }
  };
  for (const auto& part : *parts) {
    keep_until(part.first);
    kept_rows += part.folder.inputs.rows();
    snapshot::pack_chunks(part.folder, *request_.document, request_.compression,
                          [&](size_t, snapshot::PackedChunk chunk) {
                            writer.add(std::move(chunk));
                            return true;
                          });
    next = part.end;
  }
  keep_until(chunks.size());
  writer.finish_chunks();
  if (kept_rows == 0) return nothing_entered(request_);
  return writer.finish(request_, watermark_, *outside);
}

}  // namespace

Result<SnapshotInfo> store(tenants::TenantTransaction& transaction, const FreezeRequest& request, int64_t watermark,
                           folder::FolderInputs* folder) {
  snapshot::sort_by_employee(folder);
  return write_all(&transaction, request, transaction.take(kSnapshotCounter), watermark, *folder);
}

Result<SnapshotInfo> freeze(tenants::TenantDatabase& database, const tenants::Tenant& tenant,
                            const tenants::Actor& actor, const FreezeRequest& request) {
  const snapshot::Checksum signature = snapshot::signature_of(*request.document);
  const auto current = [&](tenants::TenantTransaction& transaction,
                           std::optional<SnapshotInfo>* earlier) -> std::optional<int64_t> {
    const int64_t watermark =
        transaction.taken(tenants::watermark_counter(request.scheme_id, scheme::to_text(request.period)));
    *earlier = latest(transaction, request.scheme_id, request.period, signature);
    return *earlier && (*earlier)->watermark == watermark && !request.anew ? std::nullopt : std::optional(watermark);
  };
  // The number is taken beforehand: its counter would be locked as long as freezing takes.
  int64_t id = 0;
  const auto first = database.transact(tenant, actor, [&](tenants::TenantTransaction& transaction) {
    std::optional<SnapshotInfo> earlier;
    if (!current(transaction, &earlier)) return Result<SnapshotInfo>(*earlier);
    id = transaction.take(kSnapshotCounter);
    return Result<SnapshotInfo>(SnapshotInfo{});
  });
  if (!first || first->id != 0) return first;
  postgres::TransactionOptions options;
  options.isolation = postgres::Isolation::kRepeatableRead;
  options.statement_timeout_ms = kFreezeTimeoutMs;
  return database.transact(
      tenant, actor,
      [&](tenants::TenantTransaction& transaction) -> Result<SnapshotInfo> {
        std::optional<SnapshotInfo> earlier;
        const auto watermark = current(transaction, &earlier);
        if (!watermark) return *earlier;
        Freezing freezing(&transaction, request, id, *watermark);
        if (earlier && !request.anew) {
          if (auto result = freezing.since(*earlier)) return std::move(*result);
        }
        return freezing.everything();
      },
      options);
}

}  // namespace kaogong::freeze
