// What can be said of a scheme from its document alone, before types are worked out and anyone is paid.
#pragma once

#include <string_view>
#include <vector>

#include "engine/scheme/document.h"

namespace kaogong::scheme {

/// Checks decision tables (overlaps, gaps, rules that never match), bands (order, gaps, bands out of reach), the
/// scheme's own assertions, cycles between decisions, names that nothing uses, pay docked from a fixed wage, and
/// expressions: names and functions that are not there, kinds of values that do not go together.
/// Findings are in the order of the document; codes and severities are listed in docs/scheme-language.md. Bounded: a
/// table that would take too long is named in a note and left. Never throws for a document that `load` gave.
std::vector<Finding> check_document(const Document& document);

/// What is wrong in the expressions of a pack's functions whatever they are called with: names, functions, arguments
/// and kinds of values.
std::vector<Finding> check_pack_expressions(const Pack& pack);

/// A decision, or a computed column of the table, group or lookup `rows`.
struct Definition {
  const Decision* decision = nullptr;
  std::string_view rows;  // empty: a decision
};

/// All decisions and computed columns, each behind those that it needs as far as that can be told before names are
/// resolved; of a circle in any order. Whoever works on them in this order needs no recursion from one to the next,
/// however long the chain is. Refers to the document.
std::vector<Definition> definition_order(const Document& document);

}  // namespace kaogong::scheme
