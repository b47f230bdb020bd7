#include "tenants/folder/read_folder.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "tenants/folder/folder_reader.h"

namespace kaogong::folder {

FolderReader::FolderReader(const scheme::Document& document, scheme::Period period, const std::string& path,
                           const csv::Limits& limits)
    : document_(document), path_(path), limits_(limits) {
  out_.spec = folder_spec(document);
  out_.inputs.period = period;
}

bool FolderReader::exists(size_t file) const {
  struct stat info {};
  return ::stat((path_ + "/" + out_.spec.files[file].name + ".csv").c_str(), &info) == 0 || errno != ENOENT;
}

std::unique_ptr<FileReader> FolderReader::open(size_t file, bool of_employees) {
  const FileSpec& spec = out_.spec.files[file];
  if (!exists(file)) {
    const std::string name = spec.name + ".csv";
    std::string columns;
    for (const auto& column : spec.columns) columns += (columns.empty() ? "" : ",") + column.name;
    error_ = {"缺少文件" + name + "（列：" + columns + "）",
              "the file " + name + " is missing; its columns are " + columns};
    return nullptr;
  }
  const Employees employees = of_employees ? Employees{&out_.inputs.employees, &index_} : Employees{};
  return FileReader::open(path_, spec, static_cast<uint16_t>(file), employees, limits_, &error_);
}

void FolderReader::reject(const Chunk& chunk, const ChunkFault& fault, uint32_t row) {
  Reject reject = fault.reject;
  reject.row = row;
  reject.line = static_cast<uint32_t>(chunk.first_line + reject.line);
  const std::string_view texts = chunk.fault_texts;
  const auto value = texts.substr(reject.value_at, reject.value_size);
  // Texts are shortened and printable already: they are taken over as they are.
  const auto employee =
      row == kNoRow ? texts.substr(reject.value_at + reject.value_size, reject.employee_size) : std::string_view{};
  reject.value_at = out_.rejects.texts.size();
  reject.employee_size = static_cast<uint16_t>(employee.size());
  out_.rejects.texts += value;
  out_.rejects.texts += employee;
  out_.rejects.list.push_back(reject);
  refuse(row);
}

bool FolderReader::read() {
  struct stat info {};
  if (::stat(path_.c_str(), &info) != 0 || !S_ISDIR(info.st_mode)) {
    const std::string why = S_ISDIR(info.st_mode) || errno != 0 ? std::strerror(errno) : "it is not a folder";
    error_ = {"无法读取数据目录" + path_ + ":" + why, "the data folder " + path_ + " cannot be read: " + why};
    return false;
  }
  if (!read_parameters() || !read_population()) return false;
  for (size_t i = 0; i < document_.tables.size(); ++i)
    if (!read_table(i)) return false;
  if (!read_history()) return false;
  for (size_t i = 0; i < document_.lookups.size(); ++i)
    if (!read_lookup(i)) return false;
  return true;
}

std::optional<FolderInputs> read_folder(const scheme::Document& document, scheme::Period period,
                                        const std::string& path, scheme::Labels* error, const csv::Limits& limits) {
  FolderReader reader(document, period, path, limits);
  if (!reader.read()) {
    *error = reader.error();
    return std::nullopt;
  }
  return reader.take();
}

}  // namespace kaogong::folder
