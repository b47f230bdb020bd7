#include "tenants/runs/post_ledgers.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <vector>

#include "engine/number/fixed.h"
#include "infra/postgres/copy.h"
#include "tenants/ledgers/ledgers.h"
#include "tenants/runs/correction.h"
#include "tenants/runs/result_pages.h"
#include "tenants/schemes/schemes.h"

namespace kaogong::runs {

using tenants::Failure;
using tenants::LedgerRule;
using tenants::TenantTransaction;

namespace {

/// Sums by ledger, kind and employee, in units of the finest scale that a ledger has.
class Sums {
 public:
  /// False: the sum is too large.
  bool add(const std::string& ledger, const std::string& kind, std::string_view employee, __int128 units) {
    __int128& sum = sums_[{ledger, kind, std::string(employee)}];
    return fixed::add_checked(sum, units, &sum) && sum <= INT64_MAX && sum >= INT64_MIN;
  }
  std::vector<tenants::Posting> postings() const {
    std::vector<tenants::Posting> list;
    for (const auto& [key, units] : sums_) {
      if (units == 0) continue;
      list.push_back({std::get<0>(key), std::get<2>(key), std::get<1>(key), amount_of(units)});
    }
    return list;
  }

 private:
  /// With no more decimals than it needs, two at least.
  static tenants::Amount amount_of(__int128 units) {
    int scale = tenants::kAmountScaleMax;
    for (; scale > 2 && units % 10 == 0; --scale) units /= 10;
    return {static_cast<int64_t>(units), scale};
  }
  std::map<std::tuple<std::string, std::string, std::string>, __int128> sums_;
};

Failure too_large(std::string_view what) {
  return tenants::conflict("an amount of '" + std::string(what) + "' is too large for a ledger");
}

/// Adds what the run's results give.
std::optional<Failure> add_results(TenantTransaction& transaction, const Run& run, const std::vector<LedgerRule>& rules,
                                   Sums* sums) {
  ResultPages pages(transaction, run);
  while (const ResultSet* block = pages.next()) {
    const ResultView view = block->view();
    for (const auto& rule : rules) {
      const bool differences = run.kind == RunKind::kCorrection;
      const column::Column* amounts = view.find(differences ? rule.output + std::string(kDeltaSuffix) : rule.output);
      if (amounts == nullptr || !scheme::is_numeric(amounts->type) || amounts->scale > tenants::kAmountScaleMax)
        return tenants::conflict("the scheme posts '" + rule.output + "' to a ledger, which is no amount");
      for (size_t row = 0; row < view.rows(); ++row) {
        if (!view.has_row(row) || amounts->is_null(row)) continue;
        __int128 units = 0;
        if (!fixed::rescale_exact(amounts->get(row), amounts->scale, tenants::kAmountScaleMax, &units) ||
            !sums->add(rule.ledger, rule.kind, (*view.employees)[row], rule.takes_away ? -units : units))
          return too_large(rule.output);
      }
    }
  }
  return pages.failure();
}

/// Takes away what runs of this scheme and period have posted so far, so that what is posted now makes up the
/// difference.
std::optional<Failure> subtract_posted(TenantTransaction& transaction, const Run& run, Sums* sums) {
  const auto runs =
      transaction.sql().query("SELECT run_id FROM " + transaction.table("runs") +
                                  " WHERE scheme_id = $1 AND period = $2 AND run_id <> $3 AND state = 'published'",
                              {run.scheme_id, scheme::to_text(run.period), number_of(run.id)});
  std::string ids;
  for (const auto& row : runs) ids += (ids.empty() ? "" : ", ") + std::to_string(row.int64(0));
  if (ids.empty()) return std::nullopt;
  postgres::BinaryCopyOut posted(transaction.sql(),
                                 "SELECT ledger, kind, employee, scale, sum(amount)::bigint FROM " +
                                     transaction.table("ledger_entries") + " WHERE run_id IN (" + ids +
                                     ") GROUP BY ledger, kind, employee, scale HAVING sum(amount) <> 0");
  std::optional<Failure> failure;
  while (posted.next()) {
    __int128 units = 0;
    const std::string ledger(posted.text(0));
    if (!fixed::rescale_exact(posted.int64(4), static_cast<int>(posted.int64(3)), tenants::kAmountScaleMax, &units) ||
        !sums->add(ledger, std::string(posted.text(1)), posted.text(2), -units))
      failure = too_large(ledger);
  }
  return failure;
}

}  // namespace

std::optional<Failure> post_ledgers(TenantTransaction& transaction, const Run& run, std::optional<RunId> replaced) {
  const auto scheme = tenants::find_scheme(transaction, run.scheme_id, run.sources.front().version);
  if (!scheme) return scheme.failure();
  const std::vector<LedgerRule>& rules = scheme->version.ledgers;
  Sums sums;
  if (!rules.empty()) {
    if (auto failure = add_results(transaction, run, rules, &sums)) return failure;
  }
  if (run.kind == RunKind::kRegular && replaced) {
    if (auto failure = subtract_posted(transaction, run, &sums)) return failure;
  }
  const auto postings = sums.postings();
  if (postings.empty()) return std::nullopt;
  const auto posted = tenants::post_run(transaction, number_of(run.id), run.period, postings);
  return posted.ok() ? std::nullopt : std::optional<Failure>(posted.failure());
}

std::optional<Failure> unpost_ledgers(TenantTransaction& transaction, const Run& run) {
  const auto reversed = tenants::reverse_run(transaction, number_of(run.id), "void: " + run.ended_why);
  return reversed.ok() ? std::nullopt : std::optional<Failure>(reversed.failure());
}

}  // namespace kaogong::runs
