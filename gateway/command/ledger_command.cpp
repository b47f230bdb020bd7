// `kaogong ledger …`: amounts that are carried from period to period.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "gateway/command/tenant_session.h"
#include "tenants/ledgers/ledgers.h"

namespace kaogong::gateway {

namespace {

using tenants::TenantTransaction;

struct Options {
  std::string ledger, employee, period, key, kind, amount, note;
};

int list(const SessionArguments& arguments, const Options& o) {
  const auto period = period_of(o.period);
  if (!period) return kNothingDone;
  return in_tenant(
      arguments,
      [&](TenantTransaction& t) -> tenants::Result<tenants::Done> {
        for (std::string after;;) {
          const auto page = tenants::balances(t, o.ledger, *period, after, tenants::kBalancesMax);
          for (const auto& balance : page) print_line({balance.employee, balance.amount});
          if (page.size() < static_cast<size_t>(tenants::kBalancesMax)) return tenants::Done{};
          after = page.back().employee;
        }
      },
      [](tenants::Done) { return static_cast<int>(kDone); }, read_options());
}

int show(const SessionArguments& arguments, const Options& o) {
  return in_tenant(
      arguments,
      [&](TenantTransaction& t) -> tenants::Result<std::vector<tenants::LedgerEntry>> {
        return tenants::ledger_entries(t, o.ledger, o.employee, tenants::kBalancesMax);
      },
      [](const std::vector<tenants::LedgerEntry>& entries) {
        for (const auto& entry : entries) {
          print_line({scheme::to_text(entry.period), entry.posting.kind, to_text(entry.posting.amount),
                      entry.run_id ? "run " + std::to_string(*entry.run_id) : entry.key, entry.actor,
                      entry.posting.note});
        }
        return static_cast<int>(kDone);
      },
      read_options());
}

int post(const SessionArguments& arguments, const Options& o) {
  const auto period = period_of(o.period);
  const auto amount = tenants::parse_amount(o.amount);
  if (!period) return kNothingDone;
  if (!amount)
    return fail("'" + o.amount + "' is no decimal with at most " + std::to_string(tenants::kAmountScaleMax) +
                " decimals");
  return in_tenant(
      arguments,
      [&](TenantTransaction& t) {
        return tenants::post_entry(t, o.key, *period, {o.ledger, o.employee, o.kind, *amount, o.note});
      },
      [](const tenants::Posted& posted) {
        std::puts(posted.before ? "it was posted before" : "posted");
        return static_cast<int>(kDone);
      });
}

}  // namespace

void add_ledger(CLI::App& program, int& status) {
  auto* command = program.add_subcommand("ledger", "amounts that are carried from period to period");
  command->require_subcommand(1);
  const auto options = std::make_shared<Options>();
  const auto add = [&](const char* name, const char* what, int (*run)(const SessionArguments&, const Options&)) {
    auto* sub = command->add_subcommand(name, what);
    const auto arguments = add_tenant_options(*sub);
    sub->add_option("ledger", options->ledger, "the ledger")->required();
    sub->callback([arguments, options, run, &status] { status = run(*arguments, *options); });
    return sub;
  };
  add("balances", "what everybody has at the end of a period", list)
      ->add_option("--period", options->period, "the period")
      ->required();
  add("show", "somebody's entries: period, kind, amount, where from, who, note", show)
      ->add_option("--employee", options->employee, "the employee")
      ->required();
  auto* posting = add("post", "post an entry by hand; again with the same key does nothing", post);
  posting->add_option("--employee", options->employee, "the employee")->required();
  posting->add_option("--period", options->period, "the period")->required();
  posting->add_option("--key", options->key, "names the entry, so that it is posted once")->required();
  posting->add_option("--kind", options->kind, "opening, release, charge …")->required();
  posting->add_option("--amount", options->amount, "a decimal; below 0 it takes away")->required();
  posting->add_option("--note", options->note, "why");
}

}  // namespace kaogong::gateway
