#include "tenants/calendar/periods.h"

#include <array>
#include <chrono>

#include "engine/scheme/literal.h"
#include "tenants/audit/json_object.h"
#include "tenants/calendar/holidays.h"

namespace kaogong::tenants {

namespace {

constexpr std::array<std::string_view, 3> kStates = {"open", "frozen", "closed"};
constexpr std::string_view kColumns = "period, state, opens_on, closes_on, changed_by, changed_at";

TenantPeriod read(const postgres::Row& row) {
  TenantPeriod period;
  period.period = *scheme::parse_period(row.text(0));
  period.state = *parse_period_state(row.text(1));
  if (!row.is_null(2)) period.window = Window{static_cast<Day>(row.day(2)), static_cast<Day>(row.day(3))};
  period.changed_by = row.text(4);
  period.changed_at = clock::Instant{std::chrono::microseconds{row.timestamp_us(5)}};
  return period;
}

Result<TenantPeriod> find(TenantTransaction& transaction, scheme::Period period, std::string_view lock) {
  const auto text = scheme::to_text(period);
  const auto found =
      transaction.sql().query("SELECT " + std::string(kColumns) + " FROM " + transaction.table("periods") +
                                  " WHERE period = $1" + std::string(lock),
                              {text});
  const auto row = found.at_most_one();
  if (!row) return not_found("period " + text + " was never opened");
  return read(*row);
}

}  // namespace

std::string_view to_text(PeriodState state) { return kStates[static_cast<size_t>(state)]; }

std::optional<PeriodState> parse_period_state(std::string_view text) {
  for (size_t i = 0; i < kStates.size(); ++i) {
    if (kStates[i] == text) return static_cast<PeriodState>(i);
  }
  return std::nullopt;
}

Result<TenantPeriod> open_period(TenantTransaction& transaction, scheme::Period period,
                                 const std::optional<WindowRule>& rule) {
  std::optional<std::string> opens, closes;
  TenantPeriod opened{period, PeriodState::kOpen, std::nullopt, transaction.actor().name, transaction.now()};
  if (rule) {
    const auto asked = window_of(*rule, period);
    if (!asked) return invalid("a window is from day to day of a month, like 5..10");
    opened.window = work_calendar(transaction).move_past_holidays(*asked);
    if (!opened.window) return invalid("the calendar has no working day after the window");
    opens = scheme::date_to_text(opened.window->opens);
    closes = scheme::date_to_text(opened.window->closes);
  }
  const auto text = scheme::to_text(period);
  const auto made = transaction.sql().execute(
      "INSERT INTO " + transaction.table("periods") +
          " (period, first_day, last_day, state, opens_on, closes_on, changed_by, changed_at) "
          "VALUES ($1, $2, $3, 'open', $4, $5, $6, $7) ON CONFLICT (period) DO NOTHING",
      {text, scheme::date_to_text(scheme::first_day(period)), scheme::date_to_text(scheme::last_day(period)), opens,
       closes, transaction.actor().name, transaction.now_text()});
  if (made == 0) return exists("period " + text + " is there already");
  transaction.audit("period.open", text);
  return opened;
}

Result<TenantPeriod> find_period(TenantTransaction& transaction, scheme::Period period) {
  return find(transaction, period, "");
}

Result<TenantPeriod> hold_for_entry(TenantTransaction& transaction, scheme::Period period, std::string_view reason) {
  auto held = find(transaction, period, " FOR SHARE");
  if (!held) return held;
  const auto text = scheme::to_text(period);
  if (held->state == PeriodState::kClosed)
    return conflict("period " + text + " is closed: what is wrong in it becomes a correction run");
  if (held->state == PeriodState::kFrozen && reason.empty())
    return conflict("period " + text + " is frozen: a correction needs a reason");
  return held;
}

Result<TenantPeriod> change_state(TenantTransaction& transaction, scheme::Period period, PeriodState state,
                                  std::string_view reason) {
  auto held = find(transaction, period, " FOR UPDATE");
  if (!held || held->state == state) return held;
  const auto text = scheme::to_text(period);
  if (state < held->state && reason.empty())
    return invalid("period " + text + " is " + std::string(to_text(held->state)) + ": going back needs a reason");
  transaction.sql().execute(
      "UPDATE " + transaction.table("periods") + " SET state = $2, changed_by = $3, changed_at = $4 WHERE period = $1",
      {text, to_text(state), transaction.actor().name, transaction.now_text()});
  transaction.audit("period." + std::string(to_text(state)), text,
                    audit::json_object({{"from", std::string(to_text(held->state))}, {"reason", std::string(reason)}}));
  held->state = state;
  held->changed_by = transaction.actor().name;
  held->changed_at = transaction.now();
  return held;
}

std::vector<TenantPeriod> list_periods(TenantTransaction& transaction) {
  const auto found = transaction.sql().query("SELECT " + std::string(kColumns) + " FROM " +
                                             transaction.table("periods") + " ORDER BY first_day, last_day DESC");
  std::vector<TenantPeriod> periods;
  for (const auto row : found) periods.push_back(read(row));
  return periods;
}

}  // namespace kaogong::tenants
