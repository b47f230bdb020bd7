#include "gateway/json/read.h"

#include <gtest/gtest.h>

#include "gateway/json/writer.h"

namespace kaogong::json {
namespace {

/// The document written again, or `!pointer: detail`.
void write(Writer* out, Value value) {
  switch (value.kind()) {
    case Kind::kNull:
      out->null();
      break;
    case Kind::kBoolean:
      out->value(value.truth());
      break;
    case Kind::kNumber:
      out->raw(value.text());
      break;
    case Kind::kString:
      out->value(value.text());
      break;
    case Kind::kArray:
      out->begin_array();
      for (const auto item : value.items()) write(out, item);
      out->end_array();
      break;
    case Kind::kObject:
      out->begin_object();
      for (const auto& member : value.members()) {
        out->name(member.name);
        write(out, member.value);
      }
      out->end_object();
      break;
  }
}
std::string again(std::string_view text, const ReadLimits& limits = {}) {
  const auto result = read(text, limits);
  if (const auto* fault = std::get_if<ReadFault>(&result)) return "!" + fault->pointer + ": " + fault->detail;
  Writer writer;
  write(&writer, std::get<Document>(result).root());
  return writer.take();
}
bool refused(std::string_view text) { return again(text).starts_with("!"); }

TEST(Read, KeepsWhatIsWritten) {
  for (const std::string_view text :
       {R"({})", R"([])", R"({"a":1,"b":[true,false,null,"x"],"c":{"d":{}}})",
        R"([1.50,-0,-0.0,1e2,1E+2,12345678901234567890123])", R"({"考核":"优秀 😀","":""})",
        R"({"a":[[],[[]],{}],"b":2})", R"(["a\"b\\c\nd\u0001"])"})
    EXPECT_EQ(again(text), text);
  EXPECT_EQ(again(" {\"a\" : [ 1 , \"\\u4f18\\ud83d\\ude00\\/\" ] } \n"), R"({"a":[1,"优😀/"]})");
}

TEST(Read, RefusesWhatIsNoJson) {
  for (const std::string_view text : {"",
                                      " ",
                                      "1",
                                      "\"a\"",
                                      "null",
                                      "{",
                                      "[",
                                      "{]",
                                      "[}",
                                      "[1",
                                      "{\"a\":1",
                                      "{\"a\"}",
                                      "{\"a\":}",
                                      "{\"a\" 1}",
                                      "{a:1}",
                                      "{'a':1}",
                                      "[1,]",
                                      "[,1]",
                                      "[1 2]",
                                      "{\"a\":1,}",
                                      "{\"a\":1 \"b\":2}",
                                      "{,}",
                                      "[1]]",
                                      "[1] 2",
                                      "{} {}",
                                      "[tru]",
                                      "[nul]",
                                      "[truex]",
                                      "[null1]",
                                      "[True]",
                                      "[NaN]",
                                      "[Infinity]",
                                      "[-Infinity]",
                                      "[-]",
                                      "[+1]",
                                      "[.5]",
                                      "[1.]",
                                      "[01]",
                                      "[-01]",
                                      "[1e]",
                                      "[1e+]",
                                      "[0x10]",
                                      "[1_000]",
                                      "[1a]",
                                      "[\"a\"x]",
                                      "[\"a]",
                                      "[\"\\x\"]",
                                      "[\"\\u12\"]",
                                      "[\"\\ud800\"]",
                                      "[\"\\ud800\\u0041\"]",
                                      "[\"a\nb\"]",
                                      "[\"\x01\"]",
                                      "// c\n[]",
                                      "[/**/]",
                                      "\xEF\xBB\xBF[]"})
    EXPECT_TRUE(refused(text)) << text << " gave " << again(text);
  EXPECT_TRUE(refused(std::string_view("[1]\0", 4)));
  EXPECT_TRUE(refused(std::string_view("[\0]", 3)));
}

TEST(Read, SaysWhereItIsNoJson) {
  for (const auto& [text, place] :
       std::vector<std::pair<std::string, std::string>>{{"{\n  \"考核\": 1,\n  \"优\": \n}", "(line 4, column 1)"},
                                                        {"[1 2]", "(column 4)"},
                                                        {"{\"a\":1 \"b\":2}", "(column 8)"},
                                                        {"[tru]", "(column 2)"},
                                                        {"{\"考核\" 1}", "(column 7)"}})
    EXPECT_TRUE(again(text).ends_with(place)) << text << " gave " << again(text);
}

TEST(Read, RefusesWhatIsNotUtf8) {
  for (const std::string_view text : {"[\"\xff\"]", "[\"\xc0\x80\"]", "[\"\xed\xa0\x80\"]", "[\"\xe4\xbc\"]", "[\xff]"})
    EXPECT_TRUE(refused(text)) << text;
}

TEST(Read, RefusesNulInTexts) {
  EXPECT_EQ(again(R"({"a":["x","y\u0000"]})"), "!/a/1: a text may not hold U+0000");
  EXPECT_EQ(again(R"({"a":{"y\u0000":1}})"), "!/a: a text may not hold U+0000");
  EXPECT_TRUE(refused(R"({"a\u0000":1})"));
}

TEST(Read, RefusesNamesThatAreThereTwice) {
  EXPECT_EQ(again(R"({"x":[{"a":1,"b":2,"\u0061":3}]})"), "!/x/0/a: this member is there twice");
  EXPECT_EQ(again(R"({"a":{"a":1},"b":{"a":1}})"), R"({"a":{"a":1},"b":{"a":1}})");
}

TEST(Read, NumbersHaveBounds) {
  EXPECT_TRUE(refused("[1e400]"));
  EXPECT_TRUE(refused("[1e308]"));
  EXPECT_TRUE(refused("[1e-400]"));
  EXPECT_TRUE(refused("[1e99999999999999999999]"));
  EXPECT_FALSE(refused("[1e307]"));
  EXPECT_FALSE(refused("[" + std::string(kNumberBytesMax, '7') + "]"));
  EXPECT_TRUE(refused("[" + std::string(kNumberBytesMax + 1, '7') + "]"));
}

TEST(Read, DepthHasABound) {
  const auto nested = [](size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_FALSE(refused(nested(kDepthMax)));
  EXPECT_TRUE(refused(nested(kDepthMax + 1)));
  EXPECT_TRUE(refused(nested(1'000'000)));
  EXPECT_TRUE(refused(std::string(1'000'000, '[')));
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  EXPECT_TRUE(refused(objects));
}

TEST(Read, SizeHasABound) {
  EXPECT_EQ(again("[1,2]", {.bytes_max = 5}), "[1,2]");
  EXPECT_EQ(again("[1,2] ", {.bytes_max = 5}), "!: the text is longer than 5 bytes");
}

TEST(Read, FaultsPointAtTheirPlace) {
  EXPECT_TRUE(again(R"({"rows":[{"a/b":1},{"a/b":01}]})").starts_with("!/rows/1/a~1b: "));
  EXPECT_TRUE(again(R"({"x~":[1,2,)").starts_with("!/x~0"));
  // Of a long name the beginning, which ends between two characters.
  const std::string most(kPointerBytesMax - 1, 'x');
  EXPECT_TRUE(again("{\"" + most + "林\":01}").starts_with("!/" + most + ": "));
}

TEST(Read, OneDocumentAfterAnother) {
  // The reader keeps its memory: a short text after a long one, a good one after a bad one.
  const std::string large = "[\"" + std::string(100'000, 'x') + "\"]";
  EXPECT_EQ(again(large), large);
  EXPECT_EQ(again("[1]"), "[1]");
  EXPECT_TRUE(refused("[1"));
  EXPECT_EQ(again("[\"abc\"]"), "[\"abc\"]");
}

TEST(Value, FindsMembers) {
  const auto result = read(R"({"a":1,"b":[10,20,{"c":3}],"d":"x"})");
  const auto root = std::get<Document>(result).root();
  EXPECT_EQ(root.find("d")->text(), "x");
  EXPECT_EQ(root.find("b")->size(), 3u);
  EXPECT_FALSE(root.find("c"));
  EXPECT_FALSE(root.find("a")->find("x"));
  size_t items = 0;
  for (const auto item : root.find("a")->items()) items += item.size() + 1;
  EXPECT_EQ(items, 0u);
}

}  // namespace
}  // namespace kaogong::json
