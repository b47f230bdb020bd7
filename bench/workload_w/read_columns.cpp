#include "bench/workload_w/read_columns.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <vector>

#include "engine/column/inline_lookups.h"

namespace kaogong::bench {

namespace {

template <class T>
bool read_into(FILE* file, size_t rows, column::Column* column) {
  std::vector<T> values(rows);
  if (std::fread(values.data(), sizeof(T), rows, file) != rows) return false;
  if (rows == 0) return true;
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  column->low = static_cast<int64_t>(*low);
  column->high = static_cast<int64_t>(*high);
  for (size_t i = 0; i < rows; ++i) column->set(i, values[i]);
  return true;
}

}  // namespace

std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

bool read_columns(const std::string& path, const scheme::Document& document, bool padded, column::Inputs* inputs) {
  // Rows and departments as int64, then dept int32, twelve small columns uint8, six amounts int64, 72 ratings uint8.
  FILE* file = std::fopen(path.c_str(), "rb");
  int64_t rows = 0, departments = 0;
  if (file == nullptr || std::fread(&rows, 8, 1, file) != 1 || std::fread(&departments, 8, 1, file) != 1) {
    std::fprintf(stderr, "cannot read %s\n", path.c_str());
    return false;
  }
  inputs->period = *scheme::parse_period("2026-06");
  const auto n = static_cast<size_t>(rows);
  bool good = true;
  for (size_t i = 0; i < document.inputs.size() && good; ++i) {
    auto& column = inputs->inputs.emplace_back(column::make_column(document.inputs[i].type));
    column.allocate(n, false);
    good = i == 0             ? read_into<int32_t>(file, n, &column)
           : i > 12 && i < 19 ? read_into<int64_t>(file, n, &column)
                              : read_into<uint8_t>(file, n, &column);
  }
  std::fclose(file);
  if (!good) {
    std::fprintf(stderr, "%s is too short\n", path.c_str());
    return false;
  }
  const size_t digits = std::to_string(n).size();
  for (size_t i = 0; i < n; ++i) {
    std::string id = std::to_string(i + 1);
    if (padded) id.insert(0, digits - id.size(), '0');
    inputs->employees.push_back(id);
  }
  inputs->enrolled = n;
  for (const auto& p : document.parameters) inputs->parameters.push_back(column::make_column(p.type));
  return true;
}

std::string checksum_line(const plan::RunResult& result) {
  std::map<std::string, const column::Column*> by_name;
  for (size_t i = 0; i < result.names.size(); ++i) by_name[result.names[i]] = &result.columns[i];
  const size_t n = result.refused.size();
  std::string line = "CHK N=" + std::to_string(n);
  for (const char* name :
       {"score", "grade", "net", "commission", "paid",  "retained", "flt",     "allow",  "qbonus", "cded",
        "bded",  "share", "rnk", "award",      "fail3", "gross",    "taxable", "cumtax", "tax",    "net_pay"}) {
    __int128 sum = 0;
    for (size_t i = 0; i < n; ++i) sum += by_name[name]->get(i);
    line += ' ' + std::string(name) + '=' + std::to_string(static_cast<long long>(sum));
  }
  __int128 hash = 0;
  for (size_t i = 0; i < n; ++i) hash += static_cast<__int128>((i + 1) % 1009) * by_name["net_pay"]->get(i);
  return line + " h=" + std::to_string(static_cast<long long>(hash));
}

}  // namespace kaogong::bench
