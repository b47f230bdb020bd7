#include "tenants/freeze/entry_sheets.h"

#include <algorithm>
#include <cstring>

#include "infra/postgres/copy.h"
#include "tenants/snapshot/snapshot.h"

namespace kaogong::freeze {

namespace {

constexpr size_t kRefillBytes = size_t{256} << 10;
constexpr std::string_view kPayloads =
    "SELECT layout_id, employee, payload FROM %entries% "
    "WHERE scheme_id = current_setting('kaogong.scheme') AND period = current_setting('kaogong.period') "
    "AND sheet = current_setting('kaogong.sheet')";
constexpr std::string_view kFrom = " AND employee >= current_setting('kaogong.from')";
constexpr std::string_view kBefore = " AND employee < current_setting('kaogong.before')";
constexpr std::string_view kOrder = " ORDER BY employee, part";

/// COPY takes no parameters: values go into settings that end with the transaction.
void set(postgres::Transaction* sql, std::string_view name, std::string_view value) {
  sql->query("SELECT set_config($1, $2, true)", {name, value});
}

}  // namespace

/// One sheet's text, row by row out of a COPY.
class EntrySheets::Text {
 public:
  Text(postgres::Transaction& sql, const std::string& query, const folder::FileSpec& sheet,
       const std::map<int64_t, std::string>& layouts, std::vector<uint32_t>* first_lines)
      : rows_(sql, std::string_view(query)), sheet_(sheet), layouts_(layouts), first_lines_(*first_lines) {
    more_ = rows_.next();
  }

  bool empty() const { return !more_; }
  size_t read(char* out, size_t bytes) {
    if (header_ == std::nullopt) {
      header_.emplace(sheet_, more_ ? std::string_view(layouts_.at(rows_.int64(0))) : std::string_view{});
      pending_ = header_->line();
      // Names may have line ends in them.
      line_ += static_cast<uint32_t>(std::count(pending_.begin(), pending_.end(), '\n'));
    }
    if (at_ == pending_.size()) refill();
    const size_t size = std::min(bytes, pending_.size() - at_);
    std::memcpy(out, pending_.data() + at_, size);
    at_ += size;
    return size;
  }

 private:
  void refill() {
    pending_.clear();
    at_ = 0;
    for (; more_ && pending_.size() < kRefillBytes; more_ = rows_.next()) {
      const auto employee = rows_.text(1);
      if (first_lines_.empty() || employee != employee_) {
        employee_ = employee;
        first_lines_.push_back(line_);
      }
      const size_t before = pending_.size();
      layout(rows_.int64(0)).append(employee, rows_.text(2), &pending_);
      line_ +=
          static_cast<uint32_t>(std::count(pending_.begin() + static_cast<ptrdiff_t>(before), pending_.end(), '\n'));
    }
  }
  const EntryLayout& layout(int64_t id) {
    const auto known = ways_.find(id);
    return known != ways_.end() ? known->second
                                : ways_.emplace(id, EntryLayout(*header_, layouts_.at(id))).first->second;
  }

  postgres::BinaryCopyOut rows_;
  const folder::FileSpec& sheet_;
  const std::map<int64_t, std::string>& layouts_;
  std::vector<uint32_t>& first_lines_;
  std::map<int64_t, EntryLayout> ways_;
  std::optional<SheetHeader> header_;
  std::string pending_, employee_;
  size_t at_ = 0;
  uint32_t line_ = 1;
  bool more_ = false;
};

EntrySheets::EntrySheets(tenants::TenantTransaction* transaction, std::string_view scheme_id, scheme::Period period,
                         const folder::FolderSpec& spec)
    : transaction_(*transaction), spec_(spec) {
  set(&transaction_.sql(), "kaogong.scheme", scheme_id);
  set(&transaction_.sql(), "kaogong.period", scheme::to_text(period));
  const auto rows = transaction_.sql().query(
      "SELECT layout_id, columns FROM " + transaction_.table("layouts") + " WHERE scheme_id = $1", {scheme_id});
  for (const auto row : rows) layouts_.emplace(row.int64(0), row.text(1));
}

bool EntrySheets::of_employees(const folder::FileSpec& sheet) const {
  return !sheet.columns.empty() && sheet.columns[0].kind == folder::ColumnSpec::Kind::kEmployee;
}

folder::SheetSources EntrySheets::sources(const EmployeeRange& range) {
  first_lines_.clear();
  return [this, range](const std::string& name) -> std::optional<csv::Source> {
    const auto file = std::find_if(spec_.files.begin(), spec_.files.end(),
                                   [&](const folder::FileSpec& spec) { return spec.name == name; });
    auto& sql = transaction_.sql();
    std::string query(kPayloads);
    query.replace(query.find("%entries%"), std::strlen("%entries%"), transaction_.table("entries"));
    set(&sql, "kaogong.sheet", name);
    const bool by_employee = of_employees(*file);
    if (by_employee && !range.from.empty()) {
      set(&sql, "kaogong.from", range.from);
      query += kFrom;
    }
    if (by_employee && range.before) {
      set(&sql, "kaogong.before", *range.before);
      query += kBefore;
    }
    query += kOrder;
    auto text = std::make_shared<Text>(sql, query, *file, layouts_, &first_lines_[name]);
    if (!by_employee && text->empty()) return std::nullopt;
    return [text](char* out, size_t bytes, std::string*) { return text->read(out, bytes); };
  };
}

void EntrySheets::renumber(folder::FolderInputs* folder) const {
  const auto of_sheet = [&](const std::string& name) -> const std::vector<uint32_t>* {
    const auto found = first_lines_.find(name);
    return found == first_lines_.end() || found->second.empty() ? nullptr : &found->second;
  };
  // Lines mostly come in order.
  const auto renumbered = [](const std::vector<uint32_t>& first_lines, uint32_t line, size_t* hint) {
    if (first_lines[*hint] > line || (*hint + 1 < first_lines.size() && first_lines[*hint + 1] <= line)) {
      const auto after = std::upper_bound(first_lines.begin(), first_lines.end(), line);
      if (after == first_lines.begin()) return line;
      *hint = static_cast<size_t>(after - first_lines.begin()) - 1;
    }
    return line - first_lines[*hint] + 2;
  };
  column::Inputs& inputs = folder->inputs;
  if (const auto* first_lines = of_sheet(spec_.files[folder::FolderSpec::kPopulation].name)) {
    if (inputs.lines.empty())
      for (size_t row = 0; row < inputs.rows(); ++row) inputs.lines.push_back(static_cast<uint32_t>(row + 2));
    size_t hint = 0;
    for (uint32_t& line : inputs.lines) line = renumbered(*first_lines, line, &hint);
  }
  for (size_t t = 0; t < inputs.tables.size(); ++t) {
    const auto* first_lines = of_sheet(spec_.files[spec_.table(t)].name);
    if (first_lines == nullptr) continue;
    size_t hint = 0;
    for (uint32_t& line : inputs.tables[t].lines) line = renumbered(*first_lines, line, &hint);
  }
  folder::Rejects& rejects = folder->rejects;
  for (folder::Reject& reject : rejects.list) {
    const folder::FileSpec& file = spec_.files[reject.file];
    const auto* first_lines = of_employees(file) ? of_sheet(file.name) : nullptr;
    if (first_lines == nullptr) continue;
    size_t hint = 0;
    reject.line = renumbered(*first_lines, reject.line, &hint);
    if (reject.kind == folder::RejectKind::kDuplicateEmployee || reject.kind == folder::RejectKind::kDuplicateKey)
      reject.detail = renumbered(*first_lines, reject.detail, &hint);
  }
  snapshot::order_rejects_of_nobody(&rejects);
}

}  // namespace kaogong::freeze
