#include "engine/scheme/check/check.h"

#include <algorithm>
#include <exception>

#include "engine/scheme/check/checks.h"

namespace kaogong::scheme {

std::vector<Finding> check_document(const Document& document) {
  Findings findings;
  const Names names(document);
  check_decision_tables(names, findings);
  check_bands(names, findings);
  check_assertions(document, findings);
  check_cycles(names, findings);
  check_unused(names, findings);
  check_fixed_wages(names, findings);
  check_expressions(names, findings);
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    return a.at.line != b.at.line ? a.at.line < b.at.line : a.at.column < b.at.column;
  });
  return findings;
}

}  // namespace kaogong::scheme
