// What the commands that work on tenants share: the connection, the tenant that is meant, failures and answers.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/scheme/period.h"
#include "gateway/command/commands.h"
#include "gateway/command/config.h"
#include "tenants/calendar/day.h"
#include "tenants/registry/registry.h"
#include "tenants/registry/tenant_database.h"
#include "tenants/sheet/line_answer.h"

namespace kaogong::gateway {

/// How a command line says where to work, and who does.
struct SessionArguments {
  std::shared_ptr<SettingsArguments> settings;
  std::string tenant;  // --tenant, or the environment's KAOGONG_TENANT
  std::string actor = "operator";
};

/// Adds --config, --set and --as.
std::shared_ptr<SessionArguments> add_session_options(CLI::App& command);
/// Adds also --tenant. Without one the command fails: there is no default, and never all of them.
std::shared_ptr<SessionArguments> add_tenant_options(CLI::App& command);

/// Prints a failure on standard error; the exit status for it.
int fail(const tenants::Failure& failure);
int fail(std::string_view message);

/// Connections of the application and of the owner, opened when they are first used.
class Session {
 public:
  /// Nothing, after the faults were printed, if the settings have faults.
  static std::unique_ptr<Session> open(const SessionArguments& arguments);

  tenants::TenantDatabase& database() { return *database_; }
  tenants::Registry& registry() { return *registry_; }
  postgres::Pool& owner() { return *owner_; }
  const Settings& settings() const { return settings_; }
  const tenants::Actor& actor() const { return actor_; }
  const clock::Clock& clock() const { return clock_; }

 private:
  Session() = default;
  Settings settings_;
  clock::SystemClock clock_;
  tenants::Actor actor_;
  std::unique_ptr<postgres::Pool> application_, owner_;
  std::unique_ptr<tenants::TenantDatabase> database_;
  std::unique_ptr<tenants::Registry> registry_;
};

/// The tenant that is named; nothing, after it was said why.
std::optional<tenants::Tenant> open_tenant(Session& session, const SessionArguments& arguments);

/// Runs `body(TenantTransaction&)` for the tenant that is named, then `show(value)`, which gives the exit status.
template <typename Body, typename Show>
int in_tenant(const SessionArguments& arguments, const Body& body, const Show& show,
              const postgres::TransactionOptions& options = {}) {
  const auto session = Session::open(arguments);
  if (session == nullptr) return kNothingDone;
  const auto tenant = open_tenant(*session, arguments);
  if (!tenant) return kNothingDone;
  const auto answer = session->database().transact(*tenant, session->actor(), body, options);
  if (!answer) return fail(answer.failure());
  return show(*answer);
}

/// For reading much, or writing much: no bound of time but the server's own.
postgres::TransactionOptions read_options();
postgres::TransactionOptions bulk_options();

/// Print the reason and give nothing for a text that is none.
std::optional<tenants::Day> day_of(const std::string& text);
std::optional<scheme::Period> period_of(const std::string& text);

/// Prints faults as `file,line,employee,column,value,error`; how many there are beyond those goes to standard error.
void print_faults(const tenants::LineAnswers& faults, bool chinese);

/// Prints a line of values with tabs between them; control characters in them become spaces.
void print_line(std::initializer_list<std::string_view> values);

}  // namespace kaogong::gateway
