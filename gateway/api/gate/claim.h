// A call with an Idempotency-Key, while it is worked on.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "gateway/api/gate/abandoned.h"
#include "gateway/http/message.h"
#include "tenants/idempotency/idempotency.h"
#include "tenants/registry/tenant_database.h"

namespace kaogong::api {

struct Call;

inline constexpr size_t kIdempotencyKeyBytesMax = 255;
inline constexpr size_t kKeptAnswerBytesMax = size_t{4} << 20;

/// Whoever holds one does the call; others with the same key are told to wait. The answer is kept sealed by the key
/// itself, which is kept nowhere.
class Claim {
 public:
  /// Keeps the answer in the transaction that does what was asked: a tenant's, or of the control schema where the route
  /// says so. Failures: kConflict: somebody else took the call over; nothing may be committed.
  tenants::Result<tenants::Done> keep(postgres::Transaction& sql, const http::Response& answer);
  /// Keeps it afterwards, in a transaction of its own: for what may be done twice without harm.
  tenants::Result<tenants::Done> keep(const http::Response& answer);
  /// Gives the claim back, unless an answer was kept: nothing was done, or what may be done twice. Waits for a COMMIT
  /// that is going on. If it cannot be given back now it is abandoned: the next who claims it here gives it back first.
  tenants::Result<tenants::Done> release();
  /// The answer that was kept, whoever did it; nothing: none.
  tenants::Result<std::optional<http::Response>> kept_answer();
  /// Whether keep() was called.
  bool is_kept() const { return kept_; }

  /// Claims the call, or gives its answer: the one that was kept, or 400, 409, 422.
  /// `abandoned` outlives the claim.
  static std::variant<std::shared_ptr<Claim>, http::Response> begin(const Call& call, AbandonedClaims& abandoned);

 private:
  Claim(tenants::TenantDatabase& database, std::optional<tenants::Tenant> tenant, tenants::Actor actor,
        AbandonedClaims& abandoned)
      : database_(database), tenant_(std::move(tenant)), actor_(std::move(actor)), abandoned_(abandoned) {}
  /// One attempt at it, with an epoch of its own.
  tenants::Result<tenants::idempotency::Begun> claim(clock::Instant now);
  template <typename Body>
  auto transact(const Body& body) -> std::invoke_result_t<const Body&, postgres::Transaction&>;
  std::optional<http::Response> unseal(std::string_view sealed) const;

  tenants::TenantDatabase& database_;
  std::optional<tenants::Tenant> tenant_;  // nothing: the control schema
  tenants::Actor actor_;
  AbandonedClaims& abandoned_;
  std::string table_, seal_key_;
  tenants::idempotency::CallKey key_;
  tenants::idempotency::Terms terms_;
  int64_t epoch_ = 0;
  bool kept_ = false;
};

/// An answer as bytes and back; nothing: the bytes are none. Streams cannot be kept.
std::string to_bytes(const http::Response& answer);
std::optional<http::Response> answer_of(std::string_view bytes);

}  // namespace kaogong::api
