#include "gateway/command/scheme_source.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <vector>

#include "engine/scheme/load.h"
#include "engine/scheme/near.h"
#include "gateway/command/findings.h"
#include "tenants/packs/packs.h"
#include "tenants/templates/templates.h"

namespace kaogong::gateway {

std::optional<std::string> read_text(const std::string& path, std::string* error) {
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) {
    *error = std::strerror(errno);
    return std::nullopt;
  }
  std::string text;
  char piece[1 << 16];
  size_t n = 0;
  // One byte more than the loader takes is enough for it to say so.
  while (text.size() <= scheme::kDocumentBytesMax && (n = std::fread(piece, 1, sizeof piece, file)) != 0)
    text.append(piece, n);
  const bool failed = std::ferror(file) != 0;
  if (failed) *error = std::strerror(errno);
  std::fclose(file);
  if (failed) return std::nullopt;
  return text;
}

std::optional<SchemeSource> open_scheme(const std::string& template_id, const std::string& file) {
  if (!template_id.empty()) {
    if (const auto* found = templates::find(template_id))
      return SchemeSource{"template " + template_id, std::string(found->yaml)};
    std::vector<std::string_view> ids;
    for (const auto& t : templates::all()) ids.push_back(t.id);
    std::fprintf(stderr, "kaogong: there is no template '%s': %s\n", template_id.c_str(),
                 scheme::suggest(template_id, ids, "see kaogong template list").c_str());
    return std::nullopt;
  }
  std::string error;
  auto text = read_text(file, &error);
  if (!text) {
    std::fprintf(stderr, "kaogong: the scheme %s cannot be read: %s\n", file.c_str(), error.c_str());
    return std::nullopt;
  }
  return SchemeSource{file, std::move(*text)};
}

namespace {

void print_errors(const std::string& name, const std::vector<scheme::Finding>& findings, bool warnings) {
  for (const auto& finding : findings) {
    if (finding.severity == scheme::Severity::kError || (warnings && finding.severity == scheme::Severity::kWarning))
      std::fputs(finding_text(name, finding).c_str(), stderr);
  }
}

}  // namespace

std::optional<scheme::PackLibrary> open_packs(const std::vector<std::string>& files) {
  scheme::PackLibrary library = packs::library();
  for (const std::string& file : files) {
    std::string error;
    const auto text = read_text(file, &error);
    if (!text) {
      std::fprintf(stderr, "kaogong: the pack %s cannot be read: %s\n", file.c_str(), error.c_str());
      return std::nullopt;
    }
    auto loaded = packs::read(*text);
    std::vector<scheme::Finding> findings = std::move(loaded.findings);
    if (loaded.pack != nullptr) {
      const auto more = plan::check_pack(loaded.pack);
      findings.insert(findings.end(), more.begin(), more.end());
    }
    print_errors(file, findings, false);
    for (const auto& finding : findings)
      if (finding.severity == scheme::Severity::kError) return std::nullopt;
    library.add(std::move(loaded.pack));
  }
  return library;
}

void add_pack_option(CLI::App& command, std::vector<std::string>* files) {
  command.add_option("--pack", *files,
                     "a pack of your own, a YAML or JSON file, beside those that come with the program; may be given "
                     "several times");
}

std::optional<scheme::Document> load_scheme(const SchemeSource& source, const scheme::PackLibrary& library) {
  auto loaded = scheme::load(source.text, library);
  if (!loaded.document) print_errors(source.name, loaded.findings, false);
  return std::move(loaded.document);
}

std::shared_ptr<const plan::Program> compile_scheme(const SchemeSource& source, const scheme::PackLibrary& library,
                                                    bool warnings) {
  auto document = load_scheme(source, library);
  if (!document) return nullptr;
  auto compiled = plan::compile(std::move(*document));
  print_errors(source.name, compiled.findings, warnings);
  return compiled.program;
}

std::optional<scheme::Period> period_for(const scheme::Document& document, const std::string& text) {
  const auto period = scheme::parse_period(text);
  if (!period) {
    std::fprintf(stderr, "kaogong: '%s' is not a period: write it like 2026-10, 2026-Q3, 2026-H1 or 2026\n",
                 text.c_str());
    return std::nullopt;
  }
  if (std::find(document.periods.begin(), document.periods.end(), period->kind) != document.periods.end())
    return period;
  std::string kinds;
  for (const auto kind : document.periods) kinds += (kinds.empty() ? "" : ", ") + std::string(scheme::to_text(kind));
  std::fprintf(stderr, "kaogong: %s is a %s, but the scheme %s runs for: %s\n", text.c_str(),
               std::string(scheme::to_text(period->kind)).c_str(), document.id.c_str(), kinds.c_str());
  return std::nullopt;
}

}  // namespace kaogong::gateway
