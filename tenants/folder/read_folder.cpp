#include "tenants/folder/read_folder.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "tenants/folder/folder_reader.h"

namespace kaogong::folder {

FolderReader::FolderReader(const scheme::Document& document, scheme::Period period, Open open_text,
                           const csv::Limits& limits)
    : document_(document), open_text_(std::move(open_text)), limits_(limits) {
  out_.spec = folder_spec(document);
  out_.inputs.period = period;
}

std::unique_ptr<FileReader> FolderReader::open(size_t file, const FileSpec& spec, bool of_employees, Need need) {
  const std::string name = spec.name + ".csv";
  std::string why;
  auto text = open_text_(spec.name, &why);
  if (text == nullptr) {
    if (!why.empty()) {
      error_ = {"无法读取" + name + ":" + why, name + " cannot be read: " + why};
    } else if (need == Need::kMust) {
      std::string columns;
      for (const auto& column : spec.columns) columns += (columns.empty() ? "" : ",") + column.name;
      error_ = {"缺少文件" + name + "（列：" + columns + "）",
                "the file " + name + " is missing; its columns are " + columns};
    }
    return nullptr;
  }
  const Employees employees = of_employees ? Employees{&out_.inputs.employees, &index_} : Employees{};
  return FileReader::open(std::move(text), spec, static_cast<uint16_t>(file), employees, limits_, &error_);
}

void FolderReader::reject(const Chunk& chunk, const ChunkFault& fault, uint32_t row) {
  Reject reject = fault.reject;
  reject.row = row;
  reject.line = static_cast<uint32_t>(chunk.first_line + reject.line);
  const std::string_view texts = chunk.fault_texts;
  const auto value = texts.substr(reject.value_at, reject.value_size);
  // Texts are shortened and printable already: they are taken over as they are.
  std::string_view employee;
  if (row == kNoRow) {
    employee = texts.substr(reject.value_at + reject.value_size, reject.employee_size);
    // The first fault of a row of nobody says whose it should have been; the others do not know.
    if (stray_.file != reject.file || stray_.line != reject.line)
      stray_ = {reject.file, reject.line, std::string(employee)};
    employee = stray_.employee;
  }
  reject.value_at = out_.rejects.texts.size();
  reject.employee_size = static_cast<uint16_t>(employee.size());
  out_.rejects.texts += value;
  out_.rejects.texts += employee;
  out_.rejects.list.push_back(reject);
  refuse(row);
}

bool FolderReader::read() {
  if (!read_parameters() || !read_population()) return false;
  for (size_t i = 0; i < document_.tables.size(); ++i)
    if (!read_table(i)) return false;
  if (!read_history()) return false;
  for (size_t i = 0; i < document_.lookups.size(); ++i)
    if (!read_lookup(i)) return false;
  return true;
}

namespace {

std::optional<FolderInputs> read_all(FolderReader reader, scheme::Labels* error) {
  if (!reader.read()) {
    *error = reader.error();
    return std::nullopt;
  }
  return reader.take();
}

}  // namespace

std::optional<FolderInputs> read_sheets(const scheme::Document& document, scheme::Period period,
                                        const SheetSources& sources, scheme::Labels* error, const csv::Limits& limits) {
  const auto open = [&](const std::string& sheet, std::string*) -> std::unique_ptr<csv::BlockReader> {
    auto source = sources(sheet);
    return source ? std::make_unique<csv::BlockReader>(std::move(*source), limits) : nullptr;
  };
  return read_all(FolderReader(document, period, open, limits), error);
}

std::optional<FolderInputs> read_folder(const scheme::Document& document, scheme::Period period,
                                        const std::string& path, scheme::Labels* error, const csv::Limits& limits) {
  struct stat info {};
  const bool found = ::stat(path.c_str(), &info) == 0;
  if (!found || !S_ISDIR(info.st_mode)) {
    const std::string why = found ? "it is not a folder" : std::strerror(errno);
    *error = {"无法读取数据目录" + path + ":" + why, "the data folder " + path + " cannot be read: " + why};
    return std::nullopt;
  }
  const auto open = [&](const std::string& sheet, std::string* why) -> std::unique_ptr<csv::BlockReader> {
    const std::string file = path + "/" + sheet + ".csv";
    struct stat of_file {};
    if (::stat(file.c_str(), &of_file) != 0 && errno == ENOENT) return nullptr;
    return csv::BlockReader::open(file, why, limits);
  };
  return read_all(FolderReader(document, period, open, limits), error);
}

}  // namespace kaogong::folder
