#include <algorithm>

#include "engine/scheme/near.h"
#include "gateway/api/answer.h"
#include "gateway/api/body.h"
#include "gateway/api/change.h"
#include "gateway/api/inputs/cell.h"
#include "gateway/api/inputs/handlers.h"
#include "gateway/api/inputs/input_path.h"
#include "gateway/api/transact.h"

namespace kaogong::api {

using tenants::Entered;
using tenants::Entry;
using tenants::EntryKey;
using tenants::InputSet;
using tenants::Result;
using tenants::Scope;
using tenants::TenantTransaction;

namespace {

constexpr size_t kRowsMax = 10'000;  // of one entry that comes as JSON
constexpr size_t kValueBytesMax = 10'000;

using Rows = std::vector<std::vector<std::string>>;

/// An answer that is no Result: what a transaction came to otherwise.
struct Ended {
  std::optional<http::Response> response;
};

std::vector<std::string> names_of(const folder::FileSpec& sheet) {
  std::vector<std::string> names;
  for (const auto& column : sheet.columns) names.push_back(column.name);
  return names;
}

/// Reads a value into a row; what is wrong with it goes to the faults.
void read_cell(const tenants::RowCheck& check, size_t column, const json::Value& value, const std::string& pointer,
               std::string* cell, json::BodyFaults& faults) {
  const auto& spec = check.sheet().columns[column];
  if (const auto wrong = misfit(spec, value.kind())) {
    faults.add(pointer, wrong->en);
    return;
  }
  *cell = value.is(json::Kind::kBoolean) ? (value.truth() ? "true" : "false") : std::string(value.text());
  if (const auto wrong = check.fault(column, *cell)) faults.add(pointer, wrong->en);
}

std::optional<size_t> column_of(const folder::FileSpec& sheet, std::string_view name) {
  for (size_t i = 0; i < sheet.columns.size(); ++i)
    if (sheet.columns[i].name == name) return i;
  return std::nullopt;
}

std::string unknown_column(const folder::FileSpec& sheet, std::string_view name) {
  std::vector<std::string_view> known;
  for (const auto& column : sheet.columns) known.emplace_back(column.name);
  return "sheet " + sheet.name + " has no such column; " + scheme::suggest(name, known, "it has no columns");
}

/// Checks values together that are good each by itself.
void check_row(const tenants::RowCheck& check, const std::vector<std::string>& row, const std::string& pointer,
               json::BodyFaults& faults) {
  const std::vector<std::string_view> values(row.begin(), row.end());
  if (const auto wrong = check.fault_of_row(values))
    faults.add(json::pointer_to(pointer, check.sheet().columns[wrong->column].name), wrong->error.en);
}

/// The same of a row that is changed, if test and change say all of it.
void check_changed_row(const tenants::RowCheck& check, const tenants::Values& tests, const tenants::Values& changes,
                       json::BodyFaults& faults) {
  std::vector<std::string> row;
  for (const auto& column : check.sheet().columns) {
    const auto same = [&](const auto& value) { return value.first == column.name; };
    auto found = std::find_if(changes.begin(), changes.end(), same);
    if (found == changes.end()) {
      found = std::find_if(tests.begin(), tests.end(), same);
      if (found == tests.end()) return;
    }
    row.push_back(found->second);
  }
  check_row(check, row, "/values", faults);
}

/// The rows of a body, with a value for every column. The employee may be left out: the path names him.
Rows read_rows_of(const tenants::RowCheck& check, const EntryKey& key, const std::vector<json::Value>& items,
                  json::BodyFaults& faults) {
  Rows rows;
  if (check.sheet().name == "population" && items.size() > 1)
    faults.add("/rows/1", "the population has one row for each employee: keep one");
  for (size_t i = 0; i < items.size(); ++i) {
    const auto pointer = json::pointer_to("/rows", i);
    auto& row = rows.emplace_back(check.sheet().columns.size());
    if (!items[i].is(json::Kind::kObject)) {
      faults.add(pointer, "must be an object: columns and their values");
      continue;
    }
    if (const auto employee = check.employee_column()) row[*employee] = key.employee;
    const size_t faults_before = faults.list().size();
    std::vector<bool> given(row.size());
    for (const auto& [name, value] : items[i].members()) {
      const auto column = column_of(check.sheet(), name);
      if (!column) {
        faults.add(json::pointer_to(pointer, name), unknown_column(check.sheet(), name));
        continue;
      }
      given[*column] = true;
      read_cell(check, *column, value, json::pointer_to(pointer, name), &row[*column], faults);
    }
    for (size_t c = 0; c < row.size(); ++c) {
      if (given[c]) continue;
      if (const auto wrong = check.fault(c, row[c]))
        faults.add(json::pointer_to(pointer, check.sheet().columns[c].name), wrong->en);
    }
    if (faults.list().size() == faults_before) check_row(check, row, pointer, faults);
  }
  return rows;
}

std::string entry_json(const folder::FileSpec& sheet, const Entry& entry) {
  json::Writer writer;
  writer.begin_object()
      .member("sheet", entry.key.sheet)
      .member("employee", entry.key.employee)
      .member("part", entry.key.part)
      .member("change", entry.change_id)
      .member("entered_by", entry.actor)
      .member("entered_at", clock::to_rfc3339(entry.entered_at))
      .name("rows");
  write_rows(writer, sheet, entry.columns, entry.rows);
  writer.end_object();
  return writer.take();
}

/// `stood`: the change that made what stood there before. `stays`: there is an entry now.
http::Response entered(const Entered& done, const std::optional<int64_t>& stood, bool stays) {
  json::Writer writer;
  writer.begin_object().member("changed", done.changed).member("watermark", done.change_id).end_object();
  auto response = answer(stood ? 200 : 201, writer);
  if (stays) response.fields.add("ETag", tag_of(done.changed ? done.change_id : stood.value_or(0)));
  return response;
}

/// Looks whether the entry is what the caller thinks it is, behind the set's lock. An entry that is there is changed
/// only with `If-Match`; one that is not needs none.
Ended check_version(TenantTransaction& t, const Call& call, const InputSet& set, const EntryKey& key,
                    std::optional<int64_t>* stood) {
  tenants::hold_set(t, set);
  const auto stands = tenants::find_entry(t, set, key);
  if (stands) *stood = stands->change_id;
  if (stands) return {check_if_match(call.request, tag_of(stands->change_id))};
  if (call.request.fields.find("if-match") != nullptr)
    return {problem(ProblemCode::kPreconditionFailed, "there is no such entry (any more)")};
  return {};
}

/// Runs a change in one transaction with what is answered, after the version was checked. `stays`: it takes nothing
/// away.
template <typename Change>
http::Response change_entry(Call& call, const InputSet& set, const EntryKey& key, bool stays, const Change& make) {
  return change(call, [&](TenantTransaction& t) -> Result<http::Response> {
    std::optional<int64_t> stood;
    auto ended = check_version(t, call, set, key, &stood).response;
    if (ended) return *std::move(ended);
    const Result<Entered> done = make(t, &ended);
    if (ended) return *std::move(ended);
    if (!done) return done.failure();
    return entered(*done, stood, stays);
  });
}

/// What every handler of an entry does first.
struct Named {
  InputSet set;
  EntryKey key;
  std::string reason;
};
struct NamedOrResponse {
  std::optional<http::Response> response;
  Named named;
};
NamedOrResponse read_name(Call& call, Scope scope, bool with_reason) {
  Query query(call.request);
  Named named;
  named.key = key_in_path(call, query);
  if (with_reason) named.reason = query.text("reason", tenants::kReasonBytesMax).value_or("");
  if (auto wrong = query.problem()) return {std::move(wrong), {}};
  const auto set = set_in_path(call);
  if (!set) return {problem(set.failure()), {}};
  named.set = *set;
  return {refuse_entry(call, named.key, scope), std::move(named)};
}

}  // namespace

http::Response get_entry(Call& call) {
  const auto [refused, named] = read_name(call, Scope::kInputsRead, false);
  if (refused) return *refused;
  std::string json, tag;
  const auto found = read_only(call, [&, &at = named](TenantTransaction& t) -> Result<tenants::Done> {
    const auto check = check_of(t, at.set, at.key.sheet);
    if (!check) return check.failure();
    const auto entry = tenants::find_entry(t, at.set, at.key);
    if (!entry) return entry.failure();
    json = entry_json(check->sheet(), *entry);
    tag = tag_of(entry->change_id);
    return tenants::Done{};
  });
  if (!found) return problem(found.failure());
  const auto* known = call.request.fields.find("if-none-match");
  http::Response response = known != nullptr && *known == tag ? http::Response{.status = 304} : answer(200, json);
  response.fields.add("ETag", tag);
  return response;
}

http::Response get_entry_history(Call& call) {
  const auto [refused, named] = read_name(call, Scope::kInputsRead, false);
  if (refused) return *refused;
  json::Writer writer;
  const auto found = read_only(call, [&, &at = named](TenantTransaction& t) -> Result<tenants::Done> {
    const auto check = check_of(t, at.set, at.key.sheet);
    if (!check) return check.failure();
    writer = json::Writer();
    writer.begin_object().name("versions").begin_array();
    for (const auto& past : tenants::entry_history(t, at.set, at.key)) {
      writer.begin_object()
          .member("change", past.entry.change_id)
          .member("entered_by", past.entry.actor)
          .member("entered_at", clock::to_rfc3339(past.entry.entered_at))
          .member("ended", past.deleted ? "deleted" : "replaced")
          .member("ended_by_change", past.ended_by)
          .member("ended_by", past.actor)
          .member("ended_at", clock::to_rfc3339(past.at))
          .member("reason", past.reason)
          .name("rows");
      write_rows(writer, check->sheet(), past.entry.columns, past.entry.rows);
      writer.end_object();
    }
    writer.end_array().end_object();
    return tenants::Done{};
  });
  if (!found) return problem(found.failure());
  return answer(200, writer);
}

http::Response put_entry(Call& call) {
  auto [refused, named] = read_name(call, Scope::kInputsWrite, false);
  if (refused) return *refused;
  JsonBody body(call.request);
  const auto items = body->array("rows", kRowsMax);
  const auto reason = body->text_or_empty("reason", tenants::kReasonBytesMax);
  if (auto wrong = body.problem()) return *std::move(wrong);
  return change_entry(call, named.set, named.key, true,
                      [&, &at = named](TenantTransaction& t, std::optional<http::Response>* ended) -> Result<Entered> {
                        const auto check = check_of(t, at.set, at.key.sheet);
                        if (!check) return check.failure();
                        json::BodyFaults faults;
                        const auto rows = read_rows_of(*check, at.key, items, faults);
                        if (!faults.empty()) {
                          *ended = problem(faults);
                          return tenants::invalid("rows");
                        }
                        return tenants::put_entry(t, at.set, at.key, names_of(check->sheet()), rows, reason);
                      });
}

http::Response patch_entry(Call& call) {
  auto [refused, named] = read_name(call, Scope::kInputsWrite, false);
  if (refused) return *refused;
  JsonBody body(call.request);
  const auto where = body->any("where", json::Need::kOptional), values = body->any("values");
  const auto reason = body->text_or_empty("reason", tenants::kReasonBytesMax);
  for (const auto& [name, object] : {std::pair{"where", &where}, {"values", &values}})
    if (*object && !(*object)->is(json::Kind::kObject))
      body->fault(name, "must be an object: columns and their values");
  if (auto wrong = body.problem()) return *std::move(wrong);
  return change_entry(call, named.set, named.key, true,
                      [&, &at = named](TenantTransaction& t, std::optional<http::Response>* ended) -> Result<Entered> {
                        const auto check = check_of(t, at.set, at.key.sheet);
                        if (!check) return check.failure();
                        json::BodyFaults faults;
                        const auto read = [&](const std::optional<json::Value>& object, const std::string& pointer) {
                          tenants::Values list;
                          if (!object) return list;
                          for (const auto& [name, value] : object->members()) {
                            const auto column = column_of(check->sheet(), name);
                            const auto here = json::pointer_to(pointer, name);
                            std::string cell;
                            if (column) {
                              read_cell(*check, *column, value, here, &cell, faults);
                            } else {
                              faults.add(here, unknown_column(check->sheet(), name));
                            }
                            list.emplace_back(name, std::move(cell));
                          }
                          return list;
                        };
                        const auto tests = read(where, "/where"), changes = read(values, "/values");
                        if (faults.empty()) check_changed_row(*check, tests, changes, faults);
                        if (!faults.empty()) {
                          *ended = problem(faults);
                          return tenants::invalid("values");
                        }
                        return tenants::patch_entry(t, at.set, at.key, tests, changes, reason);
                      });
}

http::Response delete_entry(Call& call) {
  auto [refused, named] = read_name(call, Scope::kInputsWrite, true);
  if (refused) return *refused;
  return change_entry(call, named.set, named.key, false,
                      [&at = named](TenantTransaction& t, std::optional<http::Response>*) -> Result<Entered> {
                        return tenants::delete_entry(t, at.set, at.key, at.reason);
                      });
}

}  // namespace kaogong::api
