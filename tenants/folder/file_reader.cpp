#include "tenants/folder/file_reader.h"

#include <tbb/parallel_pipeline.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <cstring>
#include <mutex>
#include <unordered_map>

#include "engine/scheme/near.h"

namespace kaogong::folder {

namespace {

std::string file_name(const FileSpec& spec) { return spec.name + ".csv"; }

}  // namespace

struct FileReader::State {
  State(size_t fields, const csv::Limits& limits) : scanner(fields, limits) {}
  csv::RecordScanner scanner;
};

std::unique_ptr<FileReader> FileReader::open(std::unique_ptr<csv::BlockReader> text, const FileSpec& spec,
                                             uint16_t file, Employees employees, const csv::Limits& limits,
                                             scheme::Labels* error) {
  std::unique_ptr<FileReader> result(new FileReader(spec, file, employees, limits));
  result->reader_ = std::move(text);
  if (!result->read_header(error)) return nullptr;
  return result;
}

bool FileReader::read_header(scheme::Labels* error) {
  const std::string name = file_name(spec_);
  first_block_ = reader_->next();
  if (first_block_ == nullptr) {
    if (!reader_->error().empty()) {
      *error = {"无法读取" + name + ":" + reader_->error(), name + " cannot be read: " + reader_->error()};
    } else {
      *error = {name + "是空的：第一行须为列名", name + " is empty: its first line must name the columns"};
    }
    return false;
  }
  std::vector<std::string> header;
  const csv::FaultKind fault = csv::take_header(first_block_.get(), limits_, &header, &header_lines_);
  if (fault != csv::FaultKind::kNone) {
    Reject reject;
    reject.kind = RejectKind::kMalformedRow;
    reject.detail = static_cast<uint32_t>(fault);
    scheme::Labels text = error_text(reject, {}, spec_);
    if (fault == csv::FaultKind::kColumnCount) {
      text = {"列数超过" + std::to_string(csv::kFieldsMax),
              "there are more than " + std::to_string(csv::kFieldsMax) + " columns"};
    }
    *error = {name + "第1行：" + text.zh, name + " line 1: " + text.en};
    return false;
  }
  fields_ = header.size();
  std::string missing_en, missing_zh;
  const std::vector<std::string_view> names(header.begin(), header.end());
  for (size_t i = 0; i < spec_.columns.size(); ++i) {
    const ColumnSpec& column = spec_.columns[i];
    const auto found = std::find(header.begin(), header.end(), column.name);
    if (found == header.end()) {
      const std::string near = scheme::nearest(column.name, names);
      missing_en += (missing_en.empty() ? "'" : ", '") + column.name + "'" +
                    (near.empty() ? "" : " (is it '" + printable(near, kShownBytesMax) + "'?)");
      missing_zh += (missing_zh.empty() ? "" : "、") + column.name;
      continue;
    }
    if (std::find(found + 1, header.end(), column.name) != header.end()) {
      *error = {name + "的“" + column.name + "”列重复", name + " has the column '" + column.name + "' twice: keep one"};
      return false;
    }
    const auto field = static_cast<size_t>(found - header.begin());
    switch (column.kind) {
      case ColumnSpec::Kind::kEmployee:
        employee_field_ = field;
        employee_column_ = static_cast<uint16_t>(i);
        break;
      case ColumnSpec::Kind::kPeriod:
        period_field_ = field;
        period_column_ = static_cast<uint16_t>(i);
        break;
      default:
        value_fields_.push_back(field);
        parsers_.emplace_back(column, file_, static_cast<uint16_t>(i));
    }
  }
  if (missing_en.empty()) return true;
  *error = {name + "缺少列：" + missing_zh, name + " lacks the column " + missing_en + ": add it to the first line"};
  return false;
}

void FileReader::parse_employee(std::string_view id, size_t row, uint32_t* hint, Chunk* chunk) const {
  Reject reject;
  reject.file = file_;
  reject.column = employee_column_;
  reject.line = chunk->lines[row];
  const bool bad = id.empty() || id.size() > kEmployeeBytesMax;
  if (bad) {
    reject.kind = id.empty() ? RejectKind::kNoEmployee : RejectKind::kEmployeeTooLong;
    add_fault(chunk, reject, row, id, id);
  }
  if (employees_.ids == nullptr) {
    if (!bad) chunk->ids.append(id);
    chunk->id_ends.push_back(static_cast<uint32_t>(chunk->ids.size()));
    chunk->id_hashes.push_back(bad ? 0 : hash_of(id));
    return;
  }
  uint32_t found = kNoRow;
  if (!bad) {
    // Child rows mostly come in the order of the population.
    const column::StringRows& ids = *employees_.ids;
    if (*hint < ids.size() && ids[*hint] == id) {
      found = *hint;
    } else if (*hint + 1 < ids.size() && ids[*hint + 1] == id) {
      found = *hint + 1;
    }
    // The index knows the first row of an id; only that one has child rows.
    if (found == kNoRow) found = employees_.index->find(id, hash_of(id));
    if (found == kNoRow) {
      reject.kind = RejectKind::kUnknownEmployee;
      add_fault(chunk, reject, row, id, id);
    } else {
      *hint = found;
    }
  }
  chunk->employees.push_back(found);
}

void FileReader::parse_period(std::string_view text, size_t row, Chunk* chunk) const {
  const auto period = scheme::parse_period(text);
  chunk->periods.push_back(period.value_or(scheme::Period{}));
  chunk->period_known.push_back(period ? 1 : 0);
  if (period) return;
  Reject reject;
  reject.file = file_;
  reject.column = period_column_;
  reject.line = chunk->lines[row];
  reject.kind = text.empty() ? RejectKind::kMissingValue : RejectKind::kNotAPeriod;
  add_fault(chunk, reject, row, text);
}

void FileReader::parse_run(const csv::Records& records, Chunk* chunk) const {
  const size_t first = chunk->rows;
  if (first == 0) {
    // Room for as many rows as the first ones promise.
    const size_t bytes = records.ends[records.count * records.fields - 1] - static_cast<uint32_t>(records.ends[-1]);
    const size_t rows = chunk->bytes / std::max<size_t>(1, bytes / records.count) + records.count;
    chunk->lines.reserve(rows);
    for (size_t c = 0; c < parsers_.size(); ++c)
      chunk->columns[c].data.reserve((rows + rows / 32) * column::width_of(parsers_[c].physical()));
  }
  chunk->rows += records.count;
  for (size_t i = 0; i < records.count; ++i) chunk->lines.push_back(records.lines_before(i));
  std::string scratch;
  if (employee_field_ != SIZE_MAX) {
    uint32_t hint = chunk->employees.empty() ? 0 : chunk->employees.back();
    if (hint == kNoRow) hint = 0;
    for (size_t i = 0; i < records.count; ++i)
      parse_employee(records.value(i, employee_field_, &scratch), first + i, &hint, chunk);
  }
  if (period_field_ != SIZE_MAX) {
    std::string before;
    for (size_t i = 0; i < records.count; ++i) {
      const std::string_view text = records.value(i, period_field_, &scratch);
      if (i != 0 && text == before && chunk->period_known.back() != 0) {
        chunk->periods.push_back(scheme::Period(chunk->periods.back()));
        chunk->period_known.push_back(1);
        continue;
      }
      before.assign(text);
      parse_period(text, first + i, chunk);
    }
  }
  for (size_t c = 0; c < parsers_.size(); ++c) {
    ChunkColumn& column = chunk->columns[c];
    column.data.resize(chunk->rows * column::width_of(parsers_[c].physical()));
    parsers_[c].parse(records, value_fields_[c], first, &column, chunk);
    if (!column.valid.empty()) column.valid.resize(chunk->rows, 1);
  }
}

/// A row whose form is wrong: it stands in the chunk without values, with the employee where that can be told.
void FileReader::parse_faulty(const csv::Records& records, Chunk* chunk) const {
  const size_t row = chunk->rows++;
  chunk->lines.push_back(records.lines_before(0));
  if (records.fault == csv::FaultKind::kUnterminatedQuote && !chunk->unterminated) {
    chunk->unterminated = true;
    chunk->unterminated_line = chunk->lines[row];
  }
  std::string scratch;
  std::string_view id;
  if (employee_field_ < records.fields) id = records.value(0, employee_field_, &scratch);
  if (id.size() > kEmployeeBytesMax || printable(id, kEmployeeBytesMax) != id) id = {};
  if (employee_field_ != SIZE_MAX) {
    if (employees_.ids == nullptr) {
      chunk->ids.append(id);
      chunk->id_ends.push_back(static_cast<uint32_t>(chunk->ids.size()));
      chunk->id_hashes.push_back(id.empty() ? 0 : hash_of(id));
    } else {
      chunk->employees.push_back(id.empty() ? kNoRow : employees_.index->find(id, hash_of(id)));
    }
  }
  if (period_field_ != SIZE_MAX) {
    chunk->periods.emplace_back();
    chunk->period_known.push_back(0);
  }
  for (size_t c = 0; c < parsers_.size(); ++c) {
    ChunkColumn& column = chunk->columns[c];
    const size_t width = column::width_of(parsers_[c].physical());
    column.data.resize(chunk->rows * width);
    const int64_t value = parsers_[c].stands_for_fault(&column);  // little endian
    std::memcpy(column.data.data() + row * width, &value, width);
    if (!column.valid.empty()) column.valid.resize(chunk->rows, 1);
    column.low = std::min(column.low, value);
    column.high = std::max(column.high, value);
  }
  Reject reject;
  reject.file = file_;
  reject.line = chunk->lines[row];
  reject.kind = RejectKind::kMalformedRow;
  reject.detail = static_cast<uint32_t>(records.fault);
  reject.detail2 = static_cast<uint32_t>(records.fault_fields);
  add_fault(chunk, reject, row, records.record_text(kShownBytesMax + 1), id);
}

void FileReader::parse_block(const csv::Block& block, State* state, Chunk* chunk) const {
  chunk->columns.resize(parsers_.size());
  chunk->bytes = block.size;
  state->scanner.begin(block);
  csv::Records records;
  while (state->scanner.next(&records)) {
    if (records.fault == csv::FaultKind::kNone) {
      parse_run(records, chunk);
    } else {
      parse_faulty(records, chunk);
    }
  }
  chunk->lines_total = state->scanner.block_lines();
  // By column and row, as the loops go, becomes by row.
  std::stable_sort(chunk->faults.begin(), chunk->faults.end(),
                   [](const ChunkFault& a, const ChunkFault& b) { return a.chunk_row < b.chunk_row; });
}

bool FileReader::read(const std::function<void(Chunk&)>& take, scheme::Labels* error) {
  const std::string name = file_name(spec_);
  std::mutex states_mutex;
  std::vector<std::unique_ptr<State>> states;
  uint64_t line = 1 + header_lines_, bytes_done = 0, rows_done = 0;
  bool unterminated = false;
  uint64_t unterminated_line = 0;
  using BlockPointer = std::shared_ptr<csv::Block>;  // the pipeline copies its items
  struct Parsed {
    Chunk chunk;
    size_t bytes = 0, pending = 0;
  };
  using ParsedPointer = std::shared_ptr<Parsed>;
  const auto tokens = 2 * static_cast<size_t>(tbb::this_task_arena::max_concurrency());
  const auto next = [&](tbb::flow_control& flow) -> BlockPointer {
    auto block = first_block_ != nullptr ? std::move(first_block_) : reader_->next();
    if (block == nullptr) {
      flow.stop();
      return nullptr;
    }
    csv::BlockReader* reader = reader_.get();
    return BlockPointer(block.release(), [reader](csv::Block* b) { reader->recycle(std::unique_ptr<csv::Block>(b)); });
  };
  const auto parse = [&](const BlockPointer& block) -> ParsedPointer {
    std::unique_ptr<State> state;
    {
      const std::lock_guard<std::mutex> lock(states_mutex);
      if (!states.empty()) {
        state = std::move(states.back());
        states.pop_back();
      }
    }
    if (state == nullptr) state = std::make_unique<State>(fields_, limits_);
    auto parsed = std::make_shared<Parsed>();
    parse_block(*block, state.get(), &parsed->chunk);
    parsed->bytes = block->size;
    parsed->pending = block->pending;
    const std::lock_guard<std::mutex> lock(states_mutex);
    states.push_back(std::move(state));
    return parsed;
  };
  const auto hand_over = [&](const ParsedPointer& parsed) {
    Chunk& chunk = parsed->chunk;
    chunk.first_line = line;
    line += chunk.lines_total;
    if (chunk.unterminated && !unterminated) {
      unterminated = true;
      unterminated_line = chunk.first_line + chunk.unterminated_line;
    }
    bytes_done += parsed->bytes;
    rows_done += chunk.rows;
    if (rows_estimate_ == 0) {
      // With what was read behind the rows: one huge record does not promise as many rows as its bytes would hold.
      const uint64_t seen = bytes_done + parsed->pending, whole = std::max(reader_->file_bytes(), seen);
      rows_estimate_ =
          static_cast<uint64_t>(static_cast<unsigned __int128>(whole) * rows_done / std::max<uint64_t>(seen, 1));
      rows_estimate_ += rows_estimate_ / 16 + 64;
    }
    take(chunk);
  };
  tbb::parallel_pipeline(tokens,
                         tbb::make_filter<void, BlockPointer>(tbb::filter_mode::serial_in_order, next) &
                             tbb::make_filter<BlockPointer, ParsedPointer>(tbb::filter_mode::parallel, parse) &
                             tbb::make_filter<ParsedPointer, void>(tbb::filter_mode::serial_in_order, hand_over));
  if (!reader_->error().empty()) {
    *error = {"无法读取" + name + ":" + reader_->error(), name + " cannot be read: " + reader_->error()};
    return false;
  }
  if (unterminated) {
    const std::string at = std::to_string(unterminated_line);
    *error = {name + "第" + at + "行：引号没有结束，其后的内容无法读取",
              name + " line " + at +
                  ": a quote is opened here and never closed, so that nothing behind it can be read: close it"};
    return false;
  }
  return true;
}

}  // namespace kaogong::folder
