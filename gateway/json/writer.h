// Writing JSON: without white space, members in the order in which they are written, no floating point.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kaogong::json {

class Value;

/// Appends a text as a JSON string, with its quotes. What is not UTF-8 becomes U+FFFD.
void append_string(std::string* out, std::string_view text);

/// Whether it is UTF-8 without U+0000: what a database takes as a text.
bool is_text(std::string_view text);

/// Builds one document. A call in the wrong place (a value without a name in an object, an end of something else) is a
/// bug and aborts.
class Writer {
 public:
  Writer& begin_object();
  Writer& end_object();
  Writer& begin_array();
  Writer& end_array();
  /// The name of the member that is written next.
  Writer& name(std::string_view name);

  /// A text. Amounts and scores are texts, too.
  Writer& value(std::string_view text);
  Writer& value(const char* text) { return value(std::string_view(text)); }
  Writer& value(const std::string& text) { return value(std::string_view(text)); }
  template <std::integral Number>
  Writer& value(Number number) {
    if constexpr (std::same_as<Number, bool>) {
      return raw(number ? "true" : "false");
    } else {
      return raw(std::to_string(number));
    }
  }
  Writer& null() { return raw("null"); }
  /// What was read, with all that is in it: members in their order, numbers as they were written.
  Writer& copy(const Value& what);
  /// Text that is JSON already.
  Writer& raw(std::string_view json);

  template <typename T>
  Writer& member(std::string_view called, const T& what) {
    return name(called).value(what);
  }
  /// The same for what may not be there: then null.
  template <typename T>
  Writer& member_or_null(std::string_view called, const T& what) {
    name(called);
    return what ? value(*what) : null();
  }
  Writer& raw_member(std::string_view called, std::string_view json) { return name(called).raw(json); }

  /// The document; the writer begins anew. Precondition: everything that was begun has ended.
  std::string take();
  /// What is there until now, for streams.
  size_t bytes() const { return out_.size(); }

 private:
  void before_value();
  Writer& open(char bracket);
  Writer& close(char bracket);

  std::string out_;
  std::vector<char> open_;  // '{' or '['
  bool first_ = true;       // nothing was written in the innermost one yet
  bool named_ = false;      // a name waits for its value
};

}  // namespace kaogong::json
