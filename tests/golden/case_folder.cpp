#include "tests/golden/case_folder.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace kaogong::tests {
namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> fields(1);
  for (const char c : line) {
    if (c == ',') {
      fields.emplace_back();
    } else if (c != '\r') {
      fields.back() += c;
    }
  }
  return fields;
}

// Decimal text without trailing zeros.
std::string plain(std::string text) {
  const bool number = !text.empty() && text.find_first_not_of("-0123456789.") == std::string::npos &&
                      std::count(text.begin(), text.end(), '-') <= 1 && std::count(text.begin(), text.end(), '.') == 1;
  if (!number) return text;
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

}  // namespace

std::vector<std::string> golden_ids() {
  std::vector<std::string> ids;
  for (const auto& entry : std::filesystem::directory_iterator(KAOGONG_CASES)) {
    if (entry.is_directory()) ids.push_back(entry.path().filename().string());
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

GoldenCase read_golden(const std::string& id) {
  GoldenCase golden;
  golden.id = id;
  const std::filesystem::path folder = std::filesystem::path(KAOGONG_CASES) / id;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().stem().string();
    std::string text = read_file(entry.path());
    if (entry.path().extension() != ".csv") {
      while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
      golden.period = text;
    } else if (name == "expected") {
      golden.expected = std::move(text);
    } else {
      golden.texts.emplace(name, std::move(text));
    }
  }
  return golden;
}

std::string difference(const std::string& expected, const column::StringRows& employees,
                       const std::vector<std::string>& names, const std::vector<column::Column>& columns,
                       size_t lines_max) {
  std::istringstream lines(expected);
  std::string line;
  std::getline(lines, line);
  const std::vector<std::string> header = split(line);
  std::string out;
  size_t differences = 0;
  const auto differs = [&](const std::string& text) {
    if (++differences <= lines_max) out += text + '\n';
  };
  if (header.size() != names.size() + 1 || !std::equal(names.begin(), names.end(), header.begin() + 1)) {
    differs("other columns: " + line);
    return out;
  }
  size_t row = 0;
  for (; std::getline(lines, line); ++row) {
    const std::vector<std::string> fields = split(line);
    if (row >= employees.size()) {
      differs("no row for " + fields[0]);
      continue;
    }
    if (fields[0] != employees[row]) differs("row " + std::to_string(row) + " is " + std::string(employees[row]));
    for (size_t c = 0; c < columns.size(); ++c) {
      const std::string is = plain(column::format_value(columns[c], row)), wanted = plain(fields[c + 1]);
      if (is != wanted) differs(fields[0] + " " + names[c] + ": is " + is + ", expected " + wanted);
    }
  }
  if (row != employees.size()) differs(std::to_string(employees.size()) + " rows, expected " + std::to_string(row));
  if (differences > lines_max) out += "… " + std::to_string(differences) + " differences\n";
  return out;
}

}  // namespace kaogong::tests
