// `kaogong template list|show`: the schemes that come with the program.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "engine/scheme/load.h"
#include "gateway/command/commands.h"
#include "gateway/command/scheme_source.h"
#include "tenants/packs/packs.h"
#include "tenants/templates/templates.h"

namespace kaogong::gateway {

namespace {

int list_templates(bool chinese) {
  for (const auto& t : templates::all()) {
    const auto loaded = scheme::load(t.yaml, packs::library());
    const auto* labels = loaded.document ? &loaded.document->labels : nullptr;
    std::string label = labels == nullptr ? "" : chinese ? labels->zh : labels->en;
    if (labels != nullptr && !chinese && !labels->zh.empty()) label += "  " + labels->zh;
    std::string kinds;
    if (loaded.document)
      for (const auto kind : loaded.document->periods)
        kinds += (kinds.empty() ? "" : ",") + std::string(scheme::to_text(kind));
    std::printf("%-26.*s %-32s %s\n", static_cast<int>(t.id.size()), t.id.data(), kinds.c_str(), label.c_str());
  }
  return kDone;
}

int show_template(const std::string& id) {
  if (const auto* set = templates::find_definition_set(id); set != nullptr && templates::find(id) == nullptr) {
    std::fwrite(set->csv.data(), 1, set->csv.size(), stdout);
    return kDone;
  }
  const auto source = open_scheme(id, {});
  if (!source) return kNothingDone;
  std::fwrite(source->text.data(), 1, source->text.size(), stdout);
  return kDone;
}

int list_sets() {
  for (const auto& set : templates::definition_sets())
    std::printf("%.*s\n", static_cast<int>(set.id.size()), set.id.data());
  return kDone;
}

}  // namespace

void add_template(CLI::App& program, int& status) {
  auto* command = program.add_subcommand("template", "list and show the schemes that come with the program");
  command->require_subcommand(1);
  struct Options {
    std::string id, lang = "en";
    bool sets = false;
  };
  const auto options = std::make_shared<Options>();
  auto* list = command->add_subcommand("list", "one line a template: its id, the periods it runs for, what it is");
  list->add_option("--lang", options->lang, "language of the names: en (with the Chinese name) or zh")
      ->check(CLI::IsMember({"en", "zh"}));
  list->add_flag("--sets", options->sets, "list the KPI sets for kpi-weighted instead; `template show SET` prints one");
  list->callback([options, &status] { status = options->sets ? list_sets() : list_templates(options->lang == "zh"); });
  auto* show = command->add_subcommand("show", "print a template as YAML, or a KPI set as CSV");
  show->add_option("id", options->id, "the template's id")->required();
  show->footer(
      "To make it your own:\n  kaogong template show kitchen-monthly > my-kitchen.yaml\n  kaogong scheme check "
      "my-kitchen.yaml");
  show->callback([options, &status] { status = show_template(options->id); });
}

}  // namespace kaogong::gateway
