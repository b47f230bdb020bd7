// The worked cases of statutory payroll, computed by schemes that use the shipped packs, in both evaluators.
#include <gtest/gtest.h>

#include "engine/plan/program.h"
#include "tenants/packs/packs.h"
#include "tests/engine/reference/text_inputs.h"
#include "tests/tenants/packs/case_file.h"

namespace kaogong::tests {
namespace {

std::map<std::string, std::vector<std::string>> texts_of(const plan::RunResult& result) {
  std::map<std::string, std::vector<std::string>> outputs;
  for (size_t c = 0; c < result.names.size(); ++c) {
    auto& texts = outputs[result.names[c]];
    for (size_t r = 0; r < result.refused.size(); ++r)
      texts.push_back(result.refused[r] != 0 ? "refused" : column::format_value(result.columns[c], r));
  }
  return outputs;
}

class Cases : public testing::TestWithParam<std::string> {
 protected:
  void check(bool by_reference) {
    const CaseFile file = read_case(GetParam());
    scheme::Loaded loaded = scheme::load(file.scheme, packs::library());
    ASSERT_TRUE(loaded.document) << loaded.findings.front().message;
    const plan::Compiled compiled = plan::compile(std::move(*loaded.document));
    std::string findings;
    for (const auto& f : compiled.findings) findings += std::to_string(f.at.line) + ": " + f.message + '\n';
    ASSERT_NE(compiled.program, nullptr) << findings;
    EXPECT_TRUE(plan::interpreted_decisions(*compiled.program).empty()) << "all of it vectorises";
    const scheme::Document& document = plan::document_of(*compiled.program);
    std::string history = "employee,period";
    for (const auto& column : document.history) history += "," + column.name;
    history += '\n';
    size_t compared = 0;
    for (const CasePeriod& period : file.periods) {
      const column::Inputs inputs =
          text_inputs(document, period.period, {{"population", population_of(document, period)}, {"history", history}});
      plan::RunOptions options;
      options.reference_only = by_reference;
      const plan::RunResult result = plan::run(*compiled.program, inputs, {}, options);
      ASSERT_EQ(result.failure, "");
      EXPECT_EQ(result.by_reference, by_reference);
      const auto outputs = texts_of(result);
      EXPECT_EQ(differences(period, outputs), "");
      for (size_t r = 0; r < period.rows.size(); ++r) {
        history += period.rows[r].at("employee") + "," + period.period;
        for (const auto& column : document.history) {
          const auto made = outputs.find(column.name);
          history += "," + (made == outputs.end() ? period.rows[r].at(column.name) : made->second[r]);
        }
        history += '\n';
        ++compared;
      }
    }
    EXPECT_GT(compared, 0u);
  }
};

TEST_P(Cases, ByTheReference) { check(true); }
TEST_P(Cases, ByTheColumnPlan) { check(false); }

INSTANTIATE_TEST_SUITE_P(Worked, Cases, testing::ValuesIn(case_ids()), [](const auto& param) {
  std::string name = param.param;
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
});

TEST(CaseDifferences, AreSeen) {
  CasePeriod period{"2026-01", {{{"employee", "a"}, {"source", "s"}, {"=x", "1.50"}, {"=y", ""}}}};
  EXPECT_EQ(differences(period, {{"x", {"1.5"}}, {"y", {"7"}}}), "");
  EXPECT_EQ(differences(period, {{"x", {"1.51"}}, {"y", {"7"}}}), "2026-01 a x: is 1.51, expected 1.50 (s)\n");
  EXPECT_EQ(differences(period, {{"x", {"refused"}}, {"y", {"refused"}}}),
            "2026-01 a x: is refused, expected 1.50 (s)\n");
  period.rows[0]["=x"] = "refused";
  EXPECT_EQ(differences(period, {{"x", {"refused"}}, {"y", {"refused"}}}), "");
  EXPECT_NE(differences(period, {{"x", {"1.5"}}, {"y", {"7"}}}), "");
}

}  // namespace
}  // namespace kaogong::tests
