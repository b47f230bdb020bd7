#include "tests/infra/cluster/program_servers.h"

#include <cstdio>
#include <memory>
#include <stdexcept>

#include "infra/cluster/account.h"
#include "infra/cluster/process.h"
#include "infra/postgres/error.h"
#include "infra/postgres/names.h"
#include "infra/postgres/run_alone.h"

namespace kaogong::test {

namespace {

cluster::Folder& folder() {
  static cluster::Folder folder;
  return folder;
}

cluster::PostgresOptions& postgres_options() {
  static cluster::PostgresOptions options = {.template_cache = template_cache()};
  return options;
}

bool postgres_started = false;

}  // namespace

std::filesystem::path template_cache() { return KAOGONG_TEMPLATE_CACHE; }

bool mounts_small_disks() {
  static const bool mounts = [] {
    const cluster::Folder tried;
    cluster::Process process({.arguments = {"/bin/true"},
                              .account = cluster::Account::for_servers(),
                              .working_folder = "/",
                              .log = tried.path() / "log",
                              .small_disk = tried.path(),
                              .small_disk_mb = 1});
    int status = 1;
    return process.wait_end(60'000, &status) && status == 0;
  }();
  return mounts;
}

void set_postgres_options(const cluster::PostgresOptions& options) {
  if (postgres_started) throw std::logic_error("the program's PostgreSQL has already started");
  postgres_options() = options;
  if (options.template_cache.empty()) postgres_options().template_cache = template_cache();
  if (options.small_disk_mb > 0 && !mounts_small_disks()) postgres_options().small_disk_mb = 0;
}

cluster::Postgres& program_postgres() {
  postgres_started = true;
  static cluster::Postgres server(folder(), postgres_options());
  return server;
}

cluster::Redis& program_redis() {
  static cluster::Redis server(folder(), {});
  return server;
}

FreshDatabase::FreshDatabase() {
  static int count = 0;
  name_ = "test_" + std::to_string(++count);
  postgres::run_alone(program_postgres().conninfo(), "create database " + name_ + " template template0");
}

FreshDatabase::~FreshDatabase() {
  try {
    const std::string server = program_postgres().conninfo();
    postgres::run_alone(server, "drop database " + name_ + " with (force)");
    for (const std::string& role : roles_) postgres::run_alone(server, "drop role " + postgres::quote_identifier(role));
  } catch (const postgres::Error& error) {
    std::fprintf(stderr, "a test's database is left until the program ends: %s\n", error.what());
  }
}

std::string FreshDatabase::conninfo() const { return program_postgres().conninfo(name_); }

std::string FreshDatabase::conninfo(std::string_view user) const { return conninfo() + " user=" + std::string(user); }

std::string FreshDatabase::make_role(std::string_view suffix, std::string_view options) {
  const std::string role = name_ + "_" + std::string(suffix);
  postgres::run_alone(conninfo(), "create role " + postgres::quote_identifier(role) + " " + std::string(options));
  roles_.push_back(role);
  return role;
}

}  // namespace kaogong::test
