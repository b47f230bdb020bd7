// `kaogong run explain`: why a stored figure is what it is.
#pragma once

namespace CLI {
class App;
}

namespace kaogong::gateway {

/// Adds the sub-command to `run`.
void add_run_explain(CLI::App& run, int& status);

}  // namespace kaogong::gateway
