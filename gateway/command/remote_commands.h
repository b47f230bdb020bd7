// Which call of the API each command is, when it is given a server.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "gateway/command/command_line.h"

namespace kaogong::client {
class Client;
}  // namespace kaogong::client

namespace kaogong::gateway {

/// How what was typed becomes JSON.
enum class As : uint8_t {
  kText,
  kWhole,
  kBound,       // a whole number; 0 is null
  kHours,       // a number of hours, as seconds
  kLastDay,     // the moment at which that day (UTC) has ended
  kTrue,        // a flag
  kFalse,       // a flag that says no
  kWord,        // a flag that means `word`
  kTexts,       // any number of values, as a list
  kPairs,       // NAME=VALUE, as an object
  kRow,         // NAME=VALUE, as a list of one object
  kAttributes,  // NAME=VALUE, as members of the body; names that the API does not have go under `extra`
  kWindow,      // FROM..TO, as a window of the month that --months-after says
  kInputs,      // EMPLOYEE:INPUT=VALUE, as a list
  kFile,        // the text of the file of that name
};

/// A member of a body, or a parameter of a query: its name and which option gives it. An option that was not given
/// leaves it out.
struct Part {
  std::string_view name;  // `a.b`: the member b of the object a
  std::string_view option;
  As as = As::kText;
  std::string_view word = {};  // of kWord; of others: what it is if the option was not given
};

/// What a command does that is more than one call. Gives the exit status.
using Steps = int (*)(client::Client&, const CommandLine&);

struct RemoteCommand {
  std::string_view command;    // `run approve`
  std::string_view when = {};  // of entries of one command the first counts whose option is given; empty: any time
  std::string_view method = "GET";
  std::string_view path = {};  // `{run}` stands for an option; `{--version=latest}` has a value if it is not given
  std::vector<Part> query = {};
  std::vector<Part> body = {};
  /// What the answer is shown as: lines with `;` between them, each of members with spaces between, which are printed
  /// with tabs. `a.b` a member of a member; `.` the entry itself; `a|b` a, or if it is empty the text b, `a|@b` the
  /// member b; `a?b:c` b (`@b`: the member) if a is there and neither false nor 0, else c; `a:8` its first 8 bytes.
  /// `a=b` is a line of its own, if b is there: a, and the member b; `a=` a line for each member of a. `~` is a space.
  /// Empty: nothing is shown. `*`: the answer as it comes.
  std::string_view shown = "*";
  std::string_view list = {};        // the member with the entries that are shown one by one; empty: the answer is one
  bool replaces = false;             // what is there may be replaced, whatever it is
  std::string_view limit = {};       // the option that says how many entries are shown
  bool is_local = false;             // needs no database: done by a server only if the command line names one
  std::string_view needs_flag = {};  // without which nothing is done
  bool key_is_input = false;         // the key is on standard input, unless the command line names its file
  Steps steps = nullptr;             // instead of all that
};

/// What is shown of a run.
inline constexpr std::string_view kRunShown =
    "run=id kind=kind state=state scheme=scheme period=period priority=priority corrects=corrects people=people "
    "rows=rows "
    "refused=refused result_hash=result_hash failure=failure created=created.at calculated=calculated.at "
    "approved=approved.at published=published.at ended=ended.at why=ended_why";

std::span<const RemoteCommand> remote_commands();

}  // namespace kaogong::gateway
