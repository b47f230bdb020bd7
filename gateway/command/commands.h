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
void add_pack(CLI::App& program, int& status);
void add_cluster(CLI::App& program, int& status);
void add_tck(CLI::App& program, int& status);
void add_migrate(CLI::App& program, int& status);
void add_tenant(CLI::App& program, int& status);
void add_key(CLI::App& program, int& status);
void add_people(CLI::App& program, int& status);
void add_department(CLI::App& program, int& status);
void add_calendar(CLI::App& program, int& status);
void add_period(CLI::App& program, int& status);
/// Adds to the sub-command `scheme`, which must be there.
void add_tenant_scheme(CLI::App& program, int& status);
void add_input(CLI::App& program, int& status);
void add_ledger(CLI::App& program, int& status);
void add_audit(CLI::App& program, int& status);
void add_api(CLI::App& program, int& status);
void add_run(CLI::App& program, int& status);
void add_worker(CLI::App& program, int& status);
void add_serve(CLI::App& program, int& status);

}  // namespace kaogong::gateway
