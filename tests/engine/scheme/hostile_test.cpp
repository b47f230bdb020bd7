// Documents that are meant to break the reader: each is refused, with its place, in bounded time and memory.
#include <gtest/gtest.h>

#include "engine/scheme/load.h"
#include "engine/scheme/tree.h"
#include "tests/engine/scheme/scheme_text.h"

namespace kaogong::scheme {
namespace {

using testing::describe;
using testing::document_with;
using testing::kOut;

std::string repeat(std::string_view part, size_t times) {
  std::string text;
  text.reserve(part.size() * times);
  for (size_t i = 0; i < times; ++i) text += part;
  return text;
}

void expect_refused(const std::string& text, std::string_view code) {
  const Loaded loaded = load(text);
  EXPECT_FALSE(loaded.document);
  EXPECT_NE(testing::find(loaded.findings, code), nullptr) << code << "\n" << describe(loaded.findings).substr(0, 2000);
}

TEST(Hostile, Empty) {
  expect_refused("", "wrong-kind");
  expect_refused("   \n\n", "wrong-kind");
  expect_refused("# nothing\n", "wrong-kind");
  expect_refused("just a text", "wrong-kind");
  expect_refused("[1, 2]", "wrong-kind");
  expect_refused("{}", "missing-key");
}

TEST(Hostile, NotYaml) {
  expect_refused("a: b: c", "yaml-syntax");
  expect_refused("a: [1, 2", "yaml-syntax");
  expect_refused("a: 'x", "yaml-syntax");
  expect_refused("\t- a", "yaml-syntax");
  expect_refused("{\"a\": 1", "yaml-syntax");
  expect_refused("a: \"\\q\"", "yaml-syntax");
}

TEST(Hostile, AnchorsAliasesTagsMergeKeys) {
  expect_refused(document_with("inputs: &a {x: {type: money}}\n"), "anchor");
  expect_refused(document_with("inputs: {x: &t {type: money}, y: *t}\n"), "anchor");
  expect_refused("a: *b\n", "yaml-syntax");
  expect_refused(document_with("inputs: !!map {x: {type: money}}\n"), "tag");
  expect_refused(document_with("id: !!str x\n"), "tag");
  expect_refused(document_with("inputs: {x: {type: !local money}}\n"), "tag");
  expect_refused(document_with("inputs: {x: {<<: {type: money}}}\n"), "merge-key");
  // The billion laughs.
  std::string text = "a0: &a0 [x]\n";
  for (int i = 1; i < 30; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before + ", " + before + "]\n";
  }
  expect_refused(text, "anchor");
}

TEST(Hostile, Depth) {
  expect_refused("a: " + repeat("[", 100'000), "too-deep");
  expect_refused("a: " + repeat("{a: ", 100'000), "too-deep");
  expect_refused(repeat("- ", 100'000) + "x", "too-deep");
  expect_refused(repeat("? ", 100'000) + "x", "too-deep");
  expect_refused("{\"a\": " + repeat("[", 100'000), "too-deep");
  std::string block;
  for (int i = 0; i < 200; ++i) block += std::string(static_cast<size_t>(i), ' ') + "a:\n";
  expect_refused(block, "too-deep");
}

TEST(Hostile, SeveralDocuments) {
  expect_refused(document_with(kOut) + "---\na: 1\n", "several-documents");
  expect_refused(document_with(kOut) + "---\n[[[[\n", "yaml-syntax");
  expect_refused(document_with(kOut) + "---\n&a x\n", "several-documents");
  EXPECT_TRUE(load("---\n" + document_with(kOut)).document);
  EXPECT_TRUE(load("%YAML 1.2\n---\n" + document_with(kOut) + "...\n").document);
}

TEST(Hostile, BadBytes) {
  using namespace std::string_literals;
  expect_refused("id: a\0b\n"s, "encoding");
  expect_refused("id: a\x04 b\n"s, "encoding");
  expect_refused("id: \xC3\x28\n"s, "encoding");
  expect_refused("id: \xED\xA0\x80\n"s, "encoding");  // a surrogate
  expect_refused("id: \xC0\xAF\n"s, "encoding");      // overlong
  expect_refused("id: \xF5\x80\x80\x80\n"s, "encoding");
  expect_refused("id: \xE5\xB7"s, "encoding");     // cut off
  expect_refused("\xFF\xFEi\0d\0"s, "encoding");   // UTF-16
  expect_refused("id: \"a\\0b\"\n"s, "encoding");  // by escape
  expect_refused(R"({"id": "a\u0000"})", "encoding");
  expect_refused(R"({"id": "a\ud800"})", "encoding");
}

TEST(Hostile, DuplicateKeys) {
  expect_refused(document_with("id: again\n"), "duplicate-key");
  expect_refused(R"({"a": 1, "a": 2})", "duplicate-key");
  expect_refused("? [a, b]\n: 1\n", "wrong-kind");
}

TEST(Hostile, Size) {
  expect_refused(std::string(kDocumentBytesMax + 1, ' '), "too-large");
  expect_refused("a: [" + repeat("1,", kNodesMax + 10) + "]", "too-many-values");
  expect_refused("{\"a\": [" + repeat("1,", kNodesMax + 10) + "1]}", "too-many-values");
  std::string names = "inputs:\n";
  for (size_t i = 0; i <= kNamesMax; ++i) names += "  n" + std::to_string(i) + ": {type: money}\n";
  expect_refused(document_with(names) + std::string(kOut), "too-many-names");
  const std::string rules = repeat("['-', 1],", kRulesMax + 1);
  expect_refused(
      document_with("decisions: {out: {type: score, table: {hit: F, inputs: [1], rules: [" + rules + "]}}}\n"),
      "too-many-rules");
}

TEST(Hostile, OneLongLine) {
  // Positions of a document of one line must not cost its length each.
  std::string text = "{\"inputs\": {";
  for (int i = 0; i < 19'000; ++i) text += "\"n" + std::to_string(i) + "\": {\"typo\": \"money\"}, ";
  text += "\"z\": {\"type\": \"money\"}}}";
  const Loaded loaded = load(text);
  EXPECT_FALSE(loaded.document);
  EXPECT_LE(loaded.findings.size(), 600u);
  EXPECT_NE(testing::find(loaded.findings, "too-many-findings"), nullptr);
}

TEST(Hostile, LongNamesAndTexts) {
  const std::string name(100'000, 'a');
  expect_refused(document_with("inputs: {? " + name + " : {type: money}}\n"), "bad-name");
  expect_refused(document_with(std::string(900, 'a') + ": 1\n"), "unknown-key");
  expect_refused(document_with(name + ": 1\n"), "yaml-syntax");  // YAML's own limit of a key
  expect_refused(document_with("decisions: {out: {type: score, expr: '" + repeat("(", 5000) + "'}}\n"),
                 "expression-syntax");
  expect_refused(document_with("decisions: {out: {type: score, expr: \"" + repeat("-", 1'100'000) + "1\"}}\n"),
                 "expression-syntax");
}

TEST(Tree, KeepsTextsAsWritten) {
  const std::string text =
      "a: 1.00\nb: yes\nc: ~\nd: null\ne:\nnull: x\nf: 'it''s'\ng: \"q\\\"\"\nh: |\n  one\n  two\ni: 0x1F\nj: money?\n"
      "k: {l: money?, m: a ? b}\nn: [null, ~, , 'null']\n";
  const SourceText source(text);
  const Tree tree = read_tree(source);
  // "null" is no name for a key: YAML's null.
  ASSERT_FALSE(tree.readable);

  std::string without = text;
  without.replace(without.find("null: x"), 7, "z: x");
  const size_t empty = without.find("[null, ~, , 'null']");
  without.replace(empty, 19, "[null, ~, 'null']");
  const SourceText good_source(without);
  const Tree good = read_tree(good_source);
  ASSERT_TRUE(good.readable) << describe(good.findings);
  const auto value = [&](std::string_view key) -> const Node& {
    for (size_t i = 0; i < good.root.pairs(); ++i) {
      if (good.root.key(i).text == key) return good.root.value(i);
    }
    throw std::runtime_error("no key");
  };
  EXPECT_EQ(value("a").text, "1.00");
  EXPECT_EQ(value("b").text, "yes");
  EXPECT_TRUE(value("c").is_null());
  EXPECT_EQ(value("c").text, "~");
  EXPECT_EQ(value("d").text, "null");
  EXPECT_TRUE(value("e").is_null());
  EXPECT_EQ(value("e").text, "");
  EXPECT_EQ(value("f").text, "it's");
  EXPECT_EQ(value("f").style, Node::Style::kSingleQuoted);
  EXPECT_EQ(value("g").text, "q\"");
  EXPECT_EQ(value("h").text, "one\ntwo\n");
  EXPECT_EQ(value("h").style, Node::Style::kLiteral);
  EXPECT_EQ(value("i").text, "0x1F");
  EXPECT_EQ(value("j").text, "money?");
  EXPECT_EQ(value("k").value(0).text, "money?");
  EXPECT_EQ(value("k").value(1).text, "a ? b");
  EXPECT_EQ(value("n").children[0].text, "null");
  EXPECT_EQ(value("n").children[1].text, "~");
  EXPECT_TRUE(value("n").children[2].is_text());
}

TEST(Tree, PlacesInsideTexts) {
  const std::string text = "a: plain\nb: 'it''s x'\nc: \"\\u5de5\\n x\"\nd: |\n   one\n   two\n";
  const SourceText source(text);
  const Tree tree = read_tree(source);
  ASSERT_TRUE(tree.readable) << describe(tree.findings);
  const auto place = [&](size_t i, size_t offset) {
    const Position at = source.at(source_offset(source, tree.root.value(i), offset));
    return std::pair(at.line, at.column);
  };
  EXPECT_EQ(place(0, 2), std::pair(1u, 6u));
  EXPECT_EQ(place(1, 0), std::pair(2u, 5u));
  EXPECT_EQ(place(1, 5), std::pair(2u, 11u));  // the x behind the doubled quote
  EXPECT_EQ(place(2, 5), std::pair(3u, 14u));  // the x behind an escape of three bytes and one of one
  EXPECT_EQ(place(3, 0), std::pair(5u, 4u));
  EXPECT_EQ(place(3, 5), std::pair(6u, 5u));
}

}  // namespace
}  // namespace kaogong::scheme
