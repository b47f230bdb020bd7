#include "tests/tenants/freeze/entries_of_test.h"

#include <sstream>

namespace kaogong::freeze {

int64_t Entries::layout_id(tenants::TenantTransaction* transaction, const Entry& entry) {
  auto& sql = transaction->sql();
  const auto table = transaction->table("layouts");
  const auto known =
      sql.query("SELECT layout_id FROM " + table + " WHERE scheme_id = $1 AND sheet = $2 AND columns = $3",
                {scheme_id_, entry.sheet, entry.layout});
  if (!known.empty()) return known.one().int64(0);
  const int64_t id = transaction->take("layouts");
  sql.execute("INSERT INTO " + table + " VALUES ($1, $2, $3, $4, sha256(convert_to($4, 'UTF8')))",
              {id, scheme_id_, entry.sheet, entry.layout});
  return id;
}

void Entries::load(const std::vector<Entry>& entries) {
  in_transaction([&](tenants::TenantTransaction* transaction, int64_t change) {
    std::map<std::pair<std::string, std::string>, int64_t> layouts;
    for (const auto& entry : entries)
      if (!layouts.contains({entry.sheet, entry.layout}))
        layouts[{entry.sheet, entry.layout}] = layout_id(transaction, entry);
    static constexpr std::string_view kColumns[] = {"period",    "scheme_id", "sheet",   "employee", "part",
                                                    "layout_id", "change_id", "payload", "actor",    "entered_at"};
    postgres::TextCopyIn copy(transaction->sql(),
                              postgres::CopyTable{transaction->tenant().schema(), "entries", kColumns});
    for (const auto& entry : entries) {
      copy.row().text(scheme::to_text(period_)).text(scheme_id_).text(entry.sheet).text(entry.employee);
      copy.text(entry.part).int64(layouts.at({entry.sheet, entry.layout})).int64(change).text(entry.payload);
      copy.text("tester").text(transaction->now_text());
    }
    copy.finish();
  });
}

void Entries::keep_old(tenants::TenantTransaction* transaction, const Entry& entry, int64_t change, const char* kind) {
  transaction->sql().execute(
      "INSERT INTO " + transaction->table("entry_changes") +
          " SELECT period, scheme_id, sheet, employee, part, $1, $2, 'tester', entered_at, '', change_id, layout_id, "
          "payload, actor, entered_at FROM " +
          transaction->table("entries") +
          " WHERE scheme_id = $3 AND period = $4 AND sheet = $5 AND employee = $6 AND part = $7",
      {change, kind, scheme_id_, scheme::to_text(period_), entry.sheet, entry.employee, entry.part});
}

void Entries::put(const Entry& entry) {
  in_transaction([&](tenants::TenantTransaction* transaction, int64_t change) {
    keep_old(transaction, entry, change, "replaced");
    transaction->sql().execute(
        "INSERT INTO " + transaction->table("entries") +
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'tester', $9) ON CONFLICT (scheme_id, period, sheet, employee, "
            "part) DO UPDATE SET layout_id = excluded.layout_id, change_id = excluded.change_id, payload = "
            "excluded.payload",
        {scheme::to_text(period_), scheme_id_, entry.sheet, entry.employee, entry.part, layout_id(transaction, entry),
         change, entry.payload, transaction->now_text()});
  });
}

void Entries::remove(const std::string& sheet, const std::string& employee, const std::string& part) {
  in_transaction([&](tenants::TenantTransaction* transaction, int64_t change) {
    keep_old(transaction, {sheet, employee, part, "", ""}, change, "deleted");
    transaction->sql().execute(
        "DELETE FROM " + transaction->table("entries") +
            " WHERE scheme_id = $1 AND period = $2 AND sheet = $3 AND employee = $4 AND part = $5",
        {scheme_id_, scheme::to_text(period_), sheet, employee, part});
  });
}

std::vector<Entry> entries_of(const std::map<std::string, std::string>& files) {
  std::map<std::pair<std::string, std::string>, Entry> entries;
  for (const auto& [file, text] : files) {
    const std::string sheet = file.substr(0, file.find('.'));
    std::istringstream lines(text);
    std::string header;
    std::getline(lines, header);
    EXPECT_EQ(text.find('"'), std::string::npos) << file;
    const bool of_employees = header.starts_with("employee,");
    for (std::string line; std::getline(lines, line);) {
      const std::string employee = of_employees ? line.substr(0, line.find(',')) : "";
      Entry& entry = entries[{sheet, employee}];
      entry = {sheet, employee, "", header, entry.payload + line + "\n"};
    }
  }
  std::vector<Entry> list;
  for (auto& [key, entry] : entries) list.push_back(std::move(entry));
  return list;
}

}  // namespace kaogong::freeze
