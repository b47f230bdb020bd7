#include "gateway/command/config.h"

#include <CLI/CLI.hpp>
#include <cstdio>

#include "gateway/command/commands.h"
#include "infra/config/show.h"

namespace kaogong::gateway {
namespace {

config::Sources sources_of(const SettingsArguments& arguments) {
  return {arguments.file_path, config::process_environment(), arguments.flags};
}

/// Loads, and prints the faults; whether there are none.
bool load(config::Registry& registry, const config::Sources& sources) {
  const std::vector<config::Fault> faults = registry.load(sources);
  for (const config::Fault& fault : faults) std::fprintf(stderr, "%s\n", config::to_text(fault).c_str());
  return faults.empty();
}

void print(const std::string& text) { std::fwrite(text.data(), 1, text.size(), stdout); }

}  // namespace

std::shared_ptr<SettingsArguments> add_settings_options(CLI::App& command) {
  auto arguments = std::make_shared<SettingsArguments>();
  command.add_option("--config", arguments->file_path, "the configuration file (YAML)")->envname("KAOGONG_CONFIG");
  command
      .add_option("--set", arguments->flags, "KEY=VALUE, over the file and the environment; may stand several times")
      ->allow_extra_args(false);
  return arguments;
}

std::optional<Settings> read_settings(const SettingsArguments& arguments, config::Registry* keys) {
  Settings settings;
  config::Registry registry;
  declare(registry, settings);
  if (!load(registry, sources_of(arguments))) return std::nullopt;
  if (keys != nullptr) *keys = std::move(registry);
  return settings;
}

void add_config(CLI::App& program, int& status) {
  struct Options {
    std::string check, lang = "en";
    bool reference = false;
  };
  const auto options = std::make_shared<Options>();
  auto* command = program.add_subcommand("config", "show every setting with its value and where that came from");
  const auto arguments = add_settings_options(*command);
  command->add_option("--check", options->check, "only say what is wrong with this file");
  command->add_flag("--reference", options->reference, "print what every key means, as Markdown");
  command->add_option("--lang", options->lang, "language of the reference: en or zh")
      ->check(CLI::IsMember({"en", "zh"}));
  command->footer(
      "Examples:\n  kaogong config --config kaogong.yaml --set log.level=debug\n  kaogong config --check kaogong.yaml");
  command->callback([options, arguments, &status] {
    Settings settings;
    config::Registry registry;
    declare(registry, settings);
    if (options->reference) {
      print(config::reference_as_markdown(registry,
                                          options->lang == "zh" ? config::Language::kZh : config::Language::kEn));
    } else if (!options->check.empty()) {
      if (load(registry, {options->check, {}, {}})) {
        std::printf("%s: no fault\n", options->check.c_str());
      } else {
        status = kNothingDone;
      }
    } else if (load(registry, sources_of(*arguments))) {
      print(config::values_as_text(registry));
    } else {
      status = kNothingDone;
    }
  });
}

}  // namespace kaogong::gateway
