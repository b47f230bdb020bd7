#include "gateway/command/command_line.h"

#include <CLI/CLI.hpp>

namespace kaogong::gateway {

namespace {

/// Those of its option groups, too, which are commands without a name.
std::vector<const CLI::Option*> options_of(const CLI::App& command) {
  auto found = command.get_options();
  for (const auto* group : command.get_subcommands([](const CLI::App* one) { return one->get_name().empty(); }))
    for (const auto* option : group->get_options()) found.push_back(option);
  return found;
}

}  // namespace

const CLI::Option* CommandLine::find(std::string_view option) const {
  for (const auto* one : options_of(command_)) {
    if (!one->check_name(std::string(option))) continue;
    asked_.insert(one);
    return one->count() > 0 ? one : nullptr;
  }
  return nullptr;
}

bool CommandLine::has(std::string_view option) const { return find(option) != nullptr; }

std::string CommandLine::text(std::string_view option) const {
  const auto all = texts(option);
  return all.empty() ? std::string() : all.back();
}

std::vector<std::string> CommandLine::texts(std::string_view option) const {
  const auto* found = find(option);
  return found == nullptr ? std::vector<std::string>() : found->results();
}

std::vector<std::string> CommandLine::unasked() const {
  std::vector<std::string> names;
  for (const auto* one : options_of(command_))
    if (one->count() > 0 && !asked_.contains(one)) names.push_back(one->get_name());
  return names;
}

}  // namespace kaogong::gateway
