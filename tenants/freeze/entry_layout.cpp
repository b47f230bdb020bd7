#include "tenants/freeze/entry_layout.h"

#include <algorithm>

#include "infra/csv/parse_record.h"
#include "infra/csv/record_state.h"
#include "infra/csv/records.h"
#include "infra/csv/writer.h"

namespace kaogong::freeze {

namespace {

constexpr std::string_view kEmployeeColumn = "employee";

/// Ends of the row that begins at `at`; nothing: it is malformed, or its quotes do not end.
std::optional<csv::ParsedRecord> parse_row(std::string_view text, size_t at, std::vector<uint32_t>* ends) {
  ends->clear();
  const csv::ParsedRecord record = csv::parse_record(text.data(), at, text.size(), ends);
  if (record.fault == csv::FaultKind::kNone) return record;
  return std::nullopt;
}

/// Whether rows end where the text does, so that they cannot reach into those of the next employee.
bool is_whole(std::string_view payload, bool quoted) {
  if (!payload.ends_with('\n')) return false;
  if (!quoted) return true;
  csv::RecordState state;
  size_t last = 0;
  for (size_t at = 0; (at = state.find_end(payload.data(), at, payload.size())) != 0;) last = at;
  return last == payload.size();
}

std::vector<std::string> column_names(std::string_view layout) {
  const std::string line = std::string(layout) + '\n';
  std::vector<std::string> names;
  std::string scratch;
  if (const auto fields = split_row(line))
    for (const auto field : *fields) names.emplace_back(csv::unquote(field, &scratch));
  return names;
}

}  // namespace

std::optional<std::vector<std::string_view>> split_row(std::string_view row) {
  std::vector<uint32_t> ends;
  const auto record = row.ends_with('\n') ? parse_row(row, 0, &ends) : std::nullopt;
  if (!record || record->end != row.size()) return std::nullopt;
  std::vector<std::string_view> fields;
  size_t begin = 0;
  for (const uint32_t end : ends) {
    fields.push_back(row.substr(begin, end - begin));
    begin = end + size_t{1};
  }
  if (!fields.empty() && fields.back().ends_with('\r')) fields.back().remove_suffix(1);
  return fields;
}

SheetHeader::SheetHeader(const folder::FileSpec& sheet, std::string_view first_layout) {
  of_employees_ = !sheet.columns.empty() && sheet.columns[0].kind == folder::ColumnSpec::Kind::kEmployee;
  columns_ = column_names(first_layout);
  const auto has = [&](std::string_view name) {
    return std::find(columns_.begin(), columns_.end(), name) != columns_.end();
  };
  if (of_employees_ && !has(kEmployeeColumn)) columns_.emplace(columns_.begin(), kEmployeeColumn);
  if (std::all_of(sheet.columns.begin(), sheet.columns.end(), [&](const auto& column) { return has(column.name); }))
    return;
  columns_.clear();
  for (const auto& column : sheet.columns) columns_.push_back(column.name);
}

std::string SheetHeader::line() const {
  std::string line;
  for (const auto& column : columns_) {
    if (!line.empty()) line.push_back(',');
    csv::append_field(&line, column);
  }
  line.push_back('\n');
  return line;
}

EntryLayout::EntryLayout(const SheetHeader& header, std::string_view layout) : of_employees_(header.of_employees()) {
  const std::vector<std::string> names = column_names(layout);
  fields_ = names.size();
  const auto& columns = header.columns();
  if (names == columns) {
    way_ = Way::kAsItIs;
  } else if (of_employees_ && columns.front() == kEmployeeColumn &&
             std::equal(columns.begin() + 1, columns.end(), names.begin(), names.end())) {
    way_ = Way::kBehindEmployee;
  }
  for (const auto& column : columns) {
    const auto found = std::find(names.begin(), names.end(), column);
    if (found != names.end()) {
      field_.push_back(static_cast<int32_t>(found - names.begin()));
    } else {
      field_.push_back(of_employees_ && column == kEmployeeColumn ? kEmployee : kMissing);
    }
  }
}

void EntryLayout::append_row(std::string_view employee_field, std::string_view row, std::string* out) const {
  const auto fields = split_row(row);
  if (!fields || fields->size() != fields_) {
    out->append(employee_field).push_back('\n');
    return;
  }
  for (size_t c = 0; c < field_.size(); ++c) {
    if (c != 0) out->push_back(',');
    if (field_[c] == kEmployee) out->append(employee_field);
    if (field_[c] >= 0) out->append((*fields)[static_cast<size_t>(field_[c])]);
  }
  out->push_back('\n');
}

void EntryLayout::append(std::string_view employee, std::string_view payload, std::string* out) const {
  std::string field;
  if (of_employees_) csv::append_field(&field, employee);
  const bool quoted = payload.find('"') != std::string_view::npos;
  if (!is_whole(payload, quoted)) {
    out->append(field).push_back('\n');
    return;
  }
  if (way_ == Way::kAsItIs) {
    out->append(payload);
    return;
  }
  std::vector<uint32_t> ends;
  for (size_t at = 0; at < payload.size();) {
    size_t end = payload.find('\n', at) + 1;
    if (quoted) {
      const auto record = parse_row(payload, at, &ends);
      // A malformed row ends with its line.
      if (record) end = record->end;
    }
    const std::string_view row = payload.substr(at, end - at);
    if (way_ == Way::kBehindEmployee && !quoted) {
      out->append(field).push_back(',');
      out->append(row);
    } else {
      append_row(field, row, out);
    }
    at = end;
  }
}

}  // namespace kaogong::freeze
