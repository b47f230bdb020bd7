#include "gateway/api/openapi/problems.h"

namespace kaogong::api {

std::string_view about(ProblemCode code) {
  using Code = ProblemCode;
  switch (code) {
    case Code::kMalformedRequest:
      return "The head, the target or the coding of the body is not exactly as RFC 9112 has it, or could be read in "
             "two "
             "ways; or the operation takes no body. Mend the program or the proxy that sends it.";
    case Code::kMalformedBody:
      return "The body is no JSON (RFC 8259), has a name twice, is nested too deeply or is not UTF-8. Mend the program "
             "that sends it.";
    case Code::kInvalidParameter:
      return "A parameter of the query or a header is unknown, there twice, or not of its form. `errors` names each.";
    case Code::kIdempotencyKeyMissing:
      return "Every mutation carries one Idempotency-Key of 1 to 255 visible ASCII characters: a new UUID for each new "
             "call.";
    case Code::kTenantMissing:
      return "An operator's key belongs to no tenant: name one with Kaogong-Tenant.";
    case Code::kUnauthenticated:
      return "There is no key or token, or it is wrong, revoked or expired. Send Authorization: Bearer.";
    case Code::kForbidden:
      return "The key or token is good, but lacks a scope, or belongs to another tenant.";
    case Code::kTenantSuspended:
      return "The tenant is suspended or being erased. Ask the operator.";
    case Code::kNotFound:
      return "There is no such thing in this tenant, or the path leads nowhere.";
    case Code::kMethodNotAllowed:
      return "The path is there with other methods: see Allow.";
    case Code::kRequestTimeout:
      return "Header or body came too slowly. Send it again, faster.";
    case Code::kExists:
      return "There is one of that name already.";
    case Code::kConflict:
      return "The state of things forbids it, or somebody else changed it at the same time.";
    case Code::kQuotaExceeded:
      return "A quota of the tenant is exhausted. Ask the operator for more.";
    case Code::kIdempotencyInFlight:
      return "A call with the same Idempotency-Key has not ended. Repeat it later.";
    case Code::kPreconditionFailed:
      return "If-Match names a version that is no longer there. GET it again, and decide anew.";
    case Code::kTooLarge:
      return "The body is larger than the route takes.";
    case Code::kTargetTooLong:
      return "The path with its query is longer than 8 KiB.";
    case Code::kUnsupportedMediaType:
      return "Say Content-Type: application/json, and send that.";
    case Code::kExpectationFailed:
      return "Only Expect: 100-continue is understood.";
    case Code::kInvalid:
      return "What was sent is well-formed and cannot be right. `errors` names each fault with a JSON pointer into the "
             "body.";
    case Code::kIdempotencyKeyReused:
      return "The Idempotency-Key was used for another call. Take a new one.";
    case Code::kPreconditionRequired:
      return "Send If-Match with the ETag that a GET gave, so that no change is lost.";
    case Code::kRateLimited:
      return "The tenant sends too many requests. Wait for Retry-After; see RateLimit.";
    case Code::kLockedOut:
      return "Too many wrong keys came from this address. Wait for Retry-After.";
    case Code::kHeaderTooLarge:
      return "The header has too many bytes or fields. Send fewer cookies and fields.";
    case Code::kInternal:
      return "A fault of the server. The same call may be repeated with its Idempotency-Key.";
    case Code::kMethodUnknown:
      return "The server knows GET, HEAD, POST, PUT, PATCH, DELETE and OPTIONS.";
    case Code::kUnavailable:
      return "The database cannot be reached or is too busy. Nothing was done; repeat after Retry-After.";
    case Code::kOutcomeUnknown:
      return "The connection to the database broke while the change was committed. Repeat the call with the same "
             "Idempotency-Key: it is done once.";
    case Code::kVersionUnknown:
      return "The server speaks HTTP/1.1 and HTTP/1.0.";
  }
  return {};
}

}  // namespace kaogong::api
