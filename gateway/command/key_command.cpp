// `kaogong key …`: API keys.
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <memory>

#include "gateway/command/tenant_session.h"
#include "tenants/access/keys.h"

namespace kaogong::gateway {

namespace {

struct Options {
  std::string id, role = "hr", employee, label, expires;
  std::vector<std::string> scopes;
  int64_t overlap_hours = 24;
  bool test = false, operators = false;
};

constexpr int64_t kHourUs = int64_t{3'600'000'000};

std::string scopes_text(const tenants::ApiKey& key) {
  std::string text;
  for (const auto& scope : texts_of(key.scopes)) text += (text.empty() ? "" : ",") + scope;
  return text;
}

void show(const tenants::ApiKey& key, clock::Instant now) {
  const char* state = key.revoked_at ? "revoked" : key.expires_at && *key.expires_at <= now ? "expired" : "valid";
  print_line({key.id, state, to_text(key.role), key.employee,
              key.expires_at ? clock::to_rfc3339(*key.expires_at) : std::string("never"), scopes_text(key), key.label});
}

int show_issued(const tenants::Result<tenants::IssuedKey>& issued) {
  if (!issued) return fail(issued.failure());
  std::printf("%s\n", issued->text.c_str());
  std::fputs("This is the only time that the key is shown.\n", stderr);
  return kDone;
}

std::optional<tenants::KeyRequest> request_of(const Options& options) {
  tenants::KeyRequest request;
  const auto role = tenants::parse_role(options.role);
  if (!role) {
    fail("'" + options.role + "' is no role");
    return std::nullopt;
  }
  request.role = *role;
  for (const auto& text : options.scopes) {
    const auto scope = tenants::parse_scope(text);
    if (!scope) {
      fail("'" + text + "' is no scope");
      return std::nullopt;
    }
    request.scopes.add(*scope);
  }
  if (!options.expires.empty()) {
    const auto day = day_of(options.expires);
    if (!day) return std::nullopt;
    request.expires_at = clock::Instant{std::chrono::days{*day + 1}};  // at the end of that day, UTC
  }
  request.kind = options.test ? tenants::KeyKind::kTest : tenants::KeyKind::kLive;
  request.employee = options.employee;
  request.label = options.label;
  return request;
}

/// Runs a command for the tenant that is named, or for operators if none is.
int with_keys(const SessionArguments& arguments,
              const std::function<int(tenants::ApiKeys&, const tenants::Tenant*, const Session&)>& run) {
  const auto session = Session::open(arguments);
  if (session == nullptr) return kNothingDone;
  tenants::ApiKeys keys(session->database());
  if (arguments.tenant.empty()) return run(keys, nullptr, *session);
  const auto tenant = session->database().open(arguments.tenant);
  if (!tenant) return fail(tenant.failure());
  return run(keys, &*tenant, *session);
}

int verify(const SessionArguments& arguments) {
  const auto session = Session::open(arguments);
  if (session == nullptr) return kNothingDone;
  std::string text;
  std::getline(std::cin, text);
  const auto key = tenants::ApiKeys(session->database()).verify(text);
  if (!key) return fail(key.failure());
  print_line({"tenant", key->tenant ? key->tenant->text() : "none: an operator's"});
  show(*key, session->clock().now());
  return kDone;
}

}  // namespace

void add_key(CLI::App& program, int& status) {
  auto* command = program.add_subcommand("key", "make, list, replace and take back API keys");
  command->require_subcommand(1);
  const auto options = std::make_shared<Options>();
  const auto add =
      [&](const char* name, const char* what, bool of_one,
          std::function<int(tenants::ApiKeys&, const tenants::Tenant*, const Session&, const Options&)> run) {
        auto* sub = command->add_subcommand(name, what);
        const auto arguments = add_session_options(*sub);
        auto* whose = sub->add_option_group("whose");
        whose->add_option("--tenant", arguments->tenant, "the tenant's id")->envname("KAOGONG_TENANT");
        whose->add_flag("--operators", options->operators, "keys of operators, who belong to no tenant");
        if (of_one) sub->add_option("id", options->id, "the key's id: kg_live_… without the secret")->required();
        sub->callback([arguments, options, run = std::move(run), &status] {
          if (options->operators) arguments->tenant.clear();  // a tenant of the environment gives way
          if (!options->operators && arguments->tenant.empty()) {
            status = fail("whose keys? --tenant, KAOGONG_TENANT, or --operators");
            return;
          }
          status = with_keys(*arguments, [&](tenants::ApiKeys& keys, const tenants::Tenant* tenant,
                                             const Session& session) { return run(keys, tenant, session, *options); });
        });
        return sub;
      };
  auto* create =
      add("create", "a new key, printed once", false,
          [](tenants::ApiKeys& keys, const tenants::Tenant* tenant, const Session& session, const Options& o) {
            const auto request = request_of(o);
            if (!request) return static_cast<int>(kNothingDone);
            return show_issued(keys.create(tenant, *request, session.actor()));
          });
  create->add_option("--role", options->role, "operator, tenant_admin, hr, rater, employee or executive")
      ->capture_default_str();
  create->add_option("--scope", options->scopes, "only these of the role's scopes, such as inputs:write");
  create->add_option("--employee", options->employee, "whose key it is: of raters and employees");
  create->add_option("--label", options->label, "what it is for");
  create->add_option("--expires", options->expires, "its last day (UTC); default: never");
  create->add_flag("--test", options->test, "kg_test_… instead of kg_live_…");
  add("list", "a line a key: id, state, role, employee, expiry, scopes, label", false,
      [](tenants::ApiKeys& keys, const tenants::Tenant* tenant, const Session& session, const Options&) {
        const auto list = keys.list(tenant);
        if (!list) return fail(list.failure());
        for (const auto& key : *list) show(key, session.clock().now());
        return static_cast<int>(kDone);
      });
  add("rotate", "a new key with the same rights; the old one ends later", true,
      [](tenants::ApiKeys& keys, const tenants::Tenant* tenant, const Session& session, const Options& o) {
        return show_issued(keys.rotate(tenant, o.id, o.overlap_hours * kHourUs, session.actor()));
      })
      ->add_option("--overlap-hours", options->overlap_hours, "how long the old one still works")
      ->check(CLI::Range(int64_t{0}, int64_t{24 * 365}))
      ->capture_default_str();
  add("revoke", "take a key back at once", true,
      [](tenants::ApiKeys& keys, const tenants::Tenant* tenant, const Session& session, const Options& o) {
        const auto key = keys.revoke(tenant, o.id, session.actor());
        if (!key) return fail(key.failure());
        show(*key, session.clock().now());
        return static_cast<int>(kDone);
      });
  auto* check = command->add_subcommand("verify", "say what a key may; the key is read from standard input");
  const auto arguments = add_session_options(*check);
  check->callback([arguments, &status] { status = verify(*arguments); });
  command->footer("Example:\n  kaogong key create --tenant acme --role hr --label 'payroll import'");
}

}  // namespace kaogong::gateway
