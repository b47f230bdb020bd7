#include "infra/csv/records.h"

#include <algorithm>
#include <cstring>

#include "infra/csv/parse_record.h"
#include "infra/csv/utf8.h"

namespace kaogong::csv {

namespace {

constexpr size_t kBatchBytes =
    size_t{1} << 16;           // text, positions and columns of a batch stay in the second-level cache
constexpr size_t kSlack = 64;  // what a kernel may write behind its last position

/// Room for one entry before the first.
std::unique_ptr<uint32_t[]> new_positions(size_t count) {
  return std::unique_ptr<uint32_t[]>(new uint32_t[count + 1 + kSlack]);
}

}  // namespace

std::string_view unquote(std::string_view raw, std::string* scratch) {
  if (raw.size() < 2 || raw.front() != '"' || raw.back() != '"') return raw;
  const std::string_view inner = raw.substr(1, raw.size() - 2);
  if (inner.find('"') == std::string_view::npos) return inner;
  scratch->clear();
  for (size_t i = 0; i < inner.size(); ++i) {
    scratch->push_back(inner[i]);
    if (inner[i] == '"') ++i;
  }
  return *scratch;
}

std::string_view Records::value(size_t record, size_t field, std::string* scratch) const {
  return unquote(raw(record, field), scratch);
}

std::string_view Records::record_text(size_t bytes_max) const {
  const char* begin = text + static_cast<uint32_t>(ends[-1] + 1);
  const size_t size = fields == 0 ? 0 : ends[fields - 1] - static_cast<uint32_t>(ends[-1] + 1);
  return {begin, std::min(size, bytes_max)};
}

RecordScanner::RecordScanner(size_t fields, Limits limits, const Kernel& kernel)
    : fields_(fields), limits_(limits), kernel_(kernel) {
  reserve_delimiters(kBatchBytes);
  record_ends_ = new_positions(capacity_);
  lines_ = new_positions(capacity_);
}

void RecordScanner::reserve_delimiters(size_t count) {
  if (count <= capacity_) return;
  const size_t capacity = std::max(count, 2 * capacity_);
  auto ends = new_positions(capacity);
  if (capacity_ != 0) {
    std::memcpy(ends.get(), ends_.get(), (delimiters_ + 1) * sizeof(uint32_t));
    auto record_ends = new_positions(capacity), lines = new_positions(capacity);
    std::memcpy(record_ends.get(), record_ends_.get(), records_ * sizeof(uint32_t));
    std::memcpy(lines.get(), lines_.get(), (records_ + 1) * sizeof(uint32_t));
    record_ends_ = std::move(record_ends);
    lines_ = std::move(lines);
  }
  ends_ = std::move(ends);
  capacity_ = capacity;
}

void RecordScanner::begin(const Block& block) {
  block_ = &block;
  mode_ = block.oversized ? Mode::kOversized : Mode::kFast;
  state_ = ScanState{};
  position_ = record_begin_ = block.begin;
  delimiters_ = records_ = cursor_ = 0;
  ends_[0] = static_cast<uint32_t>(block.begin) - 1;
  lines_[0] = 0;
  block_lines_ = 0;
}

bool RecordScanner::next(Records* out) {
  if (mode_ == Mode::kFast && next_fast(out)) return true;
  if (mode_ == Mode::kSlow) return next_slow(out);
  if (mode_ == Mode::kOversized) return next_oversized(out);
  return false;
}

/// Keeps only the delimiters behind the last whole record.
void RecordScanner::compact() {
  const size_t taken = records_ == 0 ? 0 : record_ends_[records_ - 1];
  if (taken != 0) {
    ends_[0] = ends_[taken];
    std::memmove(ends_.get() + 1, ends_.get() + 1 + taken, (delimiters_ - taken) * sizeof(uint32_t));
    delimiters_ -= taken;
    lines_[0] = lines_[records_];
  }
  records_ = cursor_ = 0;
}

/// Scans until there is a whole record, or to the end of the block.
void RecordScanner::scan_batch() {
  compact();
  while (records_ == 0 && position_ < block_->size) {
    const size_t stop = std::min(block_->size, position_ + kBatchBytes);
    reserve_delimiters(delimiters_ + (stop - position_));
    const ScanCount found = kernel_.scan(block_->text(), position_, stop, &state_, ends_.get() + 1 + delimiters_,
                                         record_ends_.get(), lines_.get() + 1);
    for (size_t i = 0; i < found.records; ++i) record_ends_[i] += static_cast<uint32_t>(delimiters_);
    delimiters_ += found.delimiters;
    records_ = found.records;
    position_ = stop;
  }
}

FaultKind RecordScanner::size_fault(const uint32_t* ends, size_t fields) const {
  const size_t bytes = ends[fields - 1] - static_cast<uint32_t>(ends[-1] + 1);
  if (bytes <= limits_.field_bytes_max) return FaultKind::kNone;
  if (bytes > limits_.record_bytes_max) return FaultKind::kRecordTooLong;
  for (size_t c = 0; c < fields; ++c)
    if (ends[c] - static_cast<uint32_t>(ends[static_cast<ptrdiff_t>(c) - 1] + 1) > limits_.field_bytes_max)
      return FaultKind::kFieldTooLong;
  return FaultKind::kNone;
}

bool RecordScanner::is_empty_line(const uint32_t* ends) const {
  const size_t begin = static_cast<uint32_t>(ends[-1] + 1), end = ends[0];
  return end == begin || (end == begin + 1 && block_->text()[begin] == '\r');
}

bool RecordScanner::next_fast(Records* out) {
  for (;;) {
    if (cursor_ == records_) {
      scan_batch();
      bool slow = state_.malformed || state_.has_nul || (records_ == 0 && record_begin_ < block_->size);
      if (!slow && records_ != 0 && state_.has_high) {
        const size_t end = ends_[record_ends_[records_ - 1]] + size_t{1};
        slow = !is_utf8(block_->text() + record_begin_, end - record_begin_);
      }
      if (slow) {
        mode_ = Mode::kSlow;
        return false;
      }
      if (records_ == 0) {
        block_lines_ = lines_[0];
        mode_ = Mode::kDone;
        return false;
      }
    }
    const uint32_t* data = ends_.get() + 1;
    const size_t first = cursor_;
    const size_t first_delimiter = first == 0 ? 0 : record_ends_[first - 1];
    size_t before = first_delimiter;
    FaultKind fault = FaultKind::kNone;
    size_t fields = fields_;
    while (cursor_ < records_) {
      fields = record_ends_[cursor_] - before;
      if (fields != fields_) break;
      if (fields == 1 && is_empty_line(data + before)) break;
      fault = size_fault(data + before, fields);
      if (fault != FaultKind::kNone) break;
      before += fields;
      ++cursor_;
    }
    const auto give = [&](size_t count) {
      *out = Records{block_->text(), data + first_delimiter, lines_.get() + 1 + first, count, fields, fault, fields};
      record_begin_ = data[record_ends_[cursor_ - 1] - 1] + size_t{1};
    };
    if (cursor_ != first) {
      fields = fields_;
      fault = FaultKind::kNone;
      give(cursor_ - first);
      return true;
    }
    ++cursor_;
    fault = fault != FaultKind::kNone ? fault : size_fault(data + first_delimiter, fields);
    if (fault == FaultKind::kNone) fault = FaultKind::kColumnCount;
    give(1);
    if (fields == 1 && is_empty_line(out->ends)) continue;
    return true;
  }
}

bool RecordScanner::next_slow(Records* out) {
  const size_t end = block_->size;
  std::vector<uint32_t> ends;
  // record_begin_ is where the next record begins; what went before it is in the entries before the first.
  lines_[0] = records_ == 0 ? lines_[0] : lines_[cursor_];
  records_ = cursor_ = delimiters_ = 0;
  const size_t batch_end = record_begin_ + kBatchBytes;
  ends_[0] = static_cast<uint32_t>(record_begin_) - 1;
  while (record_begin_ < end && record_begin_ < batch_end) {
    ends.clear();
    ends.push_back(static_cast<uint32_t>(record_begin_) - 1);
    const ParsedRecord record = parse_record(block_->text(), record_begin_, end, &ends);
    size_t fields = ends.size() - 1;
    FaultKind fault = record.fault;
    if (fault == FaultKind::kNone) fault = size_fault(ends.data() + 1, fields);
    if (fault == FaultKind::kNone && record.end - record_begin_ > limits_.record_bytes_max)
      fault = FaultKind::kRecordTooLong;
    const bool empty_line = fault == FaultKind::kNone && fields == 1 && is_empty_line(ends.data() + 1);
    if (fault == FaultKind::kNone && fields != fields_) fault = FaultKind::kColumnCount;
    if (empty_line && records_ == 0) {
      record_begin_ = record.end;
      lines_[0] += record.lines;
      ends_[0] = static_cast<uint32_t>(record_begin_) - 1;
      continue;
    }
    if (records_ != 0 && (empty_line || fault != FaultKind::kNone)) break;  // first the run before it
    reserve_delimiters(delimiters_ + fields + 1);
    std::memcpy(ends_.get() + 1 + delimiters_, ends.data() + 1, fields * sizeof(uint32_t));
    delimiters_ += fields;
    ++records_;
    record_ends_[records_ - 1] = static_cast<uint32_t>(delimiters_);
    lines_[records_] = lines_[records_ - 1] + record.lines;
    record_begin_ = record.end;
    if (fault != FaultKind::kNone) {
      cursor_ = records_;
      *out = Records{block_->text(), ends_.get() + 1, lines_.get() + 1, 1, fields, fault, fields};
      return true;
    }
  }
  cursor_ = records_;
  if (records_ != 0) {
    *out = Records{block_->text(), ends_.get() + 1, lines_.get() + 1, records_, fields_, FaultKind::kNone, fields_};
    return true;
  }
  if (record_begin_ < end) return next_slow(out);  // a batch of empty lines
  block_lines_ = lines_[0];
  mode_ = Mode::kDone;
  return false;
}

bool RecordScanner::next_oversized(Records* out) {
  // The fields that the prefix holds whole.
  const char* text = block_->text();
  bool quoted = false, at_start = true;
  for (size_t at = block_->begin; at < block_->size; ++at) {
    if (text[at] == '"' && (quoted || at_start)) {
      quoted = !quoted;
    } else if (text[at] == '"' && text[at - 1] == '"') {
      quoted = true;  // a doubled one
    } else if (text[at] == ',' && !quoted) {
      reserve_delimiters(delimiters_ + 1);
      ends_[++delimiters_] = static_cast<uint32_t>(at);
      at_start = true;
      continue;
    } else if (!quoted && (text[at] == '"' || (at > block_->begin && text[at - 1] == '"' && !at_start))) {
      break;  // malformed
    }
    at_start = false;
  }
  lines_[1] = static_cast<uint32_t>(block_->oversized_lines);
  block_lines_ = block_->oversized_lines;
  mode_ = Mode::kDone;
  *out = Records{
      text,       ends_.get() + 1, lines_.get() + 1,
      1,          delimiters_,     block_->unterminated ? FaultKind::kUnterminatedQuote : FaultKind::kRecordTooLong,
      delimiters_};
  return true;
}

FaultKind take_header(Block* block, const Limits& limits, std::vector<std::string>* names, uint64_t* lines) {
  if (block->oversized) return block->unterminated ? FaultKind::kUnterminatedQuote : FaultKind::kRecordTooLong;
  std::vector<uint32_t> ends{static_cast<uint32_t>(block->begin) - 1};
  const ParsedRecord record = parse_record(block->text(), block->begin, block->size, &ends);
  const size_t fields = ends.size() - 1;
  if (record.fault != FaultKind::kNone) return record.fault;
  if (record.end - block->begin > limits.record_bytes_max) return FaultKind::kRecordTooLong;
  if (fields > kFieldsMax) return FaultKind::kColumnCount;
  Records header{block->text(), ends.data() + 1, ends.data(), 1, fields};
  std::string scratch;
  for (size_t c = 0; c < fields; ++c) names->emplace_back(header.value(0, c, &scratch));
  *lines = record.lines;
  block->begin = record.end;
  return FaultKind::kNone;
}

}  // namespace kaogong::csv
