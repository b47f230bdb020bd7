// Rows as lines of CSV.
#include <algorithm>

#include "tenants/generate/person_names.h"
#include "tenants/generate/row_maker.h"

namespace kaogong::generate {

namespace {

constexpr size_t kHistoryFront = 2;

}  // namespace

void append_employee(std::string* out, uint64_t index) {
  out->push_back('E');
  append_padded(out, index + 1, 8);
}

bool RowMaker::applies(const Fault& fault) const {
  if (fault.file == kPopulationFile) return true;
  const Rows& rows = rows_[fault.file];
  if (rows.count() == 0) return false;
  if (fault.kind != Fault::Kind::kMissingRow) return true;
  // What is left of a set must show that a row is missing.
  if (rows.count() < 2) return false;
  const TablePlan& table = plan_.tables[fault.file - 1];
  return std::all_of(table.per.begin(), table.per.end(),
                     [&](size_t column) { return rows.row(0)[column] == rows.row(1)[column]; });
}

void RowMaker::write_line(size_t file, const std::string& employee, const Cell* row, const Fault* fault,
                          std::string* out) {
  ++lines_[file];
  out->append(employee);
  const bool is_history = file == history_file(plan_);
  const FilePlan& plan = is_history ? plan_.history : static_cast<const FilePlan&>(plan_.tables[file - 1]);
  if (is_history) {
    out->push_back(',');
    if (fault != nullptr && fault->kind == Fault::Kind::kPeriod) {
      out->append(fault->text);
    } else {
      out->append(scheme::to_text({static_cast<scheme::PeriodKind>(row[0]), static_cast<int32_t>(row[1])}));
    }
    row += kHistoryFront;
  }
  for (size_t c = 0; c < plan.columns.size(); ++c) {
    out->push_back(',');
    if (fault != nullptr && fault->kind == Fault::Kind::kText && fault->column == c) {
      out->append(fault->text);
    } else {
      append_cell(out, row[c], plan.columns[c].format, plan_.symbols);
    }
  }
  out->push_back('\n');
}

void RowMaker::write_population(const Fault* fault, std::string* out) {
  ++lines_[kPopulationFile];
  out->append(employee_);
  out->push_back(',');
  Random random(plan_.seed, stream_of("name"), person_.index);
  append_person_name(out, random);
  for (size_t c = 0; c < plan_.population.columns.size(); ++c) {
    const ColumnPlan& column = plan_.population.columns[c];
    out->push_back(',');
    if (fault != nullptr && fault->kind == Fault::Kind::kText && fault->column == c) {
      out->append(fault->text);
    } else {
      append_cell(out, person_.cells[c], column.format, plan_.symbols);
    }
    if (plan_.names_departments && column.name == "department") {
      out->push_back(',');
      append_department_name(out, static_cast<uint64_t>(person_.cells[c]));
    }
  }
  if (fault != nullptr && fault->kind == Fault::Kind::kExtraField) out->append(",?");
  out->push_back('\n');
}

void RowMaker::write(const Fault* fault, std::vector<std::string>* texts) {
  employee_.clear();
  append_employee(&employee_, person_.index);
  const auto of_file = [&](size_t file) { return fault != nullptr && fault->file == file ? fault : nullptr; };
  const Fault* here = of_file(kPopulationFile);
  write_population(here, &(*texts)[kPopulationFile]);
  if (here != nullptr && here->kind == Fault::Kind::kDuplicateRow) {
    write_population(nullptr, &(*texts)[kPopulationFile]);
  }
  for (size_t file = 1; file < rows_.size(); ++file) {
    std::string* out = &(*texts)[file];
    here = of_file(file);
    const Rows& rows = rows_[file];
    for (size_t r = 0; r < rows.count(); ++r) {
      const Fault* in_row = r == 0 ? here : nullptr;
      if (in_row == nullptr || in_row->kind != Fault::Kind::kMissingRow) {
        write_line(file, employee_, rows.row(r), in_row, out);
      }
      if (in_row == nullptr) continue;
      if (in_row->kind == Fault::Kind::kDuplicateRow) write_line(file, employee_, rows.row(r), nullptr, out);
      if (in_row->kind == Fault::Kind::kOrphan) {
        std::string nobody = employee_;
        nobody[0] = 'X';
        write_line(file, nobody, rows.row(r), nullptr, out);
      }
    }
  }
}

}  // namespace kaogong::generate
