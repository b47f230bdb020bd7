// The sub-commands of `kaogong scheme` that work on a tenant's schemes.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "gateway/command/findings.h"
#include "gateway/command/scheme_source.h"
#include "gateway/command/tenant_session.h"
#include "infra/crypto/encode.h"
#include "tenants/schemes/assignments.h"
#include "tenants/schemes/schemes.h"

namespace kaogong::gateway {

namespace {

using tenants::TenantTransaction;

struct Options {
  std::string file, template_id, note, id, pay_group, department, from, to, employee, lang = "en";
  std::vector<std::string> ledgers;
  int32_t version = -1, before = 0, after = 0;
  int64_t assignment = 0;
};

/// `output=ledger:kind`, or `-output=ledger:kind` for one that takes away.
std::optional<tenants::LedgerRule> rule_of(const std::string& text) {
  const bool takes_away = text.starts_with("-");
  const auto equal = text.find('='), colon = text.rfind(':');
  if (equal == std::string::npos || colon == std::string::npos || colon < equal) {
    fail("'" + text + "' is no ledger rule like retained=commission:retain");
    return std::nullopt;
  }
  const size_t begin = takes_away ? 1 : 0;
  return tenants::LedgerRule{text.substr(begin, equal - begin), text.substr(equal + 1, colon - equal - 1),
                             text.substr(colon + 1), takes_away};
}

void show(const tenants::SchemeVersion& version) {
  print_line({version.scheme_id, version.version == 0 ? std::string("draft") : std::to_string(version.version),
              to_text(version.state), crypto::to_hex(crypto::view(version.hash)).substr(0, 16), version.created.actor,
              version.published.actor.empty() ? std::string() : clock::to_rfc3339(version.published.at), version.note});
}

int publish(const SessionArguments& arguments, const Options& o) {
  std::vector<tenants::LedgerRule> ledgers;
  for (const auto& text : o.ledgers) {
    auto rule = rule_of(text);
    if (!rule) return kNothingDone;
    ledgers.push_back(*std::move(rule));
  }
  const auto source = open_scheme(o.template_id, o.file);
  if (!source) return kNothingDone;
  return in_tenant(
      arguments,
      [&](TenantTransaction& t) {
        return tenants::publish_document(t, source->text, o.note.empty() ? source->name : o.note, ledgers);
      },
      [&](const tenants::Publication& publication) {
        for (const auto& finding : publication.checked.findings)
          std::fputs(finding_text(source->name, finding).c_str(), stderr);
        for (const auto& name : publication.checked.interpreted)
          std::fprintf(stderr, "%s is computed row by row\n", name.c_str());
        if (!publication.version) return fail("nothing was published: the scheme has errors");
        show(*publication.version);
        return static_cast<int>(kDone);
      });
}

int list(const SessionArguments& arguments, const Options& o) {
  return in_tenant(
      arguments,
      [&](TenantTransaction& t) -> tenants::Result<std::vector<tenants::SchemeVersion>> {
        return tenants::list_versions(t, o.id);
      },
      [&](const std::vector<tenants::SchemeVersion>& versions) {
        if (versions.empty() && !o.id.empty()) return fail("there is no scheme " + o.id);
        for (const auto& version : versions) show(version);
        return static_cast<int>(kDone);
      },
      read_options());
}

int list_newest(const SessionArguments& arguments, const Options&) {
  return in_tenant(
      arguments,
      [](TenantTransaction& t) -> tenants::Result<std::vector<tenants::SchemeVersion>> {
        return tenants::list_versions(t);
      },
      [](const std::vector<tenants::SchemeVersion>& versions) {
        // By scheme, then version: the last of each is the newest.
        for (size_t i = 0; i < versions.size(); ++i) {
          if (i + 1 == versions.size() || versions[i + 1].scheme_id != versions[i].scheme_id) show(versions[i]);
        }
        return static_cast<int>(kDone);
      },
      read_options());
}

int show_document(const SessionArguments& arguments, const Options& o) {
  const auto version = o.version < 0 ? std::nullopt : std::optional(o.version);
  return in_tenant(
      arguments, [&](TenantTransaction& t) { return tenants::find_scheme(t, o.id, version); },
      [](const tenants::SchemeDocument& found) {
        std::fwrite(found.text.data(), 1, found.text.size(), stdout);
        return static_cast<int>(kDone);
      },
      read_options());
}

int retire(const SessionArguments& arguments, const Options& o) {
  return in_tenant(
      arguments, [&](TenantTransaction& t) { return tenants::retire(t, o.id, o.version); },
      [](const tenants::SchemeVersion& version) {
        show(version);
        return static_cast<int>(kDone);
      });
}

int changes(const SessionArguments& arguments, const Options& o) {
  return in_tenant(
      arguments, [&](TenantTransaction& t) { return tenants::diff_versions(t, o.id, o.before, o.after); },
      [&](const std::vector<scheme::Change>& list) {
        const auto language = o.lang == "zh" ? scheme::Language::kChinese : scheme::Language::kEnglish;
        for (const auto& change : list) std::printf("%s\n", scheme::describe(change, language).c_str());
        if (list.empty()) std::puts(o.lang == "zh" ? "没有差别" : "no difference");
        return static_cast<int>(kDone);
      },
      read_options());
}

int show_assignment(const tenants::Assignment& assignment) {
  print_line({std::to_string(assignment.id), assignment.scheme_id,
              assignment.pay_group.empty() ? "any pay group" : assignment.pay_group,
              assignment.department.empty() ? "any department" : assignment.department,
              scheme::to_text(assignment.from), assignment.to ? scheme::to_text(*assignment.to) : ""});
  return kDone;
}

int assign(const SessionArguments& arguments, const Options& o) {
  const auto from = period_of(o.from);
  const auto to = o.to.empty() ? std::nullopt : period_of(o.to);
  if (!from || (!o.to.empty() && !to)) return kNothingDone;
  return in_tenant(
      arguments,
      [&](TenantTransaction& t) {
        return tenants::assign(t, {0, o.id, o.pay_group, o.department, *from, to, {}});
      },
      show_assignment);
}

int unassign(const SessionArguments& arguments, const Options& o) {
  const auto last = period_of(o.to);
  if (!last) return kNothingDone;
  return in_tenant(
      arguments, [&](TenantTransaction& t) { return tenants::end_assignment(t, o.assignment, *last); },
      show_assignment);
}

int assignments(const SessionArguments& arguments, const Options& o) {
  return in_tenant(
      arguments,
      [&](TenantTransaction& t) -> tenants::Result<std::vector<tenants::Assignment>> {
        return tenants::list_assignments(t, o.id);
      },
      [](const std::vector<tenants::Assignment>& all) {
        for (const auto& assignment : all) show_assignment(assignment);
        return static_cast<int>(kDone);
      },
      read_options());
}

/// Whom a scheme is for; with --employee: which schemes are for one person.
int whom(const SessionArguments& arguments, const Options& o) {
  const auto period = period_of(o.from);
  if (!period) return kNothingDone;
  if (o.id.empty() == o.employee.empty()) return fail("name a scheme, or --employee");
  return in_tenant(
      arguments,
      [&](TenantTransaction& t) -> tenants::Result<std::vector<std::string>> {
        return o.employee.empty() ? tenants::people_of(t, o.id, *period) : tenants::schemes_of(t, o.employee, *period);
      },
      [](const std::vector<std::string>& names) {
        for (const auto& name : names) print_line({name});
        return static_cast<int>(kDone);
      },
      read_options());
}

}  // namespace

void add_tenant_scheme(CLI::App& program, int& status) {
  auto* command = program.get_subcommand("scheme");
  const auto options = std::make_shared<Options>();
  const auto add = [&](const char* name, const char* what, int (*run)(const SessionArguments&, const Options&)) {
    auto* sub = command->add_subcommand(name, what);
    const auto arguments = add_tenant_options(*sub);
    sub->callback([arguments, options, run, &status] { status = run(*arguments, *options); });
    return sub;
  };
  auto* publishing = add("publish", "publish a scheme for a tenant, as the next version", publish);
  auto* source = publishing->add_option_group("source");
  source->add_option("file", options->file, "a YAML or JSON file");
  source->add_option("--template", options->template_id, "a scheme that comes with the program");
  source->require_option(1);
  publishing->add_option("--note", options->note, "what is new; default: where it comes from");
  publishing->add_option("--ledger", options->ledgers,
                         "OUTPUT=LEDGER:KIND: an output that is posted to a ledger when a run is published; -OUTPUT=…: "
                         "it takes away");
  add("list", "a line a scheme: its newest version", list_newest);
  add("versions", "a line a version: scheme, number, state, hash, who, when", list)
      ->add_option("id", options->id, "only of this scheme");
  auto* showing = add("show", "print a version's document", show_document);
  showing->add_option("id", options->id, "the scheme")->required();
  showing->add_option("--version", options->version, "which; default: the newest; 0: the draft");
  auto* retiring = add("retire", "take a published version out of use", retire);
  retiring->add_option("id", options->id, "the scheme")->required();
  retiring->add_option("version", options->version, "the version")->required();
  auto* comparing = add("changes", "what changed between two versions, in their own terms", changes);
  comparing->add_option("id", options->id, "the scheme")->required();
  comparing->add_option("before", options->before, "the older version")->required();
  comparing->add_option("after", options->after, "the newer version")->required();
  comparing->add_option("--lang", options->lang, "en or zh")->check(CLI::IsMember({"en", "zh"}));
  auto* assigning = add("assign", "say whom a scheme is for", assign);
  assigning->add_option("id", options->id, "the scheme")->required();
  assigning->add_option("--pay-group", options->pay_group, "people of this pay group; none: of any");
  assigning->add_option("--department", options->department, "and of this department or one below it; none: of any");
  assigning->add_option("--from", options->from, "the first period")->required();
  assigning->add_option("--to", options->to, "the last period; none: until it is ended");
  auto* ending = add("unassign", "end an assignment with a period", unassign);
  ending->add_option("assignment", options->assignment, "its number")->required();
  ending->add_option("--to", options->to, "the last period")->required();
  add("assignments", "a line an assignment", assignments)->add_option("id", options->id, "only of this scheme");
  auto* asking = add("people", "whom a scheme is for in a period; --employee: which schemes are for one person", whom);
  asking->add_option("id", options->id, "the scheme");
  asking->add_option("--employee", options->employee, "the person");
  asking->add_option("--period", options->from, "the period")->required();
}

}  // namespace kaogong::gateway
