// parameters.csv: name and value.
#include "engine/scheme/near.h"
#include "infra/csv/records.h"
#include "tenants/folder/folder_reader.h"
#include "tenants/folder/growing_column.h"
#include "tenants/folder/parameter_check.h"

namespace kaogong::folder {

bool FolderReader::read_parameters() {
  column::Inputs& inputs = out_.inputs;
  for (const auto& parameter : document_.parameters) inputs.parameters.push_back(empty_column(parameter.type));
  const size_t file = out_.spec.parameters();
  const auto reader = open(file, out_.spec.files[file], false, Need::kMay);
  if (reader == nullptr) return !failed();
  std::vector<std::string> names, values;
  std::vector<uint64_t> lines;
  bool faulty = false;
  const auto fail = [&](uint64_t line, const scheme::Labels& why) {
    if (faulty) return;
    faulty = true;
    const std::string at = std::to_string(line);
    error_ = {"parameters.csv第" + at + "行：" + why.zh, "parameters.csv line " + at + ": " + why.en};
  };
  const auto take = [&](Chunk& chunk) {
    for (const auto& fault : chunk.faults) {
      const std::string_view value =
          std::string_view(chunk.fault_texts).substr(fault.reject.value_at, fault.reject.value_size);
      fail(chunk.first_line + fault.reject.line, error_text(fault.reject, value, out_.spec.files[file]));
    }
    if (faulty) return;
    for (size_t row = 0; row < chunk.rows; ++row) {
      const auto text = [&](size_t column) {
        const ChunkColumn& from = chunk.columns[column];
        if (!from.valid.empty() && from.valid[row] == 0) return std::string{};
        return std::string(from.dictionary.at(reinterpret_cast<const int32_t*>(from.data.data())[row]));
      };
      names.push_back(text(0));
      values.push_back(text(1));
      lines.push_back(chunk.first_line + chunk.lines[row]);
    }
  };
  if (!reader->read(take, &error_)) return false;
  const ParameterCheck check(document_);
  std::vector<std::string_view> declared;
  for (const auto& parameter : document_.parameters) declared.push_back(parameter.name);
  for (size_t i = 0; i < names.size() && !faulty; ++i) {
    const auto place = check.find(names[i]);
    if (!place) {
      // A slip of the pen must not quietly leave a default in force.
      if (!scheme::nearest(names[i], declared).empty()) {
        fail(lines[i], check.unknown(names[i]));
      } else {
        out_.warnings.push_back("parameters.csv line " + std::to_string(lines[i]) + ": the scheme has no parameter '" +
                                printable(names[i], kShownBytesMax) + "': it is not used");
      }
      continue;
    }
    column::Column& column = inputs.parameters[*place];
    if (column.rows != 0) {
      const std::string shown = printable(names[i], kShownBytesMax);
      fail(lines[i], {"参数“" + shown + "”重复", "the parameter '" + shown + "' is given twice: keep one"});
    } else if (const auto wrong = check.read(*place, values[i], &column)) {
      fail(lines[i], *wrong);
    }
  }
  return !faulty;
}

}  // namespace kaogong::folder
