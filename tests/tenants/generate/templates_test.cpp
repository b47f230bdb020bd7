// Every template: its generated folder is accepted, and faults put in are found.
#include "tenants/templates/templates.h"

#include <gtest/gtest.h>

#include "engine/scheme/load.h"
#include "tests/tenants/generate/folder_scorer.h"

namespace kaogong::tests {
namespace {

class EveryTemplate : public testing::TestWithParam<templates::Template> {
 protected:
  void SetUp() override {
    scheme::Loaded loaded = scheme::load(GetParam().yaml);
    ASSERT_TRUE(loaded.document.has_value());
    document_ = std::move(*loaded.document);
  }
  scheme::Document document_;
};

TEST_P(EveryTemplate, IsAccepted) {
  for (const uint64_t seed : {1, 2}) {
    const TemporaryFolder folder;
    generate::Options options;
    options.employees = 300;
    options.seed = seed;
    const scheme::Period period = some_period(document_);
    ASSERT_EQ(generate::generate(document_, period, folder.path(), options).error, "");
    const Scored scored = score_folder(document_, period, folder.path());
    EXPECT_EQ(scored.rows, 300u);
    EXPECT_EQ(scored.refused, 0u) << scored.first_reject;
    EXPECT_EQ(scored.rejects, 0u) << scored.first_reject;
  }
}

TEST_P(EveryTemplate, RunsForEveryKindOfPeriod) {
  for (const scheme::PeriodKind kind : document_.periods) {
    const TemporaryFolder folder;
    generate::Options options;
    options.employees = 20;
    const scheme::Period year = scheme::parse_period("2026").value();
    const scheme::Period period = scheme::first_within(year, kind);
    ASSERT_EQ(generate::generate(document_, period, folder.path(), options).error, "");
    const Scored scored = score_folder(document_, period, folder.path());
    EXPECT_EQ(scored.rejects, 0u) << scored.first_reject;
  }
}

TEST_P(EveryTemplate, HasFaultsWhereAsked) {
  const TemporaryFolder folder;
  generate::Options options;
  options.employees = 400;
  options.seed = 3;
  options.faults_ppm = 250'000;
  const scheme::Period period = some_period(document_);
  const generate::Result result = generate::generate(document_, period, folder.path(), options);
  ASSERT_EQ(result.error, "");
  EXPECT_GT(result.faults, 60u);
  EXPECT_LT(result.faults, 140u);
  const Scored scored = score_folder(document_, period, folder.path());
  EXPECT_GE(scored.rejects, result.faults) << "a fault was put in that nobody finds";
  EXPECT_LE(scored.refused, result.faults * 2) << "colleagues are refused, too";
  EXPECT_GE(scored.refused, result.faults / 2);
}

INSTANTIATE_TEST_SUITE_P(Generate, EveryTemplate, testing::ValuesIn(templates::all().begin(), templates::all().end()),
                         [](const testing::TestParamInfo<templates::Template>& of) {
                           std::string name(of.param.id);
                           for (char& c : name) c = c == '-' ? '_' : c;
                           return name;
                         });

}  // namespace
}  // namespace kaogong::tests
