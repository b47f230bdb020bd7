// What a settled run's results come to, with the corrections below it applied.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>

#include "tenants/registry/tenant_database.h"
#include "tenants/runs/result_pages.h"

namespace kaogong::runs {

inline constexpr int kCorrectionsDeepMax = 100;  // corrections of corrections

/// Reads whole results and keeps those used last: what is calculated never changes, so that a run's id names them for
/// good. A calculated run may yet be cancelled and its rows be cleaned away: nobody asks for it then. Thread-safe.
class EffectiveResults {
 public:
  /// The database outlives it.
  EffectiveResults(tenants::TenantDatabase& database, uint64_t kept_bytes_max)
      : database_(database), kept_bytes_max_(kept_bytes_max) {}

  /// The results of a run by themselves, or of a correction applied to what it corrects. Failures: kNotFound, kConflict
  /// (the run is not calculated), kInternal (damaged), and those of TenantDatabase::transact.
  tenants::Result<std::shared_ptr<const ResultSet>> get(const tenants::Tenant& tenant, const tenants::Actor& actor,
                                                        RunId run);
  uint64_t kept_bytes() const;

 private:
  struct Kept {
    std::string tenant;
    RunId run{};
    std::string checksum;
    std::shared_ptr<const ResultSet> results;
    uint64_t bytes = 0;
  };
  tenants::Result<std::shared_ptr<const ResultSet>> read(const tenants::Tenant& tenant, const tenants::Actor& actor,
                                                         RunId run, int deep);
  std::shared_ptr<const ResultSet> find(const std::string& tenant, const Run& run);
  void keep(Kept kept);

  tenants::TenantDatabase& database_;
  const uint64_t kept_bytes_max_;
  mutable std::mutex mutex_;
  std::list<Kept> kept_;  // used last: in front
  uint64_t kept_bytes_ = 0;
};

}  // namespace kaogong::runs
