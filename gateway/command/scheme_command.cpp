// `kaogong scheme check|schema|diff`.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "engine/scheme/diff.h"
#include "engine/scheme/load.h"
#include "gateway/command/commands.h"
#include "gateway/command/findings.h"
#include "gateway/command/scheme_source.h"
#include "tenants/templates/templates.h"

namespace kaogong::gateway {

namespace {

struct Options {
  std::vector<std::string> files, packs;
  std::string before, after, format = "text", lang = "en";
};

/// A file, or a template by its id where there is no such file.
std::optional<SchemeSource> source_of(const std::string& name) {
  std::string error;
  if (auto text = read_text(name, &error)) return SchemeSource{name, std::move(*text)};
  if (templates::find(name) != nullptr) return open_scheme(name, {});
  return open_scheme({}, name);
}

int check_schemes(const Options& options) {
  const auto library = open_packs(options.packs);
  if (!library) return kNothingDone;
  FindingsReport report(options.format == "json");
  bool unreadable = false;
  for (const auto& file : options.files) {
    const auto source = source_of(file);
    if (!source) {
      unreadable = true;
      continue;
    }
    auto loaded = scheme::load(source->text, *library);
    std::vector<scheme::Finding> findings = std::move(loaded.findings);
    if (loaded.document) {
      auto compiled = plan::compile(std::move(*loaded.document));
      findings.insert(findings.end(), compiled.findings.begin(), compiled.findings.end());
    }
    report.add(file, findings);
  }
  return report.finish() || unreadable ? kNothingDone : kDone;
}

int diff_schemes(const Options& options) {
  const auto library = open_packs(options.packs);
  if (!library) return kNothingDone;
  std::optional<scheme::Document> documents[2];
  const std::string* names[2] = {&options.before, &options.after};
  for (int i = 0; i < 2; ++i) {
    const auto source = source_of(*names[i]);
    if (!source) return kNothingDone;
    documents[i] = load_scheme(*source, *library);
    if (!documents[i]) return kNothingDone;
  }
  const auto changes = scheme::diff(*documents[0], *documents[1]);
  const auto language = options.lang == "zh" ? scheme::Language::kChinese : scheme::Language::kEnglish;
  for (const auto& change : changes) std::printf("%s\n", scheme::describe(change, language).c_str());
  if (changes.empty()) std::puts(options.lang == "zh" ? "没有差别" : "no difference");
  return kDone;
}

}  // namespace

void add_scheme(CLI::App& program, int& status) {
  auto* command = program.add_subcommand("scheme", "check schemes, print their JSON Schema, compare two");
  command->require_subcommand(1);
  const auto options = std::make_shared<Options>();
  auto* check = command->add_subcommand("check", "say what is wrong with a scheme, before anyone is paid by it");
  check->add_option("files", options->files, "YAML or JSON files, or ids of templates")->required();
  add_pack_option(*check, &options->packs);
  check
      ->add_option("--format", options->format,
                   "text: file:line:column: severity: message [code]; json: a list of objects")
      ->check(CLI::IsMember({"text", "json"}));
  check->footer(
      "Exit status: 0 without errors (there may be warnings), 1 with errors.\n\nExamples:\n  kaogong scheme check "
      "my-scheme.yaml\n"
      "  kaogong scheme check --format json my-scheme.yaml trade-monthly");
  check->callback([options, &status] { status = check_schemes(*options); });
  auto* schema = command->add_subcommand("schema", "print the JSON Schema of scheme documents, for editors");
  schema->callback([&status] {
    const std::string_view text = scheme::json_schema();
    std::fwrite(text.data(), 1, text.size(), stdout);
    status = kDone;
  });
  auto* diff = command->add_subcommand("diff", "what changed from one scheme to another, in their own terms");
  diff->add_option("before", options->before, "the older scheme: a file or a template's id")->required();
  diff->add_option("after", options->after, "the newer scheme")->required();
  add_pack_option(*diff, &options->packs);
  diff->add_option("--lang", options->lang, "en or zh")->check(CLI::IsMember({"en", "zh"}));
  diff->footer("Example:\n  kaogong scheme diff kitchen-monthly my-kitchen.yaml");
  diff->callback([options, &status] { status = diff_schemes(*options); });
}

}  // namespace kaogong::gateway
