// Thousands of tenants on a PostgreSQL of its own: what one costs to make, to migrate, to open, on disk and in memory.
// usage: many_tenants [TENANTS [SETTING...]]   (default 2000; settings of the server: wal_level=minimal
// max_wal_senders=0)
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "infra/cluster/folder.h"
#include "infra/cluster/postgres.h"
#include "tenants/registry/migrations.h"
#include "tenants/registry/owner_transaction.h"
#include "tenants/registry/registry.h"
#include "tenants/registry/tenant_database.h"

namespace {

using namespace kaogong;
using namespace kaogong::tenants;

using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

template <typename T>
T must(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "%s\n", result.failure().message.c_str());
    std::exit(1);
  }
  return *std::move(result);
}

int64_t number(postgres::Pool& pool, const std::string& sql) {
  return must(transact_as_owner(pool, [&](postgres::Transaction& transaction) -> Result<int64_t> {
    return transaction.query("SELECT (" + sql + ")::bigint").one().int64(0);
  }));
}

/// What a process has for itself, in kB: memory that it shares with others (the server's buffers) left out.
int64_t private_kb(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/smaps_rollup");
  int64_t total = 0, value = 0;
  std::string word;
  while (file >> word) {
    if (word.starts_with("Private_") && file >> value) total += value;
  }
  return total;
}

void print_times(const char* what, std::vector<double> times) {
  std::sort(times.begin(), times.end());
  const auto at = [&](size_t percent) { return times[std::min(times.size() - 1, times.size() * percent / 100)]; };
  std::printf("%-34s median %.1f ms, 99 of 100 within %.1f ms, worst %.1f ms\n", what, at(50), at(99), times.back());
}

}  // namespace

int main(int argc, char** argv) {
  const int count = argc > 1 ? std::atoi(argv[1]) : 2000;
  const cluster::Folder folder;
  cluster::PostgresOptions server_options{.durable = true, .shared_buffers_mb = 256};
  for (int i = 2; i < argc; ++i) server_options.settings.emplace_back(argv[i]);
  const cluster::Postgres server(folder, server_options);
  const clock::SystemClock clock;
  postgres::PoolOptions options;
  options.conninfo = server.conninfo();
  options.connections_max = 4;
  postgres::Pool owner(options);
  if (const auto made = migrate_control(owner); !made.good()) {
    std::fprintf(stderr, "%s\n", made.fault.c_str());
    return 1;
  }
  const auto empty_bytes = number(owner, "pg_database_size(current_database())");
  Registry registry(owner, clock);
  const Actor actor{"bench"};
  std::vector<Tenant> made;
  std::vector<double> times;
  for (int i = 0; i < count; ++i) {
    const auto begin = Clock::now();
    made.push_back(must(registry.create("bench_" + std::to_string(i), "Bench", {}, actor)));
    times.push_back(ms_since(begin));
  }
  print_times("create a tenant, durable:", times);
  constexpr int kAtOnce = 4, kOfEach = 20;
  const auto begin_together = Clock::now();
  std::vector<std::thread> makers;
  for (int t = 0; t < kAtOnce; ++t)
    makers.emplace_back([&, t] {
      for (int i = 0; i < kOfEach; ++i)
        must(registry.create("more_" + std::to_string(t * kOfEach + i), "Bench", {}, actor));
    });
  for (auto& maker : makers) maker.join();
  std::printf("%-34s %.1f ms each\n", "create, 4 at once:", ms_since(begin_together) / (kAtOnce * kOfEach));
  const auto bytes = number(owner, "pg_database_size(current_database())");
  std::printf("%-34s %lld kB each; %lld relations in the catalog\n", "on disk, empty:",
              static_cast<long long>((bytes - empty_bytes) / 1024 / std::max(count + kAtOnce * kOfEach, 1)),
              static_cast<long long>(number(owner, "SELECT count(*) FROM pg_class")));
  for (const int parallel : {1, 4}) {
    const auto begin = Clock::now();
    const auto migrated = must(migrate_tenants(owner, parallel));
    std::printf("migrate all, nothing to do, %d at once: %.2f s, %zu failed\n", parallel, ms_since(begin) / 1000,
                migrated.failed.size());
  }
  // One backend that serves more and more tenants.
  options.conninfo = server.conninfo() + " user=kaogong_app";
  options.connections_max = 1;
  options.transactions_max = 1'000'000'000;
  postgres::Pool narrow(options);
  TenantDatabase tenants(narrow, clock);
  times.clear();
  int pid = 0;
  for (int i = 0; i < count; ++i) {
    const auto begin = Clock::now();
    const auto opened = must(tenants.open(made[static_cast<size_t>(i)].id().text()));
    must(tenants.transact(opened, actor, [&](TenantTransaction& transaction) -> Result<Done> {
      for (const char* table : {"people", "person_attributes", "departments", "scheme_versions", "entries", "periods",
                                "ledger_entries", "audit_log", "counters"})
        transaction.sql().query("SELECT 1 FROM " + transaction.table(table) + " LIMIT 1");
      pid = transaction.sql().backend_pid();
      return Done{};
    }));
    times.push_back(ms_since(begin));
    if (i == 0 || i + 1 == 10 || i + 1 == 100 || i + 1 == 1000 || i + 1 == count)
      std::printf("a backend that has served %4d tenants: %lld kB of its own\n", i + 1,
                  static_cast<long long>(private_kb(pid)));
  }
  print_times("open a tenant, touch 9 tables:", times);
  times.clear();
  for (int i = 0; i < std::min(count, 50); ++i) {
    const auto begin = Clock::now();
    must(registry.erase(made[static_cast<size_t>(i)].id().text(), actor));
    times.push_back(ms_since(begin));
  }
  print_times("erase a tenant:", times);
  return 0;
}
