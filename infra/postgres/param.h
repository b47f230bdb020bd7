// The parameters of a statement: the only way for a value into SQL.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace kaogong::postgres {

class BoundParams;

/// What may be a bigint without loss.
template <typename T>
concept BigintLike = std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char> &&
                     (std::is_signed_v<T> || sizeof(T) < sizeof(int64_t));

/// One parameter: a view of the caller's value, which must outlive the call. Its SQL type:
/// integers are bigint, bool boolean, bytes bytea, vectors of them bigint[] and text[]; a text has the type that its
/// place in the statement asks for, so that numeric, date, timestamptz, jsonb and uuid are given as texts. A text with
/// a NUL byte is refused with Error kInvalidData. There is no floating point. Made implicitly, so that a call reads
/// `query(sql, {tenant_id, "2026-01", std::nullopt})`.
class Param {
 public:
  // NOLINTBEGIN(google-explicit-constructor)
  template <std::same_as<bool> T>
  Param(T value) : kind_(Kind::kBool), integer_(value ? 1 : 0) {}
  template <BigintLike T>
  Param(T value) : kind_(Kind::kInt64), integer_(value) {}
  Param(std::string_view text) : Param(Kind::kText, text.data(), text.size()) {}
  Param(const std::string& text) : Param(Kind::kText, text.data(), text.size()) {}
  Param(const char* text) : Param(std::string_view(text)) {}
  Param(std::span<const std::byte> bytes) : Param(Kind::kBytes, bytes.data(), bytes.size()) {}
  Param(const std::vector<std::byte>& bytes) : Param(std::span<const std::byte>(bytes)) {}
  Param(std::nullopt_t) {}
  template <typename T>
  requires std::constructible_from<Param, const T&> Param(const std::optional<T>& value) {
    if (value.has_value()) *this = Param(*value);
  }
  Param(std::span<const int64_t> values) : Param(Kind::kInt64Array, values.data(), values.size()) {}
  Param(const std::vector<int64_t>& values) : Param(std::span<const int64_t>(values)) {}
  Param(std::span<const std::string_view> values) : Param(Kind::kViewArray, values.data(), values.size()) {}
  Param(const std::vector<std::string_view>& values) : Param(std::span<const std::string_view>(values)) {}
  Param(std::span<const std::string> values) : Param(Kind::kTextArray, values.data(), values.size()) {}
  Param(const std::vector<std::string>& values) : Param(std::span<const std::string>(values)) {}
  // NOLINTEND(google-explicit-constructor)

 private:
  friend class BoundParams;
  enum class Kind : uint8_t { kNull, kBool, kInt64, kText, kBytes, kInt64Array, kTextArray, kViewArray };
  Param(Kind kind, const void* data, size_t size) : kind_(kind), data_(data), size_(size) {}

  Kind kind_ = Kind::kNull;
  int64_t integer_ = 0;
  const void* data_ = nullptr;
  size_t size_ = 0;  // bytes, or elements
};

/// The parameters of one call.
using Params = std::initializer_list<Param>;

}  // namespace kaogong::postgres
