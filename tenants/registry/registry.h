// The registry of tenants: making them, stopping them, counting out and erasing what they have.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "infra/clock/clock.h"
#include "infra/postgres/pool.h"
#include "tenants/registry/result.h"
#include "tenants/registry/tenant.h"
#include "tenants/registry/tenant_database.h"

namespace kaogong::tenants {

/// What is left of a tenant that was erased.
struct Erasure {
  TenantId id;
  clock::Instant erased_at;
  std::string record;  // JSON: rows of each table, keys, seq and hash of the last row of its audit log
};

class ExportFiles;
inline constexpr std::string_view kManifestFile = "manifest.json";

/// What an export wrote.
struct ExportedTable {
  std::string name;
  int64_t rows = 0;
  std::string sha256;  // of the file, hexadecimal
};
struct Export {
  std::vector<ExportedTable> tables;
  int64_t rows = 0;
};

/// Changes tenants. Needs the owner's connection: one whose login role made the control schema and may create roles.
/// Every change is recorded in the operators' audit log, in the same transaction. Thread-safe.
class Registry {
 public:
  /// Pool and clock outlive it.
  Registry(postgres::Pool& owner, const clock::Clock& clock) : pool_(owner), clock_(clock) {}

  /// Makes a tenant with its role, schema and tables, in one transaction. Failures: kInvalid (id or name), kExists
  /// (also after it was erased: an id is never used again, so that nothing old can meet it).
  /// `also`: what else is done in the same transaction; its failure undoes all.
  using AlsoInTransaction = std::function<Result<Done>(postgres::Transaction&, const Tenant&)>;
  Result<Tenant> create(std::string_view id, std::string_view name, const Quotas& quotas, const Actor& actor,
                        const AlsoInTransaction& also = {});
  /// In any state but erased. Failures: kInvalid, kNotFound.
  Result<Tenant> get(std::string_view id);
  /// By id, those behind `after`, at most `limit` (1 to kTenantsPageMax). Erased ones only if asked for.
  Result<std::vector<Tenant>> list(std::string_view after, int64_t limit, bool with_erased = false);

  /// Takes the tenant's role away from the application, so that no transaction of the tenant's can begin any more;
  /// those that are open end. Again: nothing changes. Failures: kNotFound, kConflict (being erased).
  Result<Tenant> suspend(std::string_view id, std::string_view reason, const Actor& actor);
  Result<Tenant> resume(std::string_view id, std::string_view reason, const Actor& actor);
  /// Replaces all quotas. Failures: kNotFound, kInvalid (below 0).
  /// `agree`: asked with the tenant as it is, which cannot change any more until it is done; its failure is given back.
  using Agree = std::function<Result<Done>(const Tenant&)>;
  Result<Tenant> set_quotas(std::string_view id, const Quotas& quotas, const Actor& actor, const Agree& agree = {});

  /// Records that everything of the tenant is about to leave the house: whatever has left is in the log, even if the
  /// export then breaks off. Failures: kNotFound.
  Result<Tenant> begin_export(std::string_view id, const Actor& actor);
  /// Writes every table of the tenant: `<table>.csv` (a null is an empty field, an empty text is ""), and last
  /// kManifestFile with rows and SHA-256 of each. All of one moment, streamed; works for suspended tenants, too.
  /// Failures: kNotFound (it was erased meanwhile), kInvalid (fault() of `files`), kUnavailable.
  Result<Export> write_export(const Tenant& tenant, ExportFiles& files);

  /// Erases schema, role, keys and name; the record stays. In two transactions: after a crash between them, erase again
  /// goes on. Waits for open transactions of the tenant's, at most kEraseLockMs: then kUnavailable, and again. Once
  /// erased: gives the record again. Failures: kNotFound.
  Result<Erasure> erase(std::string_view id, const Actor& actor);

 private:
  Result<Tenant> change_state(std::string_view id, TenantState to, std::string_view reason, const Actor& actor);
  Result<Done> begin_erasing(const TenantId& id, const Actor& actor);

  postgres::Pool& pool_;
  const clock::Clock& clock_;
};

inline constexpr int64_t kEraseLockMs = 60'000;

}  // namespace kaogong::tenants
