// The figures of workload W from the file that its generator writes.
#pragma once

#include <cstdint>
#include <string>

#include "engine/column/inputs.h"
#include "engine/plan/program.h"
#include "engine/scheme/document.h"

namespace kaogong::bench {

/// A whole file's bytes; empty if it cannot be read.
std::string read_text(const std::string& path);

/// Reads cols.bin into the inputs of W's scheme, in the file's order; `padded`: ids of equal length, so that they are
/// in the order of their bytes, too. False, and says why on the standard error: the file is not there or too short.
bool read_columns(const std::string& path, const scheme::Document& document, bool padded, column::Inputs* inputs);

/// The line of sums that every program for W prints.
std::string checksum_line(const plan::RunResult& result);

}  // namespace kaogong::bench
