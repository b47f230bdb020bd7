// The servers of a test program: its own, started when first asked for, gone with the program.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "infra/cluster/postgres.h"
#include "infra/cluster/redis.h"

namespace kaogong::test {

/// Whether this machine lets us mount a small disk. Not every container does: it needs a right, or user namespaces.
bool mounts_small_disks();

/// How a program's PostgreSQL differs from the usual; to be called before the first program_postgres(). It goes without
/// the small disk where none can be mounted.
void set_postgres_options(const cluster::PostgresOptions& options);

/// One for the whole program. Not for threads that run at once.
cluster::Postgres& program_postgres();
/// One for the whole program; tests that use it empty it themselves (FLUSHALL).
cluster::Redis& program_redis();

/// A folder where this build keeps the files of a new PostgreSQL.
std::filesystem::path template_cache();

/// A database of its own for one test, dropped at the end with everything in it. Roles belong to the whole server:
/// name() is also a prefix for the test's own, which are dropped with it.
class FreshDatabase {
 public:
  FreshDatabase();
  ~FreshDatabase();
  FreshDatabase(const FreshDatabase&) = delete;
  FreshDatabase& operator=(const FreshDatabase&) = delete;

  const std::string& name() const { return name_; }
  /// As the superuser.
  std::string conninfo() const;
  /// As another role that may log in.
  std::string conninfo(std::string_view user) const;
  /// Creates a role `<name()>_<suffix>` without any right, and gives its name. `options`: as of CREATE ROLE.
  std::string make_role(std::string_view suffix, std::string_view options = {});

 private:
  std::string name_;
  std::vector<std::string> roles_;
};

}  // namespace kaogong::test
