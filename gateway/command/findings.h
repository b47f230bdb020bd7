// What the checkers found, printed as text or JSON.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/scheme/document.h"

namespace kaogong::gateway {

/// `name:line:column: severity: message [code]` and, behind it, the remedy.
std::string finding_text(const std::string& name, const scheme::Finding& finding);

/// Findings of several files, on standard output as they are added; `finish` closes it.
class FindingsReport {
 public:
  explicit FindingsReport(bool json);
  void add(const std::string& file, const std::vector<scheme::Finding>& findings);
  /// Prints the counts (text) or the end of the list (JSON). True: there were errors.
  bool finish();

 private:
  bool json_, first_ = true;
  size_t counts_[3] = {0, 0, 0};
};

}  // namespace kaogong::gateway
