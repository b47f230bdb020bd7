// parameters.csv: name and value.
#include <algorithm>

#include "engine/scheme/near.h"
#include "infra/csv/records.h"
#include "tenants/folder/folder_reader.h"
#include "tenants/folder/growing_column.h"

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
  std::vector<std::string_view> declared;
  for (const auto& parameter : document_.parameters) declared.push_back(parameter.name);
  for (size_t i = 0; i < names.size() && !faulty; ++i) {
    const std::string shown = printable(names[i], kShownBytesMax);
    const auto found = std::find(declared.begin(), declared.end(), names[i]);
    if (found == declared.end()) {
      // A slip of the pen must not quietly leave a default in force.
      const std::string near = scheme::nearest(names[i], declared);
      if (!near.empty()) {
        fail(lines[i], {"没有参数“" + shown + "”，是否为“" + near + "”？",
                        "there is no parameter '" + shown + "': is it '" + near + "'?"});
      } else {
        out_.warnings.push_back("parameters.csv line " + std::to_string(lines[i]) + ": the scheme has no parameter '" +
                                shown + "': it is not used");
      }
      continue;
    }
    const auto place = static_cast<size_t>(found - declared.begin());
    column::Column& column = inputs.parameters[place];
    if (column.rows != 0) {
      fail(lines[i], {"参数“" + shown + "”重复", "the parameter '" + shown + "' is given twice: keep one"});
      continue;
    }
    ColumnSpec spec;
    spec.name = "value";
    spec.labels.zh = shown;
    spec.type = document_.parameters[place].type;
    const ColumnParser parser(spec, static_cast<uint16_t>(file), 1);
    int64_t value = 0;
    bool is_null = false;
    Reject reject;
    reject.column = 1;
    if (!parser.parse_one(values[i], &value, &is_null, &reject.kind)) {
      FileSpec named{"parameters", {spec, spec}};
      named.columns[1].name = names[i];
      fail(lines[i], error_text(reject, printable(values[i], kShownBytesMax), named));
      continue;
    }
    column.allocate(1, false);
    if (is_null) {
      column.set_null(0);
    } else if (column.type == scheme::TypeName::kString) {
      column.set(0, column.dictionary->insert(values[i]));
    } else {
      column.set(0, value);
    }
  }
  return !faulty;
}

}  // namespace kaogong::folder
