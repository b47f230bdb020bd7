// results.csv and rejects.csv; parts of a population.
#include "tenants/folder/write_results.h"

#include "tenants/folder/slice.h"
#include "tests/tenants/folder/data_folder.h"

namespace kaogong::folder {
namespace {

column::Column numbers(scheme::TypeName type, uint8_t scale, const std::vector<int64_t>& values) {
  column::Column column;
  column.type = type;
  column.scale = scale;
  column.allocate(values.size(), false);
  for (size_t i = 0; i < values.size(); ++i) column.set(i, values[i]);
  return column;
}

TEST(WriteResults, AllDecimalsNullsAndQuotes) {
  DataFolder data;
  column::StringRows employees;
  for (const char* id : {"E1", "E,2", "E3", "E4"}) employees.push_back(id);
  std::vector<column::Column> columns;
  columns.push_back(numbers(scheme::TypeName::kMoney, 2, {-5, 123456789, INT64_MIN, 0}));
  columns.push_back(numbers(scheme::TypeName::kRate, 6, {8200, 1'000'000, -1, 5}));
  columns.push_back(numbers(scheme::TypeName::kCount, 0, {7, 10, 100, 1005}));
  columns.back().set_null(0);
  columns.push_back(numbers(scheme::TypeName::kBoolean, 0, {1, 0, 1, 1}));
  columns.push_back(numbers(scheme::TypeName::kString, 0, {0, 1, 0, 0}));
  columns.back().dictionary = std::make_shared<column::Dictionary>(std::vector<std::string>{"plain", "a \"b\", c"});
  columns.push_back(numbers(scheme::TypeName::kDate, 0, {0, 20000, 0, 0}));
  std::string error;
  auto writer = ResultsWriter::create(data.path() + "/results.csv", {"a", "b", "c", "d", "e", "f"}, &error);
  ASSERT_NE(writer, nullptr) << error;
  writer->append(employees, columns, {0, 0, 0, 1});
  ASSERT_TRUE(writer->finish(&error)) << error;
  EXPECT_EQ(data.read("results.csv"),
            "employee,a,b,c,d,e,f\n"
            "E1,-0.05,0.008200,,true,plain,1970-01-01\n"
            "\"E,2\",1234567.89,1.000000,10,false,\"a \"\"b\"\", c\",2024-10-04\n"
            "E3,-92233720368547758.08,-0.000001,100,true,plain,1970-01-01\n");
}

TEST(WriteRejects, EngineFaultsStandWithTheirEmployee) {
  DataFolder data;
  data.write("population.csv",
             "employee,wage,level,grade,department,hired,leader\nE1,1,1,A,,,true\nE2,x,1,A,,,true\nE3,1,1,A,,,true\n");
  data.write("departments.csv", "department,net\n");
  scheme::Labels why;
  const auto folder = read_folder(document_of(), *scheme::parse_period("2026-10"), data.path(), &why);
  ASSERT_TRUE(folder) << why.en;
  std::vector<column::Fault> faults(2);
  faults[0] = {2, "population", 4, "pay", "7", {"中文", "English, with a comma"}};
  faults[1] = {0, "ratings", 0, "", "", {"", "no Chinese"}};
  std::string error;
  ASSERT_TRUE(write_rejects(data.path() + "/rejects.csv", *folder, faults, true, &error)) << error;
  EXPECT_EQ(data.read("rejects.csv"),
            "file,line,employee,column,value,error\n"
            "ratings.csv,,E1,,,no Chinese\n"
            "population.csv,3,E2,wage,x,“工资”（wage）列：“x”不是数字，须如12.50（无加号、指数、空格、千分位）\n"
            "population.csv,4,E3,pay,7,中文\n");
}

TEST(Slice, PartsHaveTheirOwnChildRows) {
  DataFolder data;
  std::string population = "employee,wage,level,grade,department,hired,leader\n", ratings = "employee,rater,points\n";
  for (int i = 0; i < 10; ++i) {
    population += "E" + std::to_string(i) + "," + std::to_string(i) + ",1,A,,,true\n";
    for (int r = 0; r < i % 3; ++r) ratings += "E" + std::to_string(i) + ",r" + std::to_string(r) + ",1\n";
  }
  data.write("population.csv", population);
  data.write("ratings.csv", ratings);
  data.write("history.csv", "employee,period,score,attainment\nE4,2026-09,5,\n");
  data.write("departments.csv", "department,net\nD,1\n");
  scheme::Labels why;
  auto folder = read_folder(document_of(), *scheme::parse_period("2026-10"), data.path(), &why);
  ASSERT_TRUE(folder) << why.en;
  column::Inputs part;
  slice(&folder->inputs, 0, 3, &part);
  slice(&folder->inputs, 3, 6, &part);
  ASSERT_EQ(part.rows(), 3u);
  EXPECT_EQ(part.employees[1], "E4");
  EXPECT_EQ(part.enrolled, 10u);
  EXPECT_EQ(part.lines[0], 5u);
  EXPECT_EQ(part.lookups.size(), 1u);
  EXPECT_EQ(part.tables[0].offsets, (std::vector<uint64_t>{0, 0, 1, 3}));
  EXPECT_EQ(format_value(part.inputs[0], 2), "5.00");
  EXPECT_EQ(format_value(part.history[0].by_period[0], 1), "5.00");
}

}  // namespace
}  // namespace kaogong::folder
