#include "engine/feel/parser.h"

#include <gtest/gtest.h>

namespace kaogong::feel {
namespace {

std::string round_trip(std::string_view text, const ParseNames& names = {}) {
  Parsed<ExprPtr> parsed = parse_expression(text, names);
  if (const auto* error = std::get_if<SyntaxError>(&parsed)) {
    return "error " + std::to_string(error->line) + ":" + std::to_string(error->column) + " " + error->message;
  }
  return to_text(*std::get<ExprPtr>(parsed));
}

std::string tests(std::string_view text, const ParseNames& names = {}) {
  auto parsed = parse_unary_tests(text, names);
  if (const auto* error = std::get_if<SyntaxError>(&parsed)) return "error " + error->message;
  return to_text(*std::get<std::unique_ptr<UnaryTests>>(parsed));
}

TEST(Parser, KeepsPrecedence) {
  EXPECT_EQ(round_trip("1+2*3"), "1 + 2 * 3");
  EXPECT_EQ(round_trip("(1+2)*3"), "(1 + 2) * 3");
  EXPECT_EQ(round_trip("1-(2-3)"), "1 - (2 - 3)");
  EXPECT_EQ(round_trip("(1-2)-3"), "1 - 2 - 3");
  EXPECT_EQ(round_trip("-2**2"), "-2 ** 2");
  EXPECT_EQ(round_trip("-(2**2)"), "-(2 ** 2)");
  EXPECT_EQ(round_trip("2**-1"), "2 ** -1");
  EXPECT_EQ(round_trip("a or b and c = d"), "a or b and c = d");
  EXPECT_EQ(round_trip("(a or b) and c"), "(a or b) and c");
  EXPECT_EQ(round_trip("not(a) and b"), "not(a) and b");
  EXPECT_EQ(round_trip("a between 1 and 2 and b"), "a between 1 and 2 and b");
  EXPECT_EQ(round_trip("if a then 1 else 2 + 3"), "if a then 1 else 2 + 3");
  EXPECT_EQ(round_trip("(if a then 1 else 2) + 3"), "(if a then 1 else 2) + 3");
  EXPECT_EQ(round_trip("1 instance of number and true"), "1 instance of number and true");
}

TEST(Parser, ReadsLiterals) {
  EXPECT_EQ(round_trip("1.50"), "1.50");
  EXPECT_EQ(round_trip(".5"), ".5");
  EXPECT_EQ(round_trip("1e-7"), "1e-7");
  EXPECT_EQ(round_trip(R"("a\"b\\c\u0041\n")"), R"("a\"b\\cA\n")");
  EXPECT_EQ(round_trip(R"("\uD83D\uDC0E")"), "\"\xF0\x9F\x90\x8E\"");
  EXPECT_EQ(round_trip(R"("\s+")"), R"("\\s+")");
  EXPECT_EQ(round_trip("@\"2026-10-31\""), "@\"2026-10-31\"");
  EXPECT_EQ(round_trip("[1, [2], []]"), "[1, [2], []]");
  EXPECT_EQ(round_trip("{a: 1, \"b c\": a, d-e: 2}"), "{a: 1, b c: a, \"d-e\": 2}");
  EXPECT_EQ(round_trip("{\"a\u2014b\": 1, \"1a\": 2, \"a  b\": 3, 工资 1: 4}"),
            "{\"a\u2014b\": 1, \"1a\": 2, \"a  b\": 3, 工资 1: 4}");
  EXPECT_EQ(round_trip("1 // one\n + /* two */ 2"), "1 + 2");
}

TEST(Parser, ReadsRanges) {
  EXPECT_EQ(round_trip("[1..5]"), "[1..5]");
  EXPECT_EQ(round_trip("(1..5)"), "(1..5)");
  EXPECT_EQ(round_trip("]1..5["), "(1..5)");
  EXPECT_EQ(round_trip("]a..b[ = c"), "(a..b) = c");
  EXPECT_EQ(round_trip("[l[1]..l[2]]"), "[l[1]..l[2]]");
  EXPECT_EQ(round_trip("x in [1..5)"), "x in [1..5)");
  EXPECT_EQ(round_trip("x in (1..5] and y"), "x in (1..5] and y");
  EXPECT_EQ(round_trip("x in (1, <3, [4..5])"), "x in (1, < 3, [4..5])");
  EXPECT_EQ(round_trip("x in > 5"), "x in (> 5)");
  EXPECT_EQ(round_trip("x in (l)[1]"), "x in l[1]");
  EXPECT_EQ(round_trip("(<5)"), "(< 5)");
  EXPECT_EQ(round_trip("for i in 1..n return i"), "for i in 1..n return i");
}

TEST(Parser, ReadsTheLongestKnownName) {
  const ParseNames names{{"Monthly Income", "a-b", "a", "b", "profit and loss", "x/y.z"}};
  EXPECT_EQ(round_trip("Monthly  Income*2", names), "Monthly Income * 2");
  EXPECT_EQ(round_trip("a-b", names), "a-b");
  EXPECT_EQ(round_trip("a-c", names), "a - c");
  EXPECT_EQ(round_trip("profit and loss and a", names), "profit and loss and a");
  EXPECT_EQ(round_trip("x/y.z+1", names), "x/y.z + 1");
  EXPECT_EQ(round_trip("{first name: 1, r: first name+1}.first name"), "{first name: 1, r: first name + 1}.first name");
  EXPECT_EQ(round_trip("for my-x in l return my-x-1"), "for my-x in l return my-x - 1");
  EXPECT_EQ(round_trip("string length(\"a\")"), "string length(\"a\")");
  EXPECT_EQ(round_trip("date and time(\"2026-10-31T00:00:00\").time offset"),
            "date and time(\"2026-10-31T00:00:00\").time offset");
  EXPECT_EQ(round_trip("loan.annual rate/12"), "loan.annual rate / 12");
  EXPECT_EQ(round_trip("绩效 得分 + 1"), "绩效 得分 + 1");
}

TEST(Parser, ReadsForms) {
  EXPECT_EQ(round_trip("for x in xs, y in f(x) return x+y"), "for x in xs, y in f(x) return x + y");
  EXPECT_EQ(round_trip("some x in xs satisfies x>1"), "some x in xs satisfies x > 1");
  EXPECT_EQ(round_trip("every x in xs satisfies x>1 and y"), "every x in xs satisfies x > 1 and y");
  EXPECT_EQ(round_trip("function(a: number, b c: list<string>) a+b c"),
            "function(a: number, b c: list<string>) a + b c");
  EXPECT_EQ(round_trip("(function(a) a)(1)"), "(function(a) a)(1)");
  EXPECT_EQ(round_trip("f(a: 1, b c: 2)"), "f(a: 1, b c: 2)");
  EXPECT_EQ(round_trip("rank(of: score, within: department)"), "rank(of: score, within: department)");
  EXPECT_EQ(round_trip("sum(ratings[rater = \"self\"].points)"), "sum(ratings[rater = \"self\"].points)");
  EXPECT_EQ(round_trip("x instance of context<a: number, b: range<date and time>>"),
            "x instance of context<a: number, b: range<date and time>>");
  EXPECT_EQ(round_trip("x instance of function<number, string> -> list<any> and y"),
            "x instance of function<number, string> -> list<any> and y");
  EXPECT_EQ(round_trip("x instance of days and time duration"), "x instance of days and time duration");
}

TEST(Parser, ReadsUnaryTests) {
  EXPECT_EQ(tests("-"), "-");
  EXPECT_EQ(tests(" < 5, [7..9] , \"a\""), "< 5, [7..9], \"a\"");
  EXPECT_EQ(tests("not(\"a\", > 3)"), "not(\"a\", > 3)");
  EXPECT_EQ(tests("not(a) and b"), "not(a) and b");
  EXPECT_EQ(tests("not(? > 1) or ? = 5"), "not(? > 1) or ? = 5");
  EXPECT_EQ(tests("-1"), "-1");
  EXPECT_EQ(tests("? * 2 > 5"), "? * 2 > 5");
  const auto parsed = parse_unary_tests("? > 2, 5");
  const auto& node = *std::get<std::unique_ptr<UnaryTests>>(parsed);
  EXPECT_TRUE(node.tests[0].uses_placeholder);
  EXPECT_FALSE(node.tests[1].uses_placeholder);
}

TEST(Parser, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(round_trip("1 +"), "error 1:4 expected an expression, found the end");
  EXPECT_EQ(round_trip("工资 +\n  * 2"), "error 2:3 expected an expression, found '*'");
  EXPECT_EQ(round_trip("f(1"), "error 1:4 expected ')', found the end");
  EXPECT_EQ(round_trip("\"abc"), "error 1:1 the string does not end");
  EXPECT_EQ(round_trip("1 2"), "error 1:3 unexpected '2'");
  EXPECT_EQ(round_trip(""), "error 1:1 expected an expression, found the end");
  EXPECT_EQ(round_trip("\xFF"), "error 1:1 the text is not UTF-8");
}

TEST(Parser, RefusesHostileDepth) {
  for (const char* open : {"(", "[", "{a:", "-", "f(", "if ", "for x in ", "1 in (", "not(", "a[", "]", "function(a)",
                           "1 instance of list<", "some x in ", "1 in -", "2**-", "(<", "[[1..", "function("}) {
    std::string text;
    for (int i = 0; i < 20000; ++i) text += open;
    EXPECT_TRUE(round_trip(text).starts_with("error")) << open;
    EXPECT_TRUE(tests(text).starts_with("error")) << open;
  }
  for (const char* chain : {"+1", ".a", "[1]", "(1)", " and 1", " in 1", " between 1 and 1", " instance of a"}) {
    std::string text = "x";
    for (int i = 0; i < 20000; ++i) text += chain;
    EXPECT_TRUE(round_trip(text).starts_with("error")) << chain;
  }
  std::string sum = "1";
  for (int i = 0; i < 500; ++i) sum += "+1";
  EXPECT_FALSE(round_trip(sum).starts_with("error"));
}

}  // namespace
}  // namespace kaogong::feel
