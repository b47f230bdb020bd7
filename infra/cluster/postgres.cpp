#include "infra/cluster/postgres.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "infra/cluster/log_tail.h"

namespace kaogong::cluster {

namespace {

namespace fs = std::filesystem;

constexpr const char* kVersion = "15";
constexpr int64_t kInitialiseTimeoutMs = 120'000;
// What the cached files depend on.
constexpr const char* kTemplate = "postgres-15";

}  // namespace

fs::path postgres_programs() {
  const fs::path programs = fs::path("/usr/lib/postgresql") / kVersion / "bin";
  if (!fs::exists(programs / "postgres") || !fs::exists(programs / "initdb")) {
    throw std::runtime_error("PostgreSQL 15 is not installed (package postgresql-15): " + programs.string());
  }
  return programs;
}

Postgres::Postgres(const Folder& folder, PostgresOptions options)
    : folder_(folder.path()), options_(std::move(options)), account_(Account::for_servers()) {
  make_data();
  start();
}

void Postgres::fail(const std::string& what) const { throw std::runtime_error(what + "\n" + end_of_log(log())); }

void Postgres::initialise(const fs::path& data) const {
  Process initdb(
      {.arguments = {(postgres_programs() / "initdb").string(), "--pgdata=" + data.string(), "--username=postgres",
                     "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync", "--no-instructions"},
       .account = account_,
       .working_folder = folder_,
       .log = log()});
  int status = 0;
  if (!initdb.wait_end(kInitialiseTimeoutMs, &status) || status != 0) fail("initdb failed");
}

void Postgres::make_data() {
  const fs::path data = folder_ / "data";
  if (options_.template_cache.empty()) {
    initialise(data);
    return;
  }
  fs::create_directories(options_.template_cache);
  const fs::path kept = options_.template_cache / kTemplate;
  // One makes it, the others wait. The lock goes with the process that holds it.
  const Descriptor lock(open((options_.template_cache / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock) throw std::system_error(errno, std::generic_category(), "cannot lock " + options_.template_cache.string());
  while (flock(lock.get(), LOCK_EX) != 0) {
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "cannot lock the template");
  }
  if (!fs::exists(kept)) {
    initialise(data);
    const fs::path unfinished = options_.template_cache / "unfinished";
    fs::remove_all(unfinished);
    fs::copy(data, unfinished, fs::copy_options::recursive | fs::copy_options::copy_symlinks);
    fs::rename(unfinished, kept);
    return;
  }
  flock(lock.get(), LOCK_UN);
  fs::copy(kept, data, fs::copy_options::recursive | fs::copy_options::copy_symlinks);
  fs::permissions(data, fs::perms::owner_all);
  account_.give(data);
}

void Postgres::start() {
  if (process_.running()) return;
  const auto on_off = [](bool on) { return on ? "on" : "off"; };
  std::vector<std::string> settings = {
      "listen_addresses=",
      "port=5432",
      "unix_socket_directories=" + folder_.string(),
      "unix_socket_permissions=0700",
      "max_connections=" + std::to_string(options_.connections_max),
      "shared_buffers=" + std::to_string(options_.shared_buffers_mb) + "MB",
      std::string("fsync=") + on_off(options_.durable),
      std::string("full_page_writes=") + on_off(options_.durable),
      "synchronous_commit=on",  // without it even a kill -9 of the server would lose commits
      "timezone=UTC",
      "log_timezone=UTC",
      "logging_collector=off",
      "log_statement=none",
      "jit=off",
  };
  settings.insert(settings.end(), options_.settings.begin(), options_.settings.end());
  Command command = {.arguments = {(postgres_programs() / "postgres").string(), "-D", (folder_ / "data").string()},
                     .account = account_,
                     .working_folder = folder_,
                     .log = log(),
                     .notify_socket = folder_ / "ready.postgres"};
  for (const std::string& setting : settings) {
    command.arguments.emplace_back("-c");
    command.arguments.push_back(setting);
  }
  if (options_.small_disk_mb > 0) {
    fs::create_directories(small_disk());
    account_.give(small_disk());
    command.small_disk = small_disk();
    command.small_disk_mb = options_.small_disk_mb;
  }
  process_ = Process(command);
  if (!process_.wait_ready(options_.start_timeout_ms)) {
    process_.kill();
    fail("PostgreSQL did not start");
  }
}

void Postgres::stop() {
  if (!process_.running()) return;
  process_.send_signal(SIGINT);
  if (!process_.wait_end(options_.stop_timeout_ms)) {
    process_.kill();
    fail("PostgreSQL did not stop");
  }
}

std::string Postgres::conninfo(std::string_view database) const {
  return "host=" + folder_.string() + " port=5432 user=postgres dbname=" + std::string(database);
}

fs::path Postgres::socket() const { return folder_ / ".s.PGSQL.5432"; }

}  // namespace kaogong::cluster
