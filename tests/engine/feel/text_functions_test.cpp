#include "engine/feel/text_functions.h"

#include <gtest/gtest.h>

#include "engine/feel/regex_translate.h"

namespace kaogong::feel::text {
namespace {

/// "true", "false", the text, the parts in brackets, or "error".
std::string show(const RegexResult<bool>& result) {
  const bool* value = std::get_if<bool>(&result);
  return value == nullptr ? "error" : *value ? "true" : "false";
}
std::string show(const RegexResult<std::string>& result) {
  const auto* value = std::get_if<std::string>(&result);
  return value == nullptr ? "error" : *value;
}
std::string show(const RegexResult<std::vector<std::string>>& result) {
  const auto* value = std::get_if<std::vector<std::string>>(&result);
  if (value == nullptr) return "error";
  std::string out;
  for (const std::string& part : *value) out += "[" + part + "]";
  return out;
}
std::string run(std::string_view text, std::string_view pattern, std::string_view flags = {}) {
  return show(matches(text, pattern, flags));
}

TEST(TextFunctions, Utf8) {
  EXPECT_TRUE(is_valid_utf8(""));
  EXPECT_TRUE(is_valid_utf8("考功 🐎 é"));
  EXPECT_TRUE(is_valid_utf8(std::string_view("a\0b", 3)));
  for (const char* bad :
       {"\x80", "\xC0\x80", "\xE4\xBD", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xFF", "a\xF0\x9F\x90"}) {
    EXPECT_FALSE(is_valid_utf8(bad));
  }
}

TEST(TextFunctions, LengthAndSubstringCountCodePoints) {
  EXPECT_EQ(string_length(""), 0);
  EXPECT_EQ(string_length("🐎😀"), 2);
  EXPECT_EQ(string_length("aaaaa dddd"), 10);
  EXPECT_EQ(substring("foobar", 3), "obar");
  EXPECT_EQ(substring("foobar", 3, 3), "oba");
  EXPECT_EQ(substring("foobar", 1, 6), "foobar");
  EXPECT_EQ(substring("foobar", 5, 100), "ar");
  EXPECT_EQ(substring("foob r", -2, 1), " ");
  EXPECT_EQ(substring("foobar", -6), "foobar");
  EXPECT_EQ(substring("🐎foo", 2), "foo");
  EXPECT_EQ(substring("甲乙丙丁", 2, 2), "乙丙");
  EXPECT_EQ(substring("甲乙丙丁", -1), "丁");
  EXPECT_EQ(substring("foobar", 0), std::nullopt);
  EXPECT_EQ(substring("foobar", 7), std::nullopt);
  EXPECT_EQ(substring("foobar", -7), std::nullopt);
  EXPECT_EQ(substring("foobar", 1, 0), std::nullopt);
  EXPECT_EQ(substring("foobar", INT64_MIN, INT64_MAX), std::nullopt);
  EXPECT_EQ(substring("", 1), std::nullopt);
}

TEST(TextFunctions, Case) {
  EXPECT_EQ(upper_case("xyZ 123?@{"), "XYZ 123?@{");
  EXPECT_EQ(lower_case("AbDcF?@["), "abdcf?@[");
  EXPECT_EQ(upper_case("straße ﬁ é я 考"), "STRASSE FI É Я 考");
  EXPECT_EQ(lower_case("ΟΔΟΣ ÉÀ İ"), "οδος éà i̇");
  EXPECT_EQ(upper_case("i"), "I");
}

TEST(TextFunctions, Parts) {
  EXPECT_EQ(substring_before("foobar", "bar"), "foo");
  EXPECT_EQ(substring_before("foobar", "x"), "");
  EXPECT_EQ(substring_before("abc", ""), "");
  EXPECT_EQ(substring_after("foobar", "ob"), "ar");
  EXPECT_EQ(substring_after("foobar", "x"), "");
  EXPECT_EQ(substring_after("abc", ""), "abc");
  EXPECT_EQ(substring_after("", ""), "");
  EXPECT_TRUE(contains("abc", ""));
  EXPECT_FALSE(contains("", "ab"));
  EXPECT_TRUE(starts_with("foobar", "fo"));
  EXPECT_TRUE(ends_with("foobar", "bar"));
  EXPECT_EQ(string_join({"a", std::nullopt, "c"}, "X"), "aXc");
  EXPECT_EQ(string_join({"a", "", "c"}, "X"), "aXXc");
  EXPECT_EQ(string_join({}, "X"), "");
}

TEST(Regex, MatchesAsTheConformanceKitExpects) {
  EXPECT_EQ(run("banana", "[a-z]{3}"), "true");
  EXPECT_EQ(run("abracadabra", "bra", "p"), "error");
  EXPECT_EQ(run("input", "pattern", " "), "error");
  EXPECT_EQ(run("input", "pattern", "X"), "error");
  EXPECT_EQ(run("\nabcd\ndefg\n", "^$", "m"), "true");
  EXPECT_EQ(run("abcd\n\ndefg\n ", "^$", "m"), "true");
  EXPECT_EQ(run("abcd\ndefg\n", "^$", "m"), "false");
  EXPECT_EQ(run("abcd\n", "d$"), "false");
  EXPECT_EQ(run("Mary\rJones", "Mary.Jones"), "false");
  EXPECT_EQ(run("Mary\rJones", "Mary.Jones", "s"), "true");
  EXPECT_EQ(run("Mary\nJones", "Mary.Jones", "s"), "true");
  EXPECT_EQ(run("abc", "ABC", "i"), "true");
  EXPECT_EQ(run("\u212A", "k", "i"), "true");
  EXPECT_EQ(run("\u212A", "[A-Z]", "i"), "true");
  EXPECT_EQ(run("x", "[A-Z-[OI]]", "i"), "true");
  EXPECT_EQ(run("O", "[A-Z-[OI]]", "i"), "false");
  EXPECT_EQ(run("i", "[A-Z-[OI]]", "i"), "false");
  EXPECT_EQ(run("q", "[^Q]", "i"), "false");
  EXPECT_EQ(run("hello world", "hello\\ sworld", "x"), "true");
  EXPECT_EQ(run("hello world", " hello[ ]world", "x"), "true");
  EXPECT_EQ(run("hello world", "he ll o[ ]worl d", "x"), "true");
  EXPECT_EQ(run("hello world", "\\p{ IsBasicLatin}+", "x"), "true");
  EXPECT_EQ(run("hello world", "\\p{ I s B a s i c L a t i n }+", "x"), "true");
  EXPECT_EQ(run("hello world", "\\p{ IsBasicLatin}+"), "error");
  EXPECT_EQ(run("h", "(.)\\3"), "error");
  EXPECT_EQ(run("h", "(.)\\2"), "error");
  EXPECT_EQ(run("input", "\\3"), "error");
  EXPECT_EQ(run("abcd", "(asd)[asd\\1]"), "error");
  EXPECT_EQ(run("abcd", "(asd)[asd\\0]"), "error");
  EXPECT_EQ(run("aA", "(a)\\1", "i"), "true");
}

TEST(Regex, XPathSyntax) {
  EXPECT_EQ(run("", ""), "true");
  EXPECT_EQ(run("ab", "^a|c$"), "true");
  EXPECT_EQ(run("e", "[a-z-[aeiou]]"), "false");
  EXPECT_EQ(run("e", "[a-z-[aeiou-[e]]]"), "true");
  EXPECT_EQ(run("f", "[^a-c-[f]]"), "false");
  EXPECT_EQ(run("-", "[a\\-z]"), "true");
  EXPECT_EQ(run("-", "[-a]"), "true");
  EXPECT_EQ(run("-", "[a-]"), "true");
  EXPECT_EQ(run("^", "[a^]"), "true");
  EXPECT_EQ(run("考", "^\\i\\c*$"), "true");
  EXPECT_EQ(run("a-b.c", "^\\i\\c*$"), "true");
  EXPECT_EQ(run("-", "\\I"), "true");
  EXPECT_EQ(run("a", "[\\I\\C]"), "false");
  EXPECT_EQ(run("٣", "^\\d$"), "true");
  EXPECT_EQ(run("x", "\\D"), "true");
  EXPECT_EQ(run("_", "\\w"), "false");  // connector punctuation: not a word character to XML Schema
  EXPECT_EQ(run("+", "\\w"), "true");
  EXPECT_EQ(run("\xC2\xA0", "\\s"), "false");
  EXPECT_EQ(run("\xC2\xA0", "\\S"), "true");
  EXPECT_EQ(run("考", "\\p{IsCJKUnifiedIdeographs}"), "true");
  EXPECT_EQ(run("考", "\\P{IsBasicLatin}"), "true");
  EXPECT_EQ(run("α", "[\\p{IsGreek}]"), "true");
  EXPECT_EQ(run("é", "\\p{IsLatin-1Supplement}"), "true");
  EXPECT_EQ(run("a", "\\p{Lu}", "i"), "false");
  EXPECT_EQ(run("🐎", "^.$"), "true");
  EXPECT_EQ(run("🐎", "^[🐀-🐿]$"), "true");
  EXPECT_EQ(run("a", "^(?:a|b)$"), "true");
  EXPECT_EQ(run("a1", "(a)(a)?\\11"), "false");
  EXPECT_EQ(run("aaa1", "(a)(a)?\\11"), "true");  // \1, then a literal 1
  EXPECT_EQ(run("ab", "(x)?ab\\1"), "true");      // a group that took no part is empty
  EXPECT_EQ(run("aab", "^*a{2}?b$"), "true");
  EXPECT_EQ(run("#", "#", "x"), "true");
  EXPECT_EQ(run("a.b", "a.b", "q"), "true");
  EXPECT_EQ(run("axb", "a.b", "q"), "false");
  EXPECT_EQ(run("A.B", "a.b", "qi"), "true");
  EXPECT_EQ(run(std::string_view("a\0b", 3), std::string_view("a\0b", 3)), "true");
}

TEST(Regex, RefusesWhatXPathDoesNotHave) {
  for (const char* bad : {"(",
                          ")",
                          "a)",
                          "(a",
                          "[",
                          "[a",
                          "[]",
                          "[^]",
                          "]",
                          "}",
                          "{",
                          "a{",
                          "a{1",
                          "a{,3}",
                          "a{3,1}",
                          "a{x}",
                          "a{70000}",
                          "*",
                          "+a",
                          "?",
                          "a**",
                          "a++",
                          "a{1}{2}",
                          "|*",
                          "(*)",
                          "(?=a)",
                          "(?!a)",
                          "(?<=a)",
                          "(?<n>a)",
                          "(?i)a",
                          "(?i:a)",
                          "(?>a)",
                          "(?#c)",
                          "(?C1)",
                          "(?R)",
                          "(*FAIL)",
                          "\\",
                          "\\b",
                          "\\B",
                          "\\h",
                          "\\Q",
                          "\\A",
                          "\\z",
                          "\\Z",
                          "\\x41",
                          "\\u0041",
                          "\\e",
                          "\\a",
                          "\\K",
                          "\\R",
                          "\\X",
                          "\\N",
                          "\\G",
                          "\\g{1}",
                          "\\k<n>",
                          "\\0",
                          "\\p",
                          "\\pL",
                          "\\p{",
                          "\\p{L",
                          "\\p{Foo}",
                          "\\p{IsFoo}",
                          "\\p{Han}",
                          "\\p{Cs}",
                          "[b-a]",
                          "[a-\\d]",
                          "[\\d-z]",
                          "[a-c-e]",
                          "[a-b-c-d]",
                          "[a[b]]",
                          "[[:alpha:]]",
                          "[a-z-[aeiou]x]",
                          "[a-z-[aeiou]",
                          "[\\b]",
                          "(a\\1)",
                          "\\1(a)",
                          "\\/",
                          "\\ "}) {
    EXPECT_EQ(run("a", bad), "error") << bad;
  }
  EXPECT_EQ(run("a", "\xFF"), "error");
  EXPECT_EQ(run("\xFF", "a"), "error");
  const auto error = Regex::compile("考[b-a]");
  ASSERT_TRUE(std::holds_alternative<RegexError>(error));
  EXPECT_EQ(std::get<RegexError>(error).offset, 7u);
  EXPECT_FALSE(std::get<RegexError>(error).message.empty());
}

TEST(Regex, ReplacesAsTheConformanceKitExpects) {
  const auto replaced = [](std::string_view text, std::string_view pattern, std::string_view by,
                           std::string_view flags = {}) { return show(replace(text, pattern, by, flags)); };
  EXPECT_EQ(replaced("abcd", "(ab)|(a)", "[1=$1][2=$2]"), "[1=ab][2=]cd");
  EXPECT_EQ(replaced("a", "[b-z]", "#"), "a");
  EXPECT_EQ(replaced("foobar", "^fo*b*", "#"), "#ar");
  EXPECT_EQ(replaced("abc", ".^[d-z]", "#"), "abc");
  EXPECT_EQ(replaced("abracadabra", "a.*a", "*"), "*");
  EXPECT_EQ(replaced("abracadabra", "a.*?a", "*"), "*c*bra");
  EXPECT_EQ(replaced("abracadabra", "a", ""), "brcdbr");
  EXPECT_EQ(replaced("abracadabra", "a(.)", "a$1$1"), "abbraccaddabbra");
  EXPECT_EQ(replaced("abracadabra", ".*?", "$1"), "error");
  EXPECT_EQ(replaced("AAAA", "A+?", "b"), "bbbb");
  EXPECT_EQ(replaced("darted", "^(.*?)d(.*)$", "$1c$2"), "carted");
  EXPECT_EQ(replaced("0123456789", "(\\d{3})(\\d{3})(\\d{4})", "($1) $2-$3"), "(012) 345-6789");
  EXPECT_EQ(replaced("facetiously", "[iouy]", "[$0]"), "facet[i][o][u]sl[y]");
  EXPECT_EQ(replaced("a.b.c.", "[a-z]", "#", "s"), "#.#.#.");
  EXPECT_EQ(replaced("abc", "[A-Z]", "#", "i"), "###");
  EXPECT_EQ(replaced("a b c d ", "[a-z]", "#", "x"), "# # # # ");
  EXPECT_EQ(replaced("abc", ".^[d-z]*", "smix"), "abc");
  EXPECT_EQ(replaced("banana", "(an)+", "**"), "b**a");

  EXPECT_EQ(replaced("a", "a", "\\$\\\\"), "$\\");
  EXPECT_EQ(replaced("a", "(a)", "$10"), "a0");  // one group: $1, then a literal 0
  EXPECT_EQ(replaced("a", "a", "[$7]"), "[]");
  for (const char* bad : {"$", "$a", "\\", "\\n", "a$"}) EXPECT_EQ(replaced("a", "a", bad), "error") << bad;
  EXPECT_EQ(replaced("a.b.c", ".", "$", "q"), "a$b$c");
  EXPECT_EQ(replaced("甲、乙、丙", "、", "，"), "甲，乙，丙");
}

TEST(Regex, Splits) {
  EXPECT_EQ(show(split("John Doe", "\\s")), "[John][Doe]");
  EXPECT_EQ(show(split("a;b;c;;", ";")), "[a][b][c][][]");
  EXPECT_EQ(show(split(";a", ";")), "[][a]");
  EXPECT_EQ(show(split("abc", "x")), "[abc]");
  EXPECT_EQ(show(split("", ",")), "[]");
  EXPECT_EQ(show(split("abc", "")), "error");
  EXPECT_EQ(show(split("abc", "x*")), "error");
}

TEST(Regex, HostilePatternsEnd) {
  const std::string a(30'000, 'a');
  const std::string long_a(1'000'000, 'a');
  // Each ends in a class, not a letter, so that looking for the letter alone cannot settle it.
  for (const char* hostile :
       {"(a+)+[bc]", "(a|a)*[bc]", "(a|aa)+$[bc]", "(a*)*[bc]", "(a?){20}[bc]", "(.*)*(.*)*(.*)*[bc]", "(a*)\\1\\1[bc]",
        "a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?[bc]", "(a*?)*?[bc]", "((a|a)|(a|a))+[bc]", ".*.*.*.*[bc]"}) {
    EXPECT_EQ(run(a, hostile), "error") << hostile;
  }
  EXPECT_EQ(run(a, "(a+)+[bc]", "i"), "error");
  for (const char* hostile : {"a*[bc]", "a*?[bc]", "[ab]{60000}[bc]", "a{60000}[bc]", "(a{100}){100}[bc]"}) {
    EXPECT_EQ(run(long_a, hostile), "error") << hostile;
  }
  EXPECT_EQ(run(long_a, std::string(16'000, 'a') + "[bc]"), "error");
  EXPECT_EQ(show(replace(long_a, "a(a*[bc])?", "x")), "error");
  EXPECT_EQ(show(split(long_a, "a(a*[bc])?")), "error");
  // Long texts are no trouble by themselves.
  EXPECT_EQ(show(replace(long_a, "a", "")), "");
  EXPECT_EQ(run(long_a, "^a+$"), "true");
  // Size and depth of patterns are bounded.
  EXPECT_EQ(run("a", std::string(kRegexBytesMax + 1, 'a')), "error");
  EXPECT_EQ(run("a", std::string(5'000, '(') + std::string(5'000, ')')), "error");
  EXPECT_EQ(run("a", std::string(5'000, '[')), "error");
  EXPECT_EQ(run("a", "((((a{1000}){1000}){1000}){1000}){1000}"), "error");
  std::string nested = "a";
  for (int i = 0; i < 90; ++i) nested = "(" + nested + ")";
  EXPECT_EQ(run("a", nested), "true");
  EXPECT_EQ(show(replace(std::string(1000, 'a'), "a", std::string(1 << 20, 'b'))), "error");
}

TEST(Regex, CompiledOnceRunsOften) {
  const auto compiled = Regex::compile("^E\\d{4}$");
  ASSERT_TRUE(std::holds_alternative<Regex>(compiled));
  const Regex regex = std::get<Regex>(compiled);
  EXPECT_EQ(show(regex.matches("E0001")), "true");
  EXPECT_EQ(show(regex.matches("X0001")), "false");
}

}  // namespace
}  // namespace kaogong::feel::text
