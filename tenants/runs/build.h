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
    int threads = 0;                                    // of one calculation; 0: as many as the hardware has
    uint64_t calculated_bytes_max = uint64_t{1} << 30;  // of calculated_run() that stay in memory
  };
  /// All outlive it.
  Builder(tenants::TenantDatabase& database, Programs& programs, EffectiveResults& results,
          freeze::ResidentSnapshots& snapshots, Options options)
      : database_(database),
        programs_(programs),
        results_(results),
        snapshots_(snapshots),
        options_(options),
        calculated_(options.calculated_bytes_max) {}

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
    bool keep_all = false;        // see Calculation
    std::string parameters = {};  // CSV, over the run's own; kInvalid: the scheme has no parameter of such a name
  };
  /// One period of a run. `used`: gets the scheme that was taken.
  tenants::Result<Calculated> calculate_month(const tenants::Tenant& tenant, const tenants::Actor& actor,
                                              const Run& run, const MonthSources& month, const Instead& instead,
                                              std::shared_ptr<const plan::Program>* used = nullptr);
  /// One period's calculation with every decision in it.
  struct CalculatedRun {
    std::shared_ptr<const plan::Program> program;
    Calculated calculated;
  };
  /// About how much memory it holds, with the snapshot.
  static uint64_t memory_of(const CalculatedRun& run);
  /// A run of one period as it was calculated, with every decision: from memory, where it stays for a while, or
  /// calculated again, once for all who ask meanwhile. Failures: as of build().
  tenants::Result<std::shared_ptr<const CalculatedRun>> calculated_run(const tenants::Tenant& tenant,
                                                                       const tenants::Actor& actor, const Run& run);
  Programs& programs() { return programs_; }

 private:
  tenants::Result<freeze::ResidentSnapshots::Held> open_snapshot(const tenants::Tenant& tenant,
                                                                 const tenants::Actor& actor, int64_t id,
                                                                 const scheme::Document& document);
  tenants::Result<std::shared_ptr<const Product>> build_year(const tenants::Tenant& tenant, const tenants::Actor& actor,
                                                             const Run& run);

  tenants::TenantDatabase& database_;
  Programs& programs_;
  EffectiveResults& results_;
  freeze::ResidentSnapshots& snapshots_;
  Options options_;
  freeze::Resident<CalculatedRun, memory_of> calculated_;
};

}  // namespace kaogong::runs
