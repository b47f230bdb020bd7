#include "infra/migrate/migrator.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <utility>

#include "infra/postgres/error.h"

namespace kaogong::migrate {

namespace {

// The class of our advisory locks; the other half of the key is the schema's name.
constexpr int64_t kLockClass = 0x6b676d69;
constexpr int kParallelMax = 256;

}  // namespace

Migrator::Migrator(postgres::Pool& pool, Migrations migrations, Options options)
    : pool_(pool), migrations_(std::move(migrations)), options_(std::move(options)) {}

postgres::Transaction Migrator::begin(bool read_only) const {
  const postgres::TransactionOptions options = {.read_only = read_only,
                                                .statement_timeout_ms = options_.statement_timeout_ms};
  return options_.owner.has_value() ? postgres::Transaction(pool_, *options_.owner, options)
                                    : postgres::Transaction::as_login_role(pool_, options);
}

int64_t Migrator::verified_version(postgres::Transaction* transaction, const postgres::SchemaName& schema,
                                   std::string* fault) const {
  // One statement decides about the schema, the table and its rows; what is not there has no version.
  const bool there = transaction
                         ->query(
                             "select exists (select from pg_catalog.pg_class c join pg_catalog.pg_namespace n on "
                             "n.oid = c.relnamespace where n.nspname = $1 and c.relname = 'migration')",
                             {schema.text()})
                         .one()
                         .boolean(0);
  if (!there) return 0;
  int64_t version = 0;
  for (const postgres::Row row :
       transaction->query("select id, checksum from " + schema.quoted("migration") + " order by id")) {
    const int64_t id = row.int64(0);
    if (id != version + 1 || id > newest()) {
      *fault = "has migration " + std::to_string(id) + ", which this program does not know (its newest is " +
               std::to_string(newest()) + ")";
      return version;
    }
    if (row.text(1) != migrations_.steps()[static_cast<size_t>(version)].checksum) {
      *fault = "was given another migration " + std::to_string(id) + " than this program has";
      return version;
    }
    version = id;
  }
  return version;
}

Result Migrator::migrate_in(postgres::Transaction* transaction, const Target& target) const {
  // Waiting for another migrator is not like waiting for a table: nobody stands behind the one who waits.
  transaction->query("select pg_catalog.pg_advisory_xact_lock($1::integer, pg_catalog.hashtext($2))",
                     {kLockClass, target.schema.text()});
  if (options_.lock_timeout_ms > 0) {
    transaction->execute_script("set local lock_timeout = " + std::to_string(options_.lock_timeout_ms));
  }
  const std::string table = target.schema.quoted("migration");
  Result result;
  result.from = result.to = verified_version(transaction, target.schema, &result.fault);
  if (!result.good() || result.from == newest()) return result;
  if (result.from == 0) {
    if (options_.create_schema) transaction->execute_script("create schema if not exists " + target.schema.quoted());
    transaction->execute_script("create table if not exists " + table +
                                " (id bigint primary key, name text not null, checksum text not null, "
                                "applied_at timestamptz not null default pg_catalog.clock_timestamp())");
  }
  for (int64_t id = result.from + 1; id <= newest(); ++id) {
    const Migrations::Step& step = migrations_.steps()[static_cast<size_t>(id - 1)];
    try {
      transaction->execute_script(fill_in(step.migration.sql, target.schema, target.role));
    } catch (const postgres::Error& error) {
      result.fault = "migration " + std::to_string(id) + ": " + error.what();
      return result;
    }
    transaction->execute("insert into " + table + " (id, name, checksum) values ($1, $2, $3)",
                         {id, step.migration.name, step.checksum});
  }
  result.to = newest();
  return result;
}

Result Migrator::migrate(const Target& target) const {
  Result result;
  try {
    postgres::Transaction transaction = begin(false);
    result = migrate_in(&transaction, target);
    if (!result.good() || result.to == result.from) return result;
    const postgres::CommitResult committed = transaction.commit();
    if (committed.committed()) return result;
    result.fault = committed.error->what();
    if (committed.state == postgres::CommitState::kUnknown) {
      // Whether it happened is in the table.
      result.fault.clear();
      postgres::Transaction again = begin(true);
      result.to = verified_version(&again, target.schema, &result.fault);
      if (result.good() && result.to != newest()) result.fault = committed.error->what();
      return result;
    }
  } catch (const postgres::Error& error) {
    result.fault = error.what();
  }
  result.to = result.from;
  return result;
}

Result Migrator::check(const postgres::SchemaName& schema) const {
  Result result;
  try {
    postgres::Transaction transaction = begin(true);
    result.from = result.to = verified_version(&transaction, schema, &result.fault);
    if (result.good() && result.from < newest()) {
      result.fault = "is at version " + std::to_string(result.from) + " of " + std::to_string(newest());
    }
  } catch (const postgres::Error& error) {
    result.fault = error.what();
  }
  return result;
}

std::vector<Result> Migrator::migrate_all(std::span<const Target> targets, int parallel,
                                          const std::function<void(const Progress&)>& on_progress,
                                          const std::stop_token& stop) const {
  std::vector<Result> results(targets.size());
  std::atomic<size_t> next = 0;
  std::mutex mutex;
  Progress progress = {.total = targets.size()};
  const auto work = [&] {
    for (size_t i = next++; i < targets.size(); i = next++) {
      const bool stopped = stop.stop_requested();
      results[i] = stopped ? Result{.fault = "was not begun: stopped"} : migrate(targets[i]);
      const std::lock_guard lock(mutex);
      ++progress.done;
      progress.migrated += results[i].to > results[i].from ? 1 : 0;
      progress.failed += results[i].good() ? 0 : 1;
      if (on_progress && !stopped) on_progress(progress);
    }
  };
  const int threads_max = std::clamp(parallel, 1, kParallelMax);
  const size_t count = std::min(targets.size(), static_cast<size_t>(threads_max));
  std::vector<std::jthread> threads;
  for (size_t i = 1; i < count; ++i) threads.emplace_back(work);
  work();
  threads.clear();
  return results;
}

}  // namespace kaogong::migrate
