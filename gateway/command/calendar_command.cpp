// `kaogong calendar …` and `kaogong period …`.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "engine/scheme/literal.h"
#include "gateway/command/tenant_session.h"
#include "tenants/calendar/holidays.h"
#include "tenants/calendar/periods.h"

namespace kaogong::gateway {

namespace {

using tenants::TenantTransaction;

struct Options {
  std::string file, day, from, to, period, state, reason, window, lang = "en";
  int32_t days = 0, months_after = 1;
};

std::string text_of(tenants::Day day) { return scheme::date_to_text(day); }

int show(const tenants::TenantPeriod& period) {
  print_line({scheme::to_text(period.period), to_text(period.state), period.window ? text_of(period.window->opens) : "",
              period.window ? text_of(period.window->closes) : "", period.changed_by});
  return kDone;
}

int load(const SessionArguments& arguments, const Options& o) {
  const auto read = tenants::read_days(o.file);
  if (!read) return fail(read.failure());
  print_faults(read->faults, o.lang == "zh");
  if (!read->faults.empty()) return fail("nothing was stored: " + std::to_string(read->faults.total()) + " faults");
  return in_tenant(
      arguments, [&](TenantTransaction& t) { return tenants::put_days(t, read->days); },
      [&](tenants::Done) {
        std::printf("%zu days\n", read->days.size());
        return static_cast<int>(kDone);
      });
}

int list(const SessionArguments& arguments, const Options& o) {
  const auto from = day_of(o.from), to = day_of(o.to);
  if (!from || !to) return kNothingDone;
  return in_tenant(
      arguments,
      [&](TenantTransaction& t) -> tenants::Result<std::vector<tenants::CalendarDay>> {
        return tenants::list_days(t, *from, *to);
      },
      [](const std::vector<tenants::CalendarDay>& days) {
        for (const auto& day : days)
          print_line(
              {text_of(day.day), day.kind == tenants::CalendarDay::Kind::kHoliday ? "holiday" : "working", day.name});
        return static_cast<int>(kDone);
      },
      read_options());
}

int count(const SessionArguments& arguments, const Options& o) {
  const auto day = day_of(o.day);
  if (!day) return kNothingDone;
  return in_tenant(
      arguments,
      [&](TenantTransaction& t) -> tenants::Result<std::optional<tenants::Day>> {
        return tenants::work_calendar(t).add_working_days(*day, o.days);
      },
      [](std::optional<tenants::Day> later) {
        if (!later) return fail("the calendar has no such day");
        std::printf("%s\n", text_of(*later).c_str());
        return static_cast<int>(kDone);
      },
      read_options());
}

/// `5..10`
std::optional<tenants::WindowRule> rule_of(const Options& o) {
  tenants::WindowRule rule;
  rule.months_after = o.months_after;
  int used = 0;
  if (std::sscanf(o.window.c_str(), "%2d..%2d%n", &rule.from_day, &rule.to_day, &used) != 2 ||
      static_cast<size_t>(used) != o.window.size()) {
    fail("'" + o.window + "' is no window like 5..10");
    return std::nullopt;
  }
  return rule;
}

int open(const SessionArguments& arguments, const Options& o) {
  const auto period = period_of(o.period);
  if (!period) return kNothingDone;
  std::optional<tenants::WindowRule> rule;
  if (!o.window.empty() && !(rule = rule_of(o))) return kNothingDone;
  return in_tenant(
      arguments, [&](TenantTransaction& t) { return tenants::open_period(t, *period, rule); }, show);
}

int set_state(const SessionArguments& arguments, const Options& o) {
  const auto period = period_of(o.period);
  if (!period) return kNothingDone;
  const auto state = *tenants::parse_period_state(o.state);
  return in_tenant(
      arguments, [&](TenantTransaction& t) { return tenants::change_state(t, *period, state, o.reason); }, show);
}

int list_all(const SessionArguments& arguments, const Options&) {
  return in_tenant(
      arguments,
      [](TenantTransaction& t) -> tenants::Result<std::vector<tenants::TenantPeriod>> {
        return tenants::list_periods(t);
      },
      [](const std::vector<tenants::TenantPeriod>& periods) {
        for (const auto& period : periods) show(period);
        return static_cast<int>(kDone);
      },
      read_options());
}

CLI::App* add(CLI::App* command, const char* name, const char* what, const std::shared_ptr<Options>& options,
              int& status, int (*run)(const SessionArguments&, const Options&)) {
  auto* sub = command->add_subcommand(name, what);
  const auto arguments = add_tenant_options(*sub);
  sub->callback([arguments, options, run, &status] { status = run(*arguments, *options); });
  return sub;
}

}  // namespace

void add_calendar(CLI::App& program, int& status) {
  auto* command = program.add_subcommand("calendar", "holidays, and weekends that are worked");
  command->require_subcommand(1);
  const auto options = std::make_shared<Options>();
  auto* loading = add(command, "load", "put days from a CSV file", options, status, load);
  loading->add_option("file", options->file, "day,kind,name; kind: holiday or working")->required();
  loading->add_option("--lang", options->lang, "language of the faults")->check(CLI::IsMember({"en", "zh"}));
  auto* listing = add(command, "list", "the days that are not what their weekday says", options, status, list);
  listing->add_option("--from", options->from, "the first day")->required();
  listing->add_option("--to", options->to, "the last day")->required();
  auto* counting = add(command, "count", "the day that is so many working days after another", options, status, count);
  counting->add_option("day", options->day, "the day, which itself does not count")->required();
  counting->add_option("days", options->days, "how many")->required();
}

void add_period(CLI::App& program, int& status) {
  auto* command = program.add_subcommand("period", "the periods that are worked on");
  command->require_subcommand(1);
  const auto options = std::make_shared<Options>();
  auto* opening = add(command, "open", "open a period, so that something can be entered for it", options, status, open);
  opening->add_option("period", options->period, "2026-10, 2026-Q3, 2026-H1 or 2026")->required();
  opening->add_option("--window", options->window,
                      "days of a month in which is entered, like 5..10; moved past holidays");
  opening->add_option("--months-after", options->months_after, "of which month: 1 is the one after the period")
      ->capture_default_str();
  auto* state = add(command, "state", "freeze a period, close it, or go back", options, status, set_state);
  state->add_option("period", options->period, "the period")->required();
  state->add_option("state", options->state, "open, frozen (corrections need a reason) or closed")
      ->required()
      ->check(CLI::IsMember({"open", "frozen", "closed"}));
  state->add_option("--reason", options->reason, "why; needed to go back");
  add(command, "list", "a line a period: state, window, who changed it last", options, status, list_all);
}

}  // namespace kaogong::gateway
