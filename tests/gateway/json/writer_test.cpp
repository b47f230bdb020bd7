#include "gateway/json/writer.h"

#include <gtest/gtest.h>

#include <optional>

namespace kaogong::json {
namespace {

TEST(Writer, WritesInOrder) {
  Writer writer;
  writer.begin_object().member("z", 1).member("a", true).member("money", "12.50").name("list").begin_array();
  writer.value(-9223372036854775807)
      .value("x")
      .null()
      .begin_object()
      .end_object()
      .begin_array()
      .end_array()
      .end_array();
  writer.member_or_null("none", std::optional<std::string>()).member_or_null("some", std::optional<int64_t>(5));
  writer.raw_member("raw", "{\"b\":1}").end_object();
  EXPECT_EQ(
      writer.take(),
      R"({"z":1,"a":true,"money":"12.50","list":[-9223372036854775807,"x",null,{},[]],"none":null,"some":5,"raw":{"b":1}})");
  writer.begin_array().end_array();
  EXPECT_EQ(writer.take(), "[]");
}

TEST(Writer, EscapesTexts) {
  std::string out;
  append_string(&out, std::string_view("\"\\/\b\n\x1f\x7f\0优", 11));
  EXPECT_EQ(out, "\"\\\"\\\\/\\u0008\\n\\u001f\\u007f\\u0000优\"");
}

TEST(Writer, WhatIsNotUtf8IsReplaced) {
  std::string out;
  append_string(&out, "a\xff\xed\xa0\x80z\xe4\xbc");
  EXPECT_EQ(out, "\"a\uFFFD\uFFFD\uFFFD\uFFFDz\uFFFD\uFFFD\"");
}

using WriterDeathTest = ::testing::Test;
TEST(WriterDeathTest, MisuseIsABug) {
  EXPECT_DEATH(Writer().begin_object().value(1), "without a name");
  EXPECT_DEATH(Writer().begin_object().end_array(), "not begun");
  EXPECT_DEATH(Writer().begin_object().take(), "not ended");
  EXPECT_DEATH(Writer().value(1).value(2), "second document");
}

}  // namespace
}  // namespace kaogong::json
