// Requests that are wrong in every way that can be thought of: whatever comes, the answer is a problem document, and
// never a fault of the server's.
#include <functional>
#include <string>
#include <vector>

#include "tests/gateway/api/table/samples.h"
#include "tests/gateway/api/table/served.h"

namespace kaogong::api::test {
namespace {

using tenants::AccessRole;

const std::vector<std::string>& strange_values() {
  static const std::vector<std::string> kValues = {"null",
                                                   "true",
                                                   "0",
                                                   "-1",
                                                   "1.5",
                                                   "1e300",
                                                   "99999999999999999999",
                                                   "\"\"",
                                                   "\"x\"",
                                                   "[]",
                                                   "[[]]",
                                                   "[null]",
                                                   "{}",
                                                   R"({"a":{"b":[1]}})",
                                                   "\"" + std::string(70'000, 'x') + "\"",
                                                   R"("\u0000")",
                                                   R"("'; DROP TABLE people; --")",
                                                   R"("9999-12-31")",
                                                   R"("0001-01-01")",
                                                   R"("2026-13")",
                                                   R"("\ud83d\ude00")"};
  return kValues;
}

/// The document with the value at one place replaced; places are counted as they are met.
void write_with(json::Writer& w, json::Value value, int* countdown, const std::string& instead) {
  if ((*countdown)-- == 0) {
    w.raw(instead);
    return;
  }
  switch (value.kind()) {
    case json::Kind::kObject:
      w.begin_object();
      for (const auto& [name, inner] : value.members()) write_with(w.name(name), inner, countdown, instead);
      w.end_object();
      break;
    case json::Kind::kArray:
      w.begin_array();
      for (const auto item : value.items()) write_with(w, item, countdown, instead);
      w.end_array();
      break;
    case json::Kind::kString:
      w.value(value.text());
      break;
    case json::Kind::kNumber:
      w.raw(value.text());
      break;
    case json::Kind::kBoolean:
      w.value(value.truth());
      break;
    case json::Kind::kNull:
      w.null();
      break;
  }
}

/// Every body with one value exchanged, and bodies that are no JSON at all.
std::vector<std::string> malformed_bodies(const std::string& body) {
  std::vector<std::string> made = {"",
                                   " ",
                                   "{",
                                   "[",
                                   "null",
                                   "1",
                                   "\"x\"",
                                   "[]",
                                   "{}{}",
                                   body + "x",
                                   body.substr(0, body.size() - 1),
                                   "\xEF\xBB\xBF" + body,
                                   "{\"a\":\"\xff\xfe\"}",
                                   R"({"a":1,"a":2})",
                                   std::string(100'000, '['),
                                   std::string(1'000'000, ' ') + body};
  std::string deep;
  for (int i = 0; i < 1'000; ++i) deep += "{\"a\":";
  made.push_back(deep);
  auto extra = body;
  extra.insert(1, extra == "{}" ? R"("no_such_member":1)" : R"("no_such_member":1,)");
  made.push_back(extra);
  const auto document = std::get<json::Document>(json::read(body));
  for (const auto& instead : strange_values())
    for (int place = 0;; ++place) {
      json::Writer w;
      int countdown = place;
      write_with(w, document.root(), &countdown, instead);
      if (countdown >= 0) break;
      made.push_back(w.take());
    }
  return made;
}

class MalformedTest : public ServedApiTest {
 protected:
  /// Succeeds with what happens to be right, or refuses as RFC 9457 has it.
  void expect_sound(const http::Response& answered, const std::string& what) {
    EXPECT_LT(answered.status, 500) << what << ": " << answered.body;
    if (answered.status < 400) {
      ++taken;
      return;
    }
    ++refused;
    EXPECT_EQ(fault_of_problem(answered), "") << what;
  }
  std::string key_for(const Sample& sample) const {
    return sample.route->access == http::Access::kOperator ? of_operator
           : sample.route->access == http::Access::kPublic ? std::string()
                                                           : admin;
  }
  static std::string plain(std::string target) {
    if (const auto gap = target.find("…"); gap != std::string::npos)
      target.replace(gap, std::string_view("…").size(), "kg_live_none");
    return target;
  }

  tenants::Tenant tenant = make_tenant();
  std::string admin = key_of(tenant, AccessRole::kTenantAdmin), of_operator = operator_key();
  int taken = 0, refused = 0;
};

TEST_F(MalformedTest, Bodies) {
  for (const auto& sample : samples(api.routes)) {
    if (sample.route->body != http::BodyKind::kJson) continue;
    for (const auto& body : malformed_bodies(sample.body)) {
      Say say{.key = key_for(sample), .body = body, .fields = {{"content-type", "application/json"}}};
      if (sample.if_match) say.fields.push_back({"if-match", "*"});
      expect_sound(send(http::to_text(sample.route->method), plain(sample.target), say),
                   std::string(sample.route->operation_id) + " " + body.substr(0, 300));
    }
  }
  EXPECT_GT(refused, 10 * taken);
}

TEST_F(MalformedTest, PathsAndQueries) {
  const std::vector<std::string> strange = {"%00",
                                            "%FF",
                                            "%E4%BC",
                                            "..",
                                            "%2E%2E",
                                            "'%3B--",
                                            "0",
                                            "-1",
                                            "99999999999999999999",
                                            std::string(5'000, 'a'),
                                            "%F0%9F%98%80",
                                            "a%2Fb",
                                            "%20",
                                            "1e5"};
  for (const auto& sample : samples(api.routes)) {
    const auto target = plain(sample.target);
    const Say say{.key = key_for(sample), .body = sample.body, .fields = {{"if-match", "*"}}};
    const auto method = http::to_text(sample.route->method);
    const std::string path = target.substr(0, target.find('?')), id(sample.route->operation_id);
    for (const auto& one : strange) {
      // Each {name} of the pattern in turn.
      size_t from = 0;
      for (size_t at = sample.route->pattern.find('{'); at != std::string_view::npos;
           at = sample.route->pattern.find('{', at + 1)) {
        const auto segments =
            std::count(sample.route->pattern.begin(), sample.route->pattern.begin() + static_cast<long>(at), '/');
        from = 0;
        for (int i = 0; i < segments; ++i) from = path.find('/', from) + 1;
        auto changed = path;
        changed.replace(from, std::min(path.find('/', from), path.size()) - from, one);
        expect_sound(send(method, changed, say), id + " " + changed.substr(0, 200));
      }
      if (one != "%00" && one != "%FF" && one != "-1" && one.size() < 20) continue;  // the others are for paths
      for (const std::string name : {"page_size", "page_token", "on", "period", "from", "days", "through", "before",
                                     "subject", "filter", "output", "no_such"})
        expect_sound(send(method, path + "?" + name + "=" + one, say), id + " ?" + name + "=" + one.substr(0, 100));
    }
    expect_sound(send(method, path + "?page_size=1&page_size=2", say), id + " twice");
  }
  EXPECT_GT(refused, 0);
}

TEST_F(MalformedTest, Headers) {
  for (const auto& sample : samples(api.routes)) {
    const auto key = key_for(sample);
    const auto method = http::to_text(sample.route->method);
    for (const auto& field : std::vector<http::Field>{{"kaogong-tenant", ""},
                                                      {"kaogong-tenant", "\xff"},
                                                      {"kaogong-tenant", std::string(5'000, 'a')},
                                                      {"if-match", ""},
                                                      {"if-match", ","},
                                                      {"if-match", "W/\"x\""},
                                                      {"if-none-match", "*"},
                                                      {"accept-language", ";;q=,,zh;q=9"},
                                                      {"content-type", "application/xml"},
                                                      {"authorization", "Bearer \xff"},
                                                      {"idempotency-key", ""}})
      expect_sound(
          send(
              method, plain(sample.target),
              {.key = key, .body = sample.body, .once = field.name == "idempotency-key" ? "-" : "", .fields = {field}}),
          std::string(sample.route->operation_id) + " " + field.name);
  }
  EXPECT_GT(refused, 0);
}

}  // namespace
}  // namespace kaogong::api::test
