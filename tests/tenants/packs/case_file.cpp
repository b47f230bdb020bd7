#include "tests/tenants/packs/case_file.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace kaogong::tests {
namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> cells(1);
  for (const char c : line) {
    if (c == ',') {
      cells.emplace_back();
    } else {
      cells.back() += c;
    }
  }
  return cells;
}

// Decimal text without trailing zeros.
std::string plain(std::string text) {
  const bool number =
      text.find('.') != std::string::npos && text.find_first_not_of("-0123456789.") == std::string::npos;
  if (!number) return text;
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

}  // namespace

std::vector<std::string> case_ids() {
  std::vector<std::string> ids;
  for (const auto& entry : std::filesystem::directory_iterator(KAOGONG_PACK_CASES)) {
    if (entry.path().extension() == ".yaml") ids.push_back(entry.path().stem().string());
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

CaseFile read_case(const std::string& id) {
  const std::filesystem::path folder(KAOGONG_PACK_CASES);
  CaseFile read{id, read_file(folder / (id + ".yaml")), {}};
  std::istringstream lines(read_file(folder / (id + ".csv")));
  std::string line;
  std::getline(lines, line);
  const std::vector<std::string> header = split(line);
  while (std::getline(lines, line)) {
    const std::vector<std::string> cells = split(line);
    if (cells.size() != header.size()) throw std::runtime_error(id + ": other number of cells: " + line);
    std::map<std::string, std::string> row;
    for (size_t c = 0; c < cells.size(); ++c) row.emplace(header[c], cells[c]);
    const std::string period = row.at("period");
    if (read.periods.empty() || read.periods.back().period != period) read.periods.push_back({period, {}});
    read.periods.back().rows.push_back(std::move(row));
  }
  return read;
}

std::string population_of(const scheme::Document& document, const CasePeriod& period) {
  std::string text = "employee";
  for (const scheme::Input& input : document.inputs) text += "," + input.name;
  text += '\n';
  for (const auto& row : period.rows) {
    text += row.at("employee");
    for (const scheme::Input& input : document.inputs) text += "," + row.at(input.name);
    text += '\n';
  }
  return text;
}

std::string differences(const CasePeriod& period, const std::map<std::string, std::vector<std::string>>& outputs) {
  std::string text;
  for (size_t r = 0; r < period.rows.size(); ++r) {
    const auto& row = period.rows[r];
    const bool refused = std::any_of(row.begin(), row.end(), [](const auto& cell) { return cell.second == "refused"; });
    for (const auto& [column, wanted] : row) {
      if (column[0] != '=' || (wanted.empty() && !refused)) continue;
      const auto found = outputs.find(column.substr(1));
      const std::string is = found == outputs.end() ? "no output" : found->second[r];
      if (plain(is) == plain(refused ? "refused" : wanted)) continue;
      text += period.period + " " + row.at("employee") + " " + column.substr(1) + ": is " + is + ", expected " +
              (refused ? "refused" : wanted) + " (" + row.at("source") + ")\n";
    }
  }
  return text;
}

}  // namespace kaogong::tests
