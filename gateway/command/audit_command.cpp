// `kaogong audit show|verify`: what was done, and whether the log is whole.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "gateway/command/tenant_session.h"

namespace kaogong::gateway {

namespace {

namespace audit = tenants::audit;

struct Options {
  int64_t after = 0, limit = 1000;
  std::string subject;
  bool operators = false;
};

int show(const std::vector<audit::Row>& rows) {
  for (const auto& row : rows) {
    print_line({std::to_string(row.seq), clock::to_rfc3339(row.at), row.entry.actor, row.entry.action,
                row.entry.subject, row.entry.detail});
  }
  return kDone;
}

int show_verdict(const audit::Verdict& verdict) {
  if (!verdict.seq) {
    std::printf("whole: %lld rows\n", static_cast<long long>(verdict.rows));
    return kDone;
  }
  return fail("the audit log is broken at row " + std::to_string(*verdict.seq) + ": " + verdict.what);
}

/// Runs `read(sql, log)` on the log of the tenant that is named, or that of operators.
template <typename Read, typename Show>
int on_log(const SessionArguments& arguments, bool operators, const Read& read, const Show& print) {
  using Value = std::invoke_result_t<const Read&, postgres::Transaction&, const audit::Log&>;
  if (!operators) {
    return in_tenant(
        arguments,
        [&](tenants::TenantTransaction& t) -> tenants::Result<Value> { return read(t.sql(), t.audit_log()); }, print,
        read_options());
  }
  const auto session = Session::open(arguments);
  if (session == nullptr) return kNothingDone;
  const auto value = session->database().transact_control(
      [&](postgres::Transaction& sql) -> tenants::Result<Value> { return read(sql, tenants::operator_audit_log()); },
      read_options());
  return value ? print(*value) : fail(value.failure());
}

}  // namespace

void add_audit(CLI::App& program, int& status) {
  auto* command = program.add_subcommand("audit", "show what was done, and verify that the log is whole");
  command->require_subcommand(1);
  const auto options = std::make_shared<Options>();
  const auto add = [&](const char* name, const char* what) {
    auto* sub = command->add_subcommand(name, what);
    auto arguments = add_session_options(*sub);
    auto* whose = sub->add_option_group("whose");
    whose->add_option("--tenant", arguments->tenant, "the tenant's id")->envname("KAOGONG_TENANT");
    whose->add_flag("--operators", options->operators, "the log of what operators did");
    return std::pair(sub, arguments);
  };
  const auto [list, list_arguments] = add("show", "a line a row: number, time, who, what, on what, details");
  list->add_option("--after", options->after, "only rows with a higher number");
  list->add_option("--limit", options->limit, "at most so many")
      ->check(CLI::Range(int64_t{1}, audit::kRowsMax))
      ->capture_default_str();
  list->add_option("--subject", options->subject, "only what was done to this one");
  list->callback([options, arguments = list_arguments, &status] {
    status = on_log(
        *arguments, options->operators,
        [&](postgres::Transaction& sql, const audit::Log& log) {
          return audit::list(sql, log, options->after, options->limit, options->subject);
        },
        show);
  });
  const auto [verify, verify_arguments] =
      add("verify", "recompute every hash; exit status 1 if a row was changed or is missing");
  verify->callback([options, arguments = verify_arguments, &status] {
    status = on_log(
        *arguments, options->operators,
        [](postgres::Transaction& sql, const audit::Log& log) { return audit::verify(sql, log); }, show_verdict);
  });
}

}  // namespace kaogong::gateway
