// Reading a data folder: values, every class of bad input, and what it refuses.
#include "tenants/folder/read_folder.h"

#include "tests/tenants/folder/data_folder.h"

namespace kaogong::folder {
namespace {

constexpr const char* kHeader = "employee,wage,level,grade,department,hired,leader\n";

struct Reading : testing::Test {
  DataFolder data;
  scheme::Document document = document_of();
  scheme::Labels error;
  std::optional<FolderInputs> folder;
  csv::Limits limits;

  Reading() {
    data.write("departments.csv", "department,net\nD1,100.00\n");
    data.write("population.csv", std::string(kHeader) + "E1,100.00,1,A,D1,2020-02-29,true\nE2,0,3,C,,,false\n");
  }
  void population(const std::string& rows) { data.write("population.csv", kHeader + rows); }
  bool read(const char* period = "2026-10") {
    folder = read_folder(document, *scheme::parse_period(period), data.path(), &error, limits);
    return folder.has_value();
  }
  /// rejects.csv without its header.
  std::string rejects(bool chinese = false) {
    std::string why;
    EXPECT_TRUE(write_rejects(data.path() + "/rejects.csv", *folder, {}, chinese, &why)) << why;
    const std::string text = data.read("rejects.csv");
    return text.substr(text.find('\n') + 1);
  }
};

TEST_F(Reading, ValuesInNarrowColumns) {
  ASSERT_TRUE(read()) << error.en;
  const auto& inputs = folder->inputs;
  ASSERT_EQ(inputs.rows(), 2u);
  EXPECT_EQ(inputs.employees[1], "E2");
  EXPECT_EQ(inputs.enrolled, 2u);
  EXPECT_EQ(format_value(inputs.inputs[0], 0), "100.00");
  EXPECT_EQ(format_value(inputs.inputs[1], 1), "3");
  EXPECT_EQ(inputs.inputs[1].physical, column::Physical::kI8);
  EXPECT_EQ(format_value(inputs.inputs[2], 1), "C");
  EXPECT_EQ(format_value(inputs.inputs[3], 0), "D1");
  EXPECT_TRUE(inputs.inputs[3].is_null(1));
  EXPECT_EQ(format_value(inputs.inputs[4], 0), "2020-02-29");
  EXPECT_EQ(format_value(inputs.inputs[5], 0), "true");
  EXPECT_EQ(rejects(), "");
  EXPECT_EQ(inputs.tables[0].offsets, (std::vector<uint64_t>{0, 0, 0}));
}

TEST_F(Reading, ByteOrderMarkLineEndsColumnOrderAndOtherColumns) {
  data.write("population.csv",
             "\xEF\xBB\xBFleader,note,employee,\"wage\",level,grade,department,hired\r\n"
             "true,\"a, b\nc\",E1,\"100.00\",2,\"B\",\"D \"\"1\"\"\",2026-01-31\r\n");
  ASSERT_TRUE(read()) << error.en;
  EXPECT_EQ(rejects(), "");
  EXPECT_EQ(format_value(folder->inputs.inputs[0], 0), "100.00");
  EXPECT_EQ(format_value(folder->inputs.inputs[3], 0), "D \"1\"");
}

TEST_F(Reading, EveryFaultOfARowIsFound) {
  population(
      "E1,-1,7,X,D1,2026-02-30,yes\nE2,1.234,,A,,,true\nE3,1e5,2,A,,,true\nE4,nan,2,A,,,true\n"
      "E5,99999999999999999999,2,A,,,true\nE6,+1,2,A,,,true\nE7, 1,2,A,,,true\nE8,1,2,A,,,true\n");
  ASSERT_TRUE(read());
  EXPECT_EQ(rejects(),
            "population.csv,2,E1,wage,-1,column 'wage': -1 is below the minimum 0.00\n"
            "population.csv,2,E1,level,7,column 'level': 7 is above the maximum 3\n"
            "population.csv,2,E1,grade,X,\"column 'grade': 'X' is not one of A, B, C\"\n"
            "population.csv,2,E1,hired,2026-02-30,column 'hired': '2026-02-30' is not a date that exists: write it "
            "like 2026-10-31\n"
            "population.csv,2,E1,leader,yes,column 'leader': 'yes' is neither true nor false: write one of these\n"
            "population.csv,3,E2,wage,1.234,column 'wage': 1.234 has more than the 2 decimals allowed: round it first\n"
            "population.csv,3,E2,level,,column 'level': the value is missing: give one\n"
            "population.csv,4,E3,wage,1e5,\"column 'wage': '1e5' is not a number: write it like 12.50, without plus "
            "sign, exponent, spaces or separators\"\n"
            "population.csv,5,E4,wage,nan,\"column 'wage': 'nan' is not a number: write it like 12.50, without plus "
            "sign, exponent, spaces or separators\"\n"
            "population.csv,6,E5,wage,99999999999999999999,column 'wage': 99999999999999999999 is too large to be "
            "computed exactly\n"
            "population.csv,7,E6,wage,+1,\"column 'wage': '+1' is not a number: write it like 12.50, without plus "
            "sign, exponent, spaces or separators\"\n"
            "population.csv,8,E7,wage, 1,\"column 'wage': ' 1' is not a number: write it like 12.50, without plus "
            "sign, exponent, spaces or separators\"\n");
  EXPECT_EQ(folder->refused, (std::vector<uint8_t>{1, 1, 1, 1, 1, 1, 1, 0}));
  EXPECT_NE(rejects(true).find("“工资”（wage）列：-1低于最小值0.00"), std::string::npos);
}

TEST_F(Reading, MalformedRows) {
  population(std::string("E1,1,1,A,,\nE2,1,1,A,,,true,x\nE3,1,1,\"A\"x,,,true\nE4,1,1,A,5\" screen,,true\n") +
             "E5,1,1,A,\xff,,true\n" + std::string("E6,1,1,A,\0,,true\n", 17) +
             "E7,1,1,A,a\rb,,true\nE8,1,1,A,,,true\n,1,1,A,,,true\n");
  ASSERT_TRUE(read());
  const std::string text = rejects();
  EXPECT_NE(text.find("population.csv,2,E1,,\"E1,1,1,A,,\",\"the row has 6 fields, not as many"), std::string::npos)
      << text;
  EXPECT_NE(text.find("population.csv,3,E2,"), std::string::npos);
  EXPECT_NE(text.find("population.csv,4,E3,"), std::string::npos);
  EXPECT_NE(text.find("population.csv,5,E4,"), std::string::npos);
  EXPECT_NE(text.find("not valid UTF-8"), std::string::npos);
  EXPECT_NE(text.find("NUL"), std::string::npos);
  EXPECT_NE(text.find("carriage return"), std::string::npos);
  EXPECT_NE(text.find("population.csv,10,,employee,,column 'employee': the row has no employee id: give one\n"),
            std::string::npos);
  EXPECT_EQ(folder->refused, (std::vector<uint8_t>{1, 1, 1, 1, 1, 1, 1, 0, 1}));
  EXPECT_EQ(folder->inputs.enrolled, 8u);
}

TEST_F(Reading, AbsurdSizes) {
  limits.block_bytes = 4096;
  limits.field_bytes_max = 20'000;
  limits.record_bytes_max = 50'000;
  population("E1,1,1,A," + std::string(30'000, 'x') + ",,true\nE2,1,1,A," + std::string(300'000, 'x') + ",,true\n" +
             std::string(300, 'E') + ",1,1,A,,,true\nE4,1,1,A," + std::string(15'000, 'x') + ",,true\nE5," +
             std::string(5000, '9') + ",1,A,,,true\nE6,1,1,A,,,true\n");
  ASSERT_TRUE(read()) << error.en;
  EXPECT_EQ(folder->refused, (std::vector<uint8_t>{1, 1, 1, 1, 1, 0}));
  const std::string text = rejects();
  EXPECT_NE(text.find("population.csv,2,E1,"), std::string::npos);
  EXPECT_NE(text.find("population.csv,3,E2,"), std::string::npos);
  EXPECT_NE(text.find("longer than 200 bytes"), std::string::npos);
  EXPECT_NE(text.find("population.csv,5,E4,department,"), std::string::npos);
  EXPECT_LT(text.size(), 5000u);
}

TEST_F(Reading, DuplicateEmployeesRefuseAllTheirRows) {
  population("E1,1,1,A,,,true\nE2,1,1,A,,,true\nE1,1,1,A,,,true\nE1,1,1,A,,,true\n");
  data.write("ratings.csv", "employee,rater,points\nE1,boss,5\n");
  ASSERT_TRUE(read());
  EXPECT_EQ(rejects(),
            "population.csv,2,E1,employee,E1,column 'employee': employee 'E1' is also in line 4: keep one row\n"
            "population.csv,4,E1,employee,E1,column 'employee': employee 'E1' is also in line 2: keep one row\n"
            "population.csv,5,E1,employee,E1,column 'employee': employee 'E1' is also in line 2: keep one row\n");
  EXPECT_EQ(folder->refused, (std::vector<uint8_t>{1, 0, 1, 1}));
  EXPECT_EQ(folder->inputs.enrolled, 2u);
}

TEST_F(Reading, ChildRowsAreGroupedOrphansRejected) {
  data.write("ratings.csv", "points,employee,rater\n5,E2,a\n6.5,E1,b\n7,E9,c\n8,E2,d\n11,E1,e\n,E1,f\n1,,g\n");
  ASSERT_TRUE(read()) << error.en;
  const auto& table = folder->inputs.tables[0];
  EXPECT_EQ(table.offsets, (std::vector<uint64_t>{0, 3, 5}));
  EXPECT_EQ(table.lines, (std::vector<uint32_t>{3, 6, 7, 2, 5}));
  EXPECT_EQ(format_value(table.columns[0], 3), "a");
  EXPECT_EQ(format_value(table.columns[1], 0), "6.5");
  EXPECT_EQ(folder->refused, (std::vector<uint8_t>{1, 0}));
  EXPECT_EQ(rejects(),
            "ratings.csv,6,E1,points,11,column 'points': 11 is above the maximum 10.0\n"
            "ratings.csv,7,E1,points,,column 'points': the value is missing: give one\n"
            "ratings.csv,4,E9,employee,E9,column 'employee': employee 'E9' is not in population.csv: add it or leave "
            "the row out\n"
            "ratings.csv,8,,employee,,column 'employee': the row has no employee id: give one\n");
}

TEST_F(Reading, EachFaultOfARowOfNobodySaysWhoseItIs) {
  data.write("ratings.csv", "points,employee,rater\nx,E9,\ny,,c\n");
  ASSERT_TRUE(read()) << error.en;
  const std::string list = rejects();
  for (const char* begin : {"ratings.csv,2,E9,employee,E9,", "ratings.csv,2,E9,points,x,", "ratings.csv,2,E9,rater,,",
                            "ratings.csv,3,,employee,,", "ratings.csv,3,,points,y,"})
    EXPECT_NE(list.find(begin), std::string::npos) << begin << '\n' << list;
}

TEST_F(Reading, OneHugeRowPromisesNoRows) {
  population("E1,100.00,1,A,D1,2020-02-29,true\nE2,0,3,C," + std::string(20'000'000, 'x') + ",,false\n");
  ASSERT_TRUE(read()) << error.en;
  EXPECT_EQ(folder->inputs.rows(), 2u);
  EXPECT_LT(folder->refused.capacity(), 10'000u);
}

TEST_F(Reading, DuplicateChildKeysRefuseTheEmployee) {
  data.write("ratings.csv", "employee,rater,points\nE1,a,5\nE1,b,5\nE2,a,5\nE1,a,6\n");
  ASSERT_TRUE(read());
  EXPECT_EQ(rejects(),
            "ratings.csv,5,E1,rater,a,column 'rater': the row has the same key as line 2: keep one of them\n");
  EXPECT_EQ(folder->refused, (std::vector<uint8_t>{1, 0}));
}

TEST_F(Reading, History) {
  data.write("history.csv",
             "employee,period,score,attainment\nE1,2026-09,80,0.5\nE2,2026-09,70.5,\nE2,2026-07,60,1\n"
             "E1,2026-10,x,x\nE1,2025,x,x\nE1,2026-Q3,x,x\n");
  ASSERT_TRUE(read()) << error.en;
  const auto& score = folder->inputs.history[0];
  EXPECT_EQ(rejects(), "");  // periods that are not read are not looked at
  ASSERT_EQ(score.by_period.size(), 3u);
  EXPECT_EQ(score.newest, scheme::parse_period("2026-09")->index);
  EXPECT_EQ(format_value(score.by_period[0], 1), "70.50");
  EXPECT_EQ(score.by_period[1].rows, 0u);
  EXPECT_TRUE(score.by_period[2].is_null(0));
  EXPECT_EQ(format_value(score.by_period[2], 1), "60.00");
  EXPECT_TRUE(folder->inputs.history[1].by_period[0].is_null(1));
}

TEST_F(Reading, HistoryOfFinerPeriods) {
  data.write("history.csv",
             "employee,period,score,attainment\nE1,2026-01,,0.5\nE1,2026-06,,0.6\nE1,2026-07,,0.7\nE1,2025-H2,80,\n");
  ASSERT_TRUE(read("2026-H1")) << error.en;
  EXPECT_EQ(rejects(), "");
  const auto& attainment = folder->inputs.history[1];
  EXPECT_EQ(attainment.newest, scheme::parse_period("2026-06")->index);
  ASSERT_EQ(attainment.by_period.size(), 6u);
  EXPECT_EQ(format_value(attainment.by_period[0], 0), "0.600000");
  EXPECT_EQ(format_value(attainment.by_period[5], 0), "0.500000");
  EXPECT_EQ(format_value(folder->inputs.history[0].by_period[0], 0), "80.00");
}

TEST_F(Reading, HistoryFaults) {
  data.write(
      "history.csv",
      "employee,period,score,attainment\nE1,2026-13,1,\nE2,2026-09,,\nE2,2026-09,1,\nE9,2026-09,1,\nE2,1950-01,1,\n");
  ASSERT_TRUE(read());
  EXPECT_EQ(
      rejects(),
      "history.csv,2,E1,period,2026-13,\"column 'period': '2026-13' is not a period: write it like 2026-10, 2026-Q3, "
      "2026-H1 or 2026\"\n"
      "history.csv,3,E2,score,,column 'score': the value is missing: give one\n"
      "history.csv,4,E2,period,2026-09,column 'period': the employee has another row of 2026-09: keep one of them\n"
      "history.csv,6,E2,period,1950-01,column 'period': 1950-01 is more than 600 periods ago: leave the row out\n"
      "history.csv,5,E9,employee,E9,column 'employee': employee 'E9' is not in population.csv: add it or leave the row "
      "out\n");
  EXPECT_EQ(folder->refused, (std::vector<uint8_t>{1, 1}));
}

TEST_F(Reading, LookupFaultsRefuseWhoReadsThem) {
  data.write("departments.csv", "department,net\nD1,1\nD2,abc\nD3,1\nD3,2\n,5\n");
  ASSERT_TRUE(read());
  const auto& lookup = folder->inputs.lookups[0];
  ASSERT_EQ(lookup.rows, 4u);
  EXPECT_EQ(lookup.faulty, (std::vector<uint8_t>{0, 1, 1, 1}));
  EXPECT_EQ(lookup.fault_columns[1], "net");
  EXPECT_EQ(lookup.fault_values[1], "abc");
  EXPECT_EQ(lookup.fault_values[3], "D3");
  EXPECT_NE(lookup.fault_texts[3].en.find("same key as line 4"), std::string::npos);
  EXPECT_EQ(rejects(), "departments.csv,6,,department,,column 'department': the value is missing: give one\n");
}

TEST_F(Reading, Parameters) {
  data.write("parameters.csv", "name,value\nminimum,4400\nbase,team\nof_another_scheme,1\n");
  ASSERT_TRUE(read()) << error.en;
  EXPECT_EQ(format_value(folder->inputs.parameters[0], 0), "4400.00");
  EXPECT_EQ(format_value(folder->inputs.parameters[1], 0), "team");
  EXPECT_EQ(folder->warnings.size(), 1u);
  for (const char* wrong : {"name,value\nminimum,x\n", "name,value\nminimum,1\nminimum,2\n", "name,value\nminimun,1\n",
                            "name,value\nbase,both\n", "name,value\nminimum,1,2\n", "value\n1\n"}) {
    data.write("parameters.csv", wrong);
    EXPECT_FALSE(read()) << wrong;
    EXPECT_NE(error.en.find("parameters.csv"), std::string::npos) << error.en;
  }
}

TEST_F(Reading, WhatStopsEverything) {
  const auto expect_error = [&](const std::string& part) {
    EXPECT_FALSE(read());
    EXPECT_NE(error.en.find(part), std::string::npos) << error.en;
    EXPECT_FALSE(error.zh.empty());
  };
  data.write("population.csv", "employee,wage,level,grade,departement,hired,leader\n");
  expect_error("population.csv lacks the column 'department' (is it 'departement'?)");
  data.write("population.csv", "employee,wage,wage,level,grade,department,hired,leader\n");
  expect_error("'wage' twice");
  data.write("population.csv", "");
  expect_error("population.csv is empty");
  data.write("population.csv", "employee,\"wage\nE1,1\n");
  expect_error("population.csv line 1");
  population("E1,\"1,1,A,,,true\nE2,1,1,A,,,true\n");
  expect_error("population.csv line 2: a quote is opened here and never closed");
  population("E1,1,1,A,,,true\n");
  std::filesystem::remove(data.path() + "/departments.csv");
  expect_error("the file departments.csv is missing; its columns are department,net");
  std::filesystem::remove(data.path() + "/population.csv");
  expect_error("population.csv is missing");
  std::filesystem::create_directory(data.path() + "/population.csv");
  expect_error("population.csv cannot be read");
  scheme::Labels why;
  EXPECT_FALSE(read_folder(document, *scheme::parse_period("2026-10"), "/nonexistent", &why));
  EXPECT_NE(why.en.find("/nonexistent"), std::string::npos);
}

TEST_F(Reading, ManyBlocksGiveTheSameAsOne) {
  std::string rows, ratings = "employee,rater,points\n";
  for (int i = 0; i < 5000; ++i) {
    const std::string id = "E" + std::to_string(i * 7919 % 5000);
    rows += id + "," + std::to_string(i) + ".25," + std::to_string(1 + i % 3) + "," + "ABC"[i % 3] + ",D" +
            std::to_string(i % 40) + ",2020-01-01," + (i % 2 == 0 ? "true" : "false") + "\n";
    for (int r = 0; r < 3; ++r) ratings += id + ",r" + std::to_string(r) + "," + std::to_string(r) + ".5\n";
  }
  population(rows);
  data.write("ratings.csv", ratings);
  std::vector<std::string> texts;
  for (const size_t block : {size_t{1} << 20, size_t{1000}, size_t{177}}) {
    limits.block_bytes = block;
    ASSERT_TRUE(read()) << error.en;
    EXPECT_EQ(rejects(), "");
    std::string text;
    for (size_t row = 0; row < folder->inputs.rows(); ++row) {
      text += folder->inputs.employees[row];
      for (const auto& column : folder->inputs.inputs) text += "," + format_value(column, row);
      for (auto child = folder->inputs.tables[0].offsets[row]; child < folder->inputs.tables[0].offsets[row + 1];
           ++child)
        for (const auto& column : folder->inputs.tables[0].columns) text += "," + format_value(column, child);
    }
    texts.push_back(text);
  }
  EXPECT_EQ(texts[0], texts[1]);
  EXPECT_EQ(texts[0], texts[2]);
}

}  // namespace
}  // namespace kaogong::folder
