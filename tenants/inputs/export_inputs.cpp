#include "tenants/inputs/export_inputs.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <system_error>
#include <vector>

#include "infra/csv/writer.h"
#include "tenants/folder/read_folder.h"
#include "tenants/inputs/entries.h"
#include "tenants/inputs/entry_rows.h"

namespace kaogong::tenants {

namespace {

constexpr int64_t kPageEntries = 500;

/// The columns of all layouts that a sheet's entries have, in the order in which they were first used.
struct Layouts {
  std::map<int64_t, std::vector<std::string>> columns;
  std::vector<std::string> all;
};

Layouts layouts_in(TenantTransaction& transaction, const InputSet& set, std::string_view sheet) {
  const auto found =
      transaction.sql().query("SELECT DISTINCT layout_id FROM " + transaction.table("entries") +
                                  " WHERE scheme_id = $1 AND period = $2 AND sheet = $3 ORDER BY layout_id",
                              {set.scheme_id, scheme::to_text(set.period), sheet});
  Layouts layouts;
  for (const auto row : found) {
    auto columns = columns_of_layout(transaction, row.int64(0));
    for (const auto& column : columns) {
      if (std::find(layouts.all.begin(), layouts.all.end(), column) == layouts.all.end()) layouts.all.push_back(column);
    }
    layouts.columns.emplace(row.int64(0), std::move(columns));
  }
  return layouts;
}

/// A payload in the columns of all layouts; what its own has not is empty.
std::string rearranged(const StoredEntry& entry, const Layouts& layouts) {
  const auto& own = layouts.columns.at(entry.layout_id);
  if (own == layouts.all) return entry.payload;
  std::string text;
  for (const auto& row : rows_of(entry.payload)) {
    std::vector<std::string> values(layouts.all.size());
    for (size_t i = 0; i < own.size(); ++i)
      values[static_cast<size_t>(std::find(layouts.all.begin(), layouts.all.end(), own[i]) - layouts.all.begin())] =
          row[i];
    text += csv_line(values) + "\n";
  }
  return text;
}

/// Gives the number of entries; a sheet without any is not begun.
int64_t write_sheet(TenantTransaction& transaction, const InputSet& set, const std::string& sheet,
                    const std::function<bool(const std::vector<std::string>&)>& begin,
                    const std::function<bool(std::string_view)>& rows) {
  const auto layouts = layouts_in(transaction, set, sheet);
  if (layouts.columns.empty() || !begin(layouts.all)) return 0;
  int64_t entries = 0;
  std::vector<StoredEntry> page;
  do {
    const auto last = page.empty() ? EntryKey{} : page.back().key;
    page = list_entries(transaction, set, sheet, page.empty() ? nullptr : &last, kPageEntries);
    for (const auto& entry : page)
      if (!rows(rearranged(entry, layouts))) return entries;
    entries += static_cast<int64_t>(page.size());
  } while (page.size() == static_cast<size_t>(kPageEntries));
  return entries;
}

Result<int64_t> write_file(TenantTransaction& transaction, const InputSet& set, const std::string& sheet,
                           const std::string& folder) {
  std::string error;
  const auto path = folder + "/" + sheet + ".csv";
  std::unique_ptr<csv::Writer> writer;
  const auto entries = write_sheet(
      transaction, set, sheet,
      [&](const std::vector<std::string>& columns) {
        writer = csv::Writer::create(path, &error);
        if (writer) writer->write(csv_line(columns) + "\n");
        return writer != nullptr;
      },
      [&](std::string_view lines) {
        writer->write(lines);
        return true;
      });
  if (!error.empty() || (writer && !writer->finish(&error))) return invalid(path + " cannot be written: " + error);
  return entries;
}

/// A folder of ours alone that is gone at the end: what people are paid is in it.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "kaogong_check_XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  /// Empty: it could not be made.
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

Result<InputsExported> export_sheets(TenantTransaction& transaction, const InputSet& set,
                                     const scheme::Document& document, const std::string& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) return invalid(folder + " cannot be made: " + failed.message());
  InputsExported exported;
  exported.watermark = watermark(transaction, set);
  const SheetList sheets(document);
  for (const auto& sheet : sheets.sheets()) {
    const auto entries = write_file(transaction, set, sheet.name, folder);
    if (!entries) return entries.failure();
    exported.entries += *entries;
  }
  return exported;
}

}  // namespace

Result<int64_t> export_sheet(TenantTransaction& transaction, const InputSet& set, const std::string& sheet,
                             const std::function<bool(const std::vector<std::string>&)>& begin,
                             const std::function<bool(std::string_view)>& rows) {
  const auto document = document_for_entry(transaction, set);
  if (!document) return document.failure();
  if (const auto found = SheetList(*document).find(sheet); !found) return found.failure();
  return write_sheet(transaction, set, sheet, begin, rows);
}

Result<InputsExported> export_inputs(TenantTransaction& transaction, const InputSet& set, const std::string& folder) {
  const auto document = document_for_entry(transaction, set);
  if (!document) return document.failure();
  return export_sheets(transaction, set, *document, folder);
}

Result<InputsChecked> check_inputs(TenantTransaction& transaction, const InputSet& set) {
  const auto document = document_for_entry(transaction, set);
  if (!document) return document.failure();
  const TemporaryFolder temporary;
  if (temporary.path().empty()) return invalid("a temporary folder cannot be made");
  const auto exported = export_sheets(transaction, set, *document, temporary.path());
  if (!exported) return exported.failure();
  InputsChecked checked;
  checked.watermark = exported->watermark;
  scheme::Labels error;
  const auto read = folder::read_folder(*document, set.period, temporary.path(), &error);
  if (!read) {
    checked.failure = error.en;
    return checked;
  }
  checked.employees = read->refused.size();
  checked.refused = static_cast<uint64_t>(std::count(read->refused.begin(), read->refused.end(), uint8_t{1}));
  for (const auto& reject : read->rejects.list) {
    const auto& file = read->spec.files[reject.file];
    const auto value = read->rejects.value(reject);
    checked.faults.add(
        {file.name + ".csv", reject.line,
         std::string(reject.row == folder::kNoRow ? read->rejects.employee(reject)
                                                  : std::string_view(read->inputs.employees[reject.row])),
         reject.column == folder::kNoColumn ? std::string() : file.columns[reject.column].name, std::string(value),
         folder::error_text(reject, value, file)});
  }
  return checked;
}

}  // namespace kaogong::tenants
