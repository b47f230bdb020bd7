// `kaogong people …` and `kaogong department …`.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "engine/scheme/literal.h"
#include "gateway/command/tenant_session.h"
#include "tenants/people/load_people.h"

namespace kaogong::gateway {

namespace {

using tenants::TenantTransaction;

struct Options {
  std::string employee, file, from, name, parent, department, lang = "en", last_day;
  std::vector<std::string> values;
  bool close = false;
};

std::string text_of(tenants::Day day) { return scheme::date_to_text(day); }

std::string extra_text(const tenants::Attributes& attributes) {
  std::string text;
  for (const auto& [name, value] : attributes.extra) text += (text.empty() ? "" : " ") + name + "=" + value;
  return text;
}

void show(std::string_view first, std::string_view second, const tenants::Attributes& a) {
  print_line({first, second, a.department, a.position, a.step, a.pay_group, a.manager, extra_text(a)});
}

/// `step=5`: an attribute, or one of the tenant's own making.
std::optional<tenants::AttributeChange> change_of(const std::vector<std::string>& values) {
  tenants::AttributeChange change;
  for (const auto& text : values) {
    const auto at = text.find('=');
    if (at == std::string::npos || at == 0) {
      fail("'" + text + "' is not NAME=VALUE");
      return std::nullopt;
    }
    const auto name = text.substr(0, at), value = text.substr(at + 1);
    if (name == "department")
      change.department = value;
    else if (name == "position")
      change.position = value;
    else if (name == "step")
      change.step = value;
    else if (name == "pay_group")
      change.pay_group = value;
    else if (name == "manager")
      change.manager = value;
    else
      change.extra[name] = value;
  }
  return change;
}

int load(const SessionArguments& arguments, const Options& o) {
  const auto from = day_of(o.from);
  if (!from) return kNothingDone;
  return in_tenant(
      arguments, [&](TenantTransaction& t) { return tenants::load_people(t, o.file, *from); },
      [&](const tenants::PeopleLoaded& loaded) {
        print_faults(loaded.faults, o.lang == "zh");
        if (!loaded.stored) return fail("nothing was stored: " + std::to_string(loaded.faults.total()) + " faults");
        std::printf("%lld lines, %lld people added, %lld versions of attributes\n",
                    static_cast<long long>(loaded.lines), static_cast<long long>(loaded.added),
                    static_cast<long long>(loaded.changed));
        return static_cast<int>(kDone);
      },
      bulk_options());
}

int list(const SessionArguments& arguments, const Options& o) {
  const auto day = day_of(o.from);
  if (!day) return kNothingDone;
  return in_tenant(
      arguments,
      [&](TenantTransaction& t) -> tenants::Result<tenants::Done> {
        for (std::string after;;) {
          const auto page = tenants::list_people(t, *day, o.department, after, tenants::kPeoplePageMax);
          if (!page) return page.failure();
          for (const auto& person : *page) show(person.person.employee, person.person.name, person.attributes);
          if (page->size() < static_cast<size_t>(tenants::kPeoplePageMax)) return tenants::Done{};
          after = page->back().person.employee;
        }
      },
      [](tenants::Done) { return static_cast<int>(kDone); }, read_options());
}

int show_person(const SessionArguments& arguments, const Options& o) {
  const auto day = day_of(o.from);
  if (!day) return kNothingDone;
  return in_tenant(
      arguments, [&](TenantTransaction& t) { return tenants::person_on(t, o.employee, *day); },
      [](const tenants::PersonOnDay& found) {
        print_line({found.person.employee, found.person.name, text_of(found.person.hired_on),
                    found.person.left_on ? text_of(*found.person.left_on) : std::string(),
                    found.employed ? "employed" : "not employed"});
        show("", "", found.attributes);
        return static_cast<int>(kDone);
      },
      read_options());
}

int history(const SessionArguments& arguments, const Options& o) {
  return in_tenant(
      arguments, [&](TenantTransaction& t) { return tenants::attribute_history(t, o.employee); },
      [](const std::vector<tenants::AttributeVersion>& versions) {
        for (const auto& version : versions)
          show(text_of(version.valid_from), version.employed ? version.actor : version.actor + " (has left)",
               version.attributes);
        return static_cast<int>(kDone);
      },
      read_options());
}

int done(tenants::Done) { return kDone; }

}  // namespace

void add_people(CLI::App& program, int& status) {
  auto* command = program.add_subcommand("people", "people, and what is true of them from a day on");
  command->require_subcommand(1);
  const auto options = std::make_shared<Options>();
  const auto add = [&](const char* name, const char* what, bool of_one,
                       int (*run)(const SessionArguments&, const Options&)) {
    auto* sub = command->add_subcommand(name, what);
    const auto arguments = add_tenant_options(*sub);
    if (of_one) sub->add_option("employee", options->employee, "the employee's id")->required();
    sub->callback([arguments, options, run, &status] { status = run(*arguments, *options); });
    return sub;
  };
  auto* loading = add("load", "add and change people from a CSV file, all lines or none", false, load);
  loading
      ->add_option("file", options->file,
                   "employee,name,hired_on and, if you like, left_on,department,position,step,"
                   "pay_group,manager and columns of your own")
      ->required();
  loading->add_option("--from", options->from, "the day from which changed attributes hold")->required();
  loading->add_option("--lang", options->lang, "language of the faults")->check(CLI::IsMember({"en", "zh"}));
  auto* listing = add("list", "who is employed on a day: id, name, department, position, step, pay group, manager, own",
                      false, list);
  listing->add_option("--on", options->from, "the day")->required();
  listing->add_option("--department", options->department, "only this one and those below it");
  add("show", "one person on a day", true, show_person)->add_option("--on", options->from, "the day")->required();
  add("history", "all versions of one person's attributes", true, history);
  auto* change =
      add("change", "change attributes from a day on", true, [](const SessionArguments& a, const Options& o) {
        const auto from = day_of(o.from);
        const auto asked = change_of(o.values);
        if (!from || !asked) return static_cast<int>(kNothingDone);
        return in_tenant(
            a, [&](TenantTransaction& t) { return tenants::change_attributes(t, o.employee, *from, *asked); }, done);
      });
  change->add_option("--from", options->from, "the day")->required();
  change
      ->add_option("values", options->values, "NAME=VALUE: department, position, step, pay_group, manager, or your own")
      ->required();
  add("leave", "end somebody's employment", true,
      [](const SessionArguments& a, const Options& o) {
        const auto last = day_of(o.last_day);
        if (!last) return static_cast<int>(kNothingDone);
        return in_tenant(
            a, [&](TenantTransaction& t) { return tenants::leave(t, o.employee, *last); }, done);
      })
      ->add_option("--last-day", options->last_day, "the last day")
      ->required();
  command->footer("Example:\n  kaogong people load people.csv --tenant acme --from 2026-10-01");
}

void add_department(CLI::App& program, int& status) {
  auto* command = program.add_subcommand("department", "departments as a tree that changes over time");
  command->require_subcommand(1);
  const auto options = std::make_shared<Options>();
  auto* put = command->add_subcommand("put", "say what is true of a department from a day on");
  const auto put_arguments = add_tenant_options(*put);
  put->add_option("code", options->department, "its code")->required();
  put->add_option("--name", options->name, "its name")->required();
  put->add_option("--parent", options->parent, "the one above it; none: it is a root");
  put->add_option("--from", options->from, "the day")->required();
  put->add_flag("--close", options->close, "from that day on there is no such department");
  put->callback([options, put_arguments, &status] {
    const auto from = day_of(options->from);
    status = !from ? static_cast<int>(kNothingDone)
                   : in_tenant(
                         *put_arguments,
                         [&](TenantTransaction& t) {
                           return tenants::put_department(
                               t, {options->department, *from, options->name, options->parent, options->close});
                         },
                         done);
  });
  auto* tree = command->add_subcommand("list", "a line a department on a day: code, name, the one above it");
  const auto list_arguments = add_tenant_options(*tree);
  tree->add_option("--on", options->from, "the day")->required();
  tree->callback([options, list_arguments, &status] {
    const auto day = day_of(options->from);
    if (!day) {
      status = kNothingDone;
      return;
    }
    status = in_tenant(
        *list_arguments,
        [&](TenantTransaction& t) -> tenants::Result<std::vector<tenants::DepartmentVersion>> {
          return tenants::department_tree(t).open_on(*day);
        },
        [](const std::vector<tenants::DepartmentVersion>& open) {
          for (const auto& department : open) print_line({department.code, department.name, department.parent});
          return static_cast<int>(kDone);
        },
        read_options());
  });
}

}  // namespace kaogong::gateway
