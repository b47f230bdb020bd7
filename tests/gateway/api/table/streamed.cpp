#include "tests/gateway/api/table/streamed.h"

#include <algorithm>

namespace kaogong::api::test {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

Table csv_of(const std::vector<std::string>& lines) {
  const auto first = std::get<json::Document>(json::read(lines[0])),
             second = std::get<json::Document>(json::read(lines[1]));
  std::vector<std::string> names;
  for (const auto* line : {&first, &second})
    for (const auto& [name, value] : line->root().members())
      if (!value.is(json::Kind::kObject) && std::find(names.begin(), names.end(), name) == names.end())
        names.emplace_back(name);
  Table table;
  for (const auto& name : names) {
    const std::string_view comma = table.header.empty() ? "" : ",";
    const auto append = [&](std::string& row, const json::Document& line) {
      const auto value = line.root().find(name);
      row.append(comma).append(value ? value->text() : std::string_view());
    };
    append(table.first, first);
    append(table.second, second);
    table.header.append(comma).append(name);
  }
  return table;
}

StreamedTest::StreamedTest() {
  EXPECT_EQ(send("POST", "/v1/templates/sales-monthly/install", {.key = admin, .body = "{}"}).status, 201);
  EXPECT_EQ(send("POST", "/v1/periods", {.key = admin, .body = R"({"period":"2026-10"})"}).status, 201);
  for (const auto& sample : samples(api.routes)) {
    if (sample.route->operation_id == "putDepartments") {
      const Say say{.key = admin, .body = sample.body};
      EXPECT_EQ(send(http::to_text(sample.route->method), sample.target, say).status, sample.status);
    }
    if (sample.route->body == http::BodyKind::kStream) streamed.push_back(sample);
  }
}

http::Response StreamedTest::put(const Sample& sample, std::string body, std::string_view type,
                                 std::vector<http::Field> more) {
  Say say{.key = admin, .body = std::move(body), .fields = std::move(more)};
  if (!type.empty()) say.fields.push_back({"content-type", std::string(type)});
  return send(http::to_text(sample.route->method), sample.target, say);
}

Lines StreamedTest::refused(const http::Response& answered, const std::string& what) {
  EXPECT_TRUE(answered.status == 200 || answered.status == 422) << what << ": " << answered.body.substr(0, 300);
  if (answered.status == 422) {
    EXPECT_EQ(fault_of_problem(answered), "") << what;
  }
  if (answered.status != 200 && answered.status != 422) return {"no answer"};
  Lines lines;
  const auto document = document_of(answered);
  const auto list = document.root().find("refused");
  if (!list) {
    EXPECT_EQ(answered.status, 200) << what << answered.body;
    return lines;
  }
  for (const auto line : list->items()) {
    lines.emplace(line.find("line")->text());
    for (const std::string_view language : {"zh", "en"})
      EXPECT_FALSE(line.find("error")->find(language)->text().empty()) << what << answered.body;
  }
  return lines;
}

void StreamedTest::expect_problem(const http::Response& answered, const std::string& what) {
  EXPECT_TRUE(answered.status >= 400 && answered.status < 500) << what << ": " << answered.body.substr(0, 300);
  EXPECT_EQ(fault_of_problem(answered), "") << what;
}

std::string StreamedTest::count(const std::string& table) {
  return value("SELECT count(*) FROM " + tenant.schema().quoted(table));
}

}  // namespace kaogong::api::test
