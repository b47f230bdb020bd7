// What a service gives back: a value, or why there is none.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace kaogong::tenants {

/// The kinds of expected failures; the edge maps each to one status.
enum class FailureCode : uint8_t {
  kInvalid,          // what was given cannot be right, whatever is stored
  kNotFound,         // no such tenant, person, scheme, period …
  kExists,           // there is one already
  kConflict,         // the state of things forbids it: a closed period, a published version, a cycle
  kUnauthenticated,  // no key, a wrong, revoked or expired one
  kForbidden,        // the key is good, but not for this
  kSuspended,        // the tenant is suspended or being erased
  kQuotaExceeded,    // a bound of the tenant's quota
  kUnavailable,      // the database cannot be reached or is too busy: the same call may succeed later
  kUnknown,          // whether it was done is not known: the connection broke while it was being committed
  kInternal,         // the database answered what the program does not expect
};

/// The name at the edge and in logs: "not_found".
std::string_view to_text(FailureCode code);

struct Failure {
  FailureCode code = FailureCode::kInternal;
  std::string message;  // English: what is wrong, with the name and value, and what to do
};

/// Nothing more to say than that it was done.
struct Done {};

/// A value or a failure; never neither. Reading the one that is not there is a bug and aborts.
template <typename T>
class [[nodiscard]] Result {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): a value is returned as it is
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  // NOLINTNEXTLINE(google-explicit-constructor)
  Result(Failure failure) : state_(std::in_place_index<1>, std::move(failure)) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }
  T& operator*() { return require<0>(); }
  const T& operator*() const { return const_cast<Result*>(this)->template require<0>(); }
  T* operator->() { return &require<0>(); }
  const T* operator->() const { return &**this; }
  Failure& failure() { return require<1>(); }
  const Failure& failure() const { return const_cast<Result*>(this)->template require<1>(); }

 private:
  template <size_t Index>
  auto& require() {
    auto* found = std::get_if<Index>(&state_);
    if (found == nullptr) {
      std::fputs(Index == 0 ? "bug: the value of a failure was read\n" : "bug: the failure of a value was read\n",
                 stderr);
      std::abort();
    }
    return *found;
  }
  std::variant<T, Failure> state_;
};

inline Failure invalid(std::string message) { return {FailureCode::kInvalid, std::move(message)}; }
inline Failure not_found(std::string message) { return {FailureCode::kNotFound, std::move(message)}; }
inline Failure exists(std::string message) { return {FailureCode::kExists, std::move(message)}; }
inline Failure conflict(std::string message) { return {FailureCode::kConflict, std::move(message)}; }

}  // namespace kaogong::tenants
