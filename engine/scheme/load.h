// YAML or JSON text to a scheme document.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/scheme/document.h"

namespace kaogong::scheme {

struct Loaded {
  std::optional<Document> document;  // set when there is no finding of severity kError
  std::vector<Finding> findings;
};

/// Reads a document and parses every expression in it. Errors (as findings with line and column): not YAML or JSON, an
/// unknown or missing key, a wrong kind of value, a syntax error in an expression, a duplicate name, aliases and
/// anchors (refused), more than the limits below. Never throws.
Loaded load(std::string_view text);

/// The JSON Schema (draft 2020-12) of the document, as text.
std::string_view json_schema();

inline constexpr size_t kDocumentBytesMax = 8u << 20;
inline constexpr size_t kNamesMax = 20'000;
inline constexpr size_t kRulesMax = 50'000;

}  // namespace kaogong::scheme
