#include "tenants/generate/generate.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "engine/scheme/load.h"
#include "tenants/templates/templates.h"
#include "tests/tenants/generate/folder_scorer.h"

namespace kaogong::tests {
namespace {

scheme::Document document_of(std::string_view yaml) {
  scheme::Loaded loaded = scheme::load(yaml);
  for (const scheme::Finding& finding : loaded.findings) {
    EXPECT_NE(finding.severity, scheme::Severity::kError) << finding.at.line << ": " << finding.message;
  }
  return loaded.document.value_or(scheme::Document{});
}

scheme::Document template_of(std::string_view id) { return document_of(templates::find(id)->yaml); }

scheme::Period period(std::string_view text) { return scheme::parse_period(text).value(); }

// The folder that a seed and a number of threads give.
std::map<std::string, std::string> bytes_of(const scheme::Document& document, scheme::Period p, uint64_t employees,
                                            uint64_t seed, int threads) {
  const TemporaryFolder folder;
  generate::Options options;
  options.employees = employees;
  options.seed = seed;
  options.threads = threads;
  options.faults_ppm = 20'000;
  EXPECT_EQ(generate::generate(document, p, folder.path(), options).error, "");
  return folder.files();
}

TEST(Generate, GivesTheSameBytesForTheSameSeed) {
  const scheme::Document document = template_of("trade-monthly");
  const auto once = bytes_of(document, period("2026-10"), 2500, 5, 1);
  EXPECT_EQ(once.size(), 5u);  // population, ratings, receivables, history, parameters
  EXPECT_TRUE(once == bytes_of(document, period("2026-10"), 2500, 5, 3)) << "threads must not matter";
  EXPECT_FALSE(once == bytes_of(document, period("2026-10"), 2500, 6, 1));
}

TEST(Generate, GivesTheSameBytesOnAnyMachine) {
  const auto files = bytes_of(template_of("medical-monthly"), period("2026-10"), 3, 1, 1);
  EXPECT_EQ(files.at("population.csv"),
            "employee,name,base_wage,seniority_pay,grade\n"
            "E00000001,徐一然,9100,0,A\n"
            "E00000002,白少斌,9800,50,B\n"
            "E00000003,朱承玲,6700,800,C\n");
}

TEST(Generate, GivesEachEmployeeWhatTheNumberSays) {
  const scheme::Document document = template_of("kitchen-monthly");
  const auto few = bytes_of(document, period("2026-10"), 100, 5, 1);
  const auto many = bytes_of(document, period("2026-10"), 1500, 5, 2);
  for (const auto& [name, bytes] : few) EXPECT_EQ(many.at(name).substr(0, bytes.size()), bytes) << name;
}

TEST(Generate, NamesPeopleAndDepartments) {
  const auto files = bytes_of(template_of("trade-monthly"), period("2026-10"), 50, 1, 1);
  const std::string& population = files.at("population.csv");
  EXPECT_TRUE(population.starts_with("employee,name,department,department_name,position,"));
  EXPECT_NE(population.find("\nE00000001,"), std::string::npos);
  EXPECT_NE(population.find(",D001,华东业务一部,"), std::string::npos);
}

TEST(Generate, SaysWhatItWroteAndHowFarItIs) {
  const TemporaryFolder folder;
  generate::Options options;
  options.employees = 3000;
  uint64_t last = 0;
  options.progress = [&](uint64_t done, uint64_t total) {
    EXPECT_GT(done, last);
    EXPECT_EQ(total, 3000u);
    last = done;
  };
  const auto result = generate::generate(template_of("medical-monthly"), period("2026-10"), folder.path(), options);
  EXPECT_EQ(last, 3000u);
  ASSERT_EQ(result.files.size(), 2u);
  EXPECT_EQ(result.files[0].name, "population.csv");
  EXPECT_EQ(result.files[0].rows, 3000u);
  EXPECT_EQ(result.files[0].bytes, std::filesystem::file_size(folder.path() + "/population.csv"));
  EXPECT_EQ(result.files[1].name, "history.csv");
  EXPECT_EQ(result.faults, 0u);
}

TEST(Generate, RefusesWhatCannotBe) {
  const TemporaryFolder folder;
  const scheme::Document document = template_of("medical-monthly");
  generate::Options options;
  EXPECT_NE(generate::generate(document, period("2026"), folder.path(), options).error, "") << "no yearly scheme";
  options.employees = 0;
  EXPECT_NE(generate::generate(document, period("2026-10"), folder.path(), options).error, "");
  options.employees = generate::kEmployeesMax + 1;
  EXPECT_NE(generate::generate(document, period("2026-10"), folder.path(), options).error, "");
  options.employees = 1;
  std::filesystem::create_directories(folder.path());
  std::ofstream(folder.path() + "/file") << "x";
  EXPECT_NE(generate::generate(document, period("2026-10"), folder.path() + "/file/below", options).error, "");
}

// A scheme of a tenant's own: everything is read off the document.
constexpr std::string_view kOwnScheme = R"(
kaogong: 1
id: own-scheme
version: 1
labels: {zh: 自定, en: Own}
periods: [month]
inputs:
  staff_kind: {type: string, values: [cook, waiter, head]}
  team: {type: string}
  base_wage: {type: money, above: 0}
  share: {type: rate, min: 0.2, max: 0.4}
  hired: {type: date}
  trained: {type: date?}
tables:
  marks:
    columns:
      rater: {type: string}
      item: {type: string, values: [taste, speed, order, smile]}
      points: {type: number, decimals: 1}
    key: [rater, item]
    min_rows: 1
    complete:
      - per: [rater]
        each: {item: 'if staff_kind = "cook" then ["taste", "speed"] else ["order", "smile", "speed"]'}
    refuse_when: staff_kind = "head"
    checks:
      - {require: points >= 1 and points <= items(item).maximum, column: points, message: {zh: 超出, en: out of range}}
  tasks:
    columns:
      task: {type: string}
      done: {type: boolean}
      kind: {type: string, values: [a, b]}
    key: [task, kind]
    max_rows: 2
lookups:
  items:
    key: [item]
    columns: {item: {type: string}, maximum: {type: score}}
    rows: [[taste, 20], [speed, 10], [order, 5], [smile, 2.5]]
  teams:
    key: [team]
    columns: {team: {type: string}, factor: {type: factor, min: 0.5, max: 1.5}}
history:
  pay: {type: money}
parameters:
  pool: {type: money, min: 1000}
checks:
  - {require: hired <= period_end, column: hired, message: {zh: 晚, en: late}}
decisions:
  score:
    type: score
    expr: 'if staff_kind = "head" then 0 else sum(marks.points)'
  done: {type: count, expr: 'count(tasks[done = true])'}
  recently: {type: money, expr: 'sum(for p in last(pay, 4) return if p != null then p else 0)'}
  pay: {type: money, expr: 'base_wage * share * teams(team).factor + score + pool * 0'}
outputs: [score, done, recently, pay]
)";

TEST(Generate, ReadsAnySchemeOffItsDocument) {
  std::string text(kOwnScheme);
  // min_rows would refuse heads, who may have no marks.
  text.replace(text.find("    min_rows: 1\n"), std::string("    min_rows: 1\n").size(), "");
  const scheme::Document document = document_of(text);
  const TemporaryFolder folder;
  generate::Options options;
  options.employees = 500;
  ASSERT_EQ(generate::generate(document, period("2026-10"), folder.path(), options).error, "");
  const auto files = folder.files();
  EXPECT_EQ(files.size(), 6u);
  const Scored scored = score_folder(document, period("2026-10"), folder.path());
  EXPECT_EQ(scored.rows, 500u);
  EXPECT_EQ(scored.rejects, 0u) << scored.first_reject;
  EXPECT_NE(files.at("history.csv").find("2026-06"), std::string::npos) << "four periods back";
  EXPECT_EQ(files.at("history.csv").find("2026-05"), std::string::npos);
}

}  // namespace
}  // namespace kaogong::tests
