// A scheme named on the command line: a template or a file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/plan/program.h"
#include "engine/scheme/document.h"
#include "engine/scheme/period.h"

namespace kaogong::gateway {

struct SchemeSource {
  std::string name;  // as findings call it
  std::string text;
};

/// The template `template_id`, or file `file`: exactly one is given. Errors go to standard error: nothing then.
std::optional<SchemeSource> open_scheme(const std::string& template_id, const std::string& file);
/// A whole file; nothing, and why in `error`, if it cannot be read.
std::optional<std::string> read_text(const std::string& path, std::string* error);

/// Loads a scheme; errors go to standard error: nothing then.
std::optional<scheme::Document> load_scheme(const SchemeSource& source);
/// Loads and compiles a scheme; errors (with `warnings`, also these) go to standard error: null then.
std::shared_ptr<const plan::Program> compile_scheme(const SchemeSource& source, bool warnings = false);

/// Reads a period and whether the scheme runs for its kind; nothing, and why on standard error, if not.
std::optional<scheme::Period> period_for(const scheme::Document& document, const std::string& text);

/// `name:line:column: severity: message [code]` and, behind it, the remedy.
std::string finding_text(const std::string& name, const scheme::Finding& finding);

}  // namespace kaogong::gateway
