// Packs as documents: what is read, and what is wrong with one.
#include <gtest/gtest.h>

#include "engine/scheme/in_force.h"
#include "engine/scheme/literal.h"
#include "engine/scheme/pack_call.h"
#include "tests/engine/scheme/scheme_text.h"

namespace kaogong::scheme {
namespace {

using testing::describe;
using testing::find;

std::string pack_with(const std::string& tables, const std::string& functions) {
  return "kaogong_pack: 1\nid: xx.test\njurisdiction: XX\n" + (tables.empty() ? "" : "tables:\n" + tables) +
         "functions:\n" + functions;
}
constexpr const char* kOne = "  one: {result: {type: count, expr: 1}}\n";

std::string table_with(const std::string& editions, const std::string& shape = "key: k") {
  return "  t:\n    " + shape + "\n    columns: {k: {type: count?}, v: {type: money}}\n    editions:\n" + editions;
}

/// The first finding of a pack's text: "severity code line".
std::string finding(const std::string& text) {
  const LoadedPack loaded = load_pack(text);
  if (loaded.findings.empty()) return "";
  const Finding& f = loaded.findings.front();
  return std::string(f.severity == Severity::kError ? "error " : "warning ") + f.code + " " + std::to_string(f.at.line);
}

TEST(PackLoad, ReadsHeadTablesAndFunctions) {
  const LoadedPack loaded = load_pack(R"(
kaogong_pack: 1
id: cn.test
version: 7
labels: {zh: 试, en: Test}
jurisdiction: CN
region: shanghai
sources: [first law, second law]
tables:
  rates:
    key: [city]
    columns: {city: {type: string}, rate: {type: rate}}
    editions:
      - {effective_from: 2026-01-01, source: later, rows: [[a, 0.2]]}
      - {effective_from: 2025-01-01, effective_to: 2025-06-30, rows: [[a, 0.1]]}
functions:
  of_city:
    labels: {zh: 按城市, en: By city}
    parameters: {city: {type: string}, base: {type: money, default: 100}}
    steps: {part: {expr: base * rates(city).rate}}
    checks: [{require: part > 0}]
    result: {type: money, round: {mode: down, to: yuan}, expr: part}
)");
  ASSERT_TRUE(loaded.pack) << describe(loaded.findings);
  EXPECT_EQ(describe(loaded.findings),
            "warning dated-gap 14:9 table \"rates\" of a has no rows in force from 2025-07-01 to 2025-12-31 · correct "
            "the dates, if that is not meant\n");
  const Pack& pack = *loaded.pack;
  EXPECT_EQ(pack.id, "cn.test");
  EXPECT_EQ(pack.version, 7u);
  EXPECT_EQ(pack.jurisdiction, "CN");
  EXPECT_EQ(pack.region, "shanghai");
  EXPECT_EQ(pack.sources.size(), 2u);
  ASSERT_EQ(pack.tables.size(), 1u);
  EXPECT_EQ(date_to_text(pack.tables[0].editions[0].effective_from), "2025-01-01") << "in the order of the dates";
  EXPECT_EQ(pack.tables[0].editions[1].source, "later");
  const PackFunction& function = *pack.function("of_city");
  EXPECT_EQ(function.parameters[1].default_value, "100");
  EXPECT_EQ(function.steps[0].type.name, TypeName::kExact);
  EXPECT_EQ(function.result.type.rounding, Rounding::kDown);
  EXPECT_EQ(function.result.type.kept_decimals(), 0);
  EXPECT_EQ(function.result.labels.zh, "按城市");
  EXPECT_EQ(function.checks.size(), 1u);
}

TEST(PackLoad, FindsWhatIsWrong) {
  EXPECT_EQ(finding("kaogong_pack: 1\nid: cn.in.x\njurisdiction: CN\nfunctions:\n" + std::string(kOne)),
            "error bad-name 2")
      << "a keyword";
  EXPECT_EQ(finding("id: x\njurisdiction: CN\nfunctions:\n" + std::string(kOne)), "error missing-key 1");
  EXPECT_EQ(finding(pack_with("", "  f: {result: {type: exact, expr: 1}}\n")), "error bad-value 5");
  EXPECT_EQ(finding(pack_with(
                "", "  f: {parameters: {one: {type: count}}, result: {type: count, expr: one}}\n" + std::string(kOne))),
            "error duplicate-name 5");
  EXPECT_EQ(finding(pack_with("", "  f: {result: {type: money, round: sideways, expr: 1}}\n")), "error bad-value 5");
  EXPECT_EQ(finding(pack_with("", "  f: {result: {type: count, round: {to: jiao}, expr: 1}}\n")), "error bad-value 5");
  EXPECT_EQ(
      finding(pack_with("", "  f: {parameters: {x: {type: money}}, result: {type: count, expr: 'rank(of: x)'}}\n")),
      "error not-in-packs 5");
}

TEST(PackLoad, RefusesFunctionsThatCallThemselves) {
  const LoadedPack loaded = load_pack(
      pack_with("",
                "  a: {result: {type: count, expr: b()}}\n  b: {result: {type: count, expr: xx.test.c() + 1}}\n"
                "  c: {result: {type: count, expr: a()}}\n"));
  const Finding* found = find(loaded.findings, "recursion");
  ASSERT_NE(found, nullptr) << describe(loaded.findings);
  EXPECT_EQ(found->message, "a function calls itself: a → b → c → a");
}

TEST(PackLoad, BoundsWhatCallsComeTo) {
  std::string doubling = "  f0: {result: {type: count, expr: 1}}\n", chain = doubling;
  for (int i = 1; i <= 40; ++i) {
    const std::string name = "  f" + std::to_string(i), before = "f" + std::to_string(i - 1) + "()";
    doubling += name + ": {result: {type: count, expr: " + before + " + " + before + "}}\n";
    chain += name + ": {result: {type: count, expr: " + before + "}}\n";
  }
  EXPECT_NE(find(load_pack(pack_with("", doubling)).findings, "too-many-calls"), nullptr);
  EXPECT_NE(find(load_pack(pack_with("", chain)).findings, "too-deep"), nullptr);
}

TEST(PackLoad, HoldsEditionsToTheirDates) {
  const auto of = [](const std::string& editions) {
    std::string text = pack_with(table_with(editions), kOne);
    text.replace(text.find("count?"), 6, "count");
    return finding(text);
  };
  EXPECT_EQ(of("      - {effective_from: 2026-01-01, rows: [[1, 2]]}\n"), "");
  EXPECT_EQ(of("      - {effective_from: 2026-02-30, rows: [[1, 2]]}\n"), "error bad-literal 9");
  EXPECT_EQ(of("      - {effective_from: 2026-01-01, effective_to: 2025-01-01, rows: [[1, 2]]}\n"),
            "error bad-value 9");
  EXPECT_EQ(of("      - {effective_from: 2026-01-01, rows: [[1, 2], [1, 3]]}\n"), "error duplicate-row 9");
  EXPECT_EQ(of("      - {effective_from: 2026-01-01, rows: [[1, 2]]}\n"
               "      - {effective_from: 2026-01-01, rows: [[1, 3]]}\n"),
            "error dated-overlap 10");
  EXPECT_EQ(of("      - {effective_from: 2026-01-01, effective_to: 2026-06-30, rows: [[1, 2]]}\n"
               "      - {effective_from: 2026-06-30, rows: [[1, 3]]}\n"),
            "error dated-overlap 10");
  EXPECT_EQ(of("      - {effective_from: 2026-01-01, effective_to: 2026-06-30, rows: [[1, 2]]}\n"
               "      - {effective_from: 2026-07-02, rows: [[1, 3]]}\n"),
            "warning dated-gap 10");
  EXPECT_EQ(of("      - {effective_from: 2026-01-01, effective_to: 2026-06-30, rows: [[1, 2]]}\n"
               "      - {effective_from: 2026-06-30, rows: [[2, 3]]}\n"),
            "")
      << "another key";
}

TEST(PackLoad, HoldsBandsToTheirOrder) {
  const auto of = [](const std::string& rows, const std::string& kind = "up_to") {
    return finding(pack_with(
        table_with("      - effective_from: 2026-01-01\n        rows: " + rows + "\n", "bands: {" + kind + ": k}"),
        kOne));
  };
  EXPECT_EQ(of("[[1, 2], [2, 3], [null, 4]]"), "");
  EXPECT_EQ(of("[[null, 2], [2, 3]]", "at_least"), "");
  EXPECT_EQ(of("[[1, 2], [2, 3]]"), "warning bands-gap 10");
  EXPECT_EQ(of("[[2, 2], [1, 3], [null, 4]]"), "error bands-order 10");
  EXPECT_EQ(of("[[1, 2], [1, 3], [null, 4]]"), "error bands-duplicate 10");
  EXPECT_EQ(of("[[null, 2], [1, 3]]"), "error bands-order 10");
}

TEST(InForce, TheLatestEditionOfEachKeyHolds) {
  const LoadedPack loaded =
      load_pack(pack_with("  t:\n    key: k\n    columns: {k: {type: string}, v: {type: count}}\n    editions:\n"
                          "      - {effective_from: 2025-01-01, rows: [[a, 1], [b, 1]]}\n"
                          "      - {effective_from: 2025-06-01, effective_to: 2025-12-31, rows: [[b, 2]]}\n"
                          "      - {effective_from: 2026-03-01, rows: [[c, 3]]}\n",
                          kOne));
  ASSERT_TRUE(loaded.pack) << describe(loaded.findings);
  const auto on = [&](const char* day) {
    std::string text;
    const auto rows = rows_in_force(loaded.pack->tables[0], day == nullptr ? std::nullopt : parse_date(day));
    for (const auto& row : rows->lookup.rows) text += row[0] + row[1] + " ";
    return text;
  };
  EXPECT_EQ(on("2024-12-31"), "");
  EXPECT_EQ(on("2025-01-01"), "a1 b1 ");
  EXPECT_EQ(on("2025-12-31"), "a1 b2 ");
  EXPECT_EQ(on("2026-01-01"), "a1 ") << "b has ended, and its earlier edition with it";
  EXPECT_EQ(on("2026-03-01"), "a1 c3 ");
  EXPECT_EQ(on(nullptr), "a1 b2 c3 ");
}

class Uses : public ::testing::Test {
 protected:
  Uses() {
    for (const char* version : {"1", "2"}) {
      LoadedPack loaded = load_pack(std::string("kaogong_pack: 1\nid: cn.iit\njurisdiction: CN\nversion: ") + version +
                                    "\nfunctions:\n  other: {result: {type: count, expr: one()}}\n" + kOne +
                                    "  unused: {result: {type: count, expr: 1}}\n");
      loaded.pack->hash = std::string("hash-") + version;
      library_.add(std::move(loaded.pack));
    }
  }
  Loaded with(const std::string& uses, const std::string& input = "x") {
    return load("kaogong: 1\nid: test\nperiods: [month]\nuses: " + uses + "\ninputs: {" + input +
                    ": {type: count}}\ndecisions: {out: {type: count, expr: cn.iit.other()}}\noutputs: [out]\n",
                library_);
  }
  PackLibrary library_;
};

TEST_F(Uses, NamesPacksByIdAndVersion) {
  const Loaded last = with("[cn.iit]");
  ASSERT_TRUE(last.document) << describe(last.findings);
  EXPECT_EQ(last.document->packs[0]->version, 2u) << "the one that was added last";
  const Loaded first = with("{id: cn.iit, version: 1}");
  ASSERT_TRUE(first.document) << describe(first.findings);
  EXPECT_EQ(first.document->packs[0]->version, 1u);
  const auto used = used_packs(*first.document);
  ASSERT_EQ(used.size(), 1u);
  EXPECT_EQ(used[0].id, "cn.iit");
  EXPECT_EQ(used[0].hash, "hash-1");
  EXPECT_EQ(first.document->called.size(), 2u) << "one by way of the other";
}

TEST_F(Uses, FindsWhatIsNotThere) {
  EXPECT_EQ(describe(with("[cn.itt]").findings),
            "error unknown-pack 4:8 there is no pack \"cn.itt\" · did you mean \"cn.iit\"?\n");
  EXPECT_EQ(describe(with("{id: cn.iit, version: 9}").findings),
            "error unknown-pack 4:7 there is no version 9 of the pack \"cn.iit\" · there is: 1, 2\n");
  EXPECT_NE(find(with("[cn.iit, cn.iit]").findings, "duplicate-value"), nullptr);
  EXPECT_NE(find(with("[cn.iit]", "cn").findings, "duplicate-name"), nullptr);
}

}  // namespace
}  // namespace kaogong::scheme
