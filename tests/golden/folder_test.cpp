// The golden cases through the readers and the column plan, and folders with faults.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "engine/plan/program.h"
#include "engine/scheme/load.h"
#include "tenants/folder/read_folder.h"
#include "tenants/folder/write_results.h"
#include "tenants/templates/templates.h"
#include "tests/golden/case_folder.h"

namespace kaogong::tests {
namespace {

plan::Compiled compiled_template(const std::string& id) {
  scheme::Loaded loaded = scheme::load(templates::find(id)->yaml);
  return plan::compile(std::move(loaded.document.value()));
}

class GoldenFolder : public testing::TestWithParam<std::string> {};

TEST_P(GoldenFolder, ThroughTheReaders) {
  const GoldenCase golden = read_golden(GetParam());
  const plan::Compiled compiled = compiled_template(golden.id);
  ASSERT_NE(compiled.program, nullptr);
  scheme::Labels error;
  const auto folder =
      folder::read_folder(plan::document_of(*compiled.program), scheme::parse_period(golden.period).value(),
                          std::string(KAOGONG_CASES) + "/" + golden.id, &error);
  ASSERT_TRUE(folder.has_value()) << error.en;
  EXPECT_TRUE(folder->rejects.list.empty());
  const plan::RunResult result = plan::run(*compiled.program, folder->inputs, folder->refused);
  EXPECT_EQ(result.failure, "");
  EXPECT_TRUE(result.faults.empty());
  EXPECT_EQ(difference(golden.expected, folder->inputs.employees, result.names, result.columns), "");
}

INSTANTIATE_TEST_SUITE_P(Cases, GoldenFolder, testing::ValuesIn(golden_ids()), [](const auto& param) {
  std::string name = param.param;
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
});

// A folder of its own for each test, gone behind it.
class RejectFolder : public testing::Test {
 protected:
  RejectFolder() {
    path_ = std::filesystem::temp_directory_path() / ("kaogong_golden_" + std::to_string(::getpid()) + "_" +
                                                      testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(path_);
  }
  ~RejectFolder() override { std::filesystem::remove_all(path_); }

  void write(const std::string& name, const std::string& text) { std::ofstream(path_ / (name + ".csv")) << text; }

  /// Runs a template; keeps results and rejects as texts.
  void run(const std::string& id, const std::string& period) {
    const plan::Compiled compiled = compiled_template(id);
    ASSERT_NE(compiled.program, nullptr);
    scheme::Labels error;
    const auto folder = folder::read_folder(plan::document_of(*compiled.program), scheme::parse_period(period).value(),
                                            path_.string(), &error);
    ASSERT_TRUE(folder.has_value()) << error.en;
    const plan::RunResult result = plan::run(*compiled.program, folder->inputs, folder->refused);
    ASSERT_EQ(result.failure, "");
    results_.clear();
    for (size_t r = 0; r < folder->inputs.rows(); ++r) {
      if (result.refused[r] != 0) continue;
      results_ += folder->inputs.employees[r];
      for (const column::Column& column : result.columns) results_ += "," + column::format_value(column, r);
      results_ += '\n';
    }
    std::string why;
    ASSERT_TRUE(folder::write_rejects((path_ / "rejects.csv").string(), *folder, result.faults, false, &why)) << why;
    std::ifstream file(path_ / "rejects.csv");
    std::ostringstream text;
    text << file.rdbuf();
    rejects_ = std::move(text).str();
  }

  /// "file,line,employee,column,value" of the rejects, a line each.
  std::string places() const {
    std::istringstream lines(rejects_);
    std::string out, line;
    std::getline(lines, line);
    while (std::getline(lines, line)) {
      size_t end = 0;
      for (int field = 0; field < 5; ++field) end = line.find(',', end) + 1;
      out += line.substr(0, end - 1) + '\n';
    }
    return out;
  }

  std::filesystem::path path_;
  std::string results_, rejects_;
};

TEST_F(RejectFolder, RefusedRowsTakeNoPartInRanks) {
  write("population", "employee,department,score\na,x,90\nb,x,not a number\nc,x,80\nd,x,70\nd,x,99\ne,x,60\n");
  run("trade-quarterly-awards", "2026-Q3");
  EXPECT_EQ(results_, "a,1,2000.00\nc,2,1500.00\ne,3,800.00\n");
  EXPECT_EQ(places(),
            "population.csv,3,b,score,not a number\n"
            "population.csv,5,d,employee,d\n"
            "population.csv,6,d,employee,d\n");
}

TEST_F(RejectFolder, ARowThatTheEngineRefusesTakesNoPartInRanks) {
  write("population", "employee,set,subject\na,s,employee\nb,s,employee\nc,s,employee\n");
  write("kpi_definitions",
        "set,kpi,weight,target,direction,method,floor,cap\ns,p,60,10,higher,proportional,0,1\ns,q,40,10,lower,"
        "proportional,0,1\n");
  write("kpi_actuals", "employee,kpi,actual\na,p,5\na,q,10\nb,p,10\nc,p,10\nc,q,10\n");
  run("kpi-weighted", "2026-10");
  EXPECT_EQ(results_, "a,70.00,C,2\nc,100.00,A,1\n");
  EXPECT_EQ(places(), "kpi_actuals.csv,,b,kpi,\n");
}

TEST_F(RejectFolder, DuplicatesAndOrphansOfChildRows) {
  write("population", "employee,base_wage\na,1000\nb,1000\n");
  std::string ratings = "employee,rater,item,points\n";
  for (const char* who : {"a", "b"}) {
    for (const char* item : {"kitchen_hygiene", "dining_hygiene", "utensils", "personal_hygiene", "uniform", "dishes",
                             "menu_planning", "service", "rules", "attendance", "food_quality"}) {
      ratings += std::string(who) + ",r," + item + ",1\n";
    }
  }
  write("ratings", ratings + "b,r,rules,1\nz,r,rules,1\n");
  run("kitchen-monthly", "2026-10");
  EXPECT_EQ(results_, "a,11.00,0.9000,900.00,1,false\n");
  EXPECT_NE(rejects_.find("ratings.csv,24,b,"), std::string::npos) << rejects_;
  EXPECT_NE(rejects_.find("ratings.csv,25,z,"), std::string::npos) << rejects_;
}

TEST_F(RejectFolder, AMissingLookupRowAndADoubledOneRefuseWhomTheyServe) {
  std::string population =
      "employee,department,is_leader,regularised_on,annual_net,net_two_years_ago,annual_task,annual_target,score,"
      "retained\n";
  for (const char* row : {"a,x", "b,y", "c,z"}) population += std::string(row) + ",false,2020-01-01,900000,0,,,85,0\n";
  write("population", population);
  write("departments",
        "department,net,task,target,net_profit,grade,score\nx,1,1,1,1,good,80\nz,1,1,1,1,good,80\nz,1,1,1,1,good,80\n");
  run("trade-annual", "2026");
  EXPECT_EQ(results_.substr(0, 2), "a,");
  EXPECT_EQ(std::count(results_.begin(), results_.end(), '\n'), 1);
  EXPECT_NE(rejects_.find("population.csv,3,b,department,y,"), std::string::npos) << rejects_;
  EXPECT_NE(rejects_.find("departments.csv,3,c,"), std::string::npos) << rejects_;
}

}  // namespace
}  // namespace kaogong::tests
