#include "tenants/inputs/load_inputs.h"

#include <filesystem>
#include <utility>

#include "infra/postgres/copy.h"
#include "tenants/audit/json_object.h"
#include "tenants/calendar/periods.h"
#include "tenants/inputs/entries.h"
#include "tenants/inputs/entry_rows.h"
#include "tenants/inputs/grouped_sheet.h"
#include "tenants/registry/counters.h"
#include "tenants/registry/stored_bytes.h"

namespace kaogong::tenants {

namespace {

constexpr std::string_view kCopyColumns[] = {"period",    "scheme_id", "sheet",   "employee", "part",
                                             "layout_id", "change_id", "payload", "actor",    "entered_at"};

struct NamedFile {
  const folder::FileSpec* sheet;
  std::string path;
  std::vector<std::string> left_out = {};  // employees with faults that were found before
};

class Loader {
 public:
  Loader(TenantTransaction& transaction, const InputSet& set, const LoadOptions& options)
      : transaction_(transaction), set_(set), options_(options), period_(scheme::to_text(set.period)) {}

  Result<InputsLoaded> load(const std::vector<NamedFile>& files);

 private:
  Result<Done> load_one(const NamedFile& file, const GroupedSheet& grouped, InputsLoaded* loaded);
  bool is_empty(std::string_view sheet);
  Result<Done> copy(const std::string& sheet, int64_t layout, const GroupedSheet& grouped, SheetLoaded* done);
  Result<Done> merge(const std::string& sheet, int64_t layout, const GroupedSheet& grouped, SheetLoaded* done);
  int64_t delete_others(std::string_view sheet, const std::vector<std::string>& employees);

  TenantTransaction& transaction_;
  const InputSet& set_;
  const LoadOptions& options_;
  const std::string period_;
  int64_t change_ = 0;
};

bool Loader::is_empty(std::string_view sheet) {
  return !transaction_.sql()
              .query("SELECT EXISTS (SELECT FROM " + transaction_.table("entries") +
                         " WHERE scheme_id = $1 AND period = $2 AND sheet = $3)",
                     {set_.scheme_id, period_, sheet})
              .one()
              .boolean(0);
}

Result<Done> Loader::copy(const std::string& sheet, int64_t layout, const GroupedSheet& grouped, SheetLoaded* done) {
  const auto now_us = transaction_.now().time_since_epoch().count();
  postgres::BinaryCopyIn rows(transaction_.sql(), {transaction_.tenant().schema(), "entries", kCopyColumns});
  const auto read = grouped.for_each([&](std::string_view employee, std::string_view payload) {
    rows.row()
        .text(period_)
        .text(set_.scheme_id)
        .text(sheet)
        .text(employee)
        .text("")
        .int64(layout)
        .int64(change_)
        .text(payload)
        .text(transaction_.actor().name)
        .timestamp_us(now_us);
  });
  if (!read) return read;
  done->added = rows.finish();
  return Done{};
}

Result<Done> Loader::merge(const std::string& sheet, int64_t layout, const GroupedSheet& grouped, SheetLoaded* done) {
  EntryBatch batch;
  std::vector<std::string> employees;
  const auto flush = [&] {
    const auto stored = store_batch(transaction_, set_, sheet, layout, change_, batch, options_.reason);
    done->added += stored.added;
    done->replaced += stored.replaced;
    done->unchanged += static_cast<int64_t>(batch.employees.size()) - stored.added - stored.replaced;
    batch.clear();
  };
  const auto read = grouped.for_each([&](std::string_view employee, std::string_view payload) {
    batch.add(employee, "", payload);
    if (options_.replace) employees.emplace_back(employee);
    if (batch.bytes >= kBatchBytesMax || batch.employees.size() >= kBatchEntriesMax) flush();
  });
  if (!read) return read;
  flush();
  if (options_.replace) done->deleted = delete_others(sheet, employees);
  return Done{};
}

int64_t Loader::delete_others(std::string_view sheet, const std::vector<std::string>& employees) {
  // One condition without OR: a join, where OR would look through all who are kept for each entry.
  return transaction_.sql().execute(
      "WITH old AS (DELETE FROM " + transaction_.table("entries") +
          " e WHERE e.scheme_id = $1 AND e.period = $2 AND e.sheet = $3 AND NOT EXISTS (SELECT FROM "
          "unnest($4::text[]) AS kept (employee) WHERE kept.employee = e.employee AND e.part = '') RETURNING *) INSERT "
          "INTO " +
          transaction_.table("entry_changes") +
          " (period, scheme_id, sheet, employee, part, change_id, kind, actor, changed_at, reason, old_change_id, "
          "old_layout_id, old_payload, old_actor, old_entered_at) SELECT period, scheme_id, sheet, employee, part, $5, "
          "'deleted', $6, $7, $8, change_id, layout_id, payload, actor, entered_at FROM old",
      {set_.scheme_id, period_, sheet, employees, change_, transaction_.actor().name, transaction_.now_text(),
       options_.reason});
}

Result<Done> Loader::load_one(const NamedFile& file, const GroupedSheet& grouped, InputsLoaded* loaded) {
  SheetLoaded done;
  done.sheet = file.sheet->name;
  done.lines = grouped.lines();
  const auto layout = layout_of(transaction_, set_, file.sheet->name, grouped.columns());
  const auto stored = is_empty(file.sheet->name) ? copy(file.sheet->name, layout, grouped, &done)
                                                 : merge(file.sheet->name, layout, grouped, &done);
  if (!stored) return stored;
  loaded->sheets.push_back(std::move(done));
  return Done{};
}

Result<InputsLoaded> Loader::load(const std::vector<NamedFile>& files) {
  if (options_.reason.size() > kReasonBytesMax) return invalid("the reason is too long");
  InputsLoaded loaded;
  // Everything is looked through before anything is stored, and before anybody has to wait.
  std::vector<GroupedSheet> sheets;
  for (const auto& file : files) {
    auto grouped = GroupedSheet::inspect(file.path, *file.sheet, file.left_out);
    if (!grouped) return grouped.failure();
    for (const auto& fault : grouped->faults().list()) loaded.faults.add(fault);
    sheets.push_back(*std::move(grouped));
  }
  if (!loaded.faults.empty() && !options_.accept_rest) return loaded;
  if (const auto held = hold_for_entry(transaction_, set_.period, options_.reason); !held) return held.failure();
  if (const auto room = check_stored_bytes(transaction_); !room) return room.failure();
  change_ = transaction_.take(watermark_counter(set_.scheme_id, scheme::to_text(set_.period)));
  for (size_t i = 0; i < files.size(); ++i) {
    if (const auto stored = load_one(files[i], sheets[i], &loaded); !stored) return stored.failure();
  }
  loaded.stored = true;
  loaded.change_id = change_;
  int64_t changed = 0;
  for (const auto& sheet : loaded.sheets) changed += sheet.added + sheet.replaced + sheet.deleted;
  transaction_.audit("input.load", set_.scheme_id,
                     audit::json_object({{"period", period_},
                                         {"sheets", static_cast<int64_t>(loaded.sheets.size())},
                                         {"entries", changed},
                                         {"refused_lines", static_cast<int64_t>(loaded.faults.total())},
                                         {"change", change_},
                                         {"reason", options_.reason}}));
  return loaded;
}

}  // namespace

Result<InputsLoaded> load_sheet(TenantTransaction& transaction, const InputSet& set, std::string_view sheet,
                                const std::string& path, const LoadOptions& options) {
  const auto document = document_for_entry(transaction, set);
  if (!document) return document.failure();
  const SheetList sheets(*document);
  const auto found = sheets.find(sheet);
  if (!found) return found.failure();
  return Loader(transaction, set, options).load({{*found, path}});
}

Result<InputsLoaded> store_upload(TenantTransaction& transaction, const InputSet& set, const Upload& upload,
                                  const LoadOptions& options) {
  if (upload.faulty_lines() > 0 && !options.accept_rest) {
    InputsLoaded nothing;
    return nothing;
  }
  return Loader(transaction, set, options).load({{&upload.sheet(), upload.path(), upload.left_out()}});
}

Result<InputsLoaded> load_folder(TenantTransaction& transaction, const InputSet& set, const std::string& folder,
                                 const LoadOptions& options) {
  const auto document = document_for_entry(transaction, set);
  if (!document) return document.failure();
  const SheetList sheets(*document);
  std::vector<NamedFile> files;
  for (const auto& sheet : sheets.sheets()) {
    const std::string path = folder + "/" + sheet.name + ".csv";
    std::error_code failed;
    if (std::filesystem::exists(path, failed)) files.push_back({&sheet, path});
  }
  if (files.empty()) return invalid(folder + " has no file of scheme " + set.scheme_id + ", such as population.csv");
  return Loader(transaction, set, options).load(files);
}

}  // namespace kaogong::tenants
