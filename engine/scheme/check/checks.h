// The single checks behind check_document.
#pragma once

#include <vector>

#include "engine/scheme/check/references.h"
#include "engine/scheme/document.h"

namespace kaogong::scheme {

using Findings = std::vector<Finding>;

void check_decision_tables(const Names& names, Findings& findings);
void check_bands(const Names& names, Findings& findings);
void check_assertions(const Document& document, Findings& findings);
void check_cycles(const Names& names, Findings& findings);
void check_unused(const Names& names, Findings& findings);
void check_fixed_wages(const Names& names, Findings& findings);
void check_expressions(const Names& names, Findings& findings);

}  // namespace kaogong::scheme
