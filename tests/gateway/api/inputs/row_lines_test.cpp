#include "gateway/api/inputs/row_lines.h"

#include "gateway/api/body_lines.h"
#include "tests/gateway/api/inputs/text_body.h"
#include "tests/tenants/inputs/inputs_fixture.h"

namespace kaogong::api {

namespace {

using tenants::InputsLoaded;
using tenants::LineOutcome;
using tenants::Result;
using tenants::TenantTransaction;
using tenants::Upload;
using tenants::test::code_of;
using test::TextBody;

class RowLines : public tenants::test::InputsTest {
 protected:
  Upload begin(std::string_view sheet) {
    auto upload = in(tenant, [&](TenantTransaction& t) { return Upload::begin(t, set, sheet, ""); });
    EXPECT_OK(upload);
    return std::move(*upload);
  }
  /// What became of each line: `1 accepted E1`, `2 refused E1 points: column 'points': …`.
  static std::string answers(const Upload& upload) {
    std::string text;
    const auto done = upload.for_each_answer([&](const Upload::Answer& answer) {
      text += std::to_string(answer.line);
      text += answer.outcome == LineOutcome::kAccepted  ? " accepted "
              : answer.outcome == LineOutcome::kLeftOut ? " left out "
                                                        : " refused ";
      text += answer.employee;
      if (answer.fault != nullptr) text += " " + answer.fault->column + ": " + answer.fault->error.en;
      text += "\n";
      return true;
    });
    EXPECT_OK(done);
    return text;
  }
  /// Reads a text in pieces of all sizes, which must make no difference; gives the answers.
  std::string ndjson(std::string_view sheet, const std::string& text) {
    std::string first;
    for (const size_t piece : {size_t{1'000'000}, size_t{1}, size_t{7}}) {
      auto upload = begin(sheet);
      TextBody body(text, piece);
      EXPECT_EQ(read_ndjson(body, upload).end, http::BodySource::State::kEnd);
      EXPECT_OK(upload.finish());
      const auto got = answers(upload);
      if (first.empty()) first = got;
      EXPECT_EQ(got, first) << piece;
    }
    return first;
  }
  Result<InputsLoaded> store(const Upload& upload, bool accept_rest = true) {
    return in(tenant, [&](TenantTransaction& t) {
      return tenants::store_upload(t, set, upload, {.accept_rest = accept_rest});
    });
  }
};

TEST_F(RowLines, RowsKeepTheirExactText) {
  auto upload = begin("ratings");
  TextBody body(
      "{\"employee\":\"E1\",\"rater\":\"self\",\"points\":9.5}\n"
      "{\"points\":\"8.0\", \"rater\":\"b\\u4e2d\\\"x\", \"employee\":\"E1\"}\r\n\n"
      "{\"employee\":\"E2\",\"rater\":\"a, b\",\"points\":7}");
  EXPECT_EQ(read_ndjson(body, upload).end, http::BodySource::State::kEnd);
  ASSERT_OK(upload.finish());
  EXPECT_EQ(answers(upload), "1 accepted E1\n2 accepted E1\n4 accepted E2\n");
  const auto loaded = store(upload);
  ASSERT_OK(loaded);
  EXPECT_TRUE(loaded->stored);
  EXPECT_EQ(loaded->sheets.at(0).added, 2);
  const auto first = find({"ratings", "E1", ""});
  ASSERT_OK(first);
  EXPECT_EQ(first->columns, (std::vector<std::string>{"employee", "rater", "points"}));
  EXPECT_EQ(first->rows, (Rows{{"E1", "self", "9.5"}, {"E1", "b中\"x", "8.0"}}));
  EXPECT_EQ(find({"ratings", "E2", ""})->rows, (Rows{{"E2", "a, b", "7"}}));
}

TEST_F(RowLines, EachLineHasItsFault) {
  EXPECT_EQ(ndjson("ratings",
                   "{\"employee\":\"E1\",\"rater\":\"a\",\"points\":11}\n"
                   "{\"employee\":\"E1\",\"rater\":\"b\",\"points\":1}\n"
                   "{\"employee\":\"E2\",\"rater\":\"a\",\"points\":1e0}\n"
                   "{\"employee\":\"E3\",\"rater\":\"a\",\"score\":1}\n"
                   "{\"employee\":\"E4\",\"rater\":\"a\",\"points\":1,\"points\":2}\n"
                   "{\"employee\":5,\"rater\":\"a\",\"points\":1}\n"
                   "{\"rater\":\"a\",\"points\":1}\n"
                   "{\"employee\":\"E7\",\"rater\":\"a\",\"points\":{}}\n"
                   "{\"employee\":\"E8\",\"rater\":\"a\",\"points\":true}\n"
                   "{\"employee\":\"E9\",\"rater\":\"a\"}\n"
                   "{\"employee\":\"E0\",\"rater\":\"a\",\"points\":1}\n"),
            "1 refused E1 points: column 'points': 11 is above the maximum 10.0\n"
            "2 left out E1\n"
            "3 refused E2 points: column 'points': '1e0' is not a number: write it like 12.50, without plus sign, "
            "exponent, spaces or separators\n"
            "4 refused E3 score: sheet ratings has no column 'score'; use one of: employee, rater, points\n"
            "5 refused  : this is not one JSON object: this member is there twice\n"
            "6 refused  employee: column 'employee': a string is expected: put it in quotes\n"
            "7 refused  employee: column 'employee': the row has no employee id: give one\n"
            "8 refused E7 points: column 'points': a single value is expected, not a list or an object\n"
            "9 refused E8 points: column 'points': a number is expected, bare or in quotes\n"
            "10 refused E9 points: column 'points': the value is missing: give one\n"
            "11 accepted E0\n");
}

TEST_F(RowLines, WhatIsNoObjectIsRefusedAndTheNextLineIsRead) {
  const std::string good = "{\"employee\":\"E1\",\"rater\":\"a\",\"points\":1}";
  for (const std::string bad : {R"({"employee":"E1","rater":"a","points":1)",
                                R"({"employee":"E1","rater":"a" "points":1})",
                                R"([1])",
                                R"(5)",
                                R"({"employee":"E1","rater":"a","points":1}})",
                                R"({"employee":"E1","rater":"a","points":1} {})",
                                R"({"employee":"E1","rater":"a","points":01})",
                                R"({"employee":"E1","rater":"a","points":1.})",
                                R"({"employee":"E1","rater":"a","points":nul})",
                                R"({"employee":"E1","rater":"a","points":truex})",
                                R"({"employee":"E1","rater":"a","points":1 2})",
                                R"({"employee":"E1","rater":"a","points":NaN})",
                                R"({"employee":"E1","rater":"\q","points":1})",
                                R"({"employee":"E1","rater":"\ud800","points":1})",
                                R"({"employee":"E1","rater":"\udc00x","points":1})",
                                R"({"employee":"E1","rater":"\u0000","points":1})",
                                R"({'employee':'E1'})",
                                "{\"employee\":\"E1\",\"rater\":\"\xFF\",\"points\":1}",
                                "{\"employee\":\"E1\",\"rater\":\"\t\",\"points\":1}",
                                R"({"employee":"E1","rater":"a","points":1,})",
                                R"({"employee":"E1","rater":"a,"points":1})",
                                R"({,"employee":"E1","rater":"a","points":1})",
                                R"(")",
                                R"({"employee":"E1","rater":"a","points":-})",
                                R"({"employee":"E1","rater":[[[[{}]]]],"points":1})"}) {
    auto upload = begin("ratings");
    TextBody body(bad + "\n" + good + "\n");
    EXPECT_EQ(read_ndjson(body, upload).end, http::BodySource::State::kEnd);
    ASSERT_OK(upload.finish());
    EXPECT_EQ(upload.lines(), 2u) << bad;
    EXPECT_EQ(upload.faulty_lines(), 1u) << bad;
  }
}

// A backslash in a line takes the reader of documents instead of the quick one: they must say the same, of lines that
// are equally long.
TEST_F(RowLines, BothWaysOfReadingALineSayTheSame) {
  for (const std::string rest :
       {R"("rater":"a","points":1})", R"( "rater" : "a" , "points" : "1.5" } )", R"("rater":"中","points":10.0})",
        R"("rater":"a","points":10.1})", R"("rater":"a","points":1E0})", R"("rater":"a","points":-0})",
        R"("rater":"a","points":null})", R"("rater":"","points":1})", R"("rater":7,"points":1})",
        R"("rater":false,"points":1})", R"("rater":"a","points":01})", R"("rater":"a","points":[1]})",
        R"("rater":"a","points":1,"more":1})", R"("rater":"a","points":1)", R"("rater":"a","points":1}x)",
        R"("rater":"a" "points":1})", R"("rater":"a","points":.5})"}) {
    const auto quick = ndjson("ratings", R"({     "employee":"E1",)" + rest),
               other = ndjson("ratings", R"({"\u0065mployee":"E1",)" + rest);
    EXPECT_EQ(quick, other) << rest;
    EXPECT_EQ(std::count(quick.begin(), quick.end(), '\n'), 1) << rest;
  }
}

TEST_F(RowLines, LongLinesAreRefusedAndSkipped) {
  const std::string longest = "{\"employee\":\"" + std::string(kLineBytesMax, 'x') + "\"}\n";
  EXPECT_EQ(ndjson("ratings", "{\"employee\":\"E1\",\"rater\":\"a\",\"points\":1}\n" + longest +
                                  "{\"employee\":\"E2\",\"rater\":\"a\",\"points\":1}\n"),
            "1 accepted E1\n2 refused  : the line is longer than 1 MiB\n3 accepted E2\n");
}

TEST_F(RowLines, ACutBodyIsToldFromAWholeOne) {
  auto upload = begin("ratings");
  TextBody body("{\"employee\":\"E1\",\"rater\":\"a\",\"points\":1}\n{\"emp", 10, http::BodySource::State::kTimeout);
  EXPECT_EQ(read_ndjson(body, upload).end, http::BodySource::State::kTimeout);
}

TEST_F(RowLines, CsvIsReadByItsHeader) {
  auto upload = begin("ratings");
  TextBody body("points,rater,note,employee\n9.5,a,x,E1\n11,a,y,E2\n\"8\",\"b,\"\"c\",,E1\nshort\n", 3);
  const auto read = read_csv(body, upload);
  EXPECT_FALSE(read.failure);
  EXPECT_EQ(read.ignored, std::vector<std::string>{"note"});
  ASSERT_OK(upload.finish());
  EXPECT_EQ(answers(upload),
            "2 accepted E1\n3 refused E2 points: column 'points': 11 is above the maximum 10.0\n4 accepted E1\n"
            "5 refused  : the row has 1 field, not as many as the header has columns\n");
  ASSERT_OK(store(upload));
  EXPECT_EQ(find({"ratings", "E1", ""})->rows, (Rows{{"E1", "a", "9.5"}, {"E1", "b,\"c", "8"}}));
  EXPECT_EQ(code_of(find({"ratings", "E2", ""})), "not_found");

  auto lacking = begin("ratings");
  TextBody without("points,employee\n9,E1\n");
  EXPECT_TRUE(read_csv(without, lacking).failure);
}

TEST_F(RowLines, WithAFaultNothingIsStoredIfThatIsAskedFor) {
  auto upload = begin("population");
  TextBody body(
      "{\"employee\":\"E1\",\"wage\":\"5000.00\",\"late\":0}\n{\"employee\":\"E2\",\"wage\":-1,\"late\":0}\n");
  read_ndjson(body, upload);
  ASSERT_OK(upload.finish());
  const auto nothing = store(upload, false);
  ASSERT_OK(nothing);
  EXPECT_FALSE(nothing->stored);
  EXPECT_EQ(code_of(find({"population", "E1", ""})), "not_found");
  const auto rest = store(upload, true);
  ASSERT_OK(rest);
  EXPECT_TRUE(rest->stored);
  EXPECT_EQ(find({"population", "E1", ""})->rows, (Rows{{"E1", "5000.00", "0"}}));
  // The same again changes nothing.
  const auto again = store(upload, true);
  ASSERT_OK(again);
  EXPECT_EQ(again->sheets.at(0).unchanged, 1);
}

TEST_F(RowLines, AFaultOfALookupLeavesAllOfItOut) {
  auto upload = begin("posts");
  TextBody body("{\"post\":\"a\",\"share\":\"0.5\"}\n{\"post\":\"b\",\"share\":\"x\"}\n");
  read_ndjson(body, upload);
  ASSERT_OK(upload.finish());
  EXPECT_NE(answers(upload).find("1 left out"), std::string::npos);
  ASSERT_OK(store(upload));
  EXPECT_EQ(code_of(find({"posts", "", ""})), "not_found");
}

TEST_F(RowLines, TooManyFaultsEndTheReading) {
  auto upload = begin("ratings");
  std::string text;
  for (uint64_t i = 0; i < Upload::kFaultyLinesMax + 1'000; ++i) text += "x\n";
  TextBody body(text, 100'000);
  read_ndjson(body, upload);
  EXPECT_TRUE(upload.has_too_many_faults());
  EXPECT_EQ(upload.lines(), Upload::kFaultyLinesMax + 1);
}

TEST_F(RowLines, ClosedPeriodsAndUnknownSheetsAreRefusedBeforeAnythingIsRead) {
  const auto unknown = in(tenant, [&](TenantTransaction& t) { return Upload::begin(t, set, "rating", ""); });
  EXPECT_EQ(code_of(unknown), "not_found");
  state(tenants::PeriodState::kFrozen);
  EXPECT_EQ(code_of(in(tenant, [&](TenantTransaction& t) { return Upload::begin(t, set, "ratings", ""); })),
            "conflict");
  EXPECT_EQ(code_of(in(tenant, [&](TenantTransaction& t) { return Upload::begin(t, set, "ratings", "late"); })), "ok");
}

}  // namespace

}  // namespace kaogong::api
