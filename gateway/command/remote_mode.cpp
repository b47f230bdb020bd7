#include "gateway/command/remote_mode.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

#include "engine/scheme/literal.h"
#include "gateway/api/forms.h"
#include "gateway/client/problem_text.h"
#include "gateway/command/commands.h"
#include "gateway/command/remote.h"
#include "gateway/command/show_json.h"
#include "gateway/command/tenant_session.h"
#include "gateway/json/read.h"
#include "gateway/json/writer.h"

namespace kaogong::gateway {

namespace {

constexpr int64_t kSecondsPerHour = 3'600;

std::string json_text(std::string_view text) {
  std::string json;
  json::append_string(&json, text);
  return json;
}

std::optional<std::string> refuse(const std::string& text, std::string_view form) {
  fail("'" + text + "' is not " + std::string(form));
  return std::nullopt;
}

/// Members of one object, as JSON.
using Members = std::vector<std::pair<std::string, std::string>>;

std::string object_of(const Members& members) {
  json::Writer writer;
  writer.begin_object();
  for (const auto& [name, json] : members) writer.raw_member(name, json);
  return writer.end_object().take();
}

std::optional<Members> pairs_of(const std::vector<std::string>& texts) {
  Members members;
  for (const auto& text : texts) {
    const auto at = text.find('=');
    if (at == std::string::npos || at == 0) {
      refuse(text, "NAME=VALUE");
      return std::nullopt;
    }
    members.emplace_back(text.substr(0, at), json_text(text.substr(at + 1)));
  }
  return members;
}

std::optional<std::string> number_of(const std::string& text) {
  return json::is_number(text) ? std::optional(text) : refuse(text, "a number");
}

std::optional<std::string> window_of(const CommandLine& line, const std::string& text) {
  const auto dots = text.find("..");
  if (dots == std::string::npos) return refuse(text, "a window like 5..10");
  const auto from = number_of(text.substr(0, dots)), to = number_of(text.substr(dots + 2));
  if (!from || !to) return std::nullopt;
  Members members = {{"from_day", *from}, {"to_day", *to}};
  if (line.has("--months-after")) members.emplace_back("months_after", line.text("--months-after"));
  return object_of(members);
}

std::optional<std::string> inputs_of(const std::vector<std::string>& texts) {
  json::Writer writer;
  writer.begin_array();
  for (const auto& text : texts) {
    const auto equal = text.find('='), colon = text.rfind(':', equal);
    if (equal == std::string::npos || colon == std::string::npos) return refuse(text, "EMPLOYEE:INPUT=VALUE");
    writer.begin_object()
        .member("employee", text.substr(0, colon))
        .member("input", text.substr(colon + 1, equal - colon - 1))
        .member("value", text.substr(equal + 1))
        .end_object();
  }
  return writer.end_array().take();
}

std::optional<std::string> file_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  if (in && text.good()) return json_text(text.str());
  fail(path + " cannot be read");
  return std::nullopt;
}

/// A value as JSON; nothing, after it was said: it is not of its form.
std::optional<std::string> value_of(const Part& part, const CommandLine& line) {
  const auto text = line.has(part.option) ? line.text(part.option) : std::string(part.word);
  switch (part.as) {
    case As::kText:
      return json_text(text);
    case As::kWhole:
      return number_of(text);
    case As::kBound:
      return text == "0" ? std::optional<std::string>("null") : number_of(text);
    case As::kHours:
      return std::to_string(std::stoll(text) * kSecondsPerHour);
    case As::kLastDay: {
      const auto day = day_of(text);
      return day ? std::optional(json_text(scheme::date_to_text(*day + 1) + "T00:00:00Z")) : std::nullopt;
    }
    case As::kTrue:
      return "true";
    case As::kFalse:
      return "false";
    case As::kWord:
      return json_text(part.word);
    case As::kTexts: {
      json::Writer writer;
      writer.begin_array();
      for (const auto& one : line.texts(part.option)) writer.value(one);
      return writer.end_array().take();
    }
    case As::kPairs:
    case As::kRow:
    case As::kAttributes: {
      const auto members = pairs_of(line.texts(part.option));
      if (!members) return std::nullopt;
      return part.as == As::kRow ? "[" + object_of(*members) + "]" : object_of(*members);
    }
    case As::kWindow:
      return window_of(line, text);
    case As::kInputs:
      return inputs_of(line.texts(part.option));
    case As::kFile:
      return file_text(text);
  }
  return std::nullopt;
}

bool is_meant(const Part& part, const CommandLine& line) {
  return !part.option.empty() && (line.has(part.option) || (!part.word.empty() && part.as != As::kWord));
}

/// Attributes that the API knows are members of their own, others are the tenant's.
bool append_attributes(const Part& part, const CommandLine& line, Members* members) {
  constexpr std::string_view kKnown[] = {"department", "position", "step", "pay_group", "manager"};
  const auto pairs = pairs_of(line.texts(part.option));
  if (!pairs) return false;
  Members extra;
  for (const auto& pair : *pairs) {
    const bool known = std::find(std::begin(kKnown), std::end(kKnown), pair.first) != std::end(kKnown);
    (known ? *members : extra).push_back(pair);
  }
  if (!extra.empty()) members->emplace_back("extra", object_of(extra));
  return true;
}

/// `?name=value&…`; of a list its values with commas between.
std::string query_of(const std::vector<Part>& parts, const CommandLine& line, bool has_query) {
  std::string query;
  for (const auto& part : parts) {
    if (!is_meant(part, line)) continue;
    auto text = part.as == As::kTrue ? "true" : line.has(part.option) ? line.text(part.option) : std::string(part.word);
    if (part.as == As::kTexts) {
      text.clear();
      for (const auto& one : line.texts(part.option)) text += (text.empty() ? "" : ",") + one;
    }
    query += (query.empty() && !has_query ? "?" : "&") + std::string(part.name) + "=" + api::escaped_segment(text);
  }
  return query;
}

/// Calls; what is there may be replaced if the command says so.
std::optional<client::Response> call(client::Client& client, const RemoteCommand& command, client::Request request) {
  constexpr unsigned kPreconditionRequired = 428;
  for (bool again = false;; again = true) {
    auto answer = client.call(request);
    if (const auto* failure = std::get_if<client::CallFailure>(&answer)) {
      fail(failure->message);
      return std::nullopt;
    }
    auto& response = std::get<client::Response>(answer);
    if (response.is_good()) return std::move(response);
    if (!command.replaces || response.status != kPreconditionRequired || again) {
      fail(client::problem_text(response));
      return std::nullopt;
    }
    request.fields.emplace_back("If-Match", "*");
  }
}

int show_answer(client::Client& client, const RemoteCommand& command, const CommandLine& line,
                client::Request request) {
  if (command.shown == "*") return call_and_print(client, request);
  if (!command.list.empty() && command.method == "GET") {
    const auto most = command.limit.empty() ? std::string() : line.text(command.limit);
    int64_t left = most.empty() ? INT64_MAX : std::stoll(most);
    return read_pages(client, std::move(request), command.list, [&](json::Value entry) {
      show_entry(entry, command.shown);
      return --left > 0;
    });
  }
  const auto response = call(client, command, std::move(request));
  if (!response) return kNothingDone;
  if (command.shown.empty()) return kDone;
  const auto read = json::read(response->body);
  const auto* document = std::get_if<json::Document>(&read);
  if (document == nullptr) return fail("the server's answer is no JSON");
  show_entry(document->root(), command.shown);
  return status_of(document->root());
}

bool is_ours(const std::string& option) {
  // What is said of the server, and what makes no difference to it.
  constexpr std::string_view kOurs[] = {"--server", "--key-file", "--ca-file", "--profile",
                                        "--plain",  "--tenant",   "--quiet",   "--lang"};
  return std::find(std::begin(kOurs), std::end(kOurs), option) != std::end(kOurs);
}

int run(const std::vector<const RemoteCommand*>& entries, const CLI::App& app, RemoteArguments arguments) {
  const CommandLine line(app);
  const auto entry = std::find_if(entries.begin(), entries.end(),
                                  [&](const auto* one) { return one->when.empty() || line.has(one->when); });
  if (entry == entries.end()) return fail("the API has no such call");
  const auto& command = **entry;
  arguments.tenant = line.text("--tenant");
  if (command.key_is_input && arguments.key_file.empty()) arguments.key_file = "-";
  if (!command.needs_flag.empty() && !line.has(command.needs_flag))
    return fail("this cannot be undone: say " + std::string(command.needs_flag));
  for (const std::string_view name : {"--as", "--config", "--set"})
    if (line.has(name)) return fail(std::string(name) + " cannot be said to a server");
  std::optional<client::Request> request;
  if (command.steps == nullptr) {
    request = request_of(command, line);
    if (!request) return kNothingDone;
    if (!command.limit.empty()) line.has(command.limit);
    for (const auto& name : line.unasked())
      if (!is_ours(name)) return fail(name + " cannot be said to a server");
  }
  const auto client = open_client(arguments);
  if (client == nullptr) return kNothingDone;
  return command.steps != nullptr ? command.steps(*client, line)
                                  : show_answer(*client, command, line, *std::move(request));
}

CLI::App* find_command(CLI::App& program, std::string_view name) {
  CLI::App* found = &program;
  while (!name.empty() && found != nullptr) {
    const size_t space = std::min(name.find(' '), name.size());
    const auto inner =
        found->get_subcommands([&](const CLI::App* one) { return one->get_name() == name.substr(0, space); });
    found = inner.empty() ? nullptr : inner.front();
    name.remove_prefix(std::min(space + 1, name.size()));
  }
  return found;
}

}  // namespace

std::string path_of(std::string_view pattern, const CommandLine& line) {
  std::string path;
  while (!pattern.empty()) {
    const size_t open = std::min(pattern.find('{'), pattern.size());
    path += pattern.substr(0, open);
    pattern.remove_prefix(open);
    if (pattern.empty()) break;
    auto name = pattern.substr(1, pattern.find('}') - 1);
    pattern.remove_prefix(name.size() + 2);
    const size_t equal = std::min(name.find('='), name.size());
    const auto usual = name.substr(std::min(equal + 1, name.size()));
    const auto text = line.text(name.substr(0, equal));
    path += api::escaped_segment(text.empty() ? usual : std::string_view(text));
  }
  return path;
}

std::optional<std::string> body_of(const std::vector<Part>& parts, const CommandLine& line) {
  Members members;
  std::map<std::string, Members> inner;
  for (const auto& part : parts) {
    if (!is_meant(part, line)) continue;
    if (part.as == As::kAttributes) {
      if (!append_attributes(part, line, &members)) return std::nullopt;
      continue;
    }
    auto json = value_of(part, line);
    if (!json) return std::nullopt;
    const size_t dot = part.name.find('.');
    if (dot == std::string_view::npos) {
      members.emplace_back(part.name, *std::move(json));
    } else {
      inner[std::string(part.name.substr(0, dot))].emplace_back(part.name.substr(dot + 1), *std::move(json));
    }
  }
  for (const auto& [name, of] : inner) members.emplace_back(name, object_of(of));
  return object_of(members);
}

std::optional<client::Request> request_of(const RemoteCommand& command, const CommandLine& line) {
  client::Request request;
  request.method = command.method;
  request.path = path_of(command.path, line);
  request.path += query_of(command.query, line, request.path.find('?') != std::string::npos);
  if (line.text("--lang") == "zh") request.fields.emplace_back("Accept-Language", "zh");
  if (command.body.empty()) return request;
  auto body = body_of(command.body, line);
  if (!body) return std::nullopt;
  request.body = *std::move(body);
  request.content_type = "application/json";
  return request;
}

client::Request request_to(std::string_view method, std::string path, std::string body) {
  client::Request request;
  request.method = method;
  request.path = std::move(path);
  if (!body.empty()) request.content_type = "application/json";
  request.body = std::move(body);
  return request;
}

std::optional<json::Document> ask(client::Client& client, const client::Request& request) {
  const auto answer = client.call(request);
  if (const auto* failure = std::get_if<client::CallFailure>(&answer)) {
    fail(failure->message);
    return std::nullopt;
  }
  const auto& response = std::get<client::Response>(answer);
  if (!response.is_good()) {
    fail(client::problem_text(response));
    return std::nullopt;
  }
  auto read = json::read(response.body);
  if (auto* document = std::get_if<json::Document>(&read)) return std::move(*document);
  fail("the server's answer is no JSON");
  return std::nullopt;
}

int read_pages(client::Client& client, client::Request request, std::string_view list,
               const std::function<bool(json::Value)>& take) {
  const std::string path = request.path;
  for (;;) {
    const auto page = ask(client, request);
    if (!page) return kNothingDone;
    const auto entries = page->root().find(list);
    if (!entries) return fail("the server's answer has no list");
    for (const auto entry : entries->items())
      if (!take(entry)) return kDone;
    const auto next = page->root().find("next_page_token");
    if (!next || !next->is(json::Kind::kString)) return kDone;
    request.path =
        path + (path.find('?') == std::string::npos ? "?" : "&") + "page_token=" + api::escaped_segment(next->text());
  }
}

int status_of(json::Value answer) {
  const auto state = answer.find("state"), refused = answer.find("refused");
  if (state && state->text() == "failed") return kNothingDone;
  const bool some = refused && (refused->is(json::Kind::kBoolean)  ? refused->truth()
                                : refused->is(json::Kind::kNumber) ? refused->text() != "0"
                                                                   : false);
  return some ? kSomeRefused : kDone;
}

void add_remote_mode(CLI::App& program) {
  std::map<CLI::App*, std::vector<const RemoteCommand*>> entries;
  for (const auto& command : remote_commands())
    if (auto* found = find_command(program, command.command)) entries[found].push_back(&command);
  for (auto& [app, of] : entries) {
    const auto arguments = add_server_options(*app, !of.front()->is_local);
    const auto heading = "At a server instead";
    for (const auto* name : {"--server", "--key-file", "--ca-file", "--profile", "--plain"})
      app->get_option(name)->group(heading);
    const bool of_tenants = of.front()->command.starts_with("tenant ");
    if (!of_tenants && app->get_option_no_throw("--tenant") == nullptr)
      app->add_option("--tenant", arguments->tenant, "whose business it is, if the key is an operator's")
          ->group(heading);
    app->parse_complete_callback([app = app, of = of, arguments] {
      // Also where what was given is empty: a script whose variable is not set does not mean PostgreSQL.
      const auto is_said = [app](const char* name) { return app->get_option(name)->count() > 0; };
      if (is_said("--server") && arguments->server.empty()) throw DoneRemotely{fail("--server names none")};
      if (is_said("--profile") && arguments->profile.empty()) throw DoneRemotely{fail("--profile names none")};
      if (is_said("--server") || is_said("--profile")) throw DoneRemotely{run(of, *app, *arguments)};
    });
  }
}

}  // namespace kaogong::gateway
