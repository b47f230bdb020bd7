#include "tests/gateway/api/table/samples.h"

#include <algorithm>

#include "gateway/api/forms.h"
#include "gateway/api/openapi/fragments.h"
#include "gateway/api/openapi/operation.h"
#include "gateway/api/openapi/yaml.h"
#include "tests/gateway/api/fixture/api_fixture.h"
#include "tests/gateway/api/table/conforms.h"

namespace kaogong::api::test {

namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::string target_of(const http::Route& route, const YAML::Node& said) {
  std::string target;
  for (std::string_view rest = route.pattern; !rest.empty();) {
    const size_t open = std::min(rest.find('{'), rest.size());
    target += rest.substr(0, open);
    rest.remove_prefix(open);
    if (rest.empty()) break;
    const size_t close = rest.find('}');
    const std::string name(rest.substr(1, close - 1));
    const auto value = said["path"][name].Scalar();
    target += value.find("…") == std::string::npos ? escaped_segment(value) : "…";
    rest.remove_prefix(close + 1);
  }
  if (said["query_example"]) target += "?" + said["query_example"].Scalar();
  return target;
}

std::string pointer_step(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '/' ? "~1" : std::string(1, c);
  return out;
}

}  // namespace

std::vector<Sample> samples(const http::RouteTable& routes) {
  std::vector<Sample> found;
  for (const auto& fragment : openapi_fragments()) {
    const auto root = YAML::Load(std::string(fragment.yaml));
    for (const auto& operation : root["operations"]) {
      const auto& said = operation.second;
      const auto& all = routes.all();
      const auto route = std::find_if(all.begin(), all.end(),
                                      [&](const auto& one) { return one.operation_id == operation.first.Scalar(); });
      if (route == all.end()) continue;
      Sample sample;
      sample.route = &*route;
      sample.room = fragment.room;
      sample.target = target_of(*route, said);
      if (said["example"]) {
        json::Writer w;
        write_yaml(w, said["example"]);
        sample.body = w.take();
      }
      sample.if_match = said["if_match"] && said["if_match"].Scalar() != "if there";
      if (said["needs"]) sample.needs = said["needs"].Scalar();
      if (said["lines"]) sample.lines = said["lines"].Scalar();
      const auto answer = answer_in(said["answer"]);
      sample.status = answer.status;
      if (said["also"]) sample.also = said["also"].as<int>();
      if (said["or"]) sample.also = answer_in(said["or"]).status;
      sample.answers =
          "/paths/" + pointer_step(route->pattern) + "/" + lower(http::to_text(route->method)) + "/responses/";
      if (!answer.schema.empty() && answer.schema.find('/') == std::string::npos)
        sample.schema = sample.answers + std::to_string(answer.status) + "/content/application~1json/schema";
      found.push_back(std::move(sample));
    }
  }
  return found;
}

std::string undescribed(json::Value document, const Sample& sample, const http::Response& answered) {
  const std::string id(sample.route->operation_id), status = std::to_string(answered.status);
  const auto answer = value_at(document, sample.answers + status);
  if (!answer) return id + ": " + status;
  const auto content = answer->find("content");
  const auto type = answered.content_type.substr(0, answered.content_type.find(';'));
  if (!type.empty() && (!content || !content->find(type))) return id + ": " + status + " of type " + type;
  const auto headers = answer->find("headers");
  for (const auto* name : {"Location", "ETag"}) {
    const bool is_described = headers && headers->find(name), is_there = !field_of(answered, name).empty();
    if (is_described != is_there) return id + ": " + status + (is_there ? " has " : " lacks ") + name;
  }
  return {};
}

}  // namespace kaogong::api::test
