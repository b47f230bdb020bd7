#include "tenants/calendar/holidays.h"

#include <set>

#include "engine/scheme/literal.h"
#include "tenants/audit/json_object.h"
#include "tenants/sheet/sheet_file.h"

namespace kaogong::tenants {

namespace {

std::string_view to_text(CalendarDay::Kind kind) { return kind == CalendarDay::Kind::kHoliday ? "holiday" : "working"; }

}  // namespace

Result<Done> put_days(TenantTransaction& transaction, const std::vector<CalendarDay>& days) {
  if (days.size() > kCalendarDaysMax) return invalid("more than " + std::to_string(kCalendarDaysMax) + " days at once");
  std::vector<std::string> texts, kinds, names;
  for (const auto& day : days) {
    if (day.name.size() > kDayNameBytesMax) return invalid("the name of a day is too long");
    texts.push_back(scheme::date_to_text(day.day));
    kinds.emplace_back(to_text(day.kind));
    names.push_back(day.name);
  }
  transaction.sql().execute(
      "INSERT INTO " + transaction.table("calendar_days") +
          " (day, kind, name) SELECT d::date, k, n FROM unnest($1::text[], $2::text[], $3::text[]) "
          "AS days (d, k, n) ON CONFLICT (day) DO UPDATE SET kind = EXCLUDED.kind, name = EXCLUDED.name",
      {texts, kinds, names});
  transaction.audit("calendar.put", texts.empty() ? "" : texts.front(),
                    audit::json_object({{"days", static_cast<int64_t>(days.size())}}));
  return Done{};
}

Result<Done> remove_day(TenantTransaction& transaction, Day day) {
  const auto text = scheme::date_to_text(day);
  if (transaction.sql().execute("DELETE FROM " + transaction.table("calendar_days") + " WHERE day = $1", {text}) == 0)
    return not_found(text + " is what its weekday says");
  transaction.audit("calendar.remove", text);
  return Done{};
}

std::vector<CalendarDay> list_days(TenantTransaction& transaction, Day from, Day to) {
  const auto found = transaction.sql().query(
      "SELECT day, kind, name FROM " + transaction.table("calendar_days") + " WHERE day BETWEEN $1 AND $2 ORDER BY day",
      {scheme::date_to_text(from), scheme::date_to_text(to)});
  std::vector<CalendarDay> days;
  for (const auto row : found) {
    days.push_back({static_cast<Day>(row.day(0)),
                    row.text(1) == "holiday" ? CalendarDay::Kind::kHoliday : CalendarDay::Kind::kWorking,
                    std::string(row.text(2))});
  }
  return days;
}

WorkCalendar work_calendar(TenantTransaction& transaction) {
  return WorkCalendar(list_days(transaction, *scheme::parse_date("0001-01-01"), *scheme::parse_date("9999-12-31")));
}

Result<DaysRead> read_days(const std::string& path) {
  auto opened = SheetFile::open(path, "calendar.csv");
  if (!opened) return opened.failure();
  auto& sheet = **opened;
  const auto day = sheet.require("day"), kind = sheet.require("kind");
  const auto name = sheet.column("name");
  if (!day) return day.failure();
  if (!kind) return kind.failure();
  DaysRead read;
  std::set<Day> seen;
  const auto wrong = [&](std::string_view column, std::string_view value, scheme::Labels error) {
    read.faults.add({sheet.name(), sheet.line(), {}, std::string(column), std::string(value), std::move(error)});
  };
  while (sheet.next()) {
    if (sheet.is_faulty()) {
      read.faults.add(sheet.fault({}));
      continue;
    }
    CalendarDay next;
    const auto parsed = scheme::parse_date(sheet.value(*day));
    if (!parsed) {
      wrong("day", sheet.value(*day), {"不是日期，应如2026-10-01", "is not a date like 2026-10-01"});
      continue;
    }
    next.day = *parsed;
    const std::string word(sheet.value(*kind));
    if (word != "holiday" && word != "working") {
      wrong("kind", word, {"应为holiday（休）或working（班）", "is neither holiday nor working"});
      continue;
    }
    next.kind = word == "holiday" ? CalendarDay::Kind::kHoliday : CalendarDay::Kind::kWorking;
    if (name) next.name = sheet.value(*name);
    if (next.name.size() > kDayNameBytesMax) {
      wrong("name", next.name, {"名称过长", "is too long"});
      continue;
    }
    if (!seen.insert(next.day).second) {
      wrong("day", sheet.value(*day), {"日期重复", "is there twice"});
      continue;
    }
    read.days.push_back(std::move(next));
  }
  if (auto failure = sheet.failure()) return *std::move(failure);
  return read;
}

}  // namespace kaogong::tenants
