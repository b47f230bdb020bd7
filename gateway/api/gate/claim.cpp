#include "gateway/api/gate/claim.h"

#include <algorithm>
#include <charconv>
#include <span>

#include "gateway/api/call.h"
#include "gateway/api/problem.h"
#include "gateway/api/services.h"
#include "infra/crypto/hash.h"
#include "infra/crypto/random.h"
#include "infra/crypto/seal.h"

namespace kaogong::api {

using tenants::Done;
using tenants::Result;
namespace idempotency = tenants::idempotency;

namespace {

/// Uploads and large scores go on for minutes.
constexpr std::chrono::seconds kBulkLease{600};

void append_part(std::string* out, std::string_view part) {
  *out += std::to_string(part.size());
  *out += ':';
  *out += part;
}

std::optional<std::string_view> take_part(std::string_view* bytes) {
  const size_t colon = bytes->find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  size_t size = 0;
  const auto [end, error] = std::from_chars(bytes->data(), bytes->data() + colon, size);
  if (error != std::errc{} || end != bytes->data() + colon || size > bytes->size() - colon - 1) return std::nullopt;
  const auto part = bytes->substr(colon + 1, size);
  bytes->remove_prefix(colon + 1 + size);
  return part;
}

/// Bytes for one use of a secret: what is stored under one name says nothing of the other.
std::string derived(std::string_view use, std::string_view caller, std::string_view key) {
  std::string text;
  append_part(&text, use);
  append_part(&text, caller);
  append_part(&text, key);
  return std::string(crypto::view(crypto::sha256(text)));
}

crypto::Digest digest_of(std::string_view bytes) {
  crypto::Digest digest{};
  std::copy(bytes.begin(), bytes.end(), digest.begin());
  return digest;
}

crypto::Digest request_of(const http::Request& request) {
  std::string text;
  append_part(&text, http::to_text(request.method));
  append_part(&text, request.target);
  const auto* type = request.fields.find("content-type");
  append_part(&text, type == nullptr ? std::string_view() : std::string_view(*type));
  const auto* match = request.fields.find("if-match");
  append_part(&text, match == nullptr ? std::string_view() : std::string_view(*match));
  // Of a body that streams nothing is known yet but its length.
  const auto* length = request.stream != nullptr ? request.fields.find("content-length") : nullptr;
  append_part(&text, length == nullptr ? std::string_view(request.body) : std::string_view(*length));
  return crypto::sha256(text);
}

bool is_key(std::string_view text) {
  return !text.empty() && text.size() <= kIdempotencyKeyBytesMax &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

/// One that no other claim has: whether a claim is one's own is known even if its COMMIT was not answered.
int64_t new_epoch() {
  int64_t epoch = 0;
  crypto::fill_random(std::as_writable_bytes(std::span(&epoch, 1)));
  return epoch;
}

http::Response in_flight() {
  return problem(ProblemCode::kIdempotencyInFlight, "a call with this Idempotency-Key has not ended yet: try again");
}

}  // namespace

std::string to_bytes(const http::Response& answer) {
  std::string bytes;
  append_part(&bytes, std::to_string(answer.status));
  append_part(&bytes, answer.content_type);
  append_part(&bytes, answer.body);
  for (const auto& field : answer.fields.all()) {
    append_part(&bytes, field.name);
    append_part(&bytes, field.value);
  }
  return bytes;
}

std::optional<http::Response> answer_of(std::string_view bytes) {
  http::Response answer;
  const auto status = take_part(&bytes), type = take_part(&bytes), body = take_part(&bytes);
  if (!status || !type || !body) return std::nullopt;
  if (std::from_chars(status->data(), status->data() + status->size(), answer.status).ec != std::errc{})
    return std::nullopt;
  answer.content_type = *type;
  answer.body = *body;
  while (!bytes.empty()) {
    const auto name = take_part(&bytes), value = take_part(&bytes);
    if (!name || !value) return std::nullopt;
    if (*name != "Cache-Control") answer.fields.add(*name, *value);  // it was among the fields once
  }
  return answer;
}

template <typename Body>
auto Claim::transact(const Body& body) -> std::invoke_result_t<const Body&, postgres::Transaction&> {
  if (!tenant_) return database_.transact_control(body);
  return database_.transact(*tenant_, actor_, [&](tenants::TenantTransaction& t) { return body(t.sql()); });
}

std::optional<http::Response> Claim::unseal(std::string_view sealed) const {
  const auto bytes = crypto::unseal(seal_key_, crypto::view(key_.id), sealed);
  return bytes ? answer_of(*bytes) : std::nullopt;
}

Result<Done> Claim::keep(postgres::Transaction& sql, const http::Response& answer) {
  kept_ = true;
  if (answer.stream || answer.body.size() > kKeptAnswerBytesMax || !answer.fields.whole())
    return tenants::Failure{tenants::FailureCode::kInternal, "an answer that cannot be kept"};
  const auto sealed = crypto::seal(seal_key_, crypto::view(key_.id), to_bytes(answer));
  if (idempotency::keep(sql, table_, key_, epoch_, sealed)) return Done{};
  return tenants::conflict(
      "this took so long that the call was taken over: send it again with the same Idempotency-Key");
}

Result<Done> Claim::keep(const http::Response& answer) {
  return transact([&](postgres::Transaction& sql) { return keep(sql, answer); });
}

Result<Done> Claim::release() {
  auto released = transact([&](postgres::Transaction& sql) -> Result<Done> {
    idempotency::release(sql, table_, key_, epoch_);
    return Done{};
  });
  if (!released) abandoned_.add(table_, key_.id, epoch_);
  return released;
}

Result<std::optional<http::Response>> Claim::kept_answer() {
  using Answer = std::optional<http::Response>;
  return transact([&](postgres::Transaction& sql) -> Result<Answer> {
    const auto found = idempotency::find(sql, table_, key_);
    return found ? unseal(*found) : Answer();
  });
}

Result<idempotency::Begun> Claim::claim(clock::Instant now) {
  epoch_ = new_epoch();
  auto begun = transact([&](postgres::Transaction& sql) -> Result<idempotency::Begun> {
    return idempotency::begin(sql, table_, key_, epoch_, now, terms_);
  });
  // It may have been claimed, and then nobody works on it.
  if (!begun && begun.failure().code == tenants::FailureCode::kUnknown) abandoned_.add(table_, key_.id, epoch_);
  return begun;
}

std::variant<std::shared_ptr<Claim>, http::Response> Claim::begin(const Call& call, AbandonedClaims& abandoned) {
  if (call.request.fields.count("idempotency-key") != 1)
    return problem(ProblemCode::kIdempotencyKeyMissing,
                   "send one Idempotency-Key: a new UUID for each new call, the same one when you repeat a call");
  const auto& text = *call.request.fields.find("idempotency-key");
  if (!is_key(text))
    return problem(
        ProblemCode::kIdempotencyKeyMissing,
        "an Idempotency-Key has 1 to " + std::to_string(kIdempotencyKeyBytesMax) + " visible ASCII characters");
  const bool control = call.route.answers_in_control || !call.tenant;
  const std::shared_ptr<Claim> claim(
      new Claim(call.services.database, control ? std::nullopt : call.tenant, call.caller.actor, abandoned));
  claim->table_ = control ? idempotency::kControlTable : call.tenant->schema().quoted("idempotency");
  const std::string caller = call.caller.key_id + "@" + (call.tenant ? call.tenant->id().text() : std::string());
  claim->key_ = {digest_of(derived("id", caller, text)), request_of(call.request)};
  claim->seal_key_ = derived("answer", caller, text);
  if (call.route.lane == http::Lane::kBulk) claim->terms_.lease = kBulkLease;
  auto begun = claim->claim(call.services.clock.now());
  if (begun && begun->outcome == idempotency::Outcome::kInFlight) {
    if (const auto epoch = abandoned.take(claim->table_, claim->key_.id)) {
      claim->epoch_ = *epoch;
      if (const auto released = claim->release(); !released) return problem(released.failure());
      begun = claim->claim(call.services.clock.now());
    }
  }
  if (!begun) return problem(begun.failure());
  switch (begun->outcome) {
    case idempotency::Outcome::kClaimed:
      return claim;
    case idempotency::Outcome::kInFlight:
      return in_flight();
    case idempotency::Outcome::kReused:
      return problem(ProblemCode::kIdempotencyKeyReused,
                     "this Idempotency-Key was sent with another path or body before: take a new one for a new call");
    case idempotency::Outcome::kAnswered:
      break;
  }
  auto answer = claim->unseal(begun->answer);
  if (!answer) return problem(ProblemCode::kInternal, "the answer that was kept cannot be read any more");
  answer->fields.add("Idempotency-Replayed", "true");
  return *std::move(answer);
}

}  // namespace kaogong::api
