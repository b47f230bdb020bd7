#include "tenants/runs/create.h"

#include <algorithm>

#include "engine/scheme/load.h"
#include "infra/crypto/hash.h"
#include "tenants/audit/json_object.h"
#include "tenants/packs/packs.h"
#include "tenants/runs/history_sources.h"
#include "tenants/runs/parameters.h"
#include "tenants/runs/programs.h"
#include "tenants/runs/settle_unknown.h"

namespace kaogong::runs {

using tenants::Actor;
using tenants::Failure;
using tenants::FailureCode;
using tenants::Result;
using tenants::Tenant;
using tenants::TenantDatabase;
using tenants::TenantTransaction;

namespace {

struct SnapshotFacts {
  int64_t people = 0, chunks = 0;
};

Result<SnapshotFacts> read_facts(TenantTransaction& transaction, int64_t snapshot, const std::string& scheme_id,
                                 scheme::Period period) {
  const auto rows = transaction.sql().query("SELECT rows, cardinality(chunk_of), scheme_id = $2 AND period = $3 FROM " +
                                                transaction.table("snapshots") + " WHERE snapshot_id = $1",
                                            {snapshot, scheme_id, scheme::to_text(period)});
  if (rows.empty()) return tenants::not_found("there is no snapshot " + std::to_string(snapshot));
  if (!rows.one().boolean(2))
    return tenants::invalid("snapshot " + std::to_string(snapshot) + " is of another scheme or period");
  return SnapshotFacts{rows.one().int64(0), std::max<int64_t>(1, rows.one().int64(1))};
}

/// What counts as published: with those of `instead` in the place of what they correct.
std::vector<Publication> read_publications(TenantTransaction& transaction, const std::vector<RunId>& instead) {
  std::vector<Publication> publications;
  const auto add = [&](const postgres::Row& row) {
    const auto period = scheme::parse_period(row.text(1));
    if (!period) return;
    Publication publication{std::string(row.text(0)), *period, RunId{row.int64(2)},
                            split_lines(row.optional_text(3).value_or(""))};
    const auto same = [&](const Publication& other) {
      return other.scheme_id == publication.scheme_id && other.period == publication.period;
    };
    const auto found = std::find_if(publications.begin(), publications.end(), same);
    if (found == publications.end()) {
      publications.push_back(std::move(publication));
    } else {
      *found = std::move(publication);
    }
  };
  const auto shown = transaction.sql().query("SELECT p.scheme_id, p.period, p.run_id, r.outputs FROM " +
                                             transaction.table("publications") + " p JOIN " +
                                             transaction.table("runs") + " r USING (run_id)");
  for (const auto& row : shown) add(row);
  std::vector<int64_t> ids;
  for (const RunId run : instead) ids.push_back(number_of(run));
  const auto others = transaction.sql().query(
      "SELECT scheme_id, period, run_id, outputs FROM " + transaction.table("runs") +
          " WHERE run_id = ANY($1) AND state IN ('calculated', 'approved', 'published') ORDER BY run_id",
      {ids});
  for (const auto& row : others) add(row);
  return publications;
}

/// Settles what one period is computed from. `unknown`: gets the parameters of the request that its scheme has not.
Result<MonthSources> settle(TenantTransaction& transaction, const NewRun& request, scheme::Period period,
                            std::optional<int32_t> version, int64_t snapshot,
                            const std::vector<Publication>& publications, std::vector<ParameterFault>* unknown) {
  auto text = read_scheme(transaction, request.scheme_id, version);
  if (!text) return text.failure();
  auto loaded = scheme::load(text->document, packs::library());
  if (!loaded.document) return tenants::invalid("scheme " + request.scheme_id + " cannot be read any more");
  scheme::Document& document = *loaded.document;
  if (std::find(document.periods.begin(), document.periods.end(), period.kind) == document.periods.end())
    return tenants::invalid("scheme " + request.scheme_id + " is not for the period " + scheme::to_text(period));
  if (!request.parameters.empty()) {
    auto given = read_parameters(document, request.parameters);
    if (!given) return given.failure();
    if (!given->faults.empty()) return tenants::invalid(given->faults.front().error);
    *unknown = std::move(given->unknown);
  }
  // A tenant may call its scheme otherwise than the document does; what it published is under the tenant's name.
  document.id = request.scheme_id;
  MonthSources month;
  month.period = period;
  month.version = text->version;
  month.scheme_hash = text->hash;
  month.snapshot = snapshot;
  month.packs = pack_sources(document);
  std::vector<HistoryFault> faults;
  month.history = to_text(plan_history(document, period, publications, request.history_from, &faults), document);
  if (!faults.empty()) return tenants::conflict(faults.front().error.en);
  return month;
}

/// Of a year a parameter is unknown if no month's scheme has it.
void keep_common(bool is_first, const std::vector<ParameterFault>& here, std::vector<ParameterFault>* common) {
  if (is_first) {
    *common = here;
    return;
  }
  std::erase_if(*common,
                [&](const ParameterFault& one) { return std::find(here.begin(), here.end(), one) == here.end(); });
}

/// The run that a key has made; a failure if it was another request's.
Result<std::optional<Run>> made_before(TenantTransaction& transaction, const NewRun& request, const std::string& hash) {
  if (request.idempotency_key.empty()) return std::optional<Run>();
  auto run = find_run(transaction, request.idempotency_key);
  if (run && run->request_hash != hash)
    return tenants::conflict("the idempotency key was used for another request: " + named(run->id));
  return run;
}

std::optional<Failure> check(const NewRun& request) {
  if (request.scheme_id.empty()) return tenants::invalid("no scheme is named");
  if (request.idempotency_key.size() > kIdempotencyKeyBytesMax)
    return tenants::invalid("the idempotency key is too long");
  if (request.parameters.size() > kParametersBytesMax) return tenants::invalid("the parameters are too long");
  return std::nullopt;
}

std::optional<Failure> check_quota(TenantTransaction& transaction) {
  const auto& most = transaction.tenant().quotas().runs_per_day_max;
  if (!most) return std::nullopt;
  const auto made = transaction.sql().query("SELECT count(*) FROM " + transaction.table("runs") +
                                                " WHERE run_id > $2 AND created_at >= date_trunc('day', "
                                                "$1::timestamptz AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'",
                                            {transaction.now_text(), transaction.taken("runs") - *most - 1});
  if (made.one().int64(0) < *most) return std::nullopt;
  return Failure{FailureCode::kQuotaExceeded, "no more than " + std::to_string(*most) + " runs a day"};
}

struct Settled {
  std::vector<MonthSources> months;
  std::string parameters;
  RunId base{};
  SnapshotFacts facts;
};

Result<Run> insert(TenantTransaction& transaction, const NewRun& request, const std::string& hash,
                   const Settled& settled) {
  if (settled.facts.chunks > kRunChunksMax) return tenants::invalid("the population is too large for one run");
  if (auto failure = check_quota(transaction)) return *failure;
  const RunId id{transaction.take("runs")};
  std::vector<int64_t> snapshots;
  for (const auto& month : settled.months) snapshots.push_back(month.snapshot);
  const auto expires = request.kind == RunKind::kPreview
                           ? std::optional<std::string>(clock::to_rfc3339(transaction.now() + request.preview_lasts))
                           : std::nullopt;
  const auto optional = [](const std::string& text) {
    return text.empty() ? std::nullopt : std::optional<std::string>(text);
  };
  const std::span<const std::byte> hash_bytes(reinterpret_cast<const std::byte*>(hash.data()), hash.size());
  transaction.sql().execute(
      "INSERT INTO " + transaction.table("runs") +
          " (run_id, kind, state, priority, scheme_id, period, base_run_id, sources, snapshots, parameters, chunks, "
          "people, idempotency_key, request_hash, expires_at, created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, "
          "$7, "
          "$8, $9, $10, $11, $12, $13, $14, $15::timestamptz, $16, $17::timestamptz)",
      {number_of(id), to_text(request.kind), request.start ? "calculating" : "draft",
       static_cast<int64_t>(request.priority), request.scheme_id, scheme::to_text(request.period),
       settled.base == RunId{} ? std::nullopt : std::optional<int64_t>(number_of(settled.base)),
       to_text(settled.months), snapshots, settled.parameters, settled.facts.chunks, settled.facts.people,
       optional(request.idempotency_key), hash_bytes, expires, transaction.actor().name, transaction.now_text()});
  transaction.sql().execute("INSERT INTO " + transaction.table("run_chunks") +
                                " (run_id, chunk, state) SELECT $1, c, 'ready' FROM generate_series(0, $2 - 1) c",
                            {number_of(id), settled.facts.chunks});
  transaction.audit("run.create", named(id),
                    tenants::audit::json_object({{"kind", std::string(to_text(request.kind))},
                                                 {"scheme", request.scheme_id},
                                                 {"period", scheme::to_text(request.period)}}));
  return read_run(transaction, id);
}

template <class Settle>
Result<Run> create(TenantDatabase& database, const Tenant& tenant, const Actor& actor, const NewRun& request,
                   const std::string& hash, const Settle& settle) {
  if (auto failure = check(request)) return *failure;
  return settle_unknown([&] {
    auto run = database.transact(tenant, actor, [&](TenantTransaction& transaction) -> Result<Run> {
      auto before = made_before(transaction, request, hash);
      if (!before) return before.failure();
      if (*before) return **std::move(before);
      const Result<Settled> settled = settle(transaction);
      if (!settled) return settled.failure();
      return insert(transaction, request, hash, *settled);
    });
    // Two with the same key at once: the second one finds what the first has made.
    if (run.ok() || run.failure().code != FailureCode::kExists || request.idempotency_key.empty()) return run;
    return database.transact(tenant, actor, [&](TenantTransaction& transaction) -> Result<Run> {
      auto before = made_before(transaction, request, hash);
      if (!before) return before.failure();
      if (*before) return **std::move(before);
      return run.failure();
    });
  });
}

}  // namespace

std::string request_hash(const NewRun& request) {
  std::string text;
  const auto add = [&](std::string_view field) {
    text += std::to_string(field.size()) + ":";
    text += field;
  };
  const auto number = [&](int64_t value) { add(std::to_string(value)); };
  add(to_text(request.kind));
  add(request.scheme_id);
  add(scheme::to_text(request.period));
  number(request.version.value_or(-1));
  add(request.parameters);
  for (const auto& [column, scheme] : request.history_from) {
    add(column);
    add(scheme);
  }
  add(to_text(request.priority));
  number(request.start ? 1 : 0);
  number(request.preview_lasts.count());
  for (const RunId run : request.instead) number(number_of(run));
  const crypto::Digest digest = crypto::sha256(text);
  return std::string(crypto::view(digest));
}

Result<Run> create_run(TenantDatabase& database, const Tenant& tenant, const Actor& actor, const NewRun& request) {
  if (request.kind == RunKind::kYearEnd) return tenants::invalid("a year is recomputed month by month");
  if (!request.snapshot) return tenants::invalid("no snapshot is named");
  return create(database, tenant, actor, request, request_hash(request), [&](TenantTransaction& t) -> Result<Settled> {
    Settled settled;
    auto facts = read_facts(t, *request.snapshot, request.scheme_id, request.period);
    if (!facts) return facts.failure();
    settled.facts = *facts;
    settled.parameters = request.parameters;
    const auto current = published_run(t, request.scheme_id, request.period);
    std::optional<int32_t> version = request.version;
    if (request.kind == RunKind::kCorrection) {
      if (!current)
        return tenants::conflict("nothing is published for " + scheme::to_text(request.period) +
                                 ": there is nothing to correct");
      settled.base = *current;
      auto base = read_run(t, *current);
      if (!base) return base.failure();
      if (!version) version = base->sources.front().version;
      // What was given for the run that is corrected still holds: else everybody would differ from what is published.
      if (request.parameters.empty()) settled.parameters = std::move(base->parameters);
    }
    std::vector<ParameterFault> unknown;
    auto month =
        settle(t, request, request.period, version, *request.snapshot, read_publications(t, request.instead), &unknown);
    if (!month) return month.failure();
    if (!unknown.empty()) return tenants::invalid(unknown.front().error);
    month->published = current.value_or(RunId{});
    settled.months.push_back(std::move(*month));
    return settled;
  });
}

Result<Run> create_year_end(TenantDatabase& database, const Tenant& tenant, const Actor& actor, const NewRun& request,
                            const std::vector<YearMonth>& months) {
  if (request.kind != RunKind::kYearEnd || request.period.kind != scheme::PeriodKind::kYear || months.empty())
    return tenants::invalid("a year's recomputation needs a year and its months");
  std::string hash = request_hash(request);
  return create(database, tenant, actor, request, hash, [&](TenantTransaction& t) -> Result<Settled> {
    Settled settled;
    settled.parameters = request.parameters;
    const auto publications = read_publications(t, {});
    std::vector<ParameterFault> unknown;  // to every month
    for (const auto& month : months) {
      const bool in_order = settled.months.empty() || settled.months.back().period.index < month.period.index;
      if (!in_order || scheme::year_of(month.period) != scheme::year_of(request.period))
        return tenants::invalid(scheme::to_text(month.period) + " is not the next period of the year");
      const auto current = published_run(t, request.scheme_id, month.period);
      if (!current) return tenants::conflict("nothing is published for " + scheme::to_text(month.period));
      auto published = read_run(t, *current);
      if (!published) return published.failure();
      auto facts = read_facts(t, month.snapshot, request.scheme_id, month.period);
      if (!facts) return facts.failure();
      settled.facts = *facts;  // the chunks are cut from the last month's population
      const int32_t version = request.version.value_or(published->sources.front().version);
      std::vector<ParameterFault> unknown_here;
      auto sources = settle(t, request, month.period, version, month.snapshot, publications, &unknown_here);
      if (!sources) return sources.failure();
      keep_common(settled.months.empty(), unknown_here, &unknown);
      sources->published = *current;
      settled.months.push_back(std::move(*sources));
    }
    if (!unknown.empty()) return tenants::invalid(unknown.front().error);
    return settled;
  });
}

}  // namespace kaogong::runs
