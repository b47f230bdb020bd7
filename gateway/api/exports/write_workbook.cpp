#include <unistd.h>
#include <xlsxwriter.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>

#include "gateway/api/exports/result_file.h"

namespace kaogong::api {

namespace {

constexpr ptrdiff_t kDigitsMax = 15;  // a spreadsheet's numbers hold no more
constexpr size_t kBlockBytes = size_t{64} << 10;

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

/// A number as a spreadsheet has it; a text where it would lose digits.
void write_number(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t column, const std::string& text, lxw_format* format) {
  const auto digits = std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (digits > kDigitsMax) {
    worksheet_write_string(sheet, row, column, text.c_str(), nullptr);
  } else {
    worksheet_write_number(sheet, row, column, std::strtod(text.c_str(), nullptr), format);
  }
}

void write_cell(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t column, const column::Column& values, size_t at,
                lxw_format* format) {
  if (values.is_null(at)) return;
  const auto text = column::format_value(values, at);
  if (scheme::is_numeric(values.type)) {
    write_number(sheet, row, column, text, format);
  } else if (values.type == scheme::TypeName::kBoolean) {
    worksheet_write_boolean(sheet, row, column, text == "true" ? 1 : 0, nullptr);
  } else {
    worksheet_write_string(sheet, row, column, text.c_str(), nullptr);
  }
}

/// Writes the workbook to a path; false: that failed.
bool write_to(const std::string& path, const ResultFile& file) {
  lxw_workbook_options options = {};
  options.constant_memory = LXW_TRUE;
  lxw_workbook* book = workbook_new_opt(path.c_str(), &options);
  if (book == nullptr) return false;
  const runs::ResultView view = file.results->view();
  lxw_worksheet* sheet = workbook_add_worksheet(book, "results");
  std::vector<lxw_format*> formats;
  worksheet_write_string(sheet, 0, 0, "employee", nullptr);
  for (size_t i = 0; i < file.columns.size(); ++i) {
    const auto& column = (*view.columns)[file.columns[i]];
    worksheet_write_string(sheet, 0, static_cast<lxw_col_t>(i + 1), (*view.names)[file.columns[i]].c_str(), nullptr);
    lxw_format* format = nullptr;
    if (scheme::is_numeric(column.type)) {
      format = workbook_add_format(book);
      format_set_num_format(format, column.scale == 0 ? "0" : ("0." + std::string(column.scale, '0')).c_str());
    }
    formats.push_back(format);
  }
  lxw_row_t out = 1;
  for (size_t row = 0; row < view.rows(); ++row) {
    if (!view.has_row(row)) continue;
    worksheet_write_string(sheet, out, 0, std::string((*view.employees)[row]).c_str(), nullptr);
    for (size_t i = 0; i < file.columns.size(); ++i)
      write_cell(sheet, out, static_cast<lxw_col_t>(i + 1), (*view.columns)[file.columns[i]], row, formats[i]);
    ++out;
  }
  return workbook_close(book) == LXW_NO_ERROR;
}

}  // namespace

bool write_workbook(http::BodySink& sink, const ResultFile& file) {
  // A file without a name: nothing is left of it, whatever happens.
  const std::unique_ptr<std::FILE, Close> nameless(std::tmpfile());
  if (nameless == nullptr || !write_to("/proc/self/fd/" + std::to_string(::fileno(nameless.get())), file))
    throw std::runtime_error("the workbook cannot be written: there is no room for temporary files");
  std::rewind(nameless.get());
  std::string block(kBlockBytes, '\0');
  for (;;) {
    const size_t bytes = std::fread(block.data(), 1, block.size(), nameless.get());
    if (bytes == 0) break;
    if (!sink.write(std::string_view(block).substr(0, bytes))) return false;
  }
  return std::ferror(nameless.get()) == 0;
}

}  // namespace kaogong::api
