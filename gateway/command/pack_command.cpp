// `kaogong pack list|show|check|schema`.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "engine/scheme/literal.h"
#include "engine/scheme/pack_call.h"
#include "gateway/command/commands.h"
#include "gateway/command/findings.h"
#include "gateway/command/scheme_source.h"
#include "tenants/packs/packs.h"

namespace kaogong::gateway {

namespace {

struct Options {
  std::vector<std::string> files, packs;
  std::string id, lang = "en", format = "text";
};

const std::string& label(const scheme::Labels& labels, const std::string& lang) {
  return lang == "zh" ? labels.zh : labels.en;
}

int list_packs(const Options& options) {
  const auto library = open_packs(options.packs);
  if (!library) return kNothingDone;
  for (const auto& pack : library->all()) {
    std::printf("%-12s version %-4u %-4s %s\n", pack->id.c_str(), pack->version, pack->jurisdiction.c_str(),
                label(pack->labels, options.lang).c_str());
    for (const auto& function : pack->functions) {
      std::string call = scheme::full_name(*pack, function) + "(";
      for (size_t i = 0; i < function.parameters.size(); ++i) {
        const auto& parameter = function.parameters[i];
        call += (i == 0 ? "" : ", ") + parameter.name + ": " + scheme::type_to_text(parameter.type);
        if (parameter.default_value) call += " = " + *parameter.default_value;
      }
      std::printf("  %s): %s\n      %s\n", call.c_str(), scheme::type_to_text(function.result.type).c_str(),
                  label(function.labels, options.lang).c_str());
    }
    std::printf("  %s\n", pack->hash.c_str());
  }
  return kDone;
}

int show_pack(const Options& options) {
  for (const auto& pack : packs::shipped()) {
    if (pack.id != options.id) continue;
    std::fwrite(pack.yaml.data(), 1, pack.yaml.size(), stdout);
    return kDone;
  }
  std::string known;
  for (const auto& pack : packs::shipped()) known += (known.empty() ? "" : ", ") + std::string(pack.id);
  std::fprintf(stderr, "kaogong: there is no pack '%s': there is %s\n", options.id.c_str(), known.c_str());
  return kNothingDone;
}

int check_packs(const Options& options) {
  FindingsReport report(options.format == "json");
  bool unreadable = false;
  for (const auto& file : options.files) {
    std::string error;
    auto text = read_text(file, &error);
    for (const auto& pack : packs::shipped()) {
      if (!text && pack.id == file) text = std::string(pack.yaml);
    }
    if (!text) {
      std::fprintf(stderr, "kaogong: the pack %s cannot be read: %s\n", file.c_str(), error.c_str());
      unreadable = true;
      continue;
    }
    auto loaded = packs::read(*text);
    std::vector<scheme::Finding> findings = std::move(loaded.findings);
    if (loaded.pack != nullptr) {
      const auto more = plan::check_pack(loaded.pack);
      findings.insert(findings.end(), more.begin(), more.end());
    }
    report.add(file, findings);
  }
  return report.finish() || unreadable ? kNothingDone : kDone;
}

}  // namespace

void add_pack(CLI::App& program, int& status) {
  auto* command = program.add_subcommand("pack", "list, show and check packs: functions over dated tables");
  command->require_subcommand(1);
  const auto options = std::make_shared<Options>();
  auto* list = command->add_subcommand("list", "the packs, their functions with parameters, and their hashes");
  list->add_option("--lang", options->lang, "language of the names: en or zh")->check(CLI::IsMember({"en", "zh"}));
  list->add_option("--pack", options->packs, "a pack of your own beside those that come with the program");
  list->callback([options, &status] { status = list_packs(*options); });
  auto* show = command->add_subcommand("show", "print a pack as YAML");
  show->add_option("id", options->id, "the pack's id")->required();
  show->footer(
      "To make it your own:\n  kaogong pack show cn.social > my-social.yaml\n  kaogong pack check my-social.yaml");
  show->callback([options, &status] { status = show_pack(*options); });
  auto* check = command->add_subcommand("check", "say what is wrong with a pack: dates, bands, names, types");
  check->add_option("files", options->files, "YAML or JSON files, or ids of packs that come with the program")
      ->required();
  check->add_option("--format", options->format, "text, or json: a list of objects")
      ->check(CLI::IsMember({"text", "json"}));
  check->footer("Exit status: 0 without errors (there may be warnings), 1 with errors.");
  check->callback([options, &status] { status = check_packs(*options); });
  auto* schema = command->add_subcommand("schema", "print the JSON Schema of packs, for editors");
  schema->callback([&status] {
    const std::string text = scheme::pack_json_schema();
    std::fwrite(text.data(), 1, text.size(), stdout);
    status = kDone;
  });
}

}  // namespace kaogong::gateway
