#include "gateway/api/exports/result_file.h"

#include "gateway/api/results/result_json.h"
#include "infra/csv/writer.h"

namespace kaogong::api {

namespace {

constexpr size_t kBlockBytes = size_t{64} << 10;
constexpr std::string_view kTexts[] = {"ndjson", "csv", "xlsx"};
constexpr std::string_view kTypes[] = {"application/x-ndjson", "text/csv; charset=utf-8; header=present",
                                       "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"};

std::string json_line(const runs::ResultView& view, const std::vector<size_t>& columns, size_t row) {
  json::Writer writer;
  writer.begin_object().member("employee", (*view.employees)[row]);
  for (const size_t i : columns) {
    const auto& column = (*view.columns)[i];
    writer.name((*view.names)[i]);
    write_value(writer, column.type,
                column.is_null(row) ? std::nullopt : std::optional(column::format_value(column, row)));
  }
  writer.end_object();
  return writer.take() + "\n";
}

std::string csv_line(const runs::ResultView& view, const std::vector<size_t>& columns, size_t row) {
  std::string line;
  csv::append_field(&line, (*view.employees)[row]);
  for (const size_t i : columns) {
    line += ',';
    csv::append_field(&line, column::format_value((*view.columns)[i], row));
  }
  return line + "\n";
}

bool write_lines(http::BodySink& sink, const ResultFile& file) {
  const runs::ResultView view = file.results->view();
  std::string block;
  if (file.format == FileFormat::kCsv) {
    block = "employee";
    for (const size_t i : file.columns) {
      block += ',';
      csv::append_field(&block, (*view.names)[i]);
    }
    block += '\n';
  }
  for (size_t row = 0; row < view.rows(); ++row) {
    if (!view.has_row(row)) continue;
    block += file.format == FileFormat::kCsv ? csv_line(view, file.columns, row) : json_line(view, file.columns, row);
    if (block.size() < kBlockBytes) continue;
    if (!sink.write(block)) return false;
    block.clear();
  }
  return sink.write(block);
}

}  // namespace

std::optional<FileFormat> parse_file_format(std::string_view text) {
  for (size_t i = 0; i < std::size(kTexts); ++i)
    if (text == kTexts[i]) return static_cast<FileFormat>(i);
  return std::nullopt;
}

std::string_view to_text(FileFormat format) { return kTexts[static_cast<size_t>(format)]; }
std::string_view content_type_of(FileFormat format) { return kTypes[static_cast<size_t>(format)]; }

bool write_results(http::BodySink& sink, const ResultFile& file) {
  return file.format == FileFormat::kXlsx ? write_workbook(sink, file) : write_lines(sink, file);
}

}  // namespace kaogong::api
