#include "gateway/json/body.h"

#include <gtest/gtest.h>

#include "gateway/json/read.h"

namespace kaogong::json {
namespace {

/// A document and what is wrong with it.
struct Body {
  explicit Body(std::string_view text) : document(std::get<Document>(read(text))) {}
  BodyReader reader() { return {document.root(), "", faults}; }
  std::string said() const {
    std::string text;
    for (const auto& fault : faults.list()) text += fault.pointer + " " + fault.detail + "\n";
    return text;
  }
  Document document;
  BodyFaults faults;
};

std::optional<int> parse_colour(std::string_view text) { return text == "red" ? std::optional(1) : std::nullopt; }

TEST(BodyReader, ReadsWhatIsThere) {
  Body body(
      R"({"name":"甲","age":30,"good":true,"pay":"12.50","rate":0.30,"list":["a","b"],"in":{"x":1},"colour":"red","no":null})");
  auto reader = body.reader();
  EXPECT_EQ(reader.text("name", 10), "甲");
  EXPECT_EQ(reader.whole("age", 0, 100), 30);
  EXPECT_EQ(reader.truth("good"), true);
  EXPECT_EQ(reader.decimal("pay"), "12.50");
  EXPECT_EQ(reader.decimal("rate"), "0.30");
  EXPECT_EQ(reader.texts("list", 2, 1), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(reader.object("in")->whole("x", 0, 9), 1);
  EXPECT_EQ(reader.parsed("colour", parse_colour, "a colour"), 1);
  EXPECT_FALSE(reader.text("no", 5, Need::kOptional));
  EXPECT_FALSE(reader.text("absent", 5, Need::kOptional));
  reader.finish();
  EXPECT_EQ(body.said(), "");
}

TEST(BodyReader, FindsAllThatIsWrong) {
  Body body(
      R"({"name":"","long":"abcdef","age":"30","age2":1.0,"age3":101,"good":1,"pay":"1,5","list":["a",1,"long"],"many":[1,2,3],"in":[],"colour":"blue","nul":null,"a/b":1})");
  auto reader = body.reader();
  reader.text("name", 10);
  reader.text("long", 5);
  reader.whole("age", 0, 100);
  reader.whole("age2", 0, 100);
  reader.whole("age3", 0, 100);
  reader.truth("good");
  reader.decimal("pay");
  reader.texts("list", 3, 3);
  reader.array("many", 2);
  EXPECT_FALSE(reader.object("in"));
  reader.parsed("colour", parse_colour, "a colour");
  reader.text("nul", 5);
  reader.text("absent", 5);
  reader.finish();
  EXPECT_EQ(body.said(),
            "/name must not be empty\n"
            "/long is longer than 5 bytes\n"
            "/age must be a number, not a string\n"
            "/age2 must be a whole number from 0 to 100\n"
            "/age3 must be a whole number from 0 to 100\n"
            "/good must be a boolean, not a number\n"
            "/pay must be a number, or a string that is one\n"
            "/list/1 must be a string, not a number\n"
            "/list/2 is longer than 3 bytes\n"
            "/many has more than 2 items\n"
            "/in must be an object, not an array\n"
            "/colour must be a colour\n"
            "/nul must be a string, not null\n"
            "/absent is missing\n"
            "/a~1b is not known here\n");
}

TEST(BodyReader, WhatIsNoObjectIsOneFault) {
  Body body("[1]");
  auto reader = body.reader();
  reader.text("name", 10);
  reader.finish();
  EXPECT_EQ(body.said(), " must be an object, not an array\n");
}

TEST(BodyReader, FaultsHaveABound) {
  std::string text = "{";
  for (size_t i = 0; i < kBodyFaultsMax + 10; ++i) text += (i ? ",\"" : "\"") + std::to_string(i) + "\":1";
  Body body(text + "}");
  auto reader = body.reader();
  reader.finish();
  EXPECT_EQ(body.faults.list().size(), kBodyFaultsMax);
}

}  // namespace
}  // namespace kaogong::json
