// Runs a scheme text over inputs' texts by the reference.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/reference/reference.h"
#include "engine/scheme/pack.h"

namespace kaogong::tests {

struct TextRun {
  reference::ReferenceResult result;
  size_t rows = 0;
  /// "1.00 2.00 -": a decision's values, refused rows as "-", null as "null".
  std::string values(const std::string& name) const;
  /// One line a fault: "row file:line column=value: error".
  std::string faults() const;
};

/// Throws std::runtime_error where the scheme cannot be loaded.
TextRun run_text(const std::string& scheme, const std::string& period, const std::map<std::string, std::string>& texts,
                 std::vector<uint8_t> refused = {}, const scheme::PackLibrary& library = {});

/// A library of packs' texts. Throws std::runtime_error where one cannot be loaded.
scheme::PackLibrary library_of(const std::vector<std::string>& texts);

}  // namespace kaogong::tests
