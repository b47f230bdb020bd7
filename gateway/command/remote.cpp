#include "gateway/command/remote.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "gateway/client/problem_text.h"
#include "gateway/client/profile.h"
#include "gateway/command/commands.h"
#include "gateway/command/tenant_session.h"

namespace kaogong::gateway {

namespace {

/// The first that says something.
std::string first_of(const std::string& given, const std::string& usual) { return given.empty() ? usual : given; }

/// The first line of a file; `-`: of standard input.
std::optional<std::string> read_key(const std::string& path) {
  std::string key;
  std::ifstream file(path == "-" ? "/dev/stdin" : path);
  if (!std::getline(file, key)) {
    fail("no key can be read from " + path);
    return std::nullopt;
  }
  return key;
}

}  // namespace

std::shared_ptr<RemoteArguments> add_server_options(CLI::App& command, bool by_environment) {
  const auto arguments = std::make_shared<RemoteArguments>();
  auto* server = command.add_option("--server", arguments->server, "the server: https://host[:port]");
  if (by_environment) server->envname("KAOGONG_SERVER");
  command.add_option("--key-file", arguments->key_file,
                     "the file with the key, - for standard input; else KAOGONG_KEY, else the profile");
  command.add_option("--ca-file", arguments->ca_file, "certificates that are trusted; default: the system's");
  command.add_option("--profile", arguments->profile, "the profile; default: ~/.config/kaogong/profile");
  command.add_flag("--plain", arguments->plain, "let the key go to another machine unencrypted");
  return arguments;
}

std::shared_ptr<RemoteArguments> add_remote_options(CLI::App& command) {
  const auto arguments = add_server_options(command, true);
  command.add_option("--tenant", arguments->tenant, "whose business it is, if the key is an operator's")
      ->envname("KAOGONG_TENANT");
  return arguments;
}

std::unique_ptr<client::Client> open_client(const RemoteArguments& arguments) {
  const auto path = first_of(arguments.profile, client::usual_profile_path());
  const auto read = client::read_profile(path);
  if (const auto* wrong = std::get_if<std::string>(&read)) {
    fail(*wrong);
    return nullptr;
  }
  const auto& profile = std::get<client::Profile>(read);
  const auto server = first_of(arguments.server, profile.server);
  if (server.empty()) {
    fail("no server is named: --server https://…, KAOGONG_SERVER, or 'server = …' in " + path);
    return nullptr;
  }
  const auto address = client::parse_address(server);
  if (!address) {
    fail("'" + server + "' is no address like https://pay.example.com");
    return nullptr;
  }
  client::ClientOptions options;
  options.address = *address;
  options.plain_allowed = arguments.plain;
  options.ca_path = first_of(arguments.ca_file, profile.ca_file);
  // A profile's key and tenant are for the server that it names.
  const bool is_of_profile = server == profile.server;
  options.tenant = first_of(arguments.tenant, is_of_profile ? profile.tenant : "");
  if (const char* key = std::getenv("KAOGONG_KEY"); !arguments.key_file.empty()) {
    const auto given = read_key(arguments.key_file);
    if (!given) return nullptr;
    options.key = *given;
  } else if (key != nullptr && *key != '\0') {
    options.key = key;
  } else if (is_of_profile) {
    options.key = profile.key;
  }
  std::string error;
  auto client = client::Client::open(std::move(options), &error);
  if (client == nullptr) fail(error);
  return client;
}

int call_and_print(client::Client& client, const client::Request& request) {
  char last = '\n';
  const auto answer = client.call(request, [&](std::string_view bytes) {
    last = bytes.back();
    return std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size() && std::fflush(stdout) == 0;
  });
  if (last != '\n') std::putchar('\n');
  if (const auto* failure = std::get_if<client::CallFailure>(&answer)) {
    fail(failure->message);
    if (failure->outcome_unknown) std::fputs("Whether it was done is not known.\n", stderr);
    return kNothingDone;
  }
  const auto& response = std::get<client::Response>(answer);
  return response.is_good() ? static_cast<int>(kDone) : fail(client::problem_text(response));
}

}  // namespace kaogong::gateway
