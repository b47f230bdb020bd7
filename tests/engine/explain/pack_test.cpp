// Explanations of calls of packs.
#include <gtest/gtest.h>

#include "engine/explain/explainer.h"
#include "engine/explain/render.h"
#include "engine/plan/program.h"
#include "engine/scheme/load.h"
#include "tests/engine/reference/run_text.h"
#include "tests/engine/reference/text_inputs.h"

namespace kaogong::explain {
namespace {

constexpr const char* kPack = R"(kaogong_pack: 1
id: test.pay
jurisdiction: XX
tables:
  brackets:
    labels: {zh: 税率表, en: Brackets}
    bands: {up_to: limit}
    columns: {limit: {type: money?}, rate: {type: rate}}
    editions:
      - {effective_from: 2025-01-01, source: Act 1, rows: [[100, 0.1], [null, 0.2]]}
      - {effective_from: 2026-07-01, effective_to: 2026-12-31, source: Act 2, rows: [[200, 0.1], [null, 0.25]]}
functions:
  tax:
    labels: {zh: 税额, en: Tax}
    source: Act 2 section 1
    parameters: {income: {type: money, labels: {zh: 收入, en: Income}}, free: {type: money, default: 50}}
    steps:
      taxable: {type: money, round: {mode: down, to: yuan}, labels: {zh: 应税额, en: Taxable}, expr: income - free}
    result: {type: money, expr: taxable * brackets(taxable).rate}
)";

std::string explained(const std::string& expr, Language language, bool json = false) {
  const auto library = tests::library_of({kPack});
  auto loaded = scheme::load(
      "kaogong: 1\nid: t\nperiods: [month]\nuses: [test.pay]\ninputs: {wage: {type: money}}\n"
      "decisions:\n  out: {type: money, expr: '" +
          expr + "'}\noutputs: [out]\n",
      library);
  if (!loaded.document) throw std::runtime_error(loaded.findings.front().message);
  const auto compiled = plan::compile(std::move(*loaded.document));
  if (compiled.program == nullptr) throw std::runtime_error(compiled.findings.front().message);
  const auto inputs = tests::text_inputs(plan::document_of(*compiled.program), "2026-08",
                                         {{"population", "employee,wage\ne1,350.75\n"}});
  plan::RunOptions options;
  options.keep_all = true;
  const plan::RunResult result = plan::run(*compiled.program, inputs, {}, options);
  const Explanation explanation = Explainer(*compiled.program, inputs, result).explain(0, {"out"}, {UINT32_MAX});
  return json ? to_json(explanation) : to_text(explanation, {language, 20});
}

TEST(ExplainPacks, TheCallWithArgumentsStepsAndTheRowThatMatched) {
  EXPECT_EQ(explained("1 + test.pay.tax(wage)", Language::kEn),
            R"(t version 1
period 2026-08, employee e1 (population.csv line 2)

out = 76.00  money, half-up to 2 decimals
│  from: 1 + test.pay.tax(wage)
│  that is: 1 + 75.00
├─ wage             = 350.75  population.csv line 2
└─ Tax test.pay.tax =  75.00  a pack's function: test.pay.tax(wage)
   │  source: Act 2 section 1
   ├─ Income income   = 350.75  ← wage
   ├─ free            =  50.00  default
   ├─ Taxable taxable = 300.00  money, down to a whole number, unrounded 300.75
   │     from: income - free
   │     that is: 350.75 - 50.00
   └─ Tax result      =  75.00  money, half-up to 2 decimals
      │  from: taxable * brackets(taxable).rate
      │  that is: 300.00 * 0.250000
      └─ Brackets brackets [limit <= ∞]  in force from 2026-07-01 to 2026-12-31, test.pay line 11
         │  source: Act 2
         └─ rate = 0.250000
)");
}

TEST(ExplainPacks, InChinese) {
  EXPECT_EQ(explained("test.pay.tax(150, free: 0)", Language::kZh),
            R"(t 第1版
考核期 2026-08,员工 e1(population.csv 第2行)

out = 15.00  money,四舍五入到2位小数
│  公式:test.pay.tax(150, free: 0)
└─ 税额 test.pay.tax = 15.00  规则包函数 test.pay.tax(150, free: 0)
   │  依据:Act 2 section 1
   ├─ 收入 income    = 150.00  ← 150
   ├─ free           =   0.00  ← 0
   ├─ 应税额 taxable = 150.00  money,舍去到整数
   │     公式:income - free
   │     代入:150.00 - 0.00
   └─ 税额 result    =  15.00  money,四舍五入到2位小数
      │  公式:taxable * brackets(taxable).rate
      │  代入:150.00 * 0.100000
      └─ 税率表 brackets[limit <= 200]  2026-07-01起生效,至2026-12-31,test.pay 第11行
         │  依据:Act 2
         └─ rate = 0.100000
)");
}

TEST(ExplainPacks, InJson) {
  const std::string json = explained("test.pay.tax(wage)", Language::kEn, true);
  for (const char* part : {R"("kind": "pack_call")", R"("name": "test.pay.tax")", R"("kind": "argument")",
                           R"("given": false)", R"("kind": "step")", R"("rounding": "down")", R"("rounded_to": 0)",
                           R"("kind": "pack_row")", R"("effective_from": "2026-07-01")",
                           R"("effective_to": "2026-12-31")", R"("source": "Act 2")", R"("file": "test.pay")"})
    EXPECT_NE(json.find(part), std::string::npos) << part << "\n" << json;
}

}  // namespace
}  // namespace kaogong::explain
