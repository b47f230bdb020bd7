#include "gateway/api/problem.h"

#include <algorithm>
#include <array>

#include "gateway/api/answer.h"
#include "gateway/json/writer.h"

namespace kaogong::api {

namespace {

using Code = ProblemCode;

constexpr std::array<ProblemKind, kProblemCodes> kKinds{{
    {Code::kMalformedRequest, "malformed_request", 400, "The request is not as HTTP has it"},
    {Code::kMalformedBody, "malformed_body", 400, "The body is not strict JSON"},
    {Code::kInvalidParameter, "invalid_parameter", 400, "A parameter or header is wrong"},
    {Code::kIdempotencyKeyMissing, "idempotency_key_missing", 400, "An Idempotency-Key is required"},
    {Code::kTenantMissing, "tenant_missing", 400, "It is not said which tenant is meant"},
    {Code::kUnauthenticated, "unauthenticated", 401, "No valid key or token"},
    {Code::kForbidden, "forbidden", 403, "The key or token does not allow this"},
    {Code::kTenantSuspended, "tenant_suspended", 403, "The tenant is suspended"},
    {Code::kNotFound, "not_found", 404, "There is no such thing"},
    {Code::kMethodNotAllowed, "method_not_allowed", 405, "The method is not allowed here"},
    {Code::kRequestTimeout, "request_timeout", 408, "The request did not come in time"},
    {Code::kExists, "exists", 409, "There is one already"},
    {Code::kConflict, "conflict", 409, "The state of things forbids it"},
    {Code::kQuotaExceeded, "quota_exceeded", 409, "A quota of the tenant is exhausted"},
    {Code::kIdempotencyInFlight, "idempotency_in_flight", 409, "The same call is being worked on"},
    {Code::kPreconditionFailed, "precondition_failed", 412, "It was changed in the meantime"},
    {Code::kTooLarge, "too_large", 413, "The body is too large"},
    {Code::kTargetTooLong, "target_too_long", 414, "The target is too long"},
    {Code::kUnsupportedMediaType, "unsupported_media_type", 415, "The body's type is not taken here"},
    {Code::kExpectationFailed, "expectation_failed", 417, "What is expected is not done here"},
    {Code::kInvalid, "invalid", 422, "What was sent cannot be right"},
    {Code::kIdempotencyKeyReused, "idempotency_key_reused", 422, "The Idempotency-Key belongs to another call"},
    {Code::kPreconditionRequired, "precondition_required", 428, "If-Match is required"},
    {Code::kRateLimited, "rate_limited", 429, "Too many requests"},
    {Code::kLockedOut, "locked_out", 429, "Too many wrong keys"},
    {Code::kHeaderTooLarge, "header_too_large", 431, "The header is too large"},
    {Code::kInternal, "internal", 500, "Something went wrong here"},
    {Code::kMethodUnknown, "method_unknown", 501, "The method is not known here"},
    {Code::kUnavailable, "unavailable", 503, "Not possible at the moment"},
    {Code::kOutcomeUnknown, "outcome_unknown", 503, "Whether it was done is not known"},
    {Code::kVersionUnknown, "version_unknown", 505, "This version of HTTP is not spoken here"},
}};

constexpr bool in_order() {
  for (size_t i = 0; i < kKinds.size(); ++i)
    if (static_cast<size_t>(kKinds[i].code) != i) return false;
  return true;
}
static_assert(in_order());

/// Everything but the end of the object, so that errors may follow.
json::Writer begin(const ProblemKind& kind, std::string_view detail) {
  json::Writer writer;
  writer.begin_object();
  writer.member("type", "/problems/" + std::string(kind.name));
  writer.member("title", kind.title);
  writer.member("status", kind.status);
  writer.member("detail", detail);
  return writer;
}

http::Response end(const ProblemKind& kind, json::Writer writer, int64_t retry_after_seconds = 1) {
  writer.end_object();
  http::Response response;
  response.status = kind.status;
  response.content_type = kProblemType;
  response.body = writer.take();
  if (kind.status == 503 || kind.status == 429 || kind.code == Code::kIdempotencyInFlight)
    response.fields.add("Retry-After", std::to_string(std::max<int64_t>(1, retry_after_seconds)));
  if (kind.status == 401) response.fields.add("WWW-Authenticate", "Bearer realm=\"kaogong\"");
  return response;
}

void write_errors(json::Writer& writer, const json::BodyFaults& faults) {
  writer.name("errors").begin_array();
  for (const auto& fault : faults.list())
    writer.begin_object().member("pointer", fault.pointer).member("detail", fault.detail).end_object();
  writer.end_array();
}

}  // namespace

std::span<const ProblemKind> problem_kinds() { return kKinds; }

const ProblemKind& kind_of(ProblemCode code) { return kKinds[static_cast<size_t>(code)]; }

ProblemCode problem_code_of(tenants::FailureCode code) {
  using Failure = tenants::FailureCode;
  switch (code) {
    case Failure::kInvalid:
      return Code::kInvalid;
    case Failure::kNotFound:
      return Code::kNotFound;
    case Failure::kExists:
      return Code::kExists;
    case Failure::kConflict:
      return Code::kConflict;
    case Failure::kUnauthenticated:
      return Code::kUnauthenticated;
    case Failure::kForbidden:
      return Code::kForbidden;
    case Failure::kSuspended:
      return Code::kTenantSuspended;
    case Failure::kQuotaExceeded:
      return Code::kQuotaExceeded;
    case Failure::kUnavailable:
      return Code::kUnavailable;
    case Failure::kUnknown:
      return Code::kOutcomeUnknown;
    case Failure::kInternal:
      return Code::kInternal;
  }
  return Code::kInternal;
}

http::Response problem(ProblemCode code, std::string_view detail, int64_t retry_after_seconds) {
  const auto& kind = kind_of(code);
  return end(kind, begin(kind, detail), retry_after_seconds);
}

http::Response problem(const tenants::Failure& failure) {
  const auto code = problem_code_of(failure.code);
  if (code == Code::kInternal) return problem(code, "the reason is in the server's log");
  return problem(code, failure.message);
}

http::Response problem(const json::BodyFaults& faults) {
  const auto& kind = kind_of(Code::kInvalid);
  auto writer = begin(kind, "the body has faults: see errors");
  write_errors(writer, faults);
  return end(kind, std::move(writer));
}

http::Response problem(const tenants::LineAnswers& faults) {
  const auto& kind = kind_of(Code::kInvalid);
  auto writer =
      begin(kind, "nothing was stored: " + std::to_string(faults.total()) + " faults; see errors and refused");
  json::BodyFaults errors;
  for (const auto& fault : faults.list())
    errors.add("/" + std::to_string(fault.line) + (fault.column.empty() ? "" : json::pointer_to("", fault.column)),
               fault.error.en);
  write_errors(writer, errors);
  writer.name("refused").begin_array();
  for (const auto& fault : faults.list()) {
    write_fault(writer.begin_object().member("line", fault.line).member("employee", fault.employee), fault);
    writer.end_object();
  }
  writer.end_array().member("faults_total", faults.total());
  return end(kind, std::move(writer));
}

http::Response problem(std::span<const ParameterFault> faults) {
  const auto& kind = kind_of(Code::kInvalidParameter);
  auto writer = begin(kind, "parameters have faults: see errors");
  writer.name("errors").begin_array();
  for (const auto& fault : faults)
    writer.begin_object().member("parameter", fault.parameter).member("detail", fault.detail).end_object();
  writer.end_array();
  return end(kind, std::move(writer));
}

}  // namespace kaogong::api
