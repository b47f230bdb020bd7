#include "gateway/api/gate/gate.h"

#include <algorithm>
#include <utility>

#include "gateway/api/gate/claim.h"
#include "gateway/api/problem.h"
#include "gateway/api/services.h"
#include "gateway/json/writer.h"

namespace kaogong::api {

namespace {

constexpr std::string_view kTenantField = "kaogong-tenant";

bool may(const Caller& caller, const http::Route& route) {
  if (!route.scope) return true;
  return caller.scopes.has(*route.scope) || (route.or_scope && caller.scopes.has(*route.or_scope));
}

http::Response forbidden(const http::Route& route) {
  std::string what = "this is for operators only";
  if (route.access == http::Access::kTenant && route.scope) {
    what = "this needs the scope " + std::string(tenants::to_text(*route.scope));
    if (route.or_scope) what += " or " + std::string(tenants::to_text(*route.or_scope));
  }
  return problem(ProblemCode::kForbidden, what);
}

http::Response rate_limited(const RateLimiter::Verdict& verdict) {
  return problem(ProblemCode::kRateLimited,
                 "the tenant may send " + std::to_string(verdict.limit) + " requests in a second",
                 verdict.reset_seconds);
}

/// 415 for a body that does not call itself JSON.
std::optional<http::Response> check_type(const Call& call) {
  if (call.route.body != http::BodyKind::kJson) return std::nullopt;
  const auto* type = call.request.fields.find("content-type");
  if (type != nullptr) {
    std::string name = type->substr(0, type->find(';'));
    std::erase_if(name, [](char c) { return c == ' ' || c == '\t'; });
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
    if (name == "application/json") return std::nullopt;
  }
  return problem(ProblemCode::kUnsupportedMediaType, "the body has to be application/json");
}

}  // namespace

bool prefers_chinese(std::string_view accept_language) {
  // Weights in thousandths; a language that is not named counts as the wildcard does.
  int chinese = -1, english = -1, any = 0;
  while (!accept_language.empty()) {
    const size_t comma = std::min(accept_language.find(','), accept_language.size());
    auto item = accept_language.substr(0, comma);
    accept_language.remove_prefix(std::min(comma + 1, accept_language.size()));
    while (item.starts_with(' ')) item.remove_prefix(1);
    int weight = 1000;
    if (const size_t q = item.find("q="); q != std::string_view::npos) {
      weight = 0;
      int unit = 1000;
      for (const char c : item.substr(q + 2)) {
        if (c == '.') continue;
        if (c < '0' || c > '9' || unit == 0) break;
        weight += (c - '0') * unit;
        unit /= 10;
      }
    }
    const auto tag = item.substr(0, item.find_first_of("-; "));
    if (tag == "zh" || tag == "ZH" || tag == "Zh") chinese = std::max(chinese, weight);
    if (tag == "en" || tag == "EN" || tag == "En") english = std::max(english, weight);
    if (tag == "*") any = weight;
  }
  return (chinese < 0 ? any : chinese) > (english < 0 ? any : english);
}

Gate::Gate(Services& services, const GateOptions& options)
    : services_(services),
      options_(options),
      authenticator_(services, options.wrong_keys_per_minute),
      limiter_(services.clock, services.hints) {}

int64_t Gate::limit_of(const tenants::Tenant& tenant) const {
  return tenant.quotas().requests_per_second_max.value_or(options_.calls_per_second);
}

std::optional<http::Response> Gate::find_tenant(Call& call, std::optional<tenants::Tenant> of_caller) {
  const auto* named = call.request.fields.find(kTenantField);
  if (of_caller) {
    if (named != nullptr && *named != of_caller->id().text())
      return problem(ProblemCode::kForbidden, "the key or token belongs to another tenant");
    call.tenant = std::move(of_caller);
    return std::nullopt;
  }
  if (call.route.access != http::Access::kTenant) return std::nullopt;
  if (named == nullptr)
    return problem(ProblemCode::kTenantMissing, "an operator says which tenant is meant: Kaogong-Tenant");
  auto tenant = services_.database.open(*named);
  if (!tenant) return problem(tenant.failure());
  call.tenant = *std::move(tenant);
  return std::nullopt;
}

http::Response Gate::handle(const http::Request& request, const http::Route& route,
                            const std::vector<std::string>& values) {
  Call call{request, route, values, services_, {}, std::nullopt, false, nullptr};
  if (const auto* languages = request.fields.find("accept-language")) call.chinese = prefers_chinese(*languages);
  for (const auto& value : values)
    if (!json::is_text(value))
      return problem(ProblemCode::kNotFound, "a segment of the path is not UTF-8, or holds U+0000");
  if (route.access == http::Access::kPublic) return route.handler(call);

  auto found = authenticator_.authenticate(request);
  if (auto* answer = std::get_if<http::Response>(&found)) return std::move(*answer);
  auto& known = std::get<KnownCallers::Known>(found);
  call.caller = std::move(known.caller);
  const bool is_operator = call.caller.role == tenants::AccessRole::kOperator;
  if ((route.access == http::Access::kOperator && !is_operator) || !may(call.caller, route)) return forbidden(route);
  if (auto answer = find_tenant(call, std::move(known.tenant))) return *std::move(answer);

  http::AnswerFields rate_fields;
  if (const auto limit = call.tenant ? limit_of(*call.tenant) : 0;
      limit > 0 || (call.tenant && call.tenant->quotas().requests_per_second_max)) {
    const auto verdict = limiter_.admit(call.tenant->id().text(), limit, request.is_counted);
    add_rate_fields(rate_fields, verdict);
    if (!verdict.admitted) {
      auto answer = rate_limited(verdict);
      answer.fields.add(rate_fields);
      return answer;
    }
  }
  auto answer = run(call);
  answer.fields.add(rate_fields);
  return answer;
}

http::Response Gate::run(Call& call) {
  if (auto wrong = check_type(call)) return *std::move(wrong);
  if (!call.route.needs_idempotency_key) return call.route.handler(call);
  auto begun = Claim::begin(call, abandoned_);
  if (auto* answer = std::get_if<http::Response>(&begun)) return std::move(*answer);
  call.claim = std::get<std::shared_ptr<Claim>>(std::move(begun));
  http::Response answer;
  try {
    answer = call.route.handler(call);
  } catch (...) {
    // What was committed stays, with its answer; anything else may be tried again at once.
    (void)call.claim->release();
    throw;
  }
  if (answer.stream) return answer;  // whoever streams it holds the claim
  if (answer.status < 400) {
    if (!call.claim->is_kept()) {
      if (const auto kept = call.claim->keep(answer); !kept) {
        (void)call.claim->release();
        return problem(kept.failure());
      }
    }
    return answer;
  }
  // Whether it was committed may not be known: giving the claim back waits until it is.
  const bool unknown = answer.status == kind_of(ProblemCode::kOutcomeUnknown).status && call.claim->is_kept();
  if (const auto released = call.claim->release(); !released || !unknown) return answer;
  auto kept = call.claim->kept_answer();
  if (!kept) return answer;
  if (*kept) return **std::move(kept);
  return problem(ProblemCode::kUnavailable, "nothing was done: send the same call again");
}

std::optional<std::variant<Gate::Passed, http::Response>> Gate::pass_at_once(http::Request& request,
                                                                             const http::Route& route) {
  using Answer = std::variant<Passed, http::Response>;
  auto known = authenticator_.authenticate_at_once(request);
  if (known == nullptr || !known->tenant) return std::nullopt;
  if (!may(known->caller, route)) return Answer(forbidden(route));
  const auto* named = request.fields.find(kTenantField);
  if (named != nullptr && *named != known->tenant->id().text())
    return Answer(problem(ProblemCode::kForbidden, "the key or token belongs to another tenant"));
  http::AnswerFields fields;
  if (const auto limit = limit_of(*known->tenant); limit > 0 || known->tenant->quotas().requests_per_second_max) {
    const auto verdict = limiter_.admit(known->tenant->id().text(), limit);
    add_rate_fields(fields, verdict);
    if (!verdict.admitted) {
      auto answer = rate_limited(verdict);
      answer.fields.add(fields);
      return Answer(std::move(answer));
    }
  }
  request.is_counted = true;
  return Answer(Passed{std::move(known), std::move(fields)});
}

}  // namespace kaogong::api
