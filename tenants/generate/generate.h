// Seeded data folders for any scheme, of any size, by streaming.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/scheme/document.h"
#include "engine/scheme/period.h"

namespace kaogong::generate {

struct Options {
  uint64_t employees = 1000;  // 1..kEmployeesMax
  uint64_t seed = 1;
  uint32_t faults_ppm = 0;                                      // how many in a million get a faulty row
  int threads = 0;                                              // 0: one a core
  std::function<void(uint64_t done, uint64_t total)> progress;  // employees; called by one thread at a time
};

inline constexpr uint64_t kEmployeesMax = 1'000'000'000;

struct FileWritten {
  std::string name;  // "ratings.csv"
  uint64_t rows = 0, bytes = 0;
};

struct Result {
  std::string error;  // not empty: nothing was made
  std::vector<FileWritten> files;
  uint64_t faults = 0;  // faulty rows put in
};

/// Writes population.csv, the child tables, history.csv, the lookups that are not inline and parameters.csv of a scheme
/// into folder `out`, which is made if it is missing; files of the same names are replaced. Same document, period,
/// number of employees and seed: same bytes, on any machine, with any number of threads. Memory does not grow with the
/// employees. Errors: a period of a kind that the scheme does not run for, too many employees, a folder that cannot be
/// written.
Result generate(const scheme::Document& document, scheme::Period period, const std::string& out,
                const Options& options);

}  // namespace kaogong::generate
