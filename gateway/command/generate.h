// `kaogong generate`: a data folder of made-up employees.
#pragma once

namespace CLI {
class App;
}

namespace kaogong::gateway {

void add_generate(CLI::App& program, int& status);

}  // namespace kaogong::gateway
