// The body of a request, read member by member: what it may hold is said by reading it, and everything that is wrong
// with it is found at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/json/document.h"

namespace kaogong::json {

/// One thing that is wrong: where (RFC 6901), and what, in English.
struct BodyFault {
  std::string pointer;
  std::string detail;
};
inline constexpr size_t kBodyFaultsMax = 100;  // that are kept of one body

/// All that is wrong with a body.
class BodyFaults {
 public:
  void add(std::string pointer, std::string detail) {
    if (list_.size() < kBodyFaultsMax) list_.push_back({std::move(pointer), std::move(detail)});
  }
  bool empty() const { return list_.empty(); }
  const std::vector<BodyFault>& list() const { return list_; }

 private:
  std::vector<BodyFault> list_;
};

/// Whether a member must be there. An optional one may also be null, which is as if it were not there.
enum class Need : uint8_t { kRequired, kOptional };

/// Reads one object. Each member is read at most once; finish() refuses those that were not asked for. After a fault a
/// function gives an empty value: look at the faults once, when everything was read. Document and faults outlive it.
class BodyReader {
 public:
  /// A value that is no object is a fault at its pointer, and then no member is missed.
  BodyReader(Value value, std::string pointer, BodyFaults& faults);

  /// A string of 1 (or 0, if `may_be_empty`) to `bytes_max` bytes.
  std::optional<std::string> text(std::string_view name, size_t bytes_max, Need need = Need::kRequired,
                                  bool may_be_empty = false);
  /// The same, empty if it is not there.
  std::string text_or_empty(std::string_view name, size_t bytes_max) {
    return text(name, bytes_max, Need::kOptional, true).value_or(std::string());
  }
  /// A number without decimals or exponent, from `least` to `most`.
  std::optional<int64_t> whole(std::string_view name, int64_t least, int64_t most, Need need = Need::kRequired);
  std::optional<bool> truth(std::string_view name, Need need = Need::kRequired);
  /// Exactly as written: a number, or a string that is one. Money comes as strings.
  std::optional<std::string> decimal(std::string_view name, Need need = Need::kRequired);
  /// A string that `parse(string_view)` makes something of (gives an optional). `what`: what is expected, for the
  /// fault: "a date like 2026-10-31".
  template <typename Parse>
  auto parsed(std::string_view name, const Parse& parse, std::string_view what, Need need = Need::kRequired)
      -> decltype(parse(std::string_view())) {
    const auto value = text(name, kParsedBytesMax, need);
    if (!value) return {};
    auto result = parse(std::string_view(*value));
    if (!result) fault(name, "must be " + std::string(what));
    return result;
  }
  /// An object inside; nothing: it is not there, or is none.
  std::optional<BodyReader> object(std::string_view name, Need need = Need::kRequired);
  /// The items of an array, at most `items_max`. Read each as BodyReader(item, pointer(name, i), faults()).
  std::vector<Value> array(std::string_view name, size_t items_max, Need need = Need::kRequired);
  /// An array of strings.
  std::vector<std::string> texts(std::string_view name, size_t items_max, size_t bytes_max,
                                 Need need = Need::kRequired);
  /// Whatever is there, for what is read by hand; nothing: it is not there.
  std::optional<Value> any(std::string_view name, Need need = Need::kRequired);

  /// Whether the member is there and not null. Does not count as reading it.
  bool has(std::string_view name) const;
  std::string pointer(std::string_view name) const { return pointer_to(pointer_, name); }
  std::string pointer(std::string_view name, size_t index) const { return pointer_to(pointer(name), index); }
  /// Says that something is wrong with a member.
  void fault(std::string_view name, std::string detail) { faults_->add(pointer(name), std::move(detail)); }
  BodyFaults& faults() { return *faults_; }
  /// Refuses members that nobody asked for. Call it last.
  void finish();

 private:
  static constexpr size_t kParsedBytesMax = 1'000;
  std::optional<Value> take(std::string_view name, Need need);
  std::optional<Value> take(std::string_view name, Need need, Kind kind);

  Value value_;
  std::string pointer_;
  BodyFaults* faults_;
  bool is_object_;
  std::set<std::string, std::less<>> asked_;
};

}  // namespace kaogong::json
