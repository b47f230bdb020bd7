// `kaogong input …`: what is entered for a period.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "gateway/command/tenant_session.h"
#include "infra/csv/writer.h"
#include "tenants/inputs/entries.h"
#include "tenants/inputs/export_inputs.h"
#include "tenants/inputs/load_inputs.h"

namespace kaogong::gateway {

namespace {

using tenants::TenantTransaction;

struct Options {
  std::string scheme_id, period, path, sheet, employee, part, reason, out, lang = "en";
  std::vector<std::string> where, values;
  bool replace = false, accept_rest = false;
  int64_t since = 0, limit = tenants::kChangesMax;
};

std::optional<tenants::InputSet> set_of(const Options& o) {
  const auto period = period_of(o.period);
  if (!period) return std::nullopt;
  return tenants::InputSet{o.scheme_id, *period};
}

std::optional<tenants::Values> values_of(const std::vector<std::string>& texts) {
  tenants::Values values;
  for (const auto& text : texts) {
    const auto at = text.find('=');
    if (at == std::string::npos || at == 0) {
      fail("'" + text + "' is not COLUMN=VALUE");
      return std::nullopt;
    }
    values.emplace_back(text.substr(0, at), text.substr(at + 1));
  }
  return values;
}

tenants::EntryKey key_of(const Options& o) { return {o.sheet, o.employee, o.part}; }

int load(const SessionArguments& arguments, const Options& o) {
  const auto set = set_of(o);
  if (!set) return kNothingDone;
  const tenants::LoadOptions how{o.replace, o.accept_rest, o.reason};
  return in_tenant(
      arguments,
      [&](TenantTransaction& t) {
        return o.sheet.empty() ? tenants::load_folder(t, *set, o.path, how)
                               : tenants::load_sheet(t, *set, o.sheet, o.path, how);
      },
      [&](const tenants::InputsLoaded& loaded) {
        print_faults(loaded.faults, o.lang == "zh");
        if (!loaded.stored)
          return fail("nothing was stored: " + std::to_string(loaded.faults.total()) + " faulty lines");
        for (const auto& sheet : loaded.sheets) {
          std::fprintf(stderr, "%s: %llu lines; %lld entries added, %lld replaced, %lld unchanged, %lld taken away\n",
                       sheet.sheet.c_str(), static_cast<unsigned long long>(sheet.lines),
                       static_cast<long long>(sheet.added), static_cast<long long>(sheet.replaced),
                       static_cast<long long>(sheet.unchanged), static_cast<long long>(sheet.deleted));
        }
        std::fprintf(stderr, "watermark %lld\n", static_cast<long long>(loaded.change_id));
        return static_cast<int>(loaded.faults.empty() ? kDone : kSomeRefused);
      },
      bulk_options());
}

int entered(const tenants::Entered& done) {
  std::printf("%s, watermark %lld\n", done.changed ? "entered" : "it stood there already",
              static_cast<long long>(done.change_id));
  return kDone;
}

/// Puts a whole row; with --where: changes values in the rows that are meant.
int put(const SessionArguments& arguments, const Options& o) {
  const auto set = set_of(o);
  const auto where = values_of(o.where), values = values_of(o.values);
  if (!set || !where || !values) return kNothingDone;
  std::vector<std::string> columns, row;
  if (!o.employee.empty()) {
    columns.emplace_back("employee");
    row.push_back(o.employee);
  }
  for (const auto& [column, value] : *values) {
    columns.push_back(column);
    row.push_back(value);
  }
  return in_tenant(
      arguments, [&](TenantTransaction& t) { return tenants::put_entry(t, *set, key_of(o), columns, {row}, o.reason); },
      entered);
}

int patch(const SessionArguments& arguments, const Options& o) {
  const auto set = set_of(o);
  const auto where = values_of(o.where), values = values_of(o.values);
  if (!set || !where || !values) return kNothingDone;
  return in_tenant(
      arguments,
      [&](TenantTransaction& t) { return tenants::patch_entry(t, *set, key_of(o), *where, *values, o.reason); },
      entered);
}

int remove(const SessionArguments& arguments, const Options& o) {
  const auto set = set_of(o);
  if (!set) return kNothingDone;
  return in_tenant(
      arguments, [&](TenantTransaction& t) { return tenants::delete_entry(t, *set, key_of(o), o.reason); }, entered);
}

void print_rows(const tenants::Entry& entry) {
  std::string text;
  const auto add = [&](const std::vector<std::string>& values) {
    for (size_t i = 0; i < values.size(); ++i) {
      if (i > 0) text += ',';
      csv::append_field(&text, values[i]);
    }
    text += '\n';
  };
  add(entry.columns);
  for (const auto& row : entry.rows) add(row);
  std::fwrite(text.data(), 1, text.size(), stdout);
}

int show(const SessionArguments& arguments, const Options& o) {
  const auto set = set_of(o);
  if (!set) return kNothingDone;
  return in_tenant(
      arguments, [&](TenantTransaction& t) { return tenants::find_entry(t, *set, key_of(o)); },
      [](const tenants::Entry& entry) {
        print_rows(entry);
        std::fprintf(stderr, "change %lld by %s at %s\n", static_cast<long long>(entry.change_id), entry.actor.c_str(),
                     clock::to_rfc3339(entry.entered_at).c_str());
        return static_cast<int>(kDone);
      },
      read_options());
}

int history(const SessionArguments& arguments, const Options& o) {
  const auto set = set_of(o);
  if (!set) return kNothingDone;
  return in_tenant(
      arguments,
      [&](TenantTransaction& t) -> tenants::Result<std::vector<tenants::PastEntry>> {
        return tenants::entry_history(t, *set, key_of(o));
      },
      [](const std::vector<tenants::PastEntry>& past) {
        for (const auto& version : past) {
          std::printf("# %s by change %lld of %s at %s: %s\n", version.deleted ? "deleted" : "replaced",
                      static_cast<long long>(version.ended_by), version.actor.c_str(),
                      clock::to_rfc3339(version.at).c_str(),
                      version.reason.empty() ? "no reason given" : version.reason.c_str());
          print_rows(version.entry);
        }
        return static_cast<int>(kDone);
      },
      read_options());
}

int changes(const SessionArguments& arguments, const Options& o) {
  const auto set = set_of(o);
  if (!set) return kNothingDone;
  return in_tenant(
      arguments,
      [&](TenantTransaction& t) -> tenants::Result<std::vector<tenants::EntryChange>> {
        return tenants::changes_since(t, *set, o.since, o.limit);
      },
      [](const std::vector<tenants::EntryChange>& list) {
        for (const auto& change : list) {
          print_line({std::to_string(change.change_id), change.deleted ? "deleted" : "entered", change.key.sheet,
                      change.key.employee, change.key.part, change.actor, clock::to_rfc3339(change.at), change.reason});
        }
        return static_cast<int>(kDone);
      },
      read_options());
}

int check(const SessionArguments& arguments, const Options& o) {
  const auto set = set_of(o);
  if (!set) return kNothingDone;
  return in_tenant(
      arguments, [&](TenantTransaction& t) { return tenants::check_inputs(t, *set); },
      [&](const tenants::InputsChecked& checked) {
        if (!checked.failure.empty()) return fail(checked.failure);
        print_faults(checked.faults, o.lang == "zh");
        std::fprintf(stderr, "%llu employees, %llu refused\n", static_cast<unsigned long long>(checked.employees),
                     static_cast<unsigned long long>(checked.refused));
        return static_cast<int>(checked.faults.empty() ? kDone : kSomeRefused);
      },
      read_options());
}

int write_out(const SessionArguments& arguments, const Options& o) {
  const auto set = set_of(o);
  if (!set) return kNothingDone;
  return in_tenant(
      arguments, [&](TenantTransaction& t) { return tenants::export_inputs(t, *set, o.out); },
      [](const tenants::InputsExported& done) {
        std::fprintf(stderr, "%lld entries, watermark %lld\n", static_cast<long long>(done.entries),
                     static_cast<long long>(done.watermark));
        return static_cast<int>(kDone);
      },
      read_options());
}

}  // namespace

void add_input(CLI::App& program, int& status) {
  auto* command = program.add_subcommand("input", "what is entered for a period: in bulk, one by one, corrected");
  command->require_subcommand(1);
  const auto options = std::make_shared<Options>();
  const auto add = [&](const char* name, const char* what, bool of_one,
                       int (*run)(const SessionArguments&, const Options&)) {
    auto* sub = command->add_subcommand(name, what);
    const auto arguments = add_tenant_options(*sub);
    sub->add_option("--scheme", options->scheme_id, "the scheme")->required();
    sub->add_option("--period", options->period, "2026-10, 2026-Q3, 2026-H1 or 2026")->required();
    if (of_one) {
      sub->add_option("sheet", options->sheet, "population, a child table, history, a lookup, parameters")->required();
      sub->add_option("--employee", options->employee, "whose; none for lookups and parameters");
      sub->add_option("--part", options->part, "the rater or source of one form; none: loaded in bulk");
    }
    sub->callback([arguments, options, run, &status] { status = run(*arguments, *options); });
    return sub;
  };
  const auto add_reason = [&](CLI::App* sub) {
    sub->add_option("--reason", options->reason, "why; needed when the period is frozen");
  };
  auto* loading = add("load", "load a data folder as `kaogong score` takes it, or one sheet", false, load);
  loading->add_option("path", options->path, "the folder; with --sheet: the CSV file")->required();
  loading->add_option("--sheet", options->sheet, "only this sheet");
  loading->add_flag("--replace", options->replace, "take away what the files do not have");
  loading->add_flag("--accept-rest", options->accept_rest, "store what has no faults; default: all or nothing");
  loading->add_option("--lang", options->lang, "language of the faults")->check(CLI::IsMember({"en", "zh"}));
  add_reason(loading);
  auto* putting = add("put", "put an entry of one row in the place of what is there", true, put);
  putting->add_option("values", options->values, "COLUMN=VALUE, for every column of the sheet")->required();
  add_reason(putting);
  auto* patching = add("patch", "change values of an entry", true, patch);
  patching->add_option("values", options->values, "COLUMN=VALUE")->required();
  patching->add_option("--where", options->where, "COLUMN=VALUE: only in rows that have it");
  add_reason(patching);
  add_reason(add("delete", "take an entry away; its versions stay", true, remove));
  add("show", "print an entry as CSV", true, show);
  add("history", "print the versions of an entry that were superseded, newest first", true, history);
  auto* listing = add("changes", "a line for each entry that changed after a watermark", false, changes);
  listing->add_option("--since", options->since, "the watermark; 0: from the beginning");
  listing->add_option("--limit", options->limit, "at most so many")
      ->check(CLI::Range(int64_t{1}, tenants::kChangesMax));
  add("check", "check every value that was entered, as freezing would; exit status 2 if some are refused", false, check)
      ->add_option("--lang", options->lang, "language of the faults")
      ->check(CLI::IsMember({"en", "zh"}));
  add("export", "write what was entered as a data folder", false, write_out)
      ->add_option("--out", options->out, "the folder, made if missing")
      ->required();
  command->footer(
      "Examples:\n  kaogong input load october --tenant acme --scheme trade-monthly --period 2026-10\n"
      "  kaogong input patch ratings --employee E1 --where rater=self points=9 --tenant acme --scheme kitchen-monthly "
      "--period 2026-10 --reason 'slip was wrong'");
}

}  // namespace kaogong::gateway
