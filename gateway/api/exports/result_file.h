// Whole results as a file: NDJSON, CSV, or a workbook.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "gateway/http/message.h"
#include "tenants/runs/result_view.h"

namespace kaogong::api {

enum class FileFormat : uint8_t { kNdjson, kCsv, kXlsx };
std::optional<FileFormat> parse_file_format(std::string_view text);  // "ndjson", "csv", "xlsx"
std::string_view to_text(FileFormat format);
std::string_view content_type_of(FileFormat format);

/// What is written: rows with results, and the columns that may be seen.
struct ResultFile {
  std::shared_ptr<const runs::ResultSet> results;
  std::vector<size_t> columns;
  FileFormat format = FileFormat::kNdjson;
};

/// Writes it all, in the order of the employees. Numbers of CSV and NDJSON have all decimals of their type (NDJSON: as
/// strings); a workbook has them as numbers where fifteen digits hold them, else as texts. Memory: a block; of a
/// workbook a row, through a file without a name. False: the client is gone. Throws std::runtime_error: there is no
/// room for the file.
bool write_results(http::BodySink& sink, const ResultFile& file);

/// The rows that a sheet of a workbook has, with the header.
inline constexpr size_t kWorkbookRowsMax = 1'048'576;

/// One of the three.
bool write_workbook(http::BodySink& sink, const ResultFile& file);

}  // namespace kaogong::api
