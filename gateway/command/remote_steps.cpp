#include "gateway/command/remote_steps.h"

#include <cstdio>

#include "gateway/api/forms.h"
#include "gateway/client/client.h"
#include "gateway/command/commands.h"
#include "gateway/command/remote_mode.h"
#include "gateway/command/scheme_source.h"
#include "gateway/command/show_json.h"
#include "gateway/command/tenant_session.h"
#include "gateway/json/writer.h"
#include "tenants/calendar/holidays.h"
#include "tenants/packs/packs.h"

namespace kaogong::gateway {

namespace {

/// What a call makes of a resource, whatever it was before.
client::Request replacing(client::Request request) {
  request.fields.emplace_back("If-Match", "*");
  return request;
}

/// `output=ledger:kind`, or `-output=…` for one that takes away.
bool write_ledger(json::Writer& writer, const std::string& text) {
  const bool takes_away = text.starts_with('-');
  const auto equal = text.find('='), colon = text.rfind(':');
  if (equal == std::string::npos || colon == std::string::npos || colon < equal) {
    fail("'" + text + "' is no ledger rule like retained=commission:retain");
    return false;
  }
  const size_t begin = takes_away ? 1 : 0;
  writer.begin_object()
      .member("output", text.substr(begin, equal - begin))
      .member("ledger", text.substr(equal + 1, colon - equal - 1))
      .member("kind", text.substr(colon + 1))
      .member("takes_away", takes_away)
      .end_object();
  return true;
}

}  // namespace

int remote_scheme_publish(client::Client& client, const CommandLine& line) {
  const auto source = open_scheme({}, line.text("file"));
  const auto document = source ? load_scheme(*source, packs::library()) : std::nullopt;
  if (!document) return kNothingDone;
  json::Writer ledgers;
  ledgers.begin_object().name("ledgers").begin_array();
  for (const auto& text : line.texts("--ledger"))
    if (!write_ledger(ledgers, text)) return kNothingDone;
  const auto rules = ledgers.end_array().end_object().take();
  const auto note = line.text("--note");
  json::Writer draft;
  draft.begin_object().member("document", source->text).member("note", note.empty() ? source->name : note).end_object();
  const auto scheme = "/v1/schemes/" + api::escaped_segment(document->id);
  if (!ask(client, replacing(request_to("PUT", scheme + "/draft", draft.take())))) return kNothingDone;
  const auto made = ask(client, request_to("POST", scheme + "/publish", rules));
  if (!made) return kNothingDone;
  show_entry(made->root(), "scheme version state hash:16 created.by published.at note");
  return kDone;
}

int remote_tenant_quota(client::Client& client, const CommandLine& line) {
  constexpr std::pair<std::string_view, std::string_view> kBounds[] = {
      {"people_max", "--people"},
      {"runs_per_day_max", "--runs-per-day"},
      {"stored_bytes_max", "--stored-bytes"},
      {"requests_per_second_max", "--requests-per-second"}};
  const auto path = "/v1/tenants/" + api::escaped_segment(line.text("id"));
  const auto now = ask(client, request_to("GET", path));
  if (!now) return kNothingDone;
  json::Writer writer;
  writer.begin_object();
  for (const auto& [name, option] : kBounds) {
    const auto before = member_at(now->root(), "quotas." + std::string(name));
    writer.name(name);
    if (!line.has(option)) {
      before ? writer.copy(*before) : writer.null();
    } else if (line.text(option) == "0") {
      writer.null();
    } else {
      writer.raw(line.text(option));
    }
  }
  const auto done = ask(client, replacing(request_to("PUT", path + "/quotas", writer.end_object().take())));
  if (!done) return kNothingDone;
  show_entry(done->root(),
             "id=id name=name state=state created=created_at people~at~most=quotas.people_max "
             "runs~a~day=quotas.runs_per_day_max stored~bytes=quotas.stored_bytes_max "
             "requests~a~second=quotas.requests_per_second_max");
  return kDone;
}

int remote_calendar_load(client::Client& client, const CommandLine& line) {
  const auto read = tenants::read_days(line.text("file"));
  if (!read) return fail(read.failure());
  print_faults(read->faults, line.text("--lang") == "zh");
  if (!read->faults.empty()) return fail("nothing was stored: " + std::to_string(read->faults.total()) + " faults");
  json::Writer writer;
  writer.begin_object().name("days").begin_array();
  for (const auto& day : read->days) {
    api::date_member(writer.begin_object(), "day", day.day);
    writer.member("kind", day.kind == tenants::CalendarDay::Kind::kHoliday ? "holiday" : "working");
    writer.member("name", day.name).end_object();
  }
  const auto done = ask(client, request_to("PUT", "/v1/calendar/days", writer.end_array().end_object().take()));
  if (!done) return kNothingDone;
  std::printf("%zu days\n", read->days.size());
  return kDone;
}

int remote_audit_verify(client::Client& client, const CommandLine& line) {
  const auto verdict =
      ask(client, request_to("GET", line.has("--operators") ? "/v1/operator-audit/verify" : "/v1/audit/verify"));
  if (!verdict) return kNothingDone;
  const auto whole = verdict->root().find("whole");
  if (whole && whole->truth()) {
    std::printf("whole: %s rows\n", text_of(*verdict->root().find("rows")).c_str());
    return kDone;
  }
  const auto at = verdict->root().find("broken_seq"), what = verdict->root().find("what");
  return fail("the audit log is broken at row " + (at ? text_of(*at) : "") + ": " + (what ? text_of(*what) : ""));
}

}  // namespace kaogong::gateway
