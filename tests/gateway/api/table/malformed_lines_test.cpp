// Streamed bodies that are wrong in every way that can be thought of, to every route that takes one: each faulty line
// is named and no other, or the answer is a problem document; never a fault of the server's, never a call without an
// end.
#include <sys/socket.h>

#include <string>
#include <vector>

#include "gateway/api/body_lines.h"
#include "tests/gateway/api/table/streamed.h"

namespace kaogong::api::test {
namespace {

using namespace std::string_literals;

/// Lines that are no object of plain values, whatever the route. `good`: one that is.
std::vector<std::string> malformed_json(const std::string& good) {
  const auto put_in = [&](const std::string& text) {  // as the first member
    auto line = good;
    return line.insert(1, text);
  };
  std::vector<std::string> made = {
      "{",
      "}",
      "[",
      "null",
      "true",
      "1",
      "\"x\"",
      "[]",
      "[" + good + "]",
      "{}{}",
      good + good,
      good + ",",
      good + "x",
      good.substr(0, good.size() - 1),
      good.substr(0, good.size() / 2),
      good.substr(1),
      "\xEF\xBB\xBF" + good,  // a mark that is not at the beginning of the body
      "// " + good,
      "employee=E1",
      "'" + good + "'",
      put_in(R"("no_such_member":1,)"),
      put_in(R"("no_such_member":"1",)"),
      put_in(R"("no_such_member":{"a":[]},)"),
      put_in(R"("employee":"E9",)"),
      put_in(R"("employee":null,)"),
      put_in(","),
      put_in(R"("":"",)"),
      put_in(R"(employee:"E1",)"),
      put_in("\"a\xff\":1,"),
      put_in("\"no\0such\":1,"s),
      put_in(R"("x":NaN,)"),
      put_in(R"("x":-Infinity,)"),
      put_in(R"("x":1e400,)"),
      put_in(R"("x":01,)"),
      put_in(R"("x":+1,)"),
      "\0"s,
      good + "\0"s,
      "\0"s + good,
      good.substr(0, 3) + "\0"s + good.substr(3),
      "\xff\xfe{\0}\0"s,
      std::string(1'000, '[') + std::string(1'000, ']'),
      std::string(100'000, '['),
      std::string(kLineBytesMax, ' ') + good,
      "\"" + std::string(3 * kLineBytesMax, 'x') + "\"",
      std::string(kLineBytesMax + 1, 'x'),
  };
  std::string deep = R"("x":)";
  for (int i = 0; i < 1'000; ++i) deep += "{\"a\":";
  made.push_back(put_in(deep + "1" + std::string(1'000, '}') + ","));
  return made;
}

/// What can stand for a value of a line and is none, wherever.
const std::vector<std::string>& strange_texts() {
  static const std::vector<std::string> kTexts = {"[]",
                                                  "{}",
                                                  "[1]",
                                                  R"({"a":"b"})",
                                                  "\"\xff\"",
                                                  "\"\xc0\xaf\"",          // overlong
                                                  "\"\xed\xa0\x80\"",      // half of a pair
                                                  "\"\xf4\x90\x80\x80\"",  // beyond Unicode
                                                  R"("\ud800")",
                                                  R"("\u0000")",
                                                  "\"a\0b\""s,
                                                  "\"a\tb\"",
                                                  R"("\x")",
                                                  "1.",
                                                  "tru",
                                                  "'x'",
                                                  "\"x"};
  return kTexts;
}

/// A line for each value of `good` and each text that is none, put in its place.
std::vector<std::string> strange_json(const std::string& good) {
  std::vector<std::string> made;
  for (size_t at = good.find(": "); at != std::string::npos; at = good.find(": ", at + 1)) {
    const size_t from = at + 2, quote = good.find('"', from + 1);
    for (const auto& text : strange_texts()) {
      auto line = good;
      made.push_back(line.replace(from, quote + 1 - from, text));
    }
  }
  return made;
}

class MalformedLines : public StreamedTest {};

TEST_F(MalformedLines, EveryRouteThatStreamsIsTried) {
  size_t routes = 0;
  for (const auto& route : api.routes.all()) routes += route.body == http::BodyKind::kStream ? 1 : 0;
  ASSERT_EQ(streamed.size(), routes);
  ASSERT_GE(routes, 2u);
  for (const auto& sample : streamed) {
    const auto lines = lines_of(sample.lines);
    ASSERT_GE(lines.size(), 2u) << sample.route->operation_id;
    EXPECT_EQ(refused(put(sample, sample.lines, kNdjson), "the example"), Lines());
    const auto table = csv_of(lines);
    EXPECT_EQ(refused(put(sample, table.header + "\n" + table.first + "\n" + table.second + "\n", kCsv), "as CSV"),
              Lines());
  }
}

TEST_F(MalformedLines, AMalformedLineIsNamedAndNoOther) {
  for (const auto& sample : streamed) {
    const auto lines = lines_of(sample.lines);
    auto malformed = malformed_json(lines[1]);
    const auto strange = strange_json(lines[1]);
    malformed.insert(malformed.end(), strange.begin(), strange.end());
    for (const auto& line : malformed) {
      const auto what = std::string(sample.route->operation_id) + " " + line.substr(0, 200);
      const auto body = lines[0] + "\n" + line + "\n" + lines[1] + "\n";
      EXPECT_EQ(refused(put(sample, body, kNdjson), what), Lines({"2"})) << what;
      // As the last one, without an end.
      EXPECT_EQ(refused(put(sample, lines[0] + "\n" + line, kNdjson), what), Lines({"2"})) << what;
    }
    EXPECT_GT(malformed.size(), 80u);
  }
}

TEST_F(MalformedLines, AnAnswerALineNamesTheFault) {
  for (const auto& sample : streamed) {
    if (sample.route->operation_id == "loadPeople") continue;  // all lines or none: it has no answer a line
    const auto lines = lines_of(sample.lines);
    std::string body = lines[0] + "\n";
    const auto malformed = malformed_json(lines[1]);
    for (const auto& line : malformed) body += line + "\n";
    const auto answered = put(sample, body, kNdjson, {{"accept", std::string(kNdjson)}});
    ASSERT_EQ(answered.status, 200) << answered.body.substr(0, 300);
    const auto answers = lines_of(answered.body);
    ASSERT_EQ(answers.size(), malformed.size() + 2);
    for (size_t i = 0; i < malformed.size(); ++i) {
      const auto answer = std::get<json::Document>(json::read(answers[i + 1]));
      EXPECT_EQ(answer.root().find("line")->text(), std::to_string(i + 2));
      EXPECT_EQ(answer.root().find("outcome")->text(), "refused") << malformed[i].substr(0, 200);
      EXPECT_FALSE(answer.root().find("error")->find("en")->text().empty());
    }
    EXPECT_NE(answers.back().find("\"refused_lines\":" + std::to_string(malformed.size())), std::string::npos);
  }
}

TEST_F(MalformedLines, LinesOfCsvThatAreNoneAreNamed) {
  for (const auto& sample : streamed) {
    const auto table = csv_of(lines_of(sample.lines));
    const auto some = table.second.substr(0, table.second.rfind(','));
    for (const auto& line :
         {some, table.second + ",more", table.second + ",", ","s, "x"s, "\""s + table.second, "x\"" + table.second,
          "\"a\"b," + some, "\"\"\"," + some, table.second + "\xff", "\xff" + table.second, table.second + "\0"s,
          "\0"s + table.second, std::string(kLineBytesMax + 1, 'x'), std::string(2'000, ','),
          std::string(3 * kLineBytesMax, ',')}) {
      const auto what = std::string(sample.route->operation_id) + " CSV " + line.substr(0, 200);
      const auto before = table.header + "\n" + table.first + "\n";
      // An open quote may take what follows with it, but nothing before.
      auto seen = refused(put(sample, before + line + "\n" + table.second + "\n", kCsv), what);
      EXPECT_FALSE(seen.empty()) << what;
      EXPECT_FALSE(seen.contains("2")) << what;
      EXPECT_EQ(refused(put(sample, before + line, kCsv), what), Lines({"3"})) << what;
    }
  }
}

TEST_F(MalformedLines, BodiesWithoutLinesOrWithAnotherHeaderAreProblems) {
  const auto people = count("people"), entries = count("entries");
  for (const auto& sample : streamed) {
    const std::string id(sample.route->operation_id);
    const auto table = csv_of(lines_of(sample.lines));
    for (const auto& body : {""s, "\n"s, "\r\n"s, " \t\n\n"s, "\xEF\xBB\xBF"s})
      expect_problem(put(sample, body, kNdjson), "blank");
    const auto rest = "\n" + table.second + "\n";
    for (const auto& header :
         {""s, table.header, "x"s, ","s, table.header.substr(table.header.find(',') + 1),
          table.header + "," + table.header, table.header.substr(0, table.header.find(',')) + "," + table.header,
          "\"" + table.header, table.header + "\xff", table.header + "\0"s, std::string(kLineBytesMax + 1, 'h'),
          std::string(100'000, ',')})
      expect_problem(put(sample, header == table.header ? header : header + rest, kCsv), header.substr(0, 200));
    for (const std::string type :
         {"", "application/json", "text/plain", "application/xml", "text/csvx", "x", "text/csv/x",
          "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"})
      EXPECT_EQ(put(sample, sample.lines, type).status, 415) << id << " " << type;
    // Said to be of one form, and of the other.
    expect_problem(put(sample, sample.lines, kCsv), "NDJSON as CSV");
    const auto swapped = refused(put(sample, table.header + rest, kNdjson), id);
    EXPECT_EQ(swapped, Lines({"1", "2"})) << id;
  }
  EXPECT_EQ(count("people"), people);
  EXPECT_EQ(count("entries"), entries);
}

TEST_F(MalformedLines, BodiesThatBreakOffStoreNothingAndHaveAnEnd) {
  const auto people = count("people"), entries = count("entries");
  int number = 0;
  for (const auto& sample : streamed) {
    const auto head = [&](const std::string& framing) {
      return std::string(http::to_text(sample.route->method)) + " " + sample.target + " HTTP/1.1\r\nHost: test\r\n" +
             "Authorization: Bearer " + admin + "\r\nIdempotency-Key: broken-" + std::to_string(++number) +
             "\r\nContent-Type: application/x-ndjson\r\n" + framing + "\r\n\r\n";
    };
    const std::string chunked = "Transfer-Encoding: chunked", chunk = "10\r\n" + sample.lines.substr(0, 16) + "\r\n";
    for (const auto& bytes : {head("Content-Length: 5000") + sample.lines, head(chunked), head(chunked) + chunk,
                              head(chunked) + "1", head(chunked) + "10\r\n{", head(chunked) + chunk + "0\r\n",
                              head(chunked) + "10\r\n" + sample.lines.substr(0, 16) + "xx\r\n0\r\n\r\n",
                              head(chunked) + "x\r\n", head(chunked) + "-1\r\n\r\n",
                              head(chunked) + "ffffffffffffffff1\r\nx", head(chunked) + chunk + "0\r\nA: b\r\n\r\n"}) {
      http::test::RawClient client(port());
      client.send(bytes);
      ::shutdown(client.socket(), SHUT_WR);
      const auto answered = client.read();
      EXPECT_TRUE(answered.whole) << bytes.substr(0, 300);
      http::Response response;
      response.status = answered.status;
      response.content_type = answered.field("content-type");
      response.body = answered.body;
      expect_problem(response, bytes.substr(200, 300));
      EXPECT_TRUE(client.is_closed());
    }
  }
  EXPECT_EQ(count("people"), people);
  EXPECT_EQ(count("entries"), entries);
}

}  // namespace
}  // namespace kaogong::api::test
