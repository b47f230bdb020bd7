// Random schemes and data for the differential test and the fuzz target: valid documents whose decisions use what the
// plan vectorises, mixed with a little of what it does not.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/column/inputs.h"
#include "engine/scheme/document.h"
#include "engine/scheme/pack.h"

namespace kaogong::plan {

/// splitmix64: the same numbers everywhere.
class Random {
 public:
  /// `script`: bytes that are the first choices, so that a fuzzer can turn single ones.
  explicit Random(uint64_t seed, std::string_view script = {}) : state_(seed), script_(script) {}
  uint64_t next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15ull);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
  }
  uint64_t below(uint64_t n) {
    if (script_.empty()) return next() % n;
    const auto choice = static_cast<unsigned char>(script_.front());
    script_.remove_prefix(1);
    return choice % n;
  }
  bool one_in(uint64_t n) { return below(n) == 0; }

 private:
  uint64_t state_;
  std::string_view script_;
};

/// The YAML of a random scheme; `script` as in Random. It uses random_packs of the same seed.
std::string random_scheme(uint64_t seed, std::string_view script = {});
/// A library of one random pack, rand.pack; its `hash` is its text. Throws std::runtime_error if that does not load.
scheme::PackLibrary random_packs(uint64_t seed);

/// Random inputs for a document of random_scheme.
column::Inputs random_inputs(const scheme::Document& document, uint64_t seed, size_t rows);

}  // namespace kaogong::plan
