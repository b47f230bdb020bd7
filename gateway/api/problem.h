// Problems as RFC 9457 has them: every answer that is no success, in one table.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/http/message.h"
#include "gateway/json/body.h"
#include "tenants/registry/result.h"
#include "tenants/sheet/line_answer.h"

namespace kaogong::api {

/// What kind of problem: its `type` is `/problems/<code>` and never changes its meaning.
enum class ProblemCode : uint8_t {
  kMalformedRequest,       // 400: by the server: a head, target or coding that is not as it must be
  kMalformedBody,          // 400: no JSON, or not strictly
  kInvalidParameter,       // 400: a parameter of the query or a header
  kIdempotencyKeyMissing,  // 400
  kTenantMissing,          // 400: an operator has to name one with `Kaogong-Tenant`
  kUnauthenticated,        // 401
  kForbidden,              // 403
  kTenantSuspended,        // 403
  kNotFound,               // 404
  kMethodNotAllowed,       // 405
  kRequestTimeout,         // 408: by the server, as those below that have no other word: it did not come in time
  kExists,                 // 409
  kConflict,               // 409
  kQuotaExceeded,          // 409
  kIdempotencyInFlight,    // 409: the same call is being worked on
  kPreconditionFailed,     // 412: If-Match names another version
  kTooLarge,               // 413
  kTargetTooLong,          // 414
  kUnsupportedMediaType,   // 415
  kExpectationFailed,      // 417
  kInvalid,                // 422: the body says what cannot be; `errors` has each fault
  kIdempotencyKeyReused,   // 422: with another call before
  kPreconditionRequired,   // 428: If-Match is missing
  kRateLimited,            // 429
  kLockedOut,              // 429: too many wrong keys from this address
  kHeaderTooLarge,         // 431
  kInternal,               // 500
  kMethodUnknown,          // 501
  kUnavailable,            // 503: nothing was done; the same call may succeed later
  kOutcomeUnknown,         // 503: repeat the call with the same Idempotency-Key
  kVersionUnknown,         // 505
};
inline constexpr size_t kProblemCodes = static_cast<size_t>(ProblemCode::kVersionUnknown) + 1;

/// What stands in the table.
struct ProblemKind {
  ProblemCode code;
  std::string_view name;  // in the type's URI: "not_found"
  int status;
  std::string_view title;
};
std::span<const ProblemKind> problem_kinds();
const ProblemKind& kind_of(ProblemCode code);
ProblemCode problem_code_of(tenants::FailureCode code);

/// One fault of a query or header, for kInvalidParameter.
struct ParameterFault {
  std::string parameter, detail;
};

/// The answer. 503 and 429 say `Retry-After` (`retry_after_seconds`, at least 1), 401 says `WWW-Authenticate`.
http::Response problem(ProblemCode code, std::string_view detail, int64_t retry_after_seconds = 1);
/// The answer to a failure of a service. Of kInternal the message is kept from the caller.
http::Response problem(const tenants::Failure& failure);
/// 422 with everything that is wrong with the body.
http::Response problem(const json::BodyFaults& faults);
/// 422 with the faulty lines of a body of which nothing was stored: the first in `errors` by pointers
/// `/<line>/<column>`, all that are known in `refused` with their values and in both languages; `faults_total`: how
/// many there are at all.
http::Response problem(const tenants::LineAnswers& faults);
/// 400 with everything that is wrong with the parameters.
http::Response problem(std::span<const ParameterFault> faults);

inline constexpr std::string_view kProblemType = "application/problem+json";

}  // namespace kaogong::api
