#include "engine/scheme/load.h"

#include <gtest/gtest.h>

#include "tests/engine/scheme/scheme_text.h"

namespace kaogong::scheme {
namespace {

using testing::describe;
using testing::document_with;
using testing::kOut;

constexpr std::string_view kKitchen = R"(kaogong: 1
id: kitchen-monthly
version: 3
labels: {zh: 厨房月度考核, en: "Kitchen, monthly"}
source: {part: 12, title: 厨房食堂考核}
notes: [{zh: 每月, en: monthly}, plain]
# a remark
periods: [month, year]
inputs:
  base_wage: {type: money, min: 0, fixed: true, labels: {zh: 基本工资, en: Base wage}}
  left_on: {type: date?}
  share: {type: rate, above: 0, below: 1, source: {part: 12, title: 第一条}}
tables:
  ratings:
    columns:
      rater: {type: string}
      item: {type: string, values: [dishes, rules, attendance]}
      points: {type: number, decimals: 1, min: 0}
    key: [rater, item]
    min_rows: 1
    complete: [{per: rater, each: {item: all}}]
    refuse_when: share = 0
    computed:
      maximum: {type: score, expr: items(item).maximum}
      half: {expr: points / 2}
    checks:
      - {require: points <= maximum, column: points, message: {zh: 超过该项满分, en: above the item's maximum}}
lookups:
  items:
    key: item
    columns: {item: {type: string}, maximum: {type: score?}}
    rows: [[dishes, 10], [rules, 8.00], [attendance, null]]
groups:
  by_rater:
    of: ratings
    by: rater
    computed:
      total: {expr: 'sum(ratings.points)'}
history:
  score: {type: score, every: month}
parameters:
  minimum_wage: {type: money, default: 0}
  headcount: {type: count, default: {expr: enrolled()}}
  site: {type: string?, default: null}
decisions:
  score: {type: score, expr: mean(by_rater.total), labels: {zh: 得分, en: Score}}
  pay_factor:
    type: factor
    bands: {of: score, at_least: [[95, 1.00], [80, 0.99], [70, 0.95]], else: 0.90}
    remark: 'Decided: x'
  pay: {type: money, expr: base_wage * pay_factor}
  yes_no:
    type: string?
    values: [yes, no]
    table: {hit: U, inputs: [score, pay], rules: [['>= 91', '-', '"yes"'], ['< 91', null, '"no"']], default: null}
  pair:
    table: {inputs: [score], rules: [['>= 91', 1, 2], ['< 91', 3, 4]]}
    outputs: {left: {type: count}, right: {type: count}}
checks:
  - {require: base_wage > 0, column: base_wage, message: no wage}
assert:
  - {add_up: maximum, in: items, per: [item], to: 100}
  - {reach: maximum, by: [maximum], in: items}
outputs: [score, pay_factor, pay, right]
)";

TEST(Load, ReadsEverySection) {
  const Loaded loaded = load(kKitchen);
  ASSERT_TRUE(loaded.document) << describe(loaded.findings);
  const Document& d = *loaded.document;
  EXPECT_EQ(d.id, "kitchen-monthly");
  EXPECT_EQ(d.version, 3u);
  EXPECT_EQ(d.labels.zh, "厨房月度考核");
  EXPECT_EQ(d.source_part, "12");
  EXPECT_EQ(d.notes.size(), 2u);
  EXPECT_EQ(d.notes[1].zh, "plain");
  EXPECT_EQ(d.periods, (std::vector{PeriodKind::kMonth, PeriodKind::kYear}));

  ASSERT_EQ(d.inputs.size(), 3u);
  EXPECT_EQ(d.inputs[0].type.scale, 2);
  EXPECT_EQ(d.inputs[0].type.min, 0);
  EXPECT_EQ(d.inputs[0].fixed, true);
  EXPECT_EQ(d.inputs[0].at.line, 10u);
  EXPECT_EQ(d.inputs[0].at.column, 3u);
  EXPECT_TRUE(d.inputs[1].type.nullable);
  EXPECT_EQ(d.inputs[1].type.name, TypeName::kDate);
  EXPECT_EQ(d.inputs[2].type.min, 1);
  EXPECT_EQ(d.inputs[2].type.max, 999999);
  EXPECT_TRUE(d.inputs[2].type.min_exclusive);
  EXPECT_EQ(d.inputs[2].source, "12 第一条");

  ASSERT_EQ(d.tables.size(), 1u);
  const Table& ratings = d.tables[0];
  EXPECT_EQ(ratings.columns[1].type.values.size(), 3u);
  EXPECT_EQ(ratings.columns[2].type.scale, 1);
  EXPECT_EQ(ratings.key, (std::vector<std::string>{"rater", "item"}));
  ASSERT_EQ(ratings.complete.size(), 1u);
  EXPECT_EQ(ratings.complete[0].per, std::vector<std::string>{"rater"});
  EXPECT_TRUE(ratings.complete[0].each[0].all);
  EXPECT_TRUE(ratings.refuse_when);
  EXPECT_EQ(ratings.computed[0].type.name, TypeName::kScore);
  EXPECT_EQ(ratings.computed[1].type.name, TypeName::kExact);
  EXPECT_EQ(ratings.checks[0].message.en, "above the item's maximum");

  ASSERT_EQ(d.lookups.size(), 1u);
  EXPECT_TRUE(d.lookups[0].is_inline);
  EXPECT_EQ(d.lookups[0].rows[1], (std::vector<std::string>{"rules", "8.00"}));
  EXPECT_EQ(d.lookups[0].rows[2][1], "");
  EXPECT_EQ(d.lookups[0].row_positions[0].line, 32u);

  EXPECT_EQ(d.groups[0].by, std::vector<std::string>{"rater"});
  EXPECT_EQ(d.groups[0].computed[0].expr.text, "sum(ratings.points)");
  EXPECT_EQ(d.history[0].every, "month");
  EXPECT_EQ(d.parameters[0].default_value, "0");
  EXPECT_EQ(d.parameters[1].default_expression.text, "enrolled()");
  EXPECT_EQ(d.parameters[2].default_value, "");

  ASSERT_EQ(d.decisions.size(), 6u);
  const Decision& factor = d.decisions[1];
  ASSERT_TRUE(factor.bands);
  EXPECT_EQ(factor.bands->kind, Bands::Kind::kAtLeast);
  EXPECT_EQ(factor.bands->rows[0].value, "1.00");
  EXPECT_EQ(factor.bands->otherwise, "0.90");
  EXPECT_EQ(factor.remark, "Decided: x");
  const Decision& yes_no = d.decisions[3];
  ASSERT_TRUE(yes_no.table);
  EXPECT_EQ(yes_no.type.values, (std::vector<std::string>{"yes", "no"}));
  EXPECT_EQ(yes_no.table->rules[1].test_texts[1], "null");
  EXPECT_TRUE(yes_no.table->rules[0].tests[1]->any);
  EXPECT_EQ(yes_no.table->defaults[0].text, "null");
  const Decision& right = d.decisions[5];
  EXPECT_EQ(right.name, "right");
  EXPECT_EQ(right.table_output, 1u);
  EXPECT_EQ(right.table, d.decisions[4].table);
  EXPECT_EQ(right.table->name, "pair");
  EXPECT_EQ(right.table->hit, "U");
  EXPECT_EQ(right.table->output_names, (std::vector<std::string>{"left", "right"}));
  EXPECT_EQ(d.assertions[1].kind, Assertion::Kind::kReach);
  EXPECT_EQ(d.assertions[1].to, "maximum");
  EXPECT_EQ(d.outputs.back(), "right");
}

TEST(Load, ReadsJsonLikeYaml) {
  const Loaded loaded = load(R"({"kaogong": 1, "id": "j", "periods": ["month"],
  "inputs": {"x": {"type": "money", "labels": {"zh": "\u5de5\u8d44\ud842\udfb7", "en": "a\/b\tc"}}},
  "decisions": {"out": {"type": "money", "expr": "x * 1.50"}}, "outputs": ["out"]})");
  ASSERT_TRUE(loaded.document) << describe(loaded.findings);
  EXPECT_EQ(loaded.document->inputs[0].labels.zh, "工资𠮷");
  EXPECT_EQ(loaded.document->inputs[0].labels.en, "a/b\tc");
  EXPECT_EQ(loaded.document->inputs[0].at.line, 2u);
  EXPECT_EQ(loaded.document->inputs[0].at.column, 14u);
}

TEST(Load, ReadsYamlInFlowStyle) {
  const Loaded loaded =
      load("{kaogong: 1, id: f, periods: [month], decisions: {out: {type: score, expr: 1}}, outputs: [out]}");
  EXPECT_TRUE(loaded.document) << describe(loaded.findings);
}

TEST(Load, SkipsAByteOrderMark) { EXPECT_TRUE(load("\xEF\xBB\xBF" + document_with(kOut)).document); }

struct Fault {
  const char* sections;
  const char* code;
  uint32_t line, column;  // 0: not asserted
  const char* says;       // part of message or remedy
};

std::ostream& operator<<(std::ostream& out, const Fault& fault) { return out << fault.code << ": " << fault.sections; }

class LoadFaults : public ::testing::TestWithParam<Fault> {};

TEST_P(LoadFaults, AreFound) {
  const Fault& fault = GetParam();
  std::string text = document_with(fault.sections);
  if (text.find("decisions:") == std::string::npos) text += kOut;
  const Loaded loaded = load(text);
  EXPECT_FALSE(loaded.document);
  const Finding* finding = testing::find(loaded.findings, fault.code);
  ASSERT_NE(finding, nullptr) << text << describe(loaded.findings);
  if (fault.line != 0) {
    EXPECT_EQ(finding->at.line, fault.line) << describe(loaded.findings);
    EXPECT_EQ(finding->at.column, fault.column) << describe(loaded.findings);
  }
  EXPECT_NE((finding->message + " " + finding->remedy).find(fault.says), std::string::npos)
      << describe(loaded.findings);
}

INSTANTIATE_TEST_SUITE_P(
    Sections, LoadFaults,
    ::testing::Values(
        Fault{"inpts: {}\n", "unknown-key", 5, 1, "did you mean \"inputs\""},
        Fault{"inputs: {a: {type: money, mim: 0}}\n", "unknown-key", 5, 27, "did you mean \"min\""},
        Fault{"inputs: {a: {min: 0}}\n", "missing-key", 5, 13, "no \"type\""},
        Fault{"inputs: {a: {type: mony}}\n", "unknown-type", 5, 20, "\"money\""},
        Fault{"inputs: {a: {type: exact}}\n", "bad-value", 5, 20, "exact"},
        Fault{"inputs: {a: money}\n", "wrong-kind", 5, 13, "must be a map, not a text"},
        Fault{"inputs: [a]\n", "wrong-kind", 5, 9, "must be a map, not a list"},
        Fault{"inputs: {Ab: {type: money}}\n", "bad-name", 5, 10, "\"Ab\""},
        Fault{"inputs: {工资: {type: money}}\n", "bad-name", 5, 10, "labels"},
        Fault{"inputs: {a: {type: money, min: 0.001}}\n", "bad-literal", 5, 32, "more decimals"},
        Fault{"inputs: {a: {type: money, min: x}}\n", "bad-literal", 5, 32, "not a number"},
        Fault{"inputs: {a: {type: money, min: 99999999999999999999}}\n", "bad-literal", 5, 32, "too large"},
        Fault{"inputs: {a: {type: money, min: 1, above: 0}}\n", "bad-value", 0, 0, "two bounds"},
        Fault{"inputs: {a: {type: money, min: 2, max: 1}}\n", "bad-value", 0, 0, "above its upper"},
        Fault{"inputs: {a: {type: date, min: 2}}\n", "bad-value", 0, 0, "no bounds"},
        Fault{"inputs: {a: {type: money, decimals: 3}}\n", "bad-value", 0, 0, "only a number"},
        Fault{"inputs: {a: {type: number, decimals: 7}}\n", "bad-value", 5, 38, "from 0 to 6"},
        Fault{"inputs: {a: {type: money, nullable: yes}}\n", "bad-value", 5, 37, "true or false"},
        Fault{"inputs: {a: {type: money, values: [a]}}\n", "bad-value", 0, 0, "only a string"},
        Fault{"inputs: {a: {type: string, values: [x, x]}}\n", "duplicate-value", 5, 40, "twice"},
        Fault{"inputs: {a: {type: money}, a: {type: money}}\n", "duplicate-key", 5, 28, "twice"},
        Fault{"inputs: {out: {type: money}}\n", "duplicate-name", 7, 3, "the input in line 5"},
        Fault{"inputs: {employee: {type: money}}\n", "reserved-name", 5, 10, "employee"},
        Fault{"inputs: {item: {type: money}}\n", "reserved-name", 5, 10, "item"},
        Fault{"inputs: {floor: {type: money}}\n", "reserved-name", 5, 10, "floor"},
        Fault{"inputs: {if: {type: money}}\n", "reserved-name", 5, 10, "if"},
        Fault{"parameters: {p: {type: money, default: x}}\n", "bad-literal", 5, 40, "not a money"},
        Fault{"parameters: {p: {type: money, default: null}}\n", "bad-literal", 5, 40, "null"},
        Fault{"parameters: {p: {type: boolean, default: yes}}\n", "bad-literal", 5, 42, "true or false"},
        Fault{"parameters: {p: {type: date, default: 2025-02-29}}\n", "bad-literal", 5, 39, "date"},
        Fault{"parameters: {p: {type: money, default: {exp: 1}}}\n", "unknown-key", 0, 0, "\"expr\""},
        Fault{"parameters: {p: {type: string, values: [own, team], default: owm}}\n", "bad-literal", 0, 0,
              "did you mean \"own\""},
        Fault{"parameters: {p: {type: money, default: -1, min: 0}}\n", "bad-literal", 5, 40, "below the least"},
        Fault{"history: {h: {type: money, every: week}}\n", "bad-value", 5, 35, "week"},
        Fault{"history: {out: {type: score}}\nparameters: {h: {type: money}, period: {type: money}}\n", "reserved-name",
              6, 32, "period"},
        Fault{"tables: {history: {columns: {a: {type: count}}}}\n", "reserved-name", 5, 10, "history.csv"},
        Fault{"lookups: {parameters: {key: a, columns: {a: {type: count}}}}\n", "reserved-name", 5, 11,
              "parameters.csv"},
        Fault{"tables: {t: {}}\n", "missing-key", 5, 13, "columns"},
        Fault{"tables: {t: {columns: {a: {type: count}}, key: [b]}}\n", "unknown-column", 5, 49, "\"b\""},
        Fault{"tables: {t: {columns: {amount: {type: count}}, key: amont}}\n", "unknown-column", 5, 53,
              "did you mean \"amount\""},
        Fault{"tables: {t: {columns: {a: {type: count}}, key: [a, a]}}\n", "duplicate-value", 0, 0, "twice"},
        Fault{"tables: {t: {columns: {employee: {type: count}}}}\n", "reserved-name", 5, 24, "employee"},
        Fault{"tables: {t: {columns: {a: {type: count}}, computed: {a: {expr: 1}}}}\n", "duplicate-name", 0, 0,
              "line 5"},
        Fault{"tables: {t: {columns: {a: {type: count}}, min_rows: 2, max_rows: 1}}\n", "bad-value", 0, 0, "max_rows"},
        Fault{"tables: {t: {columns: {a: {type: count}}, min_rows: -1}}\n", "bad-value", 5, 53, "whole number"},
        Fault{"tables: {t: {columns: {a: {type: count}}, complete: [{each: {b: all}}]}}\n", "unknown-column", 5, 62,
              "\"b\""},
        Fault{"tables: {t: {columns: {a: {type: count}}, complete: {each: {a: all}}}}\n", "no-values", 5, 64, "values"},
        Fault{"tables: {t: {columns: {a: {type: count}}, checks: [{require: a > 0, column: b}]}}\n", "unknown-column",
              5, 77, "\"b\""},
        Fault{"tables: {t: {columns: {a: {type: count}}, checks: [{column: a}]}}\n", "missing-key", 0, 0, "require"},
        Fault{"lookups: {l: {columns: {a: {type: count}}}}\n", "missing-key", 0, 0, "\"key\""},
        Fault{"lookups: {l: {key: a, columns: {a: {type: count}}, rows: [[1, 2]]}}\n", "wrong-cell-count", 5, 59,
              "2 cells for 1"},
        Fault{"lookups: {l: {key: a, columns: {a: {type: count}}, rows: [[1.5]]}}\n", "bad-literal", 5, 60, "decimals"},
        Fault{"lookups: {l: {key: a, columns: {a: {type: count}}, rows: [[1], [1]]}}\n", "duplicate-row", 5, 64,
              "already in line 5"},
        Fault{"lookups: {l: {key: a, columns: {a: {type: count?}}}}\n", "bad-value", 0, 0, "may be null"},
        Fault{"groups: {g: {of: t, by: a, computed: {}}}\n", "unknown-table", 5, 18, "\"t\""},
        Fault{"tables: {t: {columns: {a: {type: count}}}}\ngroups: {g: {of: t, by: b, computed: {x: {expr: 1}}}}\n",
              "unknown-column", 6, 25, "\"b\""},
        Fault{"checks: [{require: 1 = 1, column: nothing}]\n", "unknown-column", 0, 0, "nothing"},
        Fault{"version: 0\n", "bad-value", 5, 10, "from 1"},
        Fault{"assert: [{to: 1}]\n", "one-of", 5, 10, "exactly one"},
        Fault{"assert: [{add_up: [a], to: 1}]\n", "unknown-parameter", 0, 0, "\"a\""},
        Fault{"assert: [{descend: [a, b], in: l}]\n", "unknown-lookup", 5, 32, "\"l\""},
        Fault{"lookups: {l: {key: a, columns: {a: {type: string}, b: {type: count}}}}\n"
              "assert: [{reach: a, by: [b], in: l}]\n",
              "bad-value", 6, 18, "not a number"}));

INSTANTIATE_TEST_SUITE_P(
    Decisions, LoadFaults,
    ::testing::Values(
        Fault{"decisions: {out: {expr: 1}}\n", "missing-key", 0, 0, "type"},
        Fault{"decisions: {out: {type: score}}\n", "one-of", 0, 0, "exactly one of expr, bands, table"},
        Fault{"decisions: {out: {type: score, expr: 1, bands: {of: x, at_least: [[1, 2]]}}}\n", "one-of", 0, 0,
              "keep one"},
        Fault{"decisions: {out: {type: exact, expr: 1}}\n", "bad-value", 5, 25, "exact"},
        Fault{"decisions: {out: {type: score, expr: [1]}}\n", "wrong-kind", 5, 38, "must be a text, not a list"},
        Fault{"decisions:\n  out:\n    type: score\n    expr: 1 + * 2\n", "expression-syntax", 8, 15, "correct"},
        Fault{"decisions:\n  out:\n    type: score\n    expr: '1 + ''a'' * 2'\n", "expression-syntax", 8, 16,
              "correct"},
        Fault{"decisions:\n  out:\n    type: score\n    expr: |\n      1 +\n      2 + )\n", "expression-syntax", 10, 11,
              "correct"},
        Fault{"decisions: {out: {type: factor, bands: {of: 1, at_least: [[1]]}}}\n", "wrong-cell-count", 5, 59, "two"},
        Fault{"decisions: {out: {type: factor, bands: {of: 1, at_least: [[1, 0.12345]]}}}\n", "bad-literal", 5, 63,
              "more decimals"},
        Fault{"decisions: {out: {type: factor, bands: {of: 1, at_least: [[x, 1]]}}}\n", "bad-literal", 5, 60,
              "neither a number nor a date"},
        Fault{"decisions: {out: {type: factor, bands: {of: 1, at_least: [[1, 1]], above: [[1, 1]]}}}\n", "bad-value", 0,
              0, "two kinds"},
        Fault{"decisions: {out: {type: factor, bands: {of: 1}}}\n", "missing-key", 0, 0, "at_least"},
        Fault{"decisions: {out: {type: factor, bands: {of: s, at_least: [[60.001, 1]]}}, s: {type: score, expr: 1}}\n",
              "bad-literal", 5, 60, "does not fit \"s\""},
        Fault{"decisions: {out: {type: string, values: [a, b], bands: {of: 1, at_least: [[1, a]], else: c}}}\n",
              "bad-literal", 5, 90, "not one of the values"},
        Fault{"decisions: {out: {type: score, table: {inputs: [1], rules: [['-', 1, 2]]}}}\n", "wrong-cell-count", 5,
              61, "3 cells"},
        Fault{"decisions: {out: {type: score, table: {hit: X, inputs: [1], rules: [['-', 1]]}}}\n", "bad-value", 5, 45,
              "hit policy"},
        Fault{"decisions: {out: {type: string, table: {hit: P, inputs: [1], rules: [['-', '\"a\"']]}}}\n", "no-values",
              5, 46, "lists none"},
        Fault{"decisions: {out: {type: score, table: {inputs: [1], rules: [['< < 1', 1]]}}}\n", "expression-syntax", 5,
              65, ""},
        Fault{"decisions: {out: {type: score, table: {inputs: [1], rules: [['', 1]]}}}\n", "expression-syntax", 0, 0,
              ""},
        Fault{"decisions: {t: {table: {inputs: [1], rules: [['-', 1]], default: 0}, outputs: {out: {type: score}, b: "
              "{type: "
              "score}}}}\n",
              "wrong-kind", 0, 0, "each output"},
        Fault{"decisions: {t: {type: score, table: {inputs: [1], rules: [['-', 1]]}, outputs: {out: {type: score}}}}\n",
              "bad-value", 0, 0, "has outputs"},
        Fault{"decisions: {t: {outputs: {out: {type: score}}}}\n", "missing-key", 0, 0, "no table"},
        Fault{"decisions: {oot: {type: score, expr: 1}}\n", "unknown-decision", 4, 11, "did you mean \"oot\""},
        Fault{"inputs: {a: {type: money}}\ndecisions: {b: {type: score, expr: 1}}\nparameters: {out: {type: money}}\n",
              "not-a-decision", 4, 11, "parameter"},
        Fault{"decisions: {}\n", "bad-value", 0, 0, "empty"}));

TEST(Load, CollectsManyFindings) {
  const Loaded loaded =
      load(document_with("inputs: {a: {type: x}, B: {type: money}, c: {typ: money}}\n") + std::string(kOut));
  EXPECT_GE(loaded.findings.size(), 4u) << describe(loaded.findings);
}

TEST(Load, HistoryMayNameAnInputOrADecision) {
  const std::string text =
      document_with("inputs: {a: {type: score}}\nhistory: {a: {type: score}, out: {type: score}}\n");
  const Loaded loaded = load(text + std::string(kOut));
  EXPECT_TRUE(loaded.document) << describe(loaded.findings);
}

TEST(Load, ColumnsMayHaveTheNameOfAFunction) {
  const Loaded loaded =
      load(document_with("lookups: {l: {key: item, columns: {item: {type: string}, floor: {type: rate}}}}\n") +
           std::string(kOut));
  EXPECT_TRUE(loaded.document) << describe(loaded.findings);
}

TEST(Load, PositionInAnExpression) {
  const Loaded loaded =
      load(document_with("decisions:\n  out:\n    type: score\n    expr: |\n      1 +\n      22 + 3\n"));
  ASSERT_TRUE(loaded.document) << describe(loaded.findings);
  const Expression& expr = loaded.document->decisions[0].expr;
  EXPECT_EQ(expr.at.line, 9u);
  EXPECT_EQ(expr.at.column, 7u);
}

}  // namespace
}  // namespace kaogong::scheme
