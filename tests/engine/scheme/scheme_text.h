// What the tests of scheme documents share: small documents and ways to look for findings.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "engine/scheme/load.h"

namespace kaogong::scheme::testing {

/// A document of the given sections, with a decision so that it is complete.
inline std::string document_with(std::string_view sections) {
  return "kaogong: 1\nid: test\nperiods: [month]\noutputs: [out]\n" + std::string(sections);
}
inline constexpr std::string_view kOut = "decisions:\n  out: {type: score, expr: 1}\n";

inline const Finding* find(const std::vector<Finding>& findings, std::string_view code) {
  const auto found = std::find_if(findings.begin(), findings.end(), [&](const Finding& f) { return f.code == code; });
  return found == findings.end() ? nullptr : &*found;
}

/// All findings, one a line: "error unknown-key 3:5 message · remedy".
inline std::string describe(const std::vector<Finding>& findings) {
  std::string all;
  for (const Finding& f : findings) {
    all += f.severity == Severity::kError ? "error " : f.severity == Severity::kWarning ? "warning " : "note ";
    all += f.code + " " + std::to_string(f.at.line) + ":" + std::to_string(f.at.column) + " " + f.message + " · " +
           f.remedy + "\n";
  }
  return all;
}

}  // namespace kaogong::scheme::testing
