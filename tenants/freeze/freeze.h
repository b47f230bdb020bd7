// Freezing: what has been entered for a period becomes a snapshot, which runs compute from.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "tenants/folder/read_folder.h"
#include "tenants/registry/tenant_database.h"
#include "tenants/snapshot/snapshot.h"

namespace kaogong::freeze {

struct FreezeRequest {
  std::string scheme_id;  // whose entries
  scheme::Period period;
  const scheme::Document* document = nullptr;  // outlives the call
  snapshot::Compression compression = snapshot::Compression::kZstd;
  bool anew = false;  // read every entry, also where an earlier snapshot would save that
};

/// A snapshot that is stored.
struct SnapshotInfo {
  int64_t id = 0;
  std::string scheme_id, period;
  int64_t watermark = 0;  // the last change of entries that it holds
  int64_t rows = 0, refused = 0;
  snapshot::Checksum signature, checksum;
  int64_t chunks = 0, chunks_written = 0;  // how many of them are its own, not an earlier one's
};

inline constexpr int64_t kFreezeTimeoutMs = 600'000;  // of one statement, which may be all entries

/// The counter of snapshots.
inline constexpr std::string_view kSnapshotCounter = "snapshots";

/// Freezes the entries as they are at one moment. Where there is a snapshot of the same scheme's inputs and period,
/// only chunks are made anew in whose range of employees something has changed since; the result has the bytes that it
/// would have without. Nothing changed: the earlier snapshot itself. Uses the threads of the calling thread's TBB
/// arena; memory: the columns. Failures: those of TenantDatabase; kConflict (nothing has been entered for the
/// population), kInvalid (sheets that cannot be read: a lookup that is missing, a wrong parameter), kInternal (the
/// earlier snapshot is damaged).
tenants::Result<SnapshotInfo> freeze(tenants::TenantDatabase& database, const tenants::Tenant& tenant,
                                     const tenants::Actor& actor, const FreezeRequest& request);

/// The latest snapshot of a scheme and period, if there is one; `signature`: of the scheme's inputs.
std::optional<SnapshotInfo> latest(tenants::TenantTransaction& transaction, std::string_view scheme_id,
                                   scheme::Period period, const snapshot::Checksum& signature);
/// Failures: kNotFound.
tenants::Result<SnapshotInfo> describe(tenants::TenantTransaction& transaction, int64_t snapshot_id);

/// Reads a snapshot into columns, while its chunks still arrive. Failures: kNotFound; kConflict (of a scheme with other
/// inputs); kInternal (damaged: chunk and reason).
tenants::Result<folder::FolderInputs> load(tenants::TenantTransaction& transaction, int64_t snapshot_id,
                                           const scheme::Document& document);

/// Packs inputs that are already columns and stores them: for companies that keep no entries here. `watermark` as the
/// caller counts. Precondition: of the document; they are put in the order of the employees.
tenants::Result<SnapshotInfo> store(tenants::TenantTransaction& transaction, const FreezeRequest& request,
                                    int64_t watermark, folder::FolderInputs* folder);

}  // namespace kaogong::freeze
