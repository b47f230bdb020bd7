// Commands that are done by a server instead of in PostgreSQL.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/client/client.h"
#include "gateway/command/command_line.h"
#include "gateway/command/remote_commands.h"
#include "gateway/json/document.h"

namespace CLI {
class App;
}

namespace kaogong::gateway {

/// What is thrown when a server has been asked, so that the command itself is not done, too.
struct DoneRemotely {
  int status = 0;
};

/// Gives every command of remote_commands() the options --server, --key-file, --ca-file, --profile and --plain. One
/// that names a server, or a profile, is done there, and then throws DoneRemotely. To be called when all commands are
/// there.
void add_remote_mode(CLI::App& program);

/// The call that a command line is; nothing, after it was said why: a value is not of its form.
std::optional<client::Request> request_of(const RemoteCommand& command, const CommandLine& line);
/// Its body alone, or its query with the `?`, if it has any.
std::optional<std::string> body_of(const std::vector<Part>& parts, const CommandLine& line);
/// A path with its options put in.
std::string path_of(std::string_view pattern, const CommandLine& line);

/// A call with a JSON body, unless it is empty.
client::Request request_to(std::string_view method, std::string path, std::string body = {});
/// Calls, and gives the answer's document; nothing, after it was said why.
std::optional<json::Document> ask(client::Client& client, const client::Request& request);
/// Reads every page of a list and hands over its entries until `take` says that it is enough. The exit status.
int read_pages(client::Client& client, client::Request request, std::string_view list,
               const std::function<bool(json::Value)>& take);
/// Of what was shown: whether it failed, or some were refused.
int status_of(json::Value answer);

}  // namespace kaogong::gateway
