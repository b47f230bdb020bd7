// What every call passes before its handler: who calls, for which tenant, whether he may, how often, and whether the
// call was done already.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "gateway/api/call.h"
#include "gateway/api/gate/abandoned.h"
#include "gateway/api/gate/authenticate.h"
#include "gateway/api/gate/rate_limit.h"
#include "gateway/http/dispatcher.h"

namespace kaogong::api {

struct GateOptions {
  int64_t calls_per_second = 1'000;    // of a tenant without a quota of its own; 0: no bound
  int64_t wrong_keys_per_minute = 20;  // of one address; 0: no bound
};

/// The dispatcher of the API. Thread-safe; outlived by the services.
class Gate final : public http::Dispatcher {
 public:
  Gate(Services& services, const GateOptions& options);

  http::Response handle(const http::Request& request, const http::Route& route,
                        const std::vector<std::string>& values) override;

  /// For what never waits: whether the call may go on, by what is known here; the answer if not. Nothing: the database
  /// must be asked, so call handle() on a thread that may wait. Of routes without Idempotency-Key and with a tenant.
  /// Who passed was counted: the request says so, for handle().
  struct Passed {
    std::shared_ptr<const KnownCallers::Known> known;  // with a tenant
    http::AnswerFields fields;                         // to be sent with the answer
  };
  std::optional<std::variant<Passed, http::Response>> pass_at_once(http::Request& request, const http::Route& route);

 private:
  std::optional<http::Response> find_tenant(Call& call, std::optional<tenants::Tenant> of_caller);
  int64_t limit_of(const tenants::Tenant& tenant) const;
  http::Response run(Call& call);

  Services& services_;
  const GateOptions options_;
  Authenticator authenticator_;
  RateLimiter limiter_;
  AbandonedClaims abandoned_;
};

/// Whether a list of languages (RFC 9110 section 12.5.4) asks for Chinese before English.
bool prefers_chinese(std::string_view accept_language);

}  // namespace kaogong::api
