#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "infra/cluster/folder.h"
#include "infra/cluster/postgres.h"
#include "infra/cluster/redis.h"
#include "infra/postgres/pool.h"
#include "infra/postgres/transaction.h"
#include "tests/infra/cluster/program_servers.h"

namespace kaogong::cluster {
namespace {

namespace fs = std::filesystem;

// Processes with the working directory at or under a folder.
int processes_in(const fs::path& folder) {
  int count = 0;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    std::error_code error;
    const fs::path link = fs::read_symlink(entry.path() / "cwd", error);
    const std::string where = link.string();
    if (!error && (where == folder.string() || where.starts_with(folder.string() + "/"))) ++count;
  }
  return count;
}

std::string ask_redis(const fs::path& socket_path, std::string_view command) {
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, socket_path.c_str(), socket_path.native().size());
  std::string answer;
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
      send(fd, command.data(), command.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(command.size())) {
    char bytes[256];
    const ssize_t size = recv(fd, bytes, sizeof bytes, 0);
    if (size > 0) answer.assign(bytes, static_cast<size_t>(size));
  }
  close(fd);
  return answer;
}

int64_t number(const Postgres& server, std::string_view sql) {
  postgres::Pool pool({.conninfo = server.conninfo()});
  auto transaction = postgres::Transaction::as_login_role(pool);
  return transaction.query(sql).one().int64(0);
}

void write(const Postgres& server, const std::string& sql) {
  postgres::Pool pool({.conninfo = server.conninfo()});
  auto transaction = postgres::Transaction::as_login_role(pool);
  transaction.execute_script(sql);
  ASSERT_TRUE(transaction.commit().committed());
}

PostgresOptions quick() { return {.template_cache = test::template_cache()}; }

TEST(Cluster, KeepsWhatWasCommittedThroughStopAndKill) {
  const Folder folder;
  Postgres server(folder, quick());
  write(server, "create schema s; create table s.t (n bigint); insert into s.t values (1)");
  server.stop();
  EXPECT_FALSE(server.running());
  server.start();
  EXPECT_EQ(number(server, "select sum(n)::bigint from s.t"), 1);
  write(server, "insert into s.t values (2)");
  server.kill();
  EXPECT_FALSE(server.running());
  EXPECT_EQ(processes_in(folder.path()), 0);
  server.start();
  EXPECT_EQ(number(server, "select sum(n)::bigint from s.t"), 3);
}

TEST(Cluster, NeverRunsAsRootAndLetsNobodyIn) {
  const Folder folder;
  const Postgres server(folder, quick());
  const Redis redis(folder, {});
  for (const pid_t pid : {server.pid(), redis.pid()}) {
    struct stat status = {};
    ASSERT_EQ(stat(("/proc/" + std::to_string(pid)).c_str(), &status), 0);
    EXPECT_NE(status.st_uid, 0U);
  }
  EXPECT_EQ(fs::status(folder.path()).permissions(), fs::perms::owner_all);
  EXPECT_EQ(
      number(server, "select count(*) from pg_catalog.pg_settings where name = 'listen_addresses' and setting = ''"),
      1);
}

TEST(Cluster, SeveralAtOnceDoNotMeet) {
  constexpr int kServers = 3;
  std::vector<std::thread> threads;
  std::vector<int64_t> found(kServers);
  for (int i = 0; i < kServers; ++i) {
    threads.emplace_back([i, &found] {
      const Folder folder;
      const Postgres server(folder, quick());
      write(server, "create schema s; create table s.t as select " + std::to_string(i) + "::bigint as n");
      found[static_cast<size_t>(i)] = number(server, "select n from s.t");
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (int i = 0; i < kServers; ++i) EXPECT_EQ(found[static_cast<size_t>(i)], i);
}

TEST(Cluster, RedisForgetsWhenItIsKilled) {
  const Folder folder;
  Redis redis(folder, {});
  EXPECT_EQ(ask_redis(redis.socket(), "SET a 1\r\n"), "+OK\r\n");
  EXPECT_EQ(ask_redis(redis.socket(), "GET a\r\n"), "$1\r\n1\r\n");
  redis.kill();
  EXPECT_EQ(ask_redis(redis.socket(), "PING\r\n"), "");
  redis.start();
  EXPECT_EQ(ask_redis(redis.socket(), "GET a\r\n"), "$-1\r\n");
  redis.stop();
  EXPECT_FALSE(redis.running());
}

TEST(Cluster, LeavesNothingBehind) {
  fs::path path;
  {
    const Folder folder;
    path = folder.path();
    const Postgres server(folder, quick());
    const Redis redis(folder, {});
    EXPECT_GT(processes_in(path), 2);
  }
  EXPECT_FALSE(fs::exists(path));
  EXPECT_EQ(processes_in(path), 0);
}

// A child that owns servers and is killed; its watchdog must be done when the pipe that it inherited is closed.
TEST(Cluster, LeavesNothingBehindWhenItsOwnerIsKilled) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t owner = fork();
  if (owner == 0) {
    close(ends[0]);
    const Folder folder;
    const Postgres server(folder, quick());
    const Redis redis(folder, {});
    const std::string path = folder.path().string();
    if (::write(ends[1], path.data(), path.size()) < 0) _exit(1);
    close(ends[1]);
    pause();
    _exit(0);
  }
  close(ends[1]);
  char bytes[256];
  const ssize_t size = read(ends[0], bytes, sizeof bytes);
  close(ends[0]);
  ASSERT_GT(size, 0);
  const fs::path path(std::string(bytes, static_cast<size_t>(size)));
  EXPECT_GT(processes_in(path), 2);
  kill(owner, SIGKILL);
  ASSERT_EQ(waitpid(owner, nullptr, 0), owner);
  // The watchdog is nobody's child now: there is nothing to wait for but the folder's end. The test's own time limit
  // is what fails it.
  while (fs::exists(path)) std::this_thread::yield();
  EXPECT_EQ(processes_in(path), 0);
}

TEST(Cluster, SaysWhyItDoesNotStart) {
  const Folder folder;
  PostgresOptions options = quick();
  options.settings = {"shared_buffers=nonsense"};
  try {
    const Postgres server(folder, options);
    FAIL() << "it started";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("nonsense"), std::string::npos) << error.what();
  }
}

TEST(Cluster, RefusesAPathThatIsTooLongForSockets) {
  const fs::path parent = fs::temp_directory_path() / std::string(100, 'x');
  EXPECT_THROW(Folder{parent}, std::runtime_error);
}

}  // namespace
}  // namespace kaogong::cluster
