// `kaogong tck DIR [--out FILE] [--exact]`: runs a tree of DMN compatibility tests.
#pragma once

#include <string>

namespace kaogong::gateway {

/// Runs every test file below `dir`, writes a line of CSV a case to `out_file` (unless empty) in the form in which
/// vendors submit their results, and prints the failures, how many of the passed agree in some decimals only, and,
/// last, "N passed, M failed". With `exact` those that do not agree in all decimals have failed. Returns 0 if all
/// passed, 2 if some failed, 1 if nothing could be done.
int run_tck(const std::string& dir, const std::string& out_file, bool exact);

}  // namespace kaogong::gateway
