// From what a run names to what it gives: the one way of calculating, for workers, verification, previews and what-if.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "tenants/freeze/resident.h"
#include "tenants/registry/tenant_database.h"
#include "tenants/runs/effective.h"
#include "tenants/runs/product.h"
#include "tenants/runs/programs.h"
#include "tenants/runs/run.h"

namespace kaogong::runs {

/// Calculates runs. Thread-safe; each call uses the threads that it is given.
class Builder {
 public:
  struct Options {
    int threads = 0;  // of one calculation; 0: as many as the hardware has
  };
  /// All outlive it.
  Builder(tenants::TenantDatabase& database, Programs& programs, EffectiveResults& results,
          freeze::ResidentSnapshots& snapshots, Options options)
      : database_(database), programs_(programs), results_(results), snapshots_(snapshots), options_(options) {}

  /// Calculates a run from its sources, whatever its state. Failures: kInvalid: the run as a whole cannot be calculated
  /// (its scheme, parameters or history; the message holds nobody's data); else as of TenantDatabase::transact.
  tenants::Result<std::shared_ptr<const Product>> build(const tenants::Tenant& tenant, const tenants::Actor& actor,
                                                        const Run& run);
  /// What takes the place of what a run names.
  struct Instead {
    /// Results instead of those that a history source names, by its run; null: none.
    const std::map<RunId, std::shared_ptr<const ResultSet>>* carried = nullptr;
    std::shared_ptr<const plan::Program> program;  // null: the scheme's version
    std::vector<InputChange> inputs;
    bool keep_all = false;  // see Calculation
  };
  /// One period of a run. `used`: gets the scheme that was taken.
  tenants::Result<Calculated> calculate_month(const tenants::Tenant& tenant, const tenants::Actor& actor,
                                              const Run& run, const MonthSources& month, const Instead& instead,
                                              std::shared_ptr<const plan::Program>* used = nullptr);
  Programs& programs() { return programs_; }

 private:
  tenants::Result<freeze::ResidentSnapshots::Snapshot> open_snapshot(const tenants::Tenant& tenant,
                                                                     const tenants::Actor& actor, int64_t id,
                                                                     const scheme::Document& document);
  tenants::Result<std::shared_ptr<const Product>> build_year(const tenants::Tenant& tenant, const tenants::Actor& actor,
                                                             const Run& run);

  tenants::TenantDatabase& database_;
  Programs& programs_;
  EffectiveResults& results_;
  freeze::ResidentSnapshots& snapshots_;
  Options options_;
};

}  // namespace kaogong::runs
