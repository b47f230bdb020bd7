// Random schemes and data for the differential test and the fuzz target: valid documents whose decisions use what the
// plan vectorises, mixed with a little of what it does not.
#pragma once

#include <cstdint>
#include <string>

#include "engine/column/inputs.h"
#include "engine/scheme/document.h"

namespace kaogong::plan {

/// splitmix64: the same numbers everywhere.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}
  uint64_t next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15ull);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
  }
  uint64_t below(uint64_t n) { return next() % n; }
  bool one_in(uint64_t n) { return below(n) == 0; }

 private:
  uint64_t state_;
};

/// The YAML of a random scheme.
std::string random_scheme(uint64_t seed);

/// Random inputs for a document of random_scheme.
column::Inputs random_inputs(const scheme::Document& document, uint64_t seed, size_t rows);

}  // namespace kaogong::plan
