#include "tenants/folder/write_results.h"

#include <tbb/parallel_pipeline.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <cstring>
#include <numeric>

#include "engine/number/fixed.h"
#include "engine/scheme/literal.h"

namespace kaogong::folder {

namespace {

constexpr size_t kMorselRows = 4096;
constexpr size_t kNumberBytesMax = fixed::kFormatBytesMax;

constexpr char kPairs[] =
    "000102030405060708091011121314151617181920212223242526272829303132333435363738394041424344454647484950515253545556"
    "57"
    "585960616263646566676869707172737475767778798081828384858687888990919293949596979899";

/// Like fixed::format for what fits 64 bits, two digits at a time.
size_t format_decimal(int64_t units, unsigned scale, char* out) {
  char reversed[32];
  char* const end = reversed + sizeof reversed;
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
  const auto size = static_cast<size_t>(end - p);
  std::memcpy(out, p, size);
  return size;
}

/// A column of results, ready to be written row by row.
struct Output {
  const column::Column* column = nullptr;
  std::vector<std::string> texts;  // of strings, as written

  explicit Output(const column::Column& of) : column(&of) {
    if (of.type != scheme::TypeName::kString || of.dictionary == nullptr) return;
    for (int32_t code = 0; code < of.dictionary->size(); ++code) {
      texts.emplace_back();
      csv::append_field(&texts.back(), of.dictionary->at(code));
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

void append_value(const Output& output, size_t row, std::string* out) {
  const column::Column& column = *output.column;
  if (column.is_null(row)) return;
  if (column.physical == column::Physical::kI128) {
    char text[kNumberBytesMax];
    out->append(text, fixed::format(column.get(row), column.scale, text));
    return;
  }
  const int64_t value = output.get(row);
  switch (column.type) {
    case scheme::TypeName::kBoolean:
      out->append(value != 0 ? "true" : "false");
      break;
    case scheme::TypeName::kString:
      out->append(output.texts[static_cast<size_t>(value)]);
      break;
    case scheme::TypeName::kDate:
      out->append(scheme::date_to_text(static_cast<int32_t>(value)));
      break;
    default: {
      char text[kNumberBytesMax];
      out->append(text, format_decimal(value, column.scale, text));
    }
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
  using Text = std::shared_ptr<std::string>;
  const auto format = [&](size_t begin) -> Text {
    auto text = std::make_shared<std::string>();
    text->reserve(kMorselRows * (16 + 10 * outputs.size()));
    for (size_t row = begin; row < std::min(rows, begin + kMorselRows); ++row) {
      if (!refused.empty() && refused[row] != 0) continue;
      csv::append_field(text.get(), employees[row]);
      for (const auto& output : outputs) {
        text->push_back(',');
        append_value(output, row, text.get());
      }
      text->push_back('\n');
    }
    return text;
  };
  tbb::parallel_pipeline(static_cast<size_t>(2 * tbb::this_task_arena::max_concurrency()),
                         tbb::make_filter<void, size_t>(tbb::filter_mode::serial_in_order, next) &
                             tbb::make_filter<size_t, Text>(tbb::filter_mode::parallel, format) &
                             tbb::make_filter<Text, void>(tbb::filter_mode::serial_in_order,
                                                          [&](const Text& text) { writer_->write(*text); }));
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
