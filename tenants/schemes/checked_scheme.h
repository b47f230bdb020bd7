// What is found in a scheme's text before it is published.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/scheme/document.h"

namespace kaogong::tenants {

/// A document and all findings about it: those of the loader, the checker and the compiler.
struct CheckedScheme {
  std::optional<scheme::Document> document;  // nothing: it cannot be read as a scheme
  std::vector<scheme::Finding> findings;
  std::vector<std::string> interpreted;  // decisions that are computed row by row, because they do not vectorise
  bool compiles = false;                 // no finding of severity kError
};

/// Loads, checks and compiles a text. Costs milliseconds for an ordinary scheme.
CheckedScheme check_scheme(std::string_view text);

/// A finding as a JSON object, without its place in a file:
/// {"line":…,"column":…,"severity":…,"code":…,"message":…,"remedy":…}.
std::string finding_json(const scheme::Finding& finding);
/// A list of them.
std::string findings_json(const std::vector<scheme::Finding>& findings);

}  // namespace kaogong::tenants
