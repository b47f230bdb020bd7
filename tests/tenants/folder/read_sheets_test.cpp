// Sheets that come from memory, in pieces: what files of the same text give.
#include <algorithm>
#include <cstring>

#include "tests/tenants/folder/data_folder.h"

namespace kaogong::folder {
namespace {

/// Gives a text in pieces of at most `piece` bytes.
csv::Source pieces_of(std::string text, size_t piece) {
  return [text = std::move(text), piece, at = size_t{0}](char* out, size_t bytes, std::string*) mutable {
    const size_t size = std::min({piece, bytes, text.size() - at});
    std::memcpy(out, text.data() + at, size);
    at += size;
    return size;
  };
}

struct Sheets : testing::Test {
  DataFolder data;
  scheme::Document document = document_of();
  scheme::Period period = *scheme::parse_period("2026-10");
  std::vector<std::string> files = {"population", "departments", "ratings", "parameters", "history"};

  Sheets() {
    data.write("population.csv",
               "employee,wage,level,grade,department,hired,leader\nE1,100.00,1,A,D1,2020-02-29,true\n"
               "E2,-5,7,C,\"a, \"\"b\"\"\nc\",,false\nE3,1,1\nE4,8,2,B,,,true\n");
    data.write("departments.csv", "department,net\nD1,100.00\nD2,x\n");
    data.write("ratings.csv", "employee,rater,points\nE4,boss,5\nE1,boss,11\nE9,boss,1\nE1,self,7.5\n");
    data.write("parameters.csv", "name,value\nminimum,12\n");
    data.write("history.csv", "employee,period,score,attainment\nE1,2026-09,80,0.5\nE4,2026-08,70,\nE4,2026-08,71,\n");
  }
  SheetSources sources(size_t piece) const {
    return [this, piece](const std::string& name) -> std::optional<csv::Source> {
      if (std::find(files.begin(), files.end(), name) == files.end()) return std::nullopt;
      return pieces_of(data.read(name + ".csv"), piece);
    };
  }
  std::string all_of(const FolderInputs& folder) const {
    std::string why;
    EXPECT_TRUE(write_rejects(data.path() + "/rejects.csv", folder, {}, false, &why)) << why;
    std::string text = data.read("rejects.csv");
    const auto& inputs = folder.inputs;
    for (size_t row = 0; row < inputs.rows(); ++row) {
      text += std::string(inputs.employees[row]) + (folder.refused[row] != 0 ? " refused" : "");
      for (const auto& column : inputs.inputs) text += "," + format_value(column, row);
      for (auto child = inputs.tables[0].offsets[row]; child < inputs.tables[0].offsets[row + 1]; ++child)
        for (const auto& column : inputs.tables[0].columns) text += ";" + format_value(column, child);
      for (const auto& history : inputs.history)
        for (const auto& column : history.by_period) text += "|" + (column.rows == 0 ? "" : format_value(column, row));
      text += '\n';
    }
    return text + format_value(inputs.parameters[0], 0);
  }
};

TEST_F(Sheets, FromMemoryAsFromFiles) {
  scheme::Labels error;
  const auto from_files = read_folder(document, period, data.path(), &error);
  ASSERT_TRUE(from_files) << error.en;
  const std::string expected = all_of(*from_files);
  EXPECT_NE(expected.find("population.csv,5,E3"), std::string::npos) << expected;
  for (const size_t piece : {1, 3, 64, 100'000}) {
    const auto from_memory = read_sheets(document, period, sources(piece), &error);
    ASSERT_TRUE(from_memory) << error.en;
    EXPECT_EQ(all_of(*from_memory), expected) << piece;
    csv::Limits small;
    small.block_bytes = 64;
    const auto in_blocks = read_sheets(document, period, sources(piece), &error, small);
    ASSERT_TRUE(in_blocks) << error.en;
    EXPECT_EQ(all_of(*in_blocks), expected) << piece;
  }
}

TEST_F(Sheets, WhatIsMissingOrFails) {
  scheme::Labels error;
  std::erase(files, "history");
  std::erase(files, "parameters");
  std::erase(files, "ratings");
  EXPECT_TRUE(read_sheets(document, period, sources(10), &error)) << error.en;
  std::erase(files, "departments");
  EXPECT_FALSE(read_sheets(document, period, sources(10), &error));
  EXPECT_EQ(error.en, "the file departments.csv is missing; its columns are department,net");
  const auto failing = [&](const std::string& name) -> std::optional<csv::Source> {
    if (name != "population") return std::nullopt;
    return [text = pieces_of(data.read("population.csv"), 30), calls = 0](char* out, size_t bytes,
                                                                          std::string* why) mutable -> size_t {
      if (++calls < 4) return text(out, bytes, why);
      *why = "the connection is gone";
      return 0;
    };
  };
  EXPECT_FALSE(read_sheets(document, period, failing, &error));
  EXPECT_EQ(error.en, "population.csv cannot be read: the connection is gone");
}

}  // namespace
}  // namespace kaogong::folder
