// `kaogong config`, and the options by which every command that needs settings takes them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/settings/settings.h"

namespace CLI {
class App;
}

namespace kaogong::gateway {

/// Where a command line says that settings come from.
struct SettingsArguments {
  std::string file_path;  // of --config, or the environment's KAOGONG_CONFIG
  std::vector<std::string> flags;
};

/// Adds --config FILE and --set KEY=VALUE. What is returned is filled when the command line has been read.
std::shared_ptr<SettingsArguments> add_settings_options(CLI::App& command);

/// The settings of file, environment and flags; nothing, after every fault was printed on standard error, if there are
/// faults.
/// `keys`: gets every key with the value that it has; it must not be loaded again.
std::optional<Settings> read_settings(const SettingsArguments& arguments, config::Registry* keys = nullptr);

/// Adds the sub-command. Its exit status: 0 shown, or the file is good; 1 there are faults, printed on standard error.
void add_config(CLI::App& program, int& status);

}  // namespace kaogong::gateway
