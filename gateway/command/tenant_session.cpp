#include "gateway/command/tenant_session.h"

#include <CLI/CLI.hpp>
#include <cstdio>

#include "engine/scheme/literal.h"
#include "infra/csv/writer.h"

namespace kaogong::gateway {

std::shared_ptr<SessionArguments> add_session_options(CLI::App& command) {
  auto arguments = std::make_shared<SessionArguments>();
  arguments->settings = add_settings_options(command);
  command.add_option("--as", arguments->actor, "who does it, for the audit log")->capture_default_str();
  return arguments;
}

std::shared_ptr<SessionArguments> add_tenant_options(CLI::App& command) {
  auto arguments = add_session_options(command);
  command.add_option("--tenant", arguments->tenant, "the tenant's id")->envname("KAOGONG_TENANT");
  return arguments;
}

int fail(std::string_view message) {
  std::fprintf(stderr, "kaogong: %.*s\n", static_cast<int>(message.size()), message.data());
  return kNothingDone;
}

int fail(const tenants::Failure& failure) { return fail(failure.message); }

std::unique_ptr<Session> Session::open(const SessionArguments& arguments) {
  auto settings = read_settings(*arguments.settings);
  if (!settings) return nullptr;
  if (settings->postgres.conninfo.empty() && settings->postgres_owner_conninfo.empty()) {
    fail("it is not said where PostgreSQL is: set postgres.conninfo (KAOGONG_POSTGRES_CONNINFO)");
    return nullptr;
  }
  std::unique_ptr<Session> session(new Session());
  session->settings_ = *std::move(settings);
  session->actor_.name = arguments.actor;
  auto options = session->settings_.postgres;
  session->application_ = std::make_unique<postgres::Pool>(options);
  if (!session->settings_.postgres_owner_conninfo.empty())
    options.conninfo = session->settings_.postgres_owner_conninfo;
  session->owner_ = std::make_unique<postgres::Pool>(options);
  session->database_ = std::make_unique<tenants::TenantDatabase>(*session->application_, session->clock_);
  session->registry_ = std::make_unique<tenants::Registry>(*session->owner_, session->clock_);
  return session;
}

postgres::TransactionOptions read_options() {
  postgres::TransactionOptions options;
  options.isolation = postgres::Isolation::kRepeatableRead;
  options.read_only = true;
  options.statement_timeout_ms = 0;
  return options;
}

postgres::TransactionOptions bulk_options() {
  postgres::TransactionOptions options;
  options.statement_timeout_ms = 0;
  return options;
}

std::optional<tenants::Day> day_of(const std::string& text) {
  const auto day = scheme::parse_date(text);
  if (!day) fail("'" + text + "' is not a date like 2026-10-31");
  return day;
}

std::optional<scheme::Period> period_of(const std::string& text) {
  const auto period = scheme::parse_period(text);
  if (!period) fail("'" + text + "' is not a period: write 2026-10, 2026-Q3, 2026-H1 or 2026");
  return period;
}

std::optional<tenants::Tenant> open_tenant(Session& session, const SessionArguments& arguments) {
  if (arguments.tenant.empty()) {
    fail("no tenant is named: --tenant, or KAOGONG_TENANT");
    return std::nullopt;
  }
  auto tenant = session.database().open(arguments.tenant);
  if (tenant) return *std::move(tenant);
  fail(tenant.failure());
  return std::nullopt;
}

void print_faults(const tenants::LineAnswers& faults, bool chinese) {
  if (faults.empty()) return;
  std::string text = "file,line,employee,column,value,error\n";
  for (const auto& fault : faults.list()) {
    const auto line = std::to_string(fault.line);
    bool first = true;
    for (const std::string_view value :
         {std::string_view(fault.file), std::string_view(line), std::string_view(fault.employee),
          std::string_view(fault.column), std::string_view(fault.value),
          std::string_view(chinese ? fault.error.zh : fault.error.en)}) {
      if (!first) text += ',';
      first = false;
      csv::append_field(&text, value);
    }
    text += '\n';
  }
  std::fwrite(text.data(), 1, text.size(), stdout);
  const auto more = faults.total() - faults.list().size();
  if (more > 0) std::fprintf(stderr, "kaogong: and %llu faults more\n", static_cast<unsigned long long>(more));
}

void print_line(std::initializer_list<std::string_view> values) {
  std::string line;
  for (const auto& value : values) {
    if (!line.empty() || &value != values.begin()) line += '\t';
    for (const char c : value) line += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
  }
  line += '\n';
  std::fwrite(line.data(), 1, line.size(), stdout);
}

}  // namespace kaogong::gateway
