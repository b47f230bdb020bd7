// `kaogong migrate` and `kaogong tenant …`: what operators do with tenants.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "gateway/command/tenant_session.h"
#include "tenants/registry/export_files.h"
#include "tenants/registry/migrations.h"

namespace kaogong::gateway {

namespace {

struct Options {
  std::string id, name, reason, out;
  int parallel = 4;
  bool all = false, yes = false;
  tenants::Quotas quotas;
  int64_t people = -1, runs = -1, bytes = -1, requests = -1;
};

std::string text_of(const std::optional<int64_t>& bound) { return bound ? std::to_string(*bound) : "none"; }

int show(const tenants::Tenant& tenant) {
  print_line({tenant.id().text(), to_text(tenant.state()), tenant.name()});
  return kDone;
}

int show_all(const tenants::Tenant& tenant) {
  const auto& quotas = tenant.quotas();
  std::printf(
      "id                   %s\nname                 %s\nstate                %s\ncreated              %s\nschema and "
      "role      %s\n"
      "people at most       %s\nruns a day           %s\nstored bytes         %s\nrequests a second    %s\n",
      tenant.id().text().c_str(), tenant.name().c_str(), std::string(to_text(tenant.state())).c_str(),
      clock::to_rfc3339(tenant.created_at()).c_str(), tenant.schema().text().c_str(),
      text_of(quotas.people_max).c_str(), text_of(quotas.runs_per_day_max).c_str(),
      text_of(quotas.stored_bytes_max).c_str(), text_of(quotas.requests_per_second_max).c_str());
  return kDone;
}

int answer(const tenants::Result<tenants::Tenant>& tenant) { return tenant ? show(*tenant) : fail(tenant.failure()); }

/// The bounds given, over those that hold; 0: no bound.
tenants::Quotas changed(tenants::Quotas quotas, const Options& options) {
  const auto set = [](std::optional<int64_t>* bound, int64_t given) {
    if (given >= 0) *bound = given == 0 ? std::nullopt : std::optional(given);
  };
  set(&quotas.people_max, options.people);
  set(&quotas.runs_per_day_max, options.runs);
  set(&quotas.stored_bytes_max, options.bytes);
  set(&quotas.requests_per_second_max, options.requests);
  return quotas;
}

void add_quota_options(CLI::App* command, Options* options) {
  command->add_option("--people", options->people, "people employed at once; 0: no bound");
  command->add_option("--runs-per-day", options->runs, "runs in a day; 0: no bound");
  command->add_option("--stored-bytes", options->bytes, "bytes that are stored; 0: no bound");
  command->add_option("--requests-per-second", options->requests, "requests in a second; 0: no bound");
}

int migrate(Session& session, int parallel) {
  const auto control = tenants::migrate_control(session.owner());
  if (!control.good()) return fail("the control schema " + control.fault);
  const auto done = tenants::migrate_tenants(session.owner(), parallel);
  if (!done) return fail(done.failure());
  for (const auto& failed : done->failed) fail("tenant " + failed.id.text() + " " + failed.fault);
  std::printf("control schema at version %lld; %zu tenants, %zu of them changed, %zu failed\n",
              static_cast<long long>(control.to), done->tenants, done->changed, done->failed.size());
  return done->failed.empty() ? kDone : kSomeRefused;
}

int list(Session& session, bool all) {
  for (std::string after;;) {
    const auto page = session.registry().list(after, tenants::kTenantsPageMax, all);
    if (!page) return fail(page.failure());
    for (const auto& tenant : *page) show(tenant);
    if (page->size() < static_cast<size_t>(tenants::kTenantsPageMax)) return kDone;
    after = page->back().id().text();
  }
}

int export_tenant(Session& session, const Options& options) {
  const auto tenant = session.registry().begin_export(options.id, session.actor());
  if (!tenant) return fail(tenant.failure());
  tenants::ExportFolder files(options.out);
  const auto done = session.registry().write_export(*tenant, files);
  if (!done) return fail(done.failure());
  for (const auto& table : done->tables) print_line({table.name, std::to_string(table.rows), table.sha256});
  return kDone;
}

int erase(Session& session, const Options& options) {
  if (!options.yes) return fail("erasing cannot be undone: say --yes, and export the tenant first");
  const auto erased = session.registry().erase(options.id, session.actor());
  if (!erased) return fail(erased.failure());
  std::printf("%s erased at %s\n%s\n", erased->id.text().c_str(), clock::to_rfc3339(erased->erased_at).c_str(),
              erased->record.c_str());
  return kDone;
}

}  // namespace

void add_migrate(CLI::App& program, int& status) {
  const auto options = std::make_shared<Options>();
  auto* command = program.add_subcommand("migrate", "bring the control schema and all tenants' to this version");
  const auto session_arguments = add_session_options(*command);
  command->add_option("--parallel", options->parallel, "tenants at once")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  command->footer(
      "Logs in as postgres.owner_conninfo, or postgres.conninfo: a role that may create roles and owns the database.\n"
      "Each schema is brought up in a transaction of its own; run it again after whatever stopped it. Exit status 2: "
      "some tenants could not be brought up.");
  command->callback([options, session_arguments, &status] {
    const auto session = Session::open(*session_arguments);
    status = session == nullptr ? static_cast<int>(kNothingDone) : migrate(*session, options->parallel);
  });
}

void add_tenant(CLI::App& program, int& status) {
  auto* command = program.add_subcommand("tenant", "create, stop, export and erase tenants");
  command->require_subcommand(1);
  const auto options = std::make_shared<Options>();
  const auto add = [&](const char* name, const char* what, bool of_one,
                       std::function<int(Session&, const Options&)> run) {
    auto* sub = command->add_subcommand(name, what);
    if (of_one) sub->add_option("id", options->id, "the tenant's id")->required();
    const auto arguments = add_session_options(*sub);
    sub->callback([arguments, options, run = std::move(run), &status] {
      const auto session = Session::open(*arguments);
      status = session == nullptr ? static_cast<int>(kNothingDone) : run(*session, *options);
    });
    return sub;
  };
  auto* create =
      add("create", "a tenant with a schema and a role of its own", true, [](Session& session, const Options& o) {
        const auto quotas = changed(session.settings().limits.quotas(), o);
        return answer(session.registry().create(o.id, o.name.empty() ? o.id : o.name, quotas, session.actor()));
      });
  create->add_option("--name", options->name, "as people call it; default: its id");
  add_quota_options(create, options.get());
  add("list", "one line a tenant: its id, state and name", false, [](Session& session, const Options& o) {
    return list(session, o.all);
  })->add_flag("--all", options->all, "also those that were erased");
  add("show", "what is known of a tenant", true, [](Session& session, const Options& o) {
    const auto tenant = session.registry().get(o.id);
    return tenant ? show_all(*tenant) : fail(tenant.failure());
  });
  add("suspend", "let no transaction of the tenant's begin any more", true, [](Session& session, const Options& o) {
    return answer(session.registry().suspend(o.id, o.reason, session.actor()));
  })->add_option("--reason", options->reason, "why");
  add("resume", "let them begin again", true, [](Session& session, const Options& o) {
    return answer(session.registry().resume(o.id, o.reason, session.actor()));
  })->add_option("--reason", options->reason, "why");
  auto* quota =
      add("quota", "change bounds; those that are not given stay", true, [](Session& session, const Options& o) {
        const auto tenant = session.registry().get(o.id);
        if (!tenant) return fail(tenant.failure());
        const auto set = session.registry().set_quotas(o.id, changed(tenant->quotas(), o), session.actor());
        return set ? show_all(*set) : fail(set.failure());
      });
  add_quota_options(quota, options.get());
  add("export", "write every table as CSV, and a manifest", true,
      [](Session& session, const Options& o) { return export_tenant(session, o); })
      ->add_option("--out", options->out, "the folder, made if missing")
      ->required();
  add("erase", "erase schema, role, keys and name; a record stays", true, [](Session& session, const Options& o) {
    return erase(session, o);
  })->add_flag("--yes", options->yes, "really");
  command->footer(
      "Examples:\n  kaogong tenant create acme --name 'Acme Trading' --people 5000\n  kaogong tenant export acme --out "
      "acme-2026-10");
}

}  // namespace kaogong::gateway
