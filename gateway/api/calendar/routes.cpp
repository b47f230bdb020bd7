#include "gateway/api/calendar/routes.h"

#include <algorithm>
#include <variant>

#include "gateway/api/answer.h"
#include "gateway/api/body.h"
#include "gateway/api/change.h"
#include "gateway/api/forms.h"
#include "gateway/api/routes.h"
#include "tenants/calendar/holidays.h"
#include "tenants/calendar/periods.h"

namespace kaogong::api {

namespace {

using http::Method;
using http::Response;
using json::Need;
using tenants::CalendarDay;
using tenants::Day;
using tenants::Result;
using tenants::Scope;
using tenants::TenantPeriod;
using tenants::TenantTransaction;

constexpr size_t kDaysMax = 5'000;  // of one call
constexpr size_t kReasonBytesMax = 1'000;
constexpr std::string_view kPeriodLock = "period";

std::optional<CalendarDay::Kind> parse_kind(std::string_view text) {
  if (text == "holiday") return CalendarDay::Kind::kHoliday;
  if (text == "working") return CalendarDay::Kind::kWorking;
  return std::nullopt;
}

void write_day(json::Writer& w, const CalendarDay& day) {
  date_member(w.begin_object(), "day", day.day);
  w.member("kind", day.kind == CalendarDay::Kind::kHoliday ? "holiday" : "working")
      .member("name", day.name)
      .end_object();
}

Response list_days(Call& call) {
  constexpr Day kYear = 366;
  Query query(call.request);
  const auto from = query.parsed("from", scheme::parse_date, kDateForm).value_or(today(call.services.clock) - kYear);
  const auto to = query.parsed("to", scheme::parse_date, kDateForm).value_or(from + 2 * kYear);
  const auto page = read_page(query, call);
  if (auto wrong = query.problem()) return *std::move(wrong);
  const auto after = scheme::parse_date(page.after);
  return look(
      call,
      [&](TenantTransaction& t) -> Result<std::vector<CalendarDay>> {
        return tenants::list_days(t, after ? *after + 1 : from, to);
      },
      [&](const std::vector<CalendarDay>& days) {
        return answer_page(call, page, days, write_day, [](const auto& day) { return scheme::date_to_text(day.day); });
      });
}

Response put_days(Call& call) {
  JsonBody body(call.request);
  std::vector<CalendarDay> days;
  size_t index = 0;
  for (const auto item : body->array("days", kDaysMax)) {
    json::BodyReader one(item, body->pointer("days", index++), body->faults());
    CalendarDay day;
    day.day = one.parsed("day", scheme::parse_date, kDateForm).value_or(0);
    day.kind = one.parsed("kind", parse_kind, "holiday or working").value_or(CalendarDay::Kind::kHoliday);
    day.name = one.text_or_empty("name", tenants::kDayNameBytesMax);
    one.finish();
    days.push_back(std::move(day));
  }
  if (auto wrong = body.problem()) return *std::move(wrong);
  return change(call, [&](TenantTransaction& t) -> Result<Response> {
    if (const auto done = tenants::put_days(t, days); !done) return done.failure();
    json::Writer w;
    w.begin_object().member("days", days.size()).end_object();
    return answer(200, w);
  });
}

Response remove_day(Call& call) {
  const auto day = scheme::parse_date(call.values[0]);
  if (!day) return problem(ProblemCode::kNotFound, "a day is " + std::string(kDateForm));
  return change(call, [&](TenantTransaction& t) -> Result<Response> {
    if (const auto done = tenants::remove_day(t, *day); !done) return done.failure();
    return no_content();
  });
}

Response working_day(Call& call) {
  Query query(call.request);
  const auto from = query.parsed("from", scheme::parse_date, kDateForm).value_or(today(call.services.clock));
  const auto days = query.whole("days", 0, tenants::kWorkingDaysMax).value_or(0);
  if (auto wrong = query.problem()) return *std::move(wrong);
  return look(
      call, [&](TenantTransaction& t) -> Result<tenants::WorkCalendar> { return tenants::work_calendar(t); },
      [&](const tenants::WorkCalendar& calendar) {
        const auto found = days == 0 ? calendar.this_or_next_working(from)
                                     : calendar.add_working_days(from, static_cast<int32_t>(days));
        if (!found) return problem(ProblemCode::kConflict, "the calendar has no working day there");
        json::Writer w;
        date_member(w.begin_object(), "day", *found).end_object();
        return answer(200, w);
      });
}

void write_period(json::Writer& w, const TenantPeriod& period) {
  w.begin_object().member("period", scheme::to_text(period.period)).member("state", tenants::to_text(period.state));
  date_member(w, "opens_on", period.window ? std::optional(period.window->opens) : std::nullopt);
  date_member(w, "closes_on", period.window ? std::optional(period.window->closes) : std::nullopt);
  w.member("changed_by", period.changed_by);
  instant_member(w, "changed_at", period.changed_at).end_object();
}

std::string json_of(const TenantPeriod& period) {
  json::Writer w;
  write_period(w, period);
  return w.take();
}

Response list_periods(Call& call) {
  Query query(call.request);
  const auto page = read_page(query, call);
  if (auto wrong = query.problem()) return *std::move(wrong);
  return look(
      call,
      [&](TenantTransaction& t) -> Result<std::vector<TenantPeriod>> {
        auto periods = tenants::list_periods(t);
        const auto last = std::find_if(periods.begin(), periods.end(),
                                       [&](const auto& one) { return scheme::to_text(one.period) == page.after; });
        if (last != periods.end()) periods.erase(periods.begin(), last + 1);
        return periods;
      },
      [&](const std::vector<TenantPeriod>& periods) {
        return answer_page(call, page, periods, write_period,
                           [](const auto& period) { return scheme::to_text(period.period); });
      });
}

Response open_period(Call& call) {
  JsonBody body(call.request);
  const auto period = body->parsed("period", scheme::parse_period, kPeriodForm);
  std::optional<tenants::WindowRule> rule;
  if (auto window = body->object("window", Need::kOptional)) {
    rule.emplace();
    rule->months_after = static_cast<int32_t>(window->whole("months_after", 0, 120, Need::kOptional).value_or(1));
    rule->from_day = static_cast<int32_t>(window->whole("from_day", 1, 31).value_or(1));
    rule->to_day = static_cast<int32_t>(window->whole("to_day", 1, 31).value_or(1));
    window->finish();
  }
  if (auto wrong = body.problem()) return *std::move(wrong);
  return change(call, [&](TenantTransaction& t) -> Result<Response> {
    const auto opened = tenants::open_period(t, *period, rule);
    if (!opened) return opened.failure();
    auto response = answer(201, json_of(*opened));
    response.fields.add("Location", "/v1/periods/" + scheme::to_text(*period));
    return response;
  });
}

/// The period of the path; the answer if it is none.
std::variant<scheme::Period, Response> period_of(const Call& call) {
  const auto period = scheme::parse_period(call.values[0]);
  if (period) return *period;
  return problem(ProblemCode::kNotFound, "the path names no period: " + std::string(kPeriodForm));
}

Response get_period(Call& call) {
  auto period = period_of(call);
  if (auto* refused = std::get_if<Response>(&period)) return std::move(*refused);
  return look(
      call, [&](TenantTransaction& t) { return tenants::find_period(t, std::get<scheme::Period>(period)); },
      [&](const TenantPeriod& found) { return tagged(call.request, json_of(found)); });
}

Response change_period(Call& call) {
  JsonBody body(call.request);
  const auto state = body->parsed("state", tenants::parse_period_state, "open, frozen or closed");
  const auto reason = body->text_or_empty("reason", kReasonBytesMax);
  if (auto wrong = body.problem()) return *std::move(wrong);
  auto named = period_of(call);
  if (auto* refused = std::get_if<Response>(&named)) return std::move(*refused);
  const auto period = std::get<scheme::Period>(named);
  return change(call, [&](TenantTransaction& t) -> Result<Response> {
    lock_subject(t, kPeriodLock, scheme::to_text(period));
    const auto before = tenants::find_period(t, period);
    if (!before) return before.failure();
    if (auto refused = check_if_match(call.request, etag_of(json_of(*before)))) return *std::move(refused);
    const auto after = tenants::change_state(t, period, *state, reason);
    if (!after) return after.failure();
    auto response = answer(200, json_of(*after));
    response.fields.add("ETag", etag_of(response.body));
    return response;
  });
}

}  // namespace

void add_calendar_routes(http::RouteTable& routes) {
  routes.add(reading("/v1/calendar/days", "listCalendarDays", std::nullopt, list_days));
  routes.add(changing(Method::kPut, "/v1/calendar/days", "putCalendarDays", Scope::kCalendarWrite, put_days));
  routes.add(
      changing(Method::kDelete, "/v1/calendar/days/{day}", "removeCalendarDay", Scope::kCalendarWrite, remove_day));
  routes.add(reading("/v1/calendar/working-day", "getWorkingDay", std::nullopt, working_day));
  routes.add(reading("/v1/periods", "listPeriods", std::nullopt, list_periods));
  routes.add(changing(Method::kPost, "/v1/periods", "openPeriod", Scope::kCalendarWrite, open_period));
  routes.add(reading("/v1/periods/{period}", "getPeriod", std::nullopt, get_period));
  routes.add(
      changing(Method::kPut, "/v1/periods/{period}/state", "changePeriod", Scope::kCalendarWrite, change_period));
}

}  // namespace kaogong::api
