// A scheme named on the command line: a template or a file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/plan/program.h"
#include "engine/scheme/document.h"
#include "engine/scheme/pack.h"
#include "engine/scheme/period.h"

namespace CLI {
class App;
}

namespace kaogong::gateway {

struct SchemeSource {
  std::string name;  // as findings call it
  std::string text;
};

/// The template `template_id`, or file `file`: exactly one is given. Errors go to standard error: nothing then.
std::optional<SchemeSource> open_scheme(const std::string& template_id, const std::string& file);
/// A whole file; nothing, and why in `error`, if it cannot be read.
std::optional<std::string> read_text(const std::string& path, std::string* error);

/// The packs that come with the program and those of the files, which go before them. Errors in a file go to standard
/// error: nothing then.
std::optional<scheme::PackLibrary> open_packs(const std::vector<std::string>& files);
/// Adds `--pack FILE` to a sub-command.
void add_pack_option(CLI::App& command, std::vector<std::string>* files);

/// Loads a scheme; errors go to standard error: nothing then.
std::optional<scheme::Document> load_scheme(const SchemeSource& source, const scheme::PackLibrary& library);
/// Loads and compiles a scheme; errors (with `warnings`, also these) go to standard error: null then.
std::shared_ptr<const plan::Program> compile_scheme(const SchemeSource& source, const scheme::PackLibrary& library,
                                                    bool warnings = false);

/// Reads a period and whether the scheme runs for its kind; nothing, and why on standard error, if not.
std::optional<scheme::Period> period_for(const scheme::Document& document, const std::string& text);

}  // namespace kaogong::gateway
