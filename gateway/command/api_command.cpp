// `kaogong api …`: any call of the API.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <memory>

#include "gateway/command/commands.h"
#include "gateway/command/remote.h"
#include "gateway/command/tenant_session.h"
#include "gateway/json/writer.h"

namespace kaogong::gateway {

namespace {

constexpr std::array<std::string_view, 6> kMethods = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"};

struct Options {
  std::string method, path, data, type, idempotency_key;
  std::vector<std::string> fields, headers;
};

/// `name=text` and `name:=json`, as the members of an object; nothing, after it was said, for another form.
std::optional<std::string> object_of(const std::vector<std::string>& fields) {
  json::Writer writer;
  writer.begin_object();
  for (const auto& field : fields) {
    const auto equals = field.find('=');
    if (equals == std::string::npos || equals == 0) {
      fail("'" + field + "' is not name=text or name:=json");
      return std::nullopt;
    }
    const auto value = std::string_view(field).substr(equals + 1);
    const bool is_json = field[equals - 1] == ':';
    writer.name(std::string_view(field).substr(0, equals - (is_json ? 1 : 0)));
    is_json ? writer.raw(value) : writer.value(value);
  }
  return writer.end_object().take();
}

/// What the end of a file's name says that it is.
std::string type_of(std::string_view path) {
  if (path.ends_with(".csv")) return "text/csv";
  if (path.ends_with(".ndjson") || path.ends_with(".jsonl")) return "application/x-ndjson";
  return "application/json";
}

std::optional<client::Request> request_of(const Options& o) {
  client::Request request;
  request.method = o.method;
  request.path = o.path;
  if (std::find(kMethods.begin(), kMethods.end(), o.method) == kMethods.end()) {
    fail("'" + o.method + "' is no method: GET, POST, PUT, PATCH or DELETE");
    return std::nullopt;
  }
  if (!o.path.starts_with('/') || o.path.find_first_of(" \t\r\n") != std::string::npos) {
    fail("'" + o.path + "' is no path like /v1/runs");
    return std::nullopt;
  }
  for (const auto& header : o.headers) {
    const auto colon = header.find(':');
    if (colon == std::string::npos || colon == 0 || header.find_first_of("\r\n") != std::string::npos) {
      fail("'" + header + "' is not 'Name: value'");
      return std::nullopt;
    }
    const auto begin = header.find_first_not_of(' ', colon + 1);
    request.fields.emplace_back(header.substr(0, colon), begin == std::string::npos ? "" : header.substr(begin));
  }
  if (!o.idempotency_key.empty()) request.fields.emplace_back("Idempotency-Key", o.idempotency_key);
  if (o.data == "@-") {
    std::ifstream input("/dev/stdin");
    request.body.assign(std::istreambuf_iterator<char>(input), {});
  } else if (o.data.starts_with('@')) {
    request.body_path = o.data.substr(1);
  } else {
    request.body = o.data;
  }
  if (!o.fields.empty()) {
    const auto object = object_of(o.fields);
    if (!object) return std::nullopt;
    request.body = *object;
  }
  if (!o.data.empty() || !o.fields.empty()) request.content_type = o.type.empty() ? type_of(o.data) : o.type;
  return request;
}

int call(const RemoteArguments& arguments, const Options& options) {
  const auto request = request_of(options);
  if (!request) return kNothingDone;
  const auto client = open_client(arguments);
  return client == nullptr ? static_cast<int>(kNothingDone) : call_and_print(*client, *request);
}

}  // namespace

void add_api(CLI::App& program, int& status) {
  const auto options = std::make_shared<Options>();
  auto* command = program.add_subcommand("api", "call the API of a server: any method, any path");
  const auto arguments = add_remote_options(*command);
  command->add_option("method", options->method, "GET, POST, PUT, PATCH or DELETE")->required();
  command->add_option("path", options->path, "with its query: /v1/runs?state=published")->required();
  auto* data = command->add_option("--data", options->data, "the body; @FILE: the file, @-: standard input");
  command->add_option("--field", options->fields, "a member of a JSON body: name=text or name:=json")->excludes(data);
  command->add_option("--type", options->type, "the body's Content-Type; default: by the file's name, else JSON");
  command->add_option("--header", options->headers, "another field of the request: 'Name: value'");
  command->add_option("--idempotency-key", options->idempotency_key, "default: one made for this call");
  command->footer(
      "The answer is written to standard output as it comes; what the server refuses, to standard error. A call that\n"
      "failed on the way, or for which there is no room at the moment, is tried again with the same Idempotency-Key.\n"
      "Examples:\n"
      "  kaogong api GET '/v1/results/sales-monthly/2026-10?limit=10'\n"
      "  kaogong api POST /v1/runs --field scheme=sales-monthly --field period=2026-10\n"
      "  kaogong api POST /v1/inputs/sales-monthly/2026-10/sheets/population --data @population.csv");
  command->callback([=, &status] { status = call(*arguments, *options); });
}

}  // namespace kaogong::gateway
