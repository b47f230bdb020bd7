#include "gateway/api/problem.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "gateway/api/body.h"
#include "gateway/api/paging.h"
#include "gateway/http/answer.h"

namespace kaogong::api {
namespace {

std::string field(const http::Response& response, std::string_view name) {
  return std::string(response.fields.find(name).value_or(""));
}

http::Request with_body(std::string body) {
  http::Request request;
  request.body = std::move(body);
  return request;
}

http::Request with_query(std::vector<http::Parameter> query) {
  http::Request request;
  request.query = std::move(query);
  return request;
}

TEST(Problem, EveryFailureHasOne) {
  for (int i = 0; i <= static_cast<int>(tenants::FailureCode::kInternal); ++i) {
    const auto code = static_cast<tenants::FailureCode>(i);
    const auto response = problem(tenants::Failure{code, "why"});
    EXPECT_GE(response.status, 400);
    EXPECT_EQ(response.content_type, kProblemType);
    EXPECT_EQ(response.body.find("\"why\"") == std::string::npos, code == tenants::FailureCode::kInternal);
    EXPECT_EQ(response.status == 503, !field(response, "Retry-After").empty());
    EXPECT_EQ(response.status == 401, !field(response, "WWW-Authenticate").empty());
  }
}

TEST(Problem, NamesDiffer) {
  std::set<std::string_view> names;
  for (const auto& kind : problem_kinds()) names.insert(kind.name);
  EXPECT_EQ(names.size(), kProblemCodes);
}

TEST(Problem, TheServersOwnRefusalsAreInTheTable) {
  for (const auto& refusal : http::refusal_kinds()) {
    const auto kinds = problem_kinds();
    const auto kind = std::find_if(kinds.begin(), kinds.end(), [&](const auto& k) { return k.name == refusal.name; });
    ASSERT_NE(kind, kinds.end()) << refusal.name;
    EXPECT_EQ(kind->status, refusal.status);
    EXPECT_EQ(kind->title, refusal.title);
    const auto said = http::refusal(refusal.status, "why");
    EXPECT_EQ(said.body, problem(kind->code, "why").body);
    EXPECT_EQ(said.content_type, kProblemType);
  }
}

TEST(Problem, SaysItAsRfc9457Does) {
  const auto response = problem(ProblemCode::kRateLimited, "say \"please\"", 7);
  EXPECT_EQ(response.body,
            R"({"type":"/problems/rate_limited","title":"Too many requests","status":429,"detail":"say \"please\""})");
  EXPECT_EQ(field(response, "Retry-After"), "7");
}

TEST(JsonBody, GivesEveryFault) {
  const auto request = with_body(R"({"name":1,"more":2})");
  JsonBody body(request);
  EXPECT_FALSE(body->text("name", 5));
  const auto answer = body.problem();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 422);
  EXPECT_NE(
      answer->body.find(
          R"("errors":[{"pointer":"/name","detail":"must be a string, not a number"},{"pointer":"/more","detail":"is not known here"}])"),
      std::string::npos)
      << answer->body;
}

TEST(JsonBody, WhatIsNoJsonIsAnotherProblem) {
  for (const std::string text : {"", "{", "1", R"({"a":1,"a":2})"}) {
    const auto request = with_body(text);
    JsonBody body(request);
    (void)body->text("name", 5);
    const auto answer = body.problem();
    ASSERT_TRUE(answer) << text;
    EXPECT_EQ(answer->status, 400) << text;
  }
  const auto request = with_body("[]");
  JsonBody body(request);
  EXPECT_EQ(body.problem()->status, 422);
}

TEST(JsonBody, NothingForAGoodOne) {
  const auto request = with_body(R"({"name":"x"})");
  JsonBody body(request);
  EXPECT_EQ(body->text("name", 5), "x");
  EXPECT_FALSE(body.problem());
}

TEST(Query, ReadsParameters) {
  const auto request = with_query({{"a", "x"}, {"n", "5"}, {"t", "true"}, {"f", "false"}});
  Query query(request);
  EXPECT_EQ(query.text("a"), "x");
  EXPECT_EQ(query.whole("n", 1, 5), 5);
  EXPECT_TRUE(query.truth("t"));
  EXPECT_FALSE(query.truth("f"));
  EXPECT_FALSE(query.text("absent"));
  EXPECT_FALSE(query.problem());
}

TEST(Query, GivesEveryFault) {
  const auto request = with_query({{"n", "6"},
                                   {"m", "1x"},
                                   {"t", "yes"},
                                   {"twice", "1"},
                                   {"twice", "2"},
                                   {"nul", std::string(1, '\0')},
                                   {"new", "1"}});
  Query query(request);
  query.whole("n", 1, 5);
  query.whole("m", 1, 5);
  query.truth("t");
  query.text("twice");
  query.text("nul");
  query.required("needed");
  const auto answer = query.problem();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 400);
  for (const std::string name : {"n", "m", "t", "twice", "nul", "needed", "new"})
    EXPECT_NE(answer->body.find("{\"parameter\":\"" + name + "\","), std::string::npos) << answer->body;
}

TEST(PageTokens, AreOfOneList) {
  const PageTokens tokens("a key that is long enough"), others("another key that is long");
  const auto token = tokens.seal("people", "E0001");
  EXPECT_EQ(tokens.open("people", token), "E0001");
  EXPECT_FALSE(tokens.open("keys", token));
  EXPECT_FALSE(others.open("people", token));
  EXPECT_FALSE(tokens.open("people", "E0001"));
  EXPECT_FALSE(tokens.open("people", ""));
}

}  // namespace
}  // namespace kaogong::api
