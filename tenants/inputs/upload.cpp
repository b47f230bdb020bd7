#include "tenants/inputs/upload.h"

#include <algorithm>
#include <utility>

#include "infra/csv/writer.h"
#include "tenants/calendar/periods.h"
#include "tenants/folder/reject.h"
#include "tenants/inputs/entries.h"
#include "tenants/registry/stored_bytes.h"
#include "tenants/sheet/sheet_file.h"

namespace kaogong::tenants {

namespace {

const Failure kNoRoom{FailureCode::kInternal, "what is uploaded cannot be kept: there is no room for temporary files"};

/// A line's number and what became of it, in eight bytes: 50,000,000 lines take 400 MB of disk.
constexpr unsigned kOutcomeBits = 2;

}  // namespace

Upload::Upload(RowCheck check) : check_(std::move(check)) {}

Result<Upload> Upload::begin(TenantTransaction& transaction, const InputSet& set, std::string_view sheet,
                             std::string_view reason) {
  if (reason.size() > kReasonBytesMax) return invalid("the reason is too long");
  const auto document = document_for_entry(transaction, set);
  if (!document) return document.failure();
  const SheetList sheets(*document);
  const auto found = sheets.find(sheet);
  if (!found) return found.failure();
  if (const auto held = hold_for_entry(transaction, set.period, reason); !held) return held.failure();
  if (const auto room = check_stored_bytes(transaction); !room) return room.failure();
  Upload upload(RowCheck(*document, **found));
  if (!upload.rows_.is_good() || !upload.outcomes_.is_good() || !upload.faults_.is_good()) return kNoRoom;
  std::string header;
  for (const auto& column : upload.sheet().columns) {
    if (!header.empty()) header += ',';
    csv::append_field(&header, column.name);
  }
  upload.rows_.write(header + "\n");
  return upload;
}

void Upload::note(uint64_t line, LineOutcome outcome) {
  const uint64_t word = (line << kOutcomeBits) | static_cast<uint64_t>(outcome);
  ++lines_;
  outcomes_.write({reinterpret_cast<const char*>(&word), sizeof word});
}

bool Upload::add(uint64_t line, std::span<const std::string_view> values) {
  row_.clear();
  for (size_t i = 0; i < values.size(); ++i) {
    if (auto fault = check_.fault(i, values[i])) {
      const auto employee = check_.employee_column();
      refuse(line, employee ? values[*employee] : "", sheet().columns[i].name, values[i], *std::move(fault));
      return false;
    }
    if (i > 0) row_ += ',';
    csv::append_field(&row_, values[i]);
  }
  if (auto fault = check_.fault_of_row(values)) {
    refuse(line, "", sheet().columns[fault->column].name, values[fault->column], fault->error);
    return false;
  }
  // A row of one empty field would be an empty line, which is no row.
  row_ += row_.empty() ? "\"\"\n" : "\n";
  rows_.write(row_);
  note(line, LineOutcome::kAccepted);
  return true;
}

void Upload::refuse(uint64_t line, std::string_view employee, std::string_view column, std::string_view value,
                    const scheme::Labels& error) {
  ++faulty_;
  note(line, LineOutcome::kRefused);
  if (employee.size() > folder::kEmployeeBytesMax) employee = {};
  std::string fault;
  append_sized(&fault, employee);
  append_sized(&fault, column);
  append_sized(&fault, folder::printable(value, folder::kShownBytesMax));
  append_sized(&fault, error.zh);
  append_sized(&fault, error.en);
  faults_.write(fault);
  // A sheet that is nobody's in particular is one entry: any fault leaves all of it out.
  if (!check_.employee_column() || !employee.empty()) left_out_.emplace_back(employee);
}

Result<Done> Upload::finish() {
  std::sort(left_out_.begin(), left_out_.end());
  left_out_.erase(std::unique(left_out_.begin(), left_out_.end()), left_out_.end());
  for (auto* file : {&rows_, &outcomes_, &faults_})
    if (!file->finish()) return kNoRoom;
  return Done{};
}

std::string Upload::path() const { return rows_.path(); }

Result<Done> Upload::for_each_answer(const std::function<bool(const Answer&)>& take) const {
  const Failure unreadable{FailureCode::kInternal, "what became of the lines cannot be read any more"};
  const auto outcomes = outcomes_.open(), faults = faults_.open();
  if (outcomes == nullptr || faults == nullptr) return unreadable;
  const auto rows = SheetFile::open(path(), sheet().name);
  if (!rows) return unreadable;
  const auto employee = check_.employee_column();
  LineAnswer fault;
  fault.file = sheet().name;
  for (uint64_t word = 0; std::fread(&word, sizeof word, 1, outcomes.get()) == 1;) {
    Answer answer;
    answer.line = word >> kOutcomeBits;
    answer.outcome = static_cast<LineOutcome>(word & ((uint64_t{1} << kOutcomeBits) - 1));
    if (answer.outcome == LineOutcome::kRefused) {
      for (auto* text : {&fault.employee, &fault.column, &fault.value, &fault.error.zh, &fault.error.en})
        if (!read_sized(faults.get(), text)) return unreadable;
      fault.line = answer.line;
      answer.employee = fault.employee;
      answer.fault = &fault;
    } else {
      if (!(*rows)->next()) return unreadable;
      if (employee) answer.employee = (*rows)->value(*employee);
      if (std::binary_search(left_out_.begin(), left_out_.end(), answer.employee, std::less<>()))
        answer.outcome = LineOutcome::kLeftOut;
    }
    if (!take(answer)) break;
  }
  return Done{};
}

}  // namespace kaogong::tenants
