#include "tenants/folder/write_results.h"

#include <tbb/parallel_pipeline.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <cstring>
#include <mutex>
#include <numeric>

#include "engine/number/fixed.h"
#include "engine/scheme/literal.h"

namespace kaogong::folder {

namespace {

constexpr size_t kMorselRows = 2048;
constexpr size_t kTextBytesFirst = size_t{1} << 18;
constexpr size_t kNumberBytesMax = fixed::kFormatBytesMax;

constexpr char kPairs[] =
    "000102030405060708091011121314151617181920212223242526272829303132333435363738394041424344454647484950515253545556"
    "57"
    "585960616263646566676869707172737475767778798081828384858687888990919293949596979899";

/// Like fixed::format for what fits 64 bits, two digits at a time. Writes up to kNumberBytesMax bytes; the end of the
/// text.
char* format_decimal(int64_t units, unsigned scale, char* out) {
  char reversed[2 * kNumberBytesMax];
  char* const end = reversed + kNumberBytesMax;
  char* p = end;
  uint64_t rest = units < 0 ? 0 - static_cast<uint64_t>(units) : static_cast<uint64_t>(units);
  unsigned digits = scale;
  if (scale != 0) {
    for (; digits >= 2; digits -= 2) {
      p -= 2;
      std::memcpy(p, kPairs + 2 * (rest % 100), 2);
      rest /= 100;
    }
    if (digits == 1) {
      *--p = static_cast<char>('0' + rest % 10);
      rest /= 10;
    }
    *--p = '.';
  }
  while (rest >= 100) {
    p -= 2;
    std::memcpy(p, kPairs + 2 * (rest % 100), 2);
    rest /= 100;
  }
  if (rest >= 10) {
    p -= 2;
    std::memcpy(p, kPairs + 2 * rest, 2);
  } else {
    *--p = static_cast<char>('0' + rest);
  }
  if (units < 0) *--p = '-';
  std::memcpy(out, p, kNumberBytesMax);  // of a constant size: what is behind the text is overwritten
  return out + (end - p);
}

/// A column of results, ready to be written row by row.
struct Output {
  const column::Column* column = nullptr;
  std::vector<std::string> texts;  // of strings, as written
  size_t bytes_max = kNumberBytesMax;
  bool is_decimal = false;  // of at most 64 bits

  explicit Output(const column::Column& of) : column(&of) {
    is_decimal = scheme::is_numeric(of.type) && of.physical != column::Physical::kI128;
    if (of.type != scheme::TypeName::kString || of.dictionary == nullptr) return;
    for (int32_t code = 0; code < of.dictionary->size(); ++code) {
      texts.emplace_back();
      csv::append_field(&texts.back(), of.dictionary->at(code));
      bytes_max = std::max(bytes_max, texts.back().size());
    }
  }
  int64_t get(size_t row) const {
    switch (column->physical) {
      case column::Physical::kI8:
        return column->as<int8_t>()[row];
      case column::Physical::kI16:
        return column->as<int16_t>()[row];
      case column::Physical::kI32:
        return column->as<int32_t>()[row];
      default:
        return column->as<int64_t>()[row];
    }
  }
};

char* put(std::string_view text, char* out) {
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

/// Writes a value; up to `bytes_max` bytes of the output are touched. The end of the text.
char* put_value(const Output& output, size_t row, char* out) {
  const column::Column& column = *output.column;
  if (column.is_null(row)) return out;
  if (output.is_decimal) return format_decimal(output.get(row), column.scale, out);
  switch (column.type) {
    case scheme::TypeName::kBoolean:
      return put(output.get(row) != 0 ? "true" : "false", out);
    case scheme::TypeName::kString:
      return put(output.texts[static_cast<size_t>(output.get(row))], out);
    case scheme::TypeName::kDate:
      return put(scheme::date_to_text(static_cast<int32_t>(output.get(row))), out);
    default:
      return out + fixed::format(column.get(row), column.scale, out);
  }
}

}  // namespace

std::unique_ptr<ResultsWriter> ResultsWriter::create(const std::string& path, const std::vector<std::string>& names,
                                                     std::string* error) {
  auto writer = csv::Writer::create(path, error);
  if (writer == nullptr) return nullptr;
  std::string header = "employee";
  for (const auto& name : names) {
    header += ',';
    csv::append_field(&header, name);
  }
  writer->write(header + "\n");
  return std::unique_ptr<ResultsWriter>(new ResultsWriter(std::move(writer)));
}

void ResultsWriter::append(const column::StringRows& employees, const std::vector<column::Column>& columns,
                           const std::vector<uint8_t>& refused) {
  std::vector<Output> outputs;
  for (const auto& column : columns) outputs.emplace_back(column);
  const size_t rows = employees.size();
  size_t next_row = 0;
  const auto next = [&](tbb::flow_control& flow) -> size_t {
    if (next_row >= rows) {
      flow.stop();
      return 0;
    }
    const size_t row = next_row;
    next_row += kMorselRows;
    return row;
  };
  size_t row_bytes_max = 2 * kEmployeeBytesMax + 4;
  for (const auto& output : outputs) row_bytes_max += output.bytes_max + 1;
  // Blocks of text are used again: fresh memory costs more than what is written into it.
  struct Text {
    std::unique_ptr<char[]> bytes;
    size_t capacity = 0, size = 0;
  };
  std::mutex pool_mutex;
  std::vector<std::unique_ptr<Text>> pool;
  const auto format = [&](size_t begin) -> Text* {
    std::unique_ptr<Text> text;
    {
      const std::lock_guard<std::mutex> lock(pool_mutex);
      if (!pool.empty()) {
        text = std::move(pool.back());
        pool.pop_back();
      }
    }
    if (text == nullptr) text = std::make_unique<Text>();
    size_t size = 0;
    std::string id;
    for (size_t row = begin; row < std::min(rows, begin + kMorselRows); ++row) {
      if (!refused.empty() && refused[row] != 0) continue;
      id.clear();
      csv::append_field(&id, employees[row]);
      const size_t need = size + row_bytes_max + id.size();
      if (need > text->capacity) {
        const size_t capacity = std::max(need, 2 * text->capacity + kTextBytesFirst);
        std::unique_ptr<char[]> bytes(new char[capacity]);
        if (size != 0) std::memcpy(bytes.get(), text->bytes.get(), size);
        text->bytes = std::move(bytes);
        text->capacity = capacity;
      }
      char* out = put(id, text->bytes.get() + size);
      for (const auto& output : outputs) {
        *out++ = ',';
        out = put_value(output, row, out);
      }
      *out++ = '\n';
      size = static_cast<size_t>(out - text->bytes.get());
    }
    text->size = size;
    return text.release();
  };
  const auto write = [&](Text* text) {
    writer_->write({text->bytes.get(), text->size});
    const std::lock_guard<std::mutex> lock(pool_mutex);
    pool.emplace_back(text);
  };
  tbb::parallel_pipeline(2 * static_cast<size_t>(tbb::this_task_arena::max_concurrency()),
                         tbb::make_filter<void, size_t>(tbb::filter_mode::serial_in_order, next) &
                             tbb::make_filter<size_t, Text*>(tbb::filter_mode::parallel, format) &
                             tbb::make_filter<Text*, void>(tbb::filter_mode::serial_in_order, write));
}

bool write_rejects(const std::string& path, const FolderInputs& folder, const std::vector<column::Fault>& faults,
                   bool chinese, std::string* error) {
  auto writer = csv::Writer::create(path, error);
  if (writer == nullptr) return false;
  writer->write("file,line,employee,column,value,error\n");
  const std::vector<Reject>& read = folder.rejects.list;
  // Stable: within one employee by file and line while reading, then the engine's.
  std::vector<uint32_t> order(read.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return read[a].row < read[b].row; });
  std::vector<uint32_t> fault_order(faults.size());
  std::iota(fault_order.begin(), fault_order.end(), 0);
  std::stable_sort(fault_order.begin(), fault_order.end(),
                   [&](uint32_t a, uint32_t b) { return faults[a].row < faults[b].row; });
  std::string line;
  const auto field = [&](std::string_view value, bool last = false) {
    csv::append_field(&line, value);
    line.push_back(last ? '\n' : ',');
  };
  const auto write_fault = [&](const column::Fault& fault) {
    line.clear();
    field(fault.file + ".csv");
    field(fault.line == 0 ? std::string{} : std::to_string(fault.line));
    field(folder.inputs.employees[fault.row]);
    field(fault.column);
    field(printable(fault.value, kShownBytesMax));
    field(chinese && !fault.error.zh.empty() ? fault.error.zh : fault.error.en, true);
    writer->write(line);
  };
  const auto write_reject = [&](const Reject& reject) {
    const FileSpec& file = folder.spec.files[reject.file];
    const scheme::Labels text = error_text(reject, folder.rejects.value(reject), file);
    line.clear();
    field(file.name + ".csv");
    field(std::to_string(reject.line));
    field(reject.row == kNoRow ? folder.rejects.employee(reject) : folder.inputs.employees[reject.row]);
    field(reject.column == kNoColumn ? std::string_view{} : std::string_view(file.columns[reject.column].name));
    field(folder.rejects.value(reject));
    field(chinese ? text.zh : text.en, true);
    writer->write(line);
  };
  size_t fault = 0;
  for (const uint32_t i : order) {
    for (; fault < fault_order.size() && faults[fault_order[fault]].row < read[i].row; ++fault)
      write_fault(faults[fault_order[fault]]);
    write_reject(read[i]);
  }
  for (; fault < fault_order.size(); ++fault) write_fault(faults[fault_order[fault]]);
  return writer->finish(error);
}

}  // namespace kaogong::folder
