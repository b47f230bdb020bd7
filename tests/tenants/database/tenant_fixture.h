// A server and a database with the control schema, for tests of tenants: made once a program, with tenants as the tests
// ask.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include "infra/clock/clock.h"
#include "infra/postgres/pool.h"
#include "tenants/registry/registry.h"
#include "tenants/registry/tenant_database.h"
#include "tests/infra/cluster/program_servers.h"

namespace kaogong::tenants::test {

/// The one database of the process, its two connections, and a clock that stands still.
class Database {
 public:
  static Database& get();

  clock::ManualClock clock{clock::Instant{std::chrono::sys_days{std::chrono::year{2026} / 10 / 5}}};
  postgres::Pool& owner() { return *owner_; }
  postgres::Pool& application() { return *application_; }
  /// For whoever makes pools of his own.
  std::string owner_conninfo() const { return fresh_.conninfo(); }
  std::string application_conninfo() const { return fresh_.conninfo("kaogong_app"); }
  Registry registry() { return {owner(), clock}; }
  TenantDatabase tenants() { return {application(), clock}; }

 private:
  Database();
  kaogong::test::FreshDatabase fresh_;
  std::unique_ptr<postgres::Pool> owner_, application_;
};

/// Tests with tenants of their own.
class TenantTest : public ::testing::Test {
 protected:
  /// A new tenant with an id that no other test has.
  Tenant make_tenant(const Quotas& quotas = {});
  /// Runs SQL as the tenant's role, as the application could: the failure is that of the database.
  Result<Done> run_as(const Tenant& tenant, const std::string& sql);
  /// The first column of the first row, as text, with the owner's rights.
  std::string value(const std::string& sql);
  /// Runs SQL with the owner's rights.
  void run_as_owner(const std::string& sql);

  /// Runs a body in a transaction of the tenant's.
  template <typename Body>
  auto in(const Tenant& tenant, const Body& body) {
    return tenants.transact(tenant, actor, body);
  }

  Database& database = Database::get();
  Registry registry = database.registry();
  TenantDatabase tenants = database.tenants();
  Actor actor{"tester"};
};

/// What a result's failure is; "ok" of a value. For EXPECT_EQ.
template <typename T>
std::string code_of(const Result<T>& result) {
  return result.ok() ? "ok" : std::string(to_text(result.failure().code));
}

/// Whether a result has a value; else why not.
template <typename T>
::testing::AssertionResult is_ok(const char* expression, const Result<T>& result) {
  if (result.ok()) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << expression << ": " << code_of(result) << ": " << result.failure().message;
}

}  // namespace kaogong::tenants::test

#define ASSERT_OK(result) ASSERT_PRED_FORMAT1(::kaogong::tenants::test::is_ok, result)
#define EXPECT_OK(result) EXPECT_PRED_FORMAT1(::kaogong::tenants::test::is_ok, result)
