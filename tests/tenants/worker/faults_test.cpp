// Whatever is killed, stopped, cut or full: the result is the one of an undisturbed run, and no row is lost or doubled.
// Each test disturbs a few times; KAOGONG_FAULTS says how often (100 for what the docs claim).
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <random>
#include <thread>

#include "infra/cluster/process.h"
#include "infra/postgres/run_alone.h"
#include "tenants/calendar/periods.h"
#include "tenants/inputs/load_inputs.h"
#include "tenants/runs/verify.h"
#include "tests/infra/postgres/cutting_proxy.h"
#include "tests/tenants/worker/worker_kit.h"

namespace kaogong::worker {
namespace {

using runs::RunRow;
using runs::RunState;
using tenants::Tenant;

constexpr int kPeople = 50'000;
constexpr int64_t kLeaseMs = 300;
constexpr int64_t kEndTimeoutMs = 300'000;
constexpr int64_t kStallTimeoutMs = 60'000;  // far above what the server waits for those who say nothing

int faults() {
  const char* text = std::getenv("KAOGONG_FAULTS");
  return text == nullptr ? 3 : std::max(1, static_cast<int>(std::strtol(text, nullptr, 10)));
}

class Faults : public runs::RunTest {
 protected:
  Faults() : tenant(make_tenant()) {
    std::printf("seed %u\n", seed);
    install(tenant, runs::kPayScheme);
    const RunRow first = new_run();
    const auto begun = std::chrono::steady_clock::now();
    EXPECT_TRUE(start("undisturbed").wait_end(kEndTimeoutMs));
    took = std::chrono::steady_clock::now() - begun;
    const RunRow run = get(tenant, first.id);
    EXPECT_EQ(run.state, RunState::kCalculated);
    expected = run.checksum;
  }

  ~Faults() override { std::filesystem::remove(log_file()); }

  /// The same population each time.
  RunRow new_run() {
    if (snapshot == 0) snapshot = freeze(tenant, "pay", "2026-01", {{"population", runs::population(kPeople, 3)}});
    runs::NewRun request;
    request.scheme_id = "pay";
    request.period = scheme::parse_period("2026-01").value();
    request.snapshot = snapshot;
    auto run = runs::create_run(tenants, tenant, actor, request);
    EXPECT_OK(run);
    return *run;
  }

  cluster::Process start(const std::string& name, bool forever = false) {
    cluster::Command command;
    command.arguments = {worker_program(), conninfo(), name, std::to_string(kLeaseMs), "2"};
    if (forever) command.arguments.emplace_back("forever");
    command.account = {geteuid(), getegid()};
    command.working_folder = std::filesystem::temp_directory_path();
    command.log = log_file();
    return cluster::Process(command);
  }

  void expect_undisturbed(const RunRow& made) {
    const RunRow run = get(tenant, made.id);
    EXPECT_EQ(run.state, RunState::kCalculated);
    EXPECT_EQ(run.checksum, expected);
    const std::string id = std::to_string(number_of(run.id)), schema = "kg_" + tenant.id().text() + ".";
    EXPECT_EQ(value("SELECT sum(rows) FROM " + schema + "results WHERE run_id = " + id), std::to_string(kPeople));
    EXPECT_EQ(value("SELECT count(*) FROM " + schema + "run_chunks WHERE state <> 'done' AND run_id = " + id), "0");
    // Workers never wait for each other in a circle.
    EXPECT_EQ(value("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"), "0");
    const auto same = runs::verify_run(tenants, builder, tenant, actor, run.id);
    ASSERT_OK(same);
    EXPECT_TRUE(same->same()) << same->differences.front();
  }

  /// Waits for a moment inside the time that an undisturbed run takes.
  void wait_at_random() {
    std::uniform_int_distribution<int64_t> moment(0, std::chrono::nanoseconds(took).count());
    const auto until = std::chrono::steady_clock::now() + std::chrono::nanoseconds(moment(random));
    std::this_thread::sleep_until(until);
  }

  std::string conninfo() const { return database.application().options().conninfo; }
  static std::string worker_program() { return KAOGONG_WORKER_PROCESS; }
  static std::filesystem::path log_file() {
    return std::filesystem::temp_directory_path() / ("kaogong_faults_" + std::to_string(getpid()) + ".log");
  }

  const unsigned seed = std::random_device{}();
  std::mt19937 random{seed};
  Tenant tenant;
  int64_t snapshot = 0;
  std::string expected;
  std::chrono::steady_clock::duration took{};
};

TEST_F(Faults, WorkersAreKilled) {
  for (int i = 0; i < faults(); ++i) {
    const RunRow run = new_run();
    cluster::Process victim = start("victim" + std::to_string(i));
    wait_at_random();
    victim.kill();
    EXPECT_TRUE(start("heir" + std::to_string(i)).wait_end(kEndTimeoutMs));
    expect_undisturbed(run);
  }
}

TEST_F(Faults, OneOfTwoWorkersDies) {
  for (int i = 0; i < faults(); ++i) {
    const RunRow run = new_run();
    cluster::Process survivor = start("survivor" + std::to_string(i)), victim = start("victim" + std::to_string(i));
    wait_at_random();
    victim.kill();
    EXPECT_TRUE(survivor.wait_end(kEndTimeoutMs));
    expect_undisturbed(run);
  }
}

TEST_F(Faults, PostgresIsKilled) {
  auto& server = kaogong::test::program_postgres();
  for (int i = 0; i < faults(); ++i) {
    const RunRow run = new_run();
    cluster::Process worker = start("witness" + std::to_string(i));
    wait_at_random();
    server.kill();
    server.start();
    EXPECT_TRUE(worker.wait_end(kEndTimeoutMs));
    expect_undisturbed(run);
  }
}

TEST_F(Faults, StoppedWorkersAreFencedOff) {
  for (int i = 0; i < faults(); ++i) {
    const RunRow run = new_run();
    cluster::Process sleeper = start("sleeper" + std::to_string(i));
    wait_at_random();
    sleeper.send_signal(SIGSTOP);
    EXPECT_TRUE(start("heir" + std::to_string(i)).wait_end(kEndTimeoutMs)) << "its leases run out";
    expect_undisturbed(run);
    sleeper.send_signal(SIGCONT);
    EXPECT_TRUE(sleeper.wait_end(kEndTimeoutMs));
    expect_undisturbed(run);
  }
}

TEST_F(Faults, AWorkerThatIsStoppedWhileItSendsAChunkHoldsNothingUp) {
  // Its half of a message is with the server, which waits for the rest, and the chunk is locked.
  constexpr int64_t kFirstBytes = 100'000;
  kaogong::test::CuttingProxy proxy(kaogong::test::program_postgres().socket());
  WorkerOptions options;
  options.name = "stopped";
  options.lease_ms = kLeaseMs;
  options.poll_ms = 20;
  const RunRow run = new_run();
  proxy.stall_after(kFirstBytes);
  WorkerKit kit(proxy.conninfo(conninfo()), options);
  std::jthread stopped([&](const std::stop_token& stop) { kit.worker.run(stop); });
  while (!proxy.has_stalled()) std::this_thread::yield();
  EXPECT_TRUE(start("heir").wait_end(kStallTimeoutMs)) << "the server does not wait for it";
  expect_undisturbed(run);
  proxy.let_go();
  stopped.request_stop();
  stopped.join();
  expect_undisturbed(run);
}

// A loader that is stopped while it sends holds its period, and everybody who would enter into it, until it is ended.
TEST_F(Faults, ALoaderThatIsStoppedWhileItSendsHoldsNothingUp) {
  constexpr int64_t kFirstBytes = 300'000;
  const tenants::InputSet set{"pay", scheme::parse_period("2026-03").value()};
  ASSERT_OK(in(tenant, [&](tenants::TenantTransaction& t) { return tenants::open_period(t, set.period, {}); }));
  const auto file = std::filesystem::temp_directory_path() / ("kaogong_load_" + std::to_string(getpid()) + ".csv");
  std::ofstream(file) << runs::population(kPeople, 5);
  const auto load = [&](tenants::TenantDatabase& through) {
    return through.transact(tenant, actor,
                            [&](tenants::TenantTransaction& t) {
                              return tenants::load_sheet(t, set, "population", file.string(), {.replace = true});
                            },
                            {.statement_timeout_ms = kStallTimeoutMs});
  };
  // First by COPY into what is empty, then by statements over what is there.
  for (const char* how : {"copy", "merge"}) {
    SCOPED_TRACE(how);
    kaogong::test::CuttingProxy proxy(kaogong::test::program_postgres().socket());
    postgres::Pool pool({.conninfo = proxy.conninfo(conninfo()),
                         .connections_max = 1,
                         .answer_grace_ms = 10 * kStallTimeoutMs,
                         .idle_in_transaction_timeout_ms = 5'000});
    tenants::TenantDatabase stopped(pool, database.clock);
    proxy.stall_after(kFirstBytes);
    std::optional<tenants::Result<tenants::InputsLoaded>> lost;
    std::jthread loader([&] { lost = load(stopped); });
    while (!proxy.has_stalled()) std::this_thread::yield();
    cluster::Process worker = start("usher", true);
    const auto loaded = load(tenants);
    proxy.let_go();
    loader.join();
    ASSERT_OK(loaded);
    EXPECT_TRUE(loaded->stored);
    EXPECT_EQ(value("SELECT count(*) FROM kg_" + tenant.id().text() + ".entries WHERE period = '2026-03'"),
              std::to_string(kPeople));
    EXPECT_FALSE(lost->ok());
    worker.send_signal(SIGTERM);
    EXPECT_TRUE(worker.wait_end(kEndTimeoutMs));
    std::ofstream(file) << runs::population(kPeople, 6);
  }
  std::filesystem::remove(file);
}

TEST_F(Faults, TerminatedUnderLoad) {
  for (int i = 0; i < faults(); ++i) {
    const RunRow run = new_run();
    cluster::Process worker = start("leaving" + std::to_string(i), true);
    wait_at_random();
    worker.send_signal(SIGTERM);
    int status = -1;
    EXPECT_TRUE(worker.wait_end(kEndTimeoutMs, &status));
    // Before it has begun to listen for the signal, that ends it: then it holds nothing yet, which is looked at below.
    const bool before_it_began = WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM;
    EXPECT_TRUE(before_it_began || (WIFEXITED(status) && WEXITSTATUS(status) == 0)) << status;
    EXPECT_EQ(value("SELECT count(*) FROM kg_" + tenant.id().text() + ".run_chunks WHERE state = 'claimed'"), "0");
    EXPECT_TRUE(start("heir" + std::to_string(i)).wait_end(kEndTimeoutMs));
    expect_undisturbed(run);
  }
}

TEST_F(Faults, ConnectionsAreCutDuringCommit) {
  kaogong::test::CuttingProxy proxy(kaogong::test::program_postgres().socket());
  WorkerOptions options;
  options.name = "cut";
  options.lease_ms = kLeaseMs;
  options.poll_ms = 20;
  for (int i = 0; i < faults(); ++i) {
    const RunRow run = new_run();
    WorkerKit kit(proxy.conninfo(conninfo()), options);
    std::jthread cutter([&](const std::stop_token& stop) {
      std::mt19937 moments(seed + static_cast<unsigned>(i));
      while (!stop.stop_requested()) {
        proxy.cut(moments() % 2 == 0 ? kaogong::test::CuttingProxy::Cut::kBeforeCommit
                                     : kaogong::test::CuttingProxy::Cut::kAfterCommit);
        std::this_thread::sleep_for(std::chrono::milliseconds(moments() % 100));
      }
      proxy.cut(kaogong::test::CuttingProxy::Cut::kNever);
    });
    kit.worker.run_until_idle();
    cutter.request_stop();
    cutter.join();
    expect_undisturbed(run);
  }
}

TEST_F(Faults, CreatedOnceThroughCutCommits) {
  kaogong::test::CuttingProxy proxy(kaogong::test::program_postgres().socket());
  postgres::Pool pool({.conninfo = proxy.conninfo(conninfo()), .connections_max = 2});
  tenants::TenantDatabase cut(pool, database.clock);
  runs::RunSteps cut_steps(cut);
  const auto made = [&] { return std::stoi(value("SELECT count(*) FROM kg_" + tenant.id().text() + ".runs")); };
  for (int i = 0; i < 2 * faults(); ++i) {
    const auto how =
        i % 2 == 0 ? kaogong::test::CuttingProxy::Cut::kBeforeCommit : kaogong::test::CuttingProxy::Cut::kAfterCommit;
    const int before = made();
    runs::NewRun request;
    request.scheme_id = "pay";
    request.period = scheme::parse_period("2026-01").value();
    request.snapshot = snapshot;
    request.start = false;
    request.idempotency_key = "key " + std::to_string(i);
    proxy.cut(how);
    const auto run = runs::create_run(cut, tenant, actor, request);
    ASSERT_OK(run);
    EXPECT_EQ(made(), before + 1);
    proxy.cut(how);
    const auto cancelled = cut_steps.cancel(tenant, actor, run->id, "only a trial");
    ASSERT_OK(cancelled);
    EXPECT_EQ(cancelled->state, RunState::kCancelled);
    proxy.cut(kaogong::test::CuttingProxy::Cut::kNever);
    const auto again = runs::create_run(tenants, tenant, actor, request);
    ASSERT_OK(again);
    EXPECT_EQ(again->id, run->id);
  }
}

TEST_F(Faults, StatementsTimeOut) {
  WorkerOptions options;
  options.name = "patient";
  options.poll_ms = 20;
  options.lease_ms = kLeaseMs;
  const RunRow run = new_run();
  WorkerKit kit(conninfo(), options);
  std::jthread worker;
  {
    postgres::Pool pool({.conninfo = database.owner().options().conninfo});
    auto lock = postgres::Transaction::as_login_role(pool);
    lock.execute("LOCK TABLE kg_" + tenant.id().text() + ".results IN ACCESS EXCLUSIVE MODE");
    worker = std::jthread([&] { kit.worker.run_until_idle(); });
    while (kit.worker.status().retries == 0) std::this_thread::yield();
    lock.rollback();
  }
  worker.join();
  expect_undisturbed(run);
}

TEST_F(Faults, TheDiskIsFull) {
  if (!kaogong::test::mounts_small_disks()) GTEST_SKIP() << "this machine lets us mount no small disk";
  const std::string schema = "kg_" + tenant.id().text() + ".";
  const std::string small = kaogong::test::program_postgres().small_disk().string();
  postgres::Pool owner({.conninfo = database.owner().options().conninfo, .statement_timeout_ms = 0});
  const auto run_alone = [&](const std::string& sql) { postgres::run_alone(owner.options().conninfo, sql); };
  run_alone("CREATE TABLESPACE small LOCATION '" + small + "'");
  run_alone("ALTER TABLE " + schema + "results SET TABLESPACE small");
  run_alone("CREATE TABLE public.ballast (bytes bytea) TABLESPACE small");
  run_alone("ALTER TABLE public.ballast ALTER COLUMN bytes SET STORAGE PLAIN");
  bool full = false;
  while (!full) {
    const auto filled = postgres::transact_as_login_role(owner, {}, [](postgres::Transaction& sql) {
      sql.execute("INSERT INTO public.ballast SELECT decode(repeat('00', 8000), 'hex') FROM generate_series(1, 20)");
    });
    full = !filled.committed();
  }
  const RunRow run = new_run();
  WorkerOptions options;
  options.name = "cramped";
  options.poll_ms = 20;
  WorkerKit kit(conninfo(), options);
  std::jthread worker([&] { kit.worker.run_until_idle(); });
  while (kit.worker.status().retries == 0) std::this_thread::yield();
  run_alone("DROP TABLE public.ballast");
  worker.join();
  expect_undisturbed(run);
  run_alone("ALTER TABLE " + schema + "results SET TABLESPACE pg_default");
  run_alone("DROP TABLESPACE small");
}

}  // namespace
}  // namespace kaogong::worker

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  kaogong::cluster::PostgresOptions options;
  options.template_cache = kaogong::test::template_cache();
  options.small_disk_mb = 24;
  kaogong::test::set_postgres_options(options);
  return RUN_ALL_TESTS();
}
