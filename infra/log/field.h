// What a log line may hold: declared keys, and values whose type says that they are about no person.
//
// The rule: identifiers of people, their names and amounts never reach a log. So the type of a text decides. A text
// that stands in the source is a Literal by itself. Any other text must be wrapped by hand, and whoever does it says
// what it is: MachineText (made by a machine, about no person) or Redacted (anything else; only its length is written).
// std::string, pointers and floating point are no values at all: that does not compile.
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include "infra/log/name.h"

namespace kaogong::log {

/// The key of a field: a constant, named in snake_case, with the unit last (`size_bytes`). Declare it once, in keys.h
/// or in one header of the folder whose word it is. A name with a personal word in it does not compile.
class Key {
 public:
  explicit consteval Key(const char* name) : name_(name) {
    if (!is_snake_case(name_)) throw "the key is not in snake_case";
    if (is_personal(name_)) throw "the key has a word that means personal data: see kPersonalWords";
  }
  constexpr std::string_view name() const { return name_; }

 private:
  std::string_view name_;
};

/// The key of a duration, which ends in its unit: `_us`, `_ms` or `_s`.
class DurationKey {
 public:
  explicit consteval DurationKey(const char* name) : key_(name), us_(unit_us(key_.name())) {
    if (us_ == 0) throw "the key of a duration ends in _us, _ms or _s";
  }
  constexpr std::string_view name() const { return key_.name(); }
  /// Microseconds of one unit.
  constexpr int64_t unit_us() const { return us_; }

 private:
  static consteval int64_t unit_us(std::string_view name) {
    return name.ends_with("_us") ? 1 : name.ends_with("_ms") ? 1'000 : name.ends_with("_s") ? 1'000'000 : 0;
  }
  Key key_;
  int64_t us_;
};

/// A text that stands in the source.
class Literal {
 public:
  template <size_t Size>
  consteval Literal(const char (&text)[Size]) : text_(text) {}  // NOLINT(google-explicit-constructor)
  constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

/// A text that a machine made and that is about no person: an id of ours, an SQLSTATE, an endpoint, a reason of the
/// operating system. Never what came from a tenant's data. As a net below that rule, a text with anything but printable
/// ASCII, or longer than kBytesMax, is redacted.
struct MachineText {
  static constexpr size_t kBytesMax = 200;
  explicit MachineText(std::string_view bytes) : text(bytes) {}
  std::string_view text;
};

/// Any other text: only its length is written.
struct Redacted {
  explicit Redacted(std::string_view bytes) : size_bytes(bytes.size()) {}
  size_t size_bytes;
};

/// A key with its value. Refers to the texts in it: lives no longer than the call that it is made for.
class Field {
 public:
  template <std::integral Integer>
  requires(!std::same_as<Integer, bool> && !std::same_as<Integer, char>) constexpr Field(const Key& key, Integer value)
      : name_(key.name()),
        kind_(std::is_signed_v<Integer> ? Kind::kSigned : Kind::kUnsigned),
        number_(static_cast<uint64_t>(value)) {}
  template <std::same_as<bool> Boolean>
  constexpr Field(const Key& key, Boolean value) : name_(key.name()), kind_(Kind::kBoolean), number_(value ? 1 : 0) {}
  constexpr Field(const Key& key, Literal value) : name_(key.name()), kind_(Kind::kText), text_(value.text()) {}
  Field(const Key& key, MachineText value);
  Field(const Key& key, Redacted value) : name_(key.name()), kind_(Kind::kRedacted), number_(value.size_bytes) {}
  /// The duration in the unit of the key, cut to a whole number.
  template <class Count, class Period>
  constexpr Field(const DurationKey& key, std::chrono::duration<Count, Period> value)
      : name_(key.name()),
        kind_(Kind::kSigned),
        number_(static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(value).count() /
                                      key.unit_us())) {}

  std::string_view name() const { return name_; }
  /// Appends the value as JSON.
  void append_value(std::string* out) const;

 private:
  enum class Kind : uint8_t { kSigned, kUnsigned, kBoolean, kText, kRedacted };
  std::string_view name_;
  Kind kind_;
  uint64_t number_ = 0;
  std::string_view text_;
};

}  // namespace kaogong::log
