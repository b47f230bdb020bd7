#include "tests/engine/reference/run_text.h"

#include <stdexcept>

#include "engine/scheme/load.h"
#include "tests/engine/reference/text_inputs.h"

namespace kaogong::tests {

std::string TextRun::values(const std::string& name) const {
  std::string text;
  for (size_t c = 0; c < result.names.size(); ++c) {
    if (result.names[c] != name) continue;
    for (size_t r = 0; r < rows; ++r) {
      if (r != 0) text += ' ';
      if (result.refused[r] != 0) {
        text += '-';
      } else {
        text += result.columns[c].is_null(r) ? "null" : column::format_value(result.columns[c], r);
      }
    }
  }
  return text;
}

std::string TextRun::faults() const {
  std::string text = result.failure;
  for (const column::Fault& fault : result.faults) {
    text += std::to_string(fault.row) + " " + fault.file + ":" + std::to_string(fault.line) + " " + fault.column + "=" +
            fault.value + ": " + fault.error.en + '\n';
  }
  return text;
}

namespace {

std::string text_of(const std::vector<scheme::Finding>& findings) {
  std::string text;
  for (const scheme::Finding& finding : findings) {
    text += "\n" + std::to_string(finding.at.line) + ": " + finding.message;
  }
  return text;
}

}  // namespace

scheme::PackLibrary library_of(const std::vector<std::string>& texts) {
  scheme::PackLibrary library;
  for (const std::string& text : texts) {
    scheme::LoadedPack loaded = scheme::load_pack(text);
    if (loaded.pack == nullptr) throw std::runtime_error("the pack cannot be loaded" + text_of(loaded.findings));
    library.add(std::move(loaded.pack));
  }
  return library;
}

TextRun run_text(const std::string& scheme, const std::string& period, const std::map<std::string, std::string>& texts,
                 std::vector<uint8_t> refused, const scheme::PackLibrary& library) {
  const scheme::Loaded loaded = scheme::load(scheme, library);
  if (!loaded.document) throw std::runtime_error("the scheme cannot be loaded" + text_of(loaded.findings));
  const column::Inputs inputs = text_inputs(*loaded.document, period, texts);
  TextRun run;
  run.rows = inputs.rows();
  reference::ReferenceOptions options;
  options.keep_all = true;
  run.result = reference::run_reference(*loaded.document, inputs, std::move(refused), options);
  return run;
}

}  // namespace kaogong::tests
