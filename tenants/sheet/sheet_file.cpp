#include "tenants/sheet/sheet_file.h"

#include <algorithm>
#include <utility>

#include "tenants/folder/reject.h"

namespace kaogong::tenants {

namespace {

scheme::Labels fault_text(csv::FaultKind fault, size_t fields, const std::string& file) {
  folder::Reject reject;
  reject.kind = folder::RejectKind::kMalformedRow;
  reject.detail = static_cast<uint32_t>(fault);
  reject.detail2 = static_cast<uint32_t>(fields);
  return folder::error_text(reject, {}, folder::FileSpec{file, {}});
}

}  // namespace

Result<std::unique_ptr<SheetFile>> SheetFile::open(const std::string& path, std::string name) {
  std::string error;
  auto reader = csv::BlockReader::open(path, &error);
  if (reader == nullptr) return invalid(path + " cannot be read: " + error);
  return begin(std::move(reader), std::move(name));
}

Result<std::unique_ptr<SheetFile>> SheetFile::read(csv::Source source, std::string name) {
  return begin(std::make_unique<csv::BlockReader>(std::move(source)), std::move(name));
}

Result<std::unique_ptr<SheetFile>> SheetFile::begin(std::unique_ptr<csv::BlockReader> reader, std::string name) {
  std::unique_ptr<SheetFile> file(new SheetFile(std::move(reader), std::move(name)));
  if (auto failure = file->read_header()) return *std::move(failure);
  return file;
}

std::optional<Failure> SheetFile::read_header() {
  block_ = reader_->next();
  if (block_ == nullptr) {
    if (!reader_->error().empty()) return invalid(name_ + " cannot be read: " + reader_->error());
    return invalid(name_ + " is empty: its first line must name the columns");
  }
  uint64_t lines = 0;
  const auto fault = csv::take_header(block_.get(), reader_->limits(), &columns_, &lines);
  if (fault == csv::FaultKind::kColumnCount)
    return invalid(name_ + " line 1: there are more than " + std::to_string(csv::kFieldsMax) + " columns");
  if (fault != csv::FaultKind::kNone) return invalid(name_ + " line 1: " + fault_text(fault, 0, name_).en);
  auto sorted = columns_;
  std::sort(sorted.begin(), sorted.end());
  const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
  if (twice != sorted.end()) return invalid(name_ + " has the column '" + *twice + "' twice: keep one");
  block_line_ += lines;
  scanner_ = std::make_unique<csv::RecordScanner>(columns_.size(), reader_->limits());
  scanner_->begin(*block_);
  return std::nullopt;
}

std::optional<size_t> SheetFile::column(std::string_view name) const {
  const auto found = std::find(columns_.begin(), columns_.end(), name);
  if (found == columns_.end()) return std::nullopt;
  return static_cast<size_t>(found - columns_.begin());
}

Result<size_t> SheetFile::require(std::string_view name) const {
  const auto found = column(name);
  if (!found) return invalid(name_ + " lacks the column '" + std::string(name) + "': add it to the first line");
  return *found;
}

std::optional<Failure> SheetFile::failure() const {
  if (reader_->error().empty()) return std::nullopt;
  return invalid(name_ + " cannot be read to its end: " + reader_->error());
}

bool SheetFile::next() {
  ++record_;
  while (record_ >= records_.count) {
    if (block_ == nullptr) return false;
    record_ = 0;
    records_.count = 0;
    if (scanner_->next(&records_)) break;
    records_.count = 0;
    block_line_ += scanner_->block_lines();
    reader_->recycle(std::move(block_));
    block_ = reader_->next();
    if (block_ == nullptr) return false;
    scanner_->begin(*block_);
  }
  line_ = block_line_ + records_.lines_before(record_);
  return true;
}

std::string_view SheetFile::text() const {
  const uint32_t begin = records_.ends[static_cast<ptrdiff_t>(record_ * records_.fields) - 1] + 1;
  const auto last = records_.raw(record_, records_.fields - 1);
  return {records_.text + begin, static_cast<size_t>(last.data() + last.size() - (records_.text + begin))};
}

LineAnswer SheetFile::fault(std::string employee) const {
  return {name_,
          line_,
          std::move(employee),
          {},
          std::string(records_.record_text(folder::kShownBytesMax + 1)),
          fault_text(records_.fault, records_.fault_fields, name_)};
}

}  // namespace kaogong::tenants
