#include "tests/gateway/api/table/served.h"

#include <algorithm>
#include <atomic>

#include "gateway/api/table/api_routes.h"

namespace kaogong::api::test {

namespace {

/// Tests look for names as the standards write them; on the wire any case is right.
http::AnswerFields fields_of(std::string_view head) {
  http::AnswerFields fields;
  for (size_t at = head.find("\r\n"); at != std::string_view::npos;) {
    const size_t from = at + 2, end = head.find("\r\n", from);
    if (end == std::string_view::npos) break;
    const auto line = head.substr(from, end - from);
    if (const size_t colon = line.find(": "); colon != std::string_view::npos)
      fields.add(line.substr(0, colon), line.substr(colon + 2));
    at = end;
  }
  return fields;
}

}  // namespace

http::Response ServedClient::send(std::string_view method, std::string_view target, const Say& say, bool once) {
  static std::atomic<int> keys{0};
  std::string bytes = std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: test\r\n";
  const auto add = [&](std::string_view name, std::string_view value) {
    bytes += std::string(name) + ": " + std::string(value) + "\r\n";
  };
  for (const auto& field : say.fields) add(field.name, field.value);
  if (!say.key.empty()) add("Authorization", "Bearer " + say.key);
  const bool has_type =
      std::any_of(say.fields.begin(), say.fields.end(), [](const auto& field) { return field.name == "content-type"; });
  if (!say.body.empty() && !has_type) add("Content-Type", "application/json");
  if (!say.body.empty()) add("Content-Length", std::to_string(say.body.size()));
  if (!say.once.empty() && say.once != "-") add("Idempotency-Key", say.once);
  if (once && say.once.empty()) add("Idempotency-Key", "served-" + std::to_string(++keys));
  bytes += "\r\n" + say.body;
  if (!connection_) connection_ = std::make_unique<http::test::RawClient>(port_);
  connection_->send(bytes);  // a server that does not want the body answers before it has it all
  const auto answered = connection_->read(method == "HEAD");
  EXPECT_TRUE(answered.whole) << method << " " << target << ": " << answered.head;
  if (!answered.whole || answered.field("connection") == "close") connection_.reset();
  http::Response response;
  response.status = answered.status;
  response.content_type = answered.field("content-type");
  response.body = answered.body;
  response.fields = fields_of(answered.head);
  return response;
}

ServedApiTest::ServedApiTest() {
  add_api_routes(api.routes);
  http::ServerOptions options;
  options.port = 0;
  options.io_threads = 1;
  options.interactive_threads = 2;
  options.bulk_threads = 1;
  server_ =
      std::make_unique<http::Server>(options, api.routes, api.gate, metrics_, api.services.logger, api.services.clock);
  const auto wrong = server_->start();
  if (!wrong.empty()) throw std::runtime_error(wrong);
  client_ = std::make_unique<ServedClient>(server_->port());
}

http::Response ServedApiTest::send(std::string_view method, std::string_view target, const Say& say) {
  const auto found =
      api.routes.find(http::parse_method(method).value(), std::string(target.substr(0, target.find('?'))));
  return client_->send(method, target, say, found.route != nullptr && found.route->needs_idempotency_key);
}

}  // namespace kaogong::api::test
