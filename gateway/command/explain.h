// `kaogong explain`: why a figure of an employee is what it is.
#pragma once

namespace CLI {
class App;
}

namespace kaogong::gateway {

/// Adds the sub-command. Its exit status: 0 explained; 2 the employee was refused, and the faults were printed; 1
/// nothing could be done (an unknown employee or value, files that cannot be read).
void add_explain(CLI::App& program, int& status);

}  // namespace kaogong::gateway
