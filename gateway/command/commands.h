// The sub-commands. Each adds itself to the program and, when it is the one called, leaves its exit status.
#pragma once

namespace CLI {
class App;
}

namespace kaogong::gateway {

enum ExitStatus : int { kDone = 0, kNothingDone = 1, kSomeRefused = 2 };

void add_score(CLI::App& program, int& status);
void add_template(CLI::App& program, int& status);
void add_scheme(CLI::App& program, int& status);
void add_cluster(CLI::App& program, int& status);
void add_tck(CLI::App& program, int& status);

}  // namespace kaogong::gateway
