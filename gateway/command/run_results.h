// The part of `kaogong run` that looks at results.
#pragma once

namespace CLI {
class App;
}

namespace kaogong::gateway {

/// Adds result, rejects, export, diff, leaders, distribution, verify and what-if.
void add_run_results(CLI::App& run, int& status);

}  // namespace kaogong::gateway
