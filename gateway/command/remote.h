// What the commands that call a server share: where it is, one call, and how answers and refusals are shown.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "gateway/client/client.h"

namespace CLI {
class App;
}

namespace kaogong::gateway {

/// How a command line, or the environment, says where the server is. What is empty is taken from the profile.
struct RemoteArguments {
  std::string server, key_file, tenant, ca_file, profile;
  bool plain = false;
};

/// Adds --server, --key-file, --tenant, --ca-file, --profile and --plain. What is returned is filled when the command
/// line has been read.
std::shared_ptr<RemoteArguments> add_remote_options(CLI::App& command);
/// The same without --tenant. `by_environment`: KAOGONG_SERVER counts, too.
std::shared_ptr<RemoteArguments> add_server_options(CLI::App& command, bool by_environment);

/// Nothing, after it was said why: no server is named, the profile or the key cannot be read.
std::unique_ptr<client::Client> open_client(const RemoteArguments& arguments);

/// Calls, and writes a good answer's body to standard output as it comes. The exit status; what was refused, or why
/// there is no answer, is on standard error.
int call_and_print(client::Client& client, const client::Request& request);

}  // namespace kaogong::gateway
