// Workload W over PostgreSQL, durable: a frozen snapshot is read, computed, and the results are committed; beside it,
// in the same run, what the database itself takes for the like. Every figure is of a server of its own, gone at the
// end.
#include <tbb/global_control.h>
#include <tbb/task_arena.h>

#include <CLI/CLI.hpp>
#include <cinttypes>
#include <cstdio>
#include <random>

#include "bench/database_w/stages.h"
#include "bench/workload_w/read_columns.h"
#include "engine/scheme/load.h"
#include "infra/clock/clock.h"
#include "infra/cluster/postgres.h"
#include "infra/postgres/copy.h"
#include "tenants/freeze/freeze.h"
#include "tenants/registry/counters.h"
#include "tenants/registry/migrations.h"
#include "tenants/registry/registry.h"
#include "tenants/registry/tenant_database.h"
#include "tenants/snapshot/limits.h"

using namespace kaogong;
using bench::Stopwatch;
using bench::Times;

namespace {

struct Options {
  std::string columns, sql, csv, folder = "/tmp";
  int repetitions = 5;
  size_t page_rows = snapshot::kPageRows;
  bool entries = false, zstd = false;
};

template <class T>
T must(tenants::Result<T> result) {
  if (result.ok()) return std::move(*result);
  std::fprintf(stderr, "%s\n", result.failure().message.c_str());
  std::exit(1);
}

/// Entries of W as a service would have written them: a row of CSV an employee.
void enter(tenants::TenantDatabase& database, const tenants::Tenant& tenant, const tenants::Actor& actor,
           const scheme::Document& document, const column::Inputs& inputs) {
  must(database.transact(
      tenant, actor,
      [&](tenants::TenantTransaction& transaction) -> tenants::Result<tenants::Done> {
        std::string header = "employee";
        for (const auto& input : document.inputs) header += "," + input.name;
        transaction.sql().execute("INSERT INTO " + transaction.table("layouts") +
                                      " VALUES (1, $1, 'population', $2, sha256(convert_to($2, 'UTF8')))",
                                  {document.id, header});
        const int64_t change =
            transaction.take(tenants::watermark_counter(document.id, scheme::to_text(inputs.period)));
        static constexpr std::string_view kColumns[] = {"period",    "scheme_id", "sheet",   "employee", "part",
                                                        "layout_id", "change_id", "payload", "actor",    "entered_at"};
        postgres::TextCopyIn copy(transaction.sql(), postgres::CopyTable{tenant.schema(), "entries", kColumns});
        std::string payload;
        for (size_t row = 0; row < inputs.rows(); ++row) {
          payload.assign(inputs.employees[row]);
          for (const auto& column : inputs.inputs) payload.append(",").append(column::format_value(column, row));
          payload += '\n';
          copy.row()
              .text(scheme::to_text(inputs.period))
              .text(document.id)
              .text("population")
              .text(inputs.employees[row]);
          copy.text("").int64(1).int64(change).text(payload).text("bench").text(transaction.now_text());
        }
        copy.finish();
        return tenants::Done{};
      },
      {.statement_timeout_ms = 0}));
}

int measure(const Options& options) {
  const auto loaded = scheme::load(bench::read_text(KAOGONG_W_SCHEME));
  const auto compiled = plan::compile(*loaded.document);
  const scheme::Document& document = plan::document_of(*compiled.program);
  folder::FolderInputs folder;
  folder.spec = folder::folder_spec(document);
  if (!bench::read_columns(options.columns, document, true, &folder.inputs)) return 1;
  folder.inputs.lookups.resize(document.lookups.size());
  folder.refused.resize(folder.inputs.rows(), 0);
  const size_t rows = folder.inputs.rows();

  const cluster::Folder place(options.folder);
  cluster::PostgresOptions server;
  server.durable = true;
  server.shared_buffers_mb = 4096;
  server.settings = {"max_wal_size=16GB", "min_wal_size=4GB", "checkpoint_timeout=1h",
                     "wal_buffers=64MB",  "work_mem=1GB",     "hash_mem_multiplier=2",
                     "jit=off",           "autovacuum=off"};
  cluster::Postgres postgres(place, server);
  postgres::PoolOptions pool;
  pool.conninfo = postgres.conninfo();
  postgres::Pool owner(pool);
  const clock::SystemClock clock;
  if (!tenants::migrate_control(owner).good()) return 1;
  const tenants::Actor actor{"bench"};
  const auto tenant = must(tenants::Registry(owner, clock).create("w", "Workload W", {}, actor));
  pool.conninfo = postgres.conninfo() + " user=kaogong_app";
  postgres::Pool application(pool);
  tenants::TenantDatabase database(application, clock);
  const auto compression = options.zstd ? snapshot::Compression::kZstd : snapshot::Compression::kNone;
  freeze::FreezeRequest request{document.id, folder.inputs.period, &document, compression, false};
  std::printf("N=%zu threads=%d connections=%d page_rows=%zu compression=%s\n", rows,
              tbb::this_task_arena::max_concurrency(), bench::kConnections, options.page_rows,
              options.zstd ? "zstd" : "none");

  if (options.entries) {
    const Stopwatch entering;
    enter(database, tenant, actor, document, folder.inputs);
    bench::print("enter", {{entering.us()}}, "one CSV row an employee, by COPY");
    bench::checkpoint(owner);
    const Stopwatch watch;
    must(freeze::freeze(database, tenant, actor, request));
    bench::print("freeze from entries", {{watch.us()}});
  }
  Times storing;
  freeze::SnapshotInfo snapshot;
  for (int r = 0; r < options.repetitions; ++r) {
    bench::checkpoint(owner);
    const Stopwatch watch;
    snapshot = must(database.transact(
        tenant, actor,
        [&](tenants::TenantTransaction& transaction) { return freeze::store(transaction, request, r, &folder); },
        {.statement_timeout_ms = 0}));
    storing.us.push_back(watch.us());
  }
  bench::print("pack and store", storing, std::to_string(snapshot.chunks) + " chunks");

  bench::create_pages(owner);
  Times reading, computing, writing, whole, resident;
  column::Workspace workspace;
  plan::RunOptions run_options;
  run_options.workspace = &workspace;
  plan::RunResult result;
  uint64_t page_bytes = 0;
  for (int r = 0; r < options.repetitions; ++r) {
    bench::create_pages(owner);
    bench::checkpoint(owner);
    plan::recycle(std::move(result), &workspace);
    const Stopwatch all;
    const folder::FolderInputs read = must(database.transact(
        tenant, actor,
        [&](tenants::TenantTransaction& transaction) { return freeze::load(transaction, snapshot.id, document); },
        {.read_only = true, .statement_timeout_ms = 0}));
    reading.us.push_back(all.us());
    const Stopwatch compute;
    result = plan::run(*compiled.program, read.inputs, read.refused, run_options);
    computing.us.push_back(compute.us());
    const Stopwatch write;
    page_bytes = bench::write_pages(owner, 1, read.inputs.employees, result, {options.page_rows, compression});
    writing.us.push_back(write.us());
    whole.us.push_back(all.us());
    // The snapshot is in memory now.
    plan::recycle(std::move(result), &workspace);
    const Stopwatch again;
    result = plan::run(*compiled.program, read.inputs, read.refused, run_options);
    resident.us.push_back(again.us());
  }
  std::printf("%s\n", bench::checksum_line(result).c_str());
  bench::print("read snapshot", reading);
  bench::print("compute", computing);
  bench::print("write pages", writing, std::to_string(page_bytes / rows) + " bytes a row");
  bench::print("end to end", whole, "read + compute + write, committed");
  bench::print("what-if, resident", resident);

  std::mt19937_64 random(1);
  const auto some_employees = [&](int count) {
    Times times;
    for (int i = 0; i < count; ++i) {
      const Stopwatch watch;
      bench::read_employee(owner, 1, folder.inputs.employees[random() % rows]);
      times.us.push_back(watch.us());
    }
    return times;
  };
  postgres.stop();
  postgres.start();
  bench::print("one employee, restarted", some_employees(200), "each another page; the server's buffers were empty");
  bench::print("one employee, warm", some_employees(2000));

  bench::create_floor(owner, folder.inputs);
  for (const int connections : {1, 2}) {
    Times out, in;
    for (int r = 0; r < options.repetitions; ++r) {
      std::string columns = "id integer PRIMARY KEY";
      for (const auto& name : result.names) columns += ", c_" + name + " bigint";
      bench::run_script(owner, "DROP TABLE IF EXISTS bench.plain; CREATE TABLE bench.plain (" + columns + ")");
      bench::checkpoint(owner);
      const Stopwatch watch;
      if (bench::floor_out(owner, connections) != static_cast<int64_t>(rows)) return 1;
      out.us.push_back(watch.us());
      const Stopwatch write;
      bench::floor_in(owner, result, connections);
      in.us.push_back(write.us());
    }
    const std::string by = " by " + std::to_string(connections);
    bench::print("floor: inputs out" + by, out, "binary COPY: bytea(72), bigint money");
    bench::print("floor: results in" + by, in, "binary COPY: bigint, primary key");
    std::printf("RATIO floor%s / end to end = %" PRId64 " %%\n", by.c_str(),
                100 * (out.median_us() + in.median_us()) / whole.median_us());
  }
  std::printf("RATIO end to end / what-if = %" PRId64 " %%\n",
              100 * whole.median_us() / std::max<int64_t>(1, resident.median_us()));
  if (!options.sql.empty()) bench::set_based(owner, options.sql, options.csv, options.repetitions);
  return 0;
}

}  // namespace

// NOLINTNEXTLINE(bugprone-exception-escape): only a wrong declaration of an option throws outside of try
int main(int argc, char** argv) {
  Options options;
  CLI::App app("Workload W over a PostgreSQL of its own, stage by stage.");
  app.add_option("columns", options.columns, "cols.bin, as the workload's generator writes it")->required();
  app.add_option("--repetitions", options.repetitions, "of each stage");
  app.add_option("--page-rows", options.page_rows, "employees of one page of results");
  app.add_flag("--zstd", options.zstd, "compress chunks and pages");
  app.add_flag("--entries", options.entries, "also freeze from entry rows");
  app.add_option("--sql", options.sql, "folder with the scripts that make_sql.py writes: also measure set-based SQL");
  app.add_option("--csv", options.csv, "input.csv for that, readable by the server");
  app.add_option("--folder", options.folder, "where the server's files are, until the end");
  int threads = 0;
  app.add_option("--threads", threads, "of computing and packing (0: as many as the hardware has)");
  CLI11_PARSE(app, argc, argv);
  try {
    const tbb::global_control control(
        tbb::global_control::max_allowed_parallelism,
        threads > 0 ? static_cast<size_t>(threads) : static_cast<size_t>(tbb::this_task_arena::max_concurrency()));
    return measure(options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
