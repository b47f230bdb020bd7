// What was typed behind a sub-command, by the names of its options.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace kaogong::gateway {

/// Options are named as they are declared: `--scheme`, or `run` for what has no dashes.
class CommandLine {
 public:
  explicit CommandLine(const CLI::App& command) : command_(command) {}

  /// Whether the option was given, by the environment, too.
  bool has(std::string_view option) const;
  /// The last value; empty: it was not given.
  std::string text(std::string_view option) const;
  std::vector<std::string> texts(std::string_view option) const;
  /// Options that were given and that nobody has asked for.
  std::vector<std::string> unasked() const;

 private:
  const CLI::Option* find(std::string_view option) const;
  const CLI::App& command_;
  mutable std::set<const CLI::Option*> asked_;
};

}  // namespace kaogong::gateway
