#include "tenants/runs/publish.h"

#include <algorithm>

#include "tenants/runs/post_ledgers.h"

namespace kaogong::runs {

using tenants::Failure;
using tenants::TenantTransaction;

namespace {

/// The runs that a run's sources name as its past.
std::vector<int64_t> past_of(const Run& run) {
  std::vector<int64_t> past;
  for (const auto& month : run.sources) {
    for (const auto& line : split_lines(month.history)) {
      const size_t tab = line.rfind('\t');
      if (tab != std::string::npos) past.push_back(std::stoll(line.substr(tab + 1)));
    }
  }
  std::sort(past.begin(), past.end());
  past.erase(std::unique(past.begin(), past.end()), past.end());
  return past;
}

}  // namespace

std::optional<Failure> make_public(TenantTransaction& transaction, const Run& run) {
  const std::string publications = transaction.table("publications");
  const std::string period = scheme::to_text(run.period);
  // Publishing one scheme and period is done by one at a time, also when there is no row to lock yet.
  transaction.sql().query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))",
                          {transaction.tenant().id().text() + "/" + run.scheme_id + "/" + period});
  const auto closed = transaction.sql().query(
      "SELECT state = 'closed' FROM " + transaction.table("periods") + " WHERE period = $1 FOR SHARE", {period});
  if (!closed.empty() && closed.one().boolean(0))
    return tenants::conflict("period " + period + " is closed: nothing is published for it any more");
  const auto current = published_run(transaction, run.scheme_id, run.period);
  if (run.kind == RunKind::kCorrection && current != run.base)
    return tenants::conflict(named(run.id) + " corrects " + named(run.base) + ", but " +
                             (current ? named(*current) : std::string("nothing")) +
                             " is published now: make the correction again");
  const std::vector<int64_t> past = past_of(run);
  const auto shown = transaction.sql().query(
      "SELECT run_id FROM " + publications + " WHERE run_id = ANY($1) ORDER BY run_id FOR SHARE", {past});
  if (shown.size() != past.size())
    return tenants::conflict(named(run.id) +
                             " took values from a run that is not what is published for its period now: publish that "
                             "one first, or make this one again");
  transaction.sql().execute("UPDATE " + transaction.table("runs") +
                                " SET state = 'published', published_by = $2, published_at = $3::timestamptz, "
                                "replaced_run_id = $4 WHERE run_id = $1",
                            {number_of(run.id), transaction.actor().name, transaction.now_text(),
                             current ? std::optional<int64_t>(number_of(*current)) : std::nullopt});
  transaction.sql().execute(
      "INSERT INTO " + publications +
          " AS p (scheme_id, period, run_id, published_by, published_at) VALUES ($1, $2, $3, $4, $5::timestamptz) ON "
          "CONFLICT (scheme_id, period) DO UPDATE SET run_id = $3, published_by = $4, published_at = $5::timestamptz",
      {run.scheme_id, period, number_of(run.id), transaction.actor().name, transaction.now_text()});
  return post_ledgers(transaction, run, current);
}

std::vector<RunId> published_dependents(TenantTransaction& transaction, RunId run) {
  const auto rows = transaction.sql().query(
      "SELECT r.run_id FROM " + transaction.table("publications") + " p JOIN " + transaction.table("runs") +
          " r USING (run_id) WHERE r.sources ~ ('(^|\\n)history\\t[^\\n]*\\t' || $1::text || '\\n') ORDER BY 1",
      {std::to_string(number_of(run))});
  std::vector<RunId> runs;
  for (const auto& row : rows) runs.push_back(RunId{row.int64(0)});
  return runs;
}

std::optional<Failure> take_back(TenantTransaction& transaction, const Run& run) {
  const std::string publications = transaction.table("publications");
  const std::string period = scheme::to_text(run.period);
  const auto current = published_run(transaction, run.scheme_id, run.period);
  if (current != run.id)
    return tenants::conflict(named(run.id) + " was followed by " + (current ? named(*current) : "nothing") +
                             ": declare that one void first");
  const auto dependents = published_dependents(transaction, run.id);
  if (!dependents.empty())
    return tenants::conflict(named(dependents.front()) + " took values from " + named(run.id) +
                             ": declare it void first, or correct this one");
  const auto before =
      run.replaced == RunId{} ? tenants::Result<Run>(tenants::not_found("")) : read_run(transaction, run.replaced);
  if (before.ok() && before->state == RunState::kPublished) {
    transaction.sql().execute(
        "UPDATE " + publications +
            " SET run_id = $3, published_by = $4, published_at = $5::timestamptz WHERE scheme_id = "
            "$1 AND period = $2",
        {run.scheme_id, period, number_of(before->id), transaction.actor().name, transaction.now_text()});
  } else {
    transaction.sql().execute("DELETE FROM " + publications + " WHERE scheme_id = $1 AND period = $2",
                              {run.scheme_id, period});
  }
  return unpost_ledgers(transaction, run);
}

}  // namespace kaogong::runs
