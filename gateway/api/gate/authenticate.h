// Who calls: API keys, and tokens of end users.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <variant>

#include "gateway/api/gate/guesses.h"
#include "gateway/api/gate/known_callers.h"
#include "gateway/api/services.h"
#include "gateway/http/message.h"

namespace kaogong::api {

/// Finds out who calls. Thread-safe.
class Authenticator {
 public:
  Authenticator(Services& services, int64_t wrong_max) : services_(services), guesses_(services.clock, wrong_max) {}

  /// The caller by `Authorization: Bearer …`; or the answer: 401, 403 (its tenant is suspended), 429 (too many wrong
  /// ones), 503.
  std::variant<KnownCallers::Known, http::Response> authenticate(const http::Request& request);
  /// The same without asking anybody; null: the database has to be asked.
  std::shared_ptr<const KnownCallers::Known> authenticate_at_once(const http::Request& request);

 private:
  tenants::Result<KnownCallers::Known> by_key(std::string_view key);
  tenants::Result<KnownCallers::Known> by_token(std::string_view token);

  Services& services_;
  Guesses guesses_;
};

}  // namespace kaogong::api
