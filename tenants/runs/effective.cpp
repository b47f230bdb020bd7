#include "tenants/runs/effective.h"

#include "tenants/runs/correction.h"

namespace kaogong::runs {

using tenants::Actor;
using tenants::Result;
using tenants::Tenant;
using tenants::TenantTransaction;

namespace {

uint64_t bytes_of(const ResultSet& set) {
  uint64_t bytes = set.refused.size();
  for (const auto& column : set.columns) bytes += column.data.capacity() + column.valid.capacity();
  if (set.employees.size() != 0)  // an estimate: all about as long as the first, and where each ends
    bytes += set.employees.size() * (set.employees[0].size() + sizeof(uint64_t));
  return bytes;
}

constexpr bool has_results(RunState state) {
  return state == RunState::kCalculated || state == RunState::kApproved || state == RunState::kPublished ||
         state == RunState::kVoid;
}

}  // namespace

Result<std::shared_ptr<const ResultSet>> EffectiveResults::get(const Tenant& tenant, const Actor& actor, RunId run) {
  return read(tenant, actor, run, 0);
}

Result<std::shared_ptr<const ResultSet>> EffectiveResults::read(const Tenant& tenant, const Actor& actor, RunId id,
                                                                int deep) {
  if (deep > kCorrectionsDeepMax)
    return tenants::conflict("too many corrections of corrections: publish the period anew");
  Run run;
  std::shared_ptr<const ResultSet> kept;
  postgres::TransactionOptions options;
  options.isolation = postgres::Isolation::kRepeatableRead;
  options.read_only = true;
  auto own = database_.transact(
      tenant, actor,
      [&](TenantTransaction& transaction) -> Result<ResultSet> {
        auto found = read_run(transaction, id);
        if (!found) return found.failure();
        run = std::move(*found);
        if (!has_results(run.state))
          return tenants::conflict(named(id) + " is " + std::string(to_text(run.state)) + ": it has no results");
        kept = find(tenant.id().text(), run);
        return kept != nullptr ? Result<ResultSet>(ResultSet()) : read_results(transaction, run);
      },
      options);
  if (!own) return own.failure();
  if (kept != nullptr) return kept;
  auto results = std::make_shared<const ResultSet>(std::move(*own));
  if (run.kind == RunKind::kCorrection) {
    auto base = read(tenant, actor, run.base, deep + 1);
    if (!base) return base;
    std::string error;
    auto both = applied((*base)->view(), results->view(), &error);
    if (!both) return tenants::conflict(error);
    results = std::make_shared<const ResultSet>(std::move(*both));
  }
  keep({tenant.id().text(), run.id, run.checksum, results, bytes_of(*results)});
  return results;
}

std::shared_ptr<const ResultSet> EffectiveResults::find(const std::string& tenant, const Run& run) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (auto it = kept_.begin(); it != kept_.end(); ++it) {
    if (it->run != run.id || it->tenant != tenant || it->checksum != run.checksum) continue;
    kept_.splice(kept_.begin(), kept_, it);
    return it->results;
  }
  return nullptr;
}

void EffectiveResults::keep(Kept kept) {
  const std::lock_guard<std::mutex> lock(mutex_);
  kept_bytes_ += kept.bytes;
  kept_.push_front(std::move(kept));
  while (kept_bytes_ > kept_bytes_max_ && !kept_.empty()) {
    kept_bytes_ -= kept_.back().bytes;
    kept_.pop_back();
  }
}

uint64_t EffectiveResults::kept_bytes() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return kept_bytes_;
}

}  // namespace kaogong::runs
