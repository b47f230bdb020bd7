// Header fields of an answer, in the form in which they go out.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kaogong::http {

/// Whether two names are those of one field.
bool same_field_name(std::string_view a, std::string_view b);

/// Fields one behind the other, each with its line end: what is added is written once, and sent as it is.
class AnswerFields {
 public:
  struct View {
    std::string_view name, value;
  };

  /// Adds a field. One with a line end in it is left out, and the answer cannot be sent.
  void add(std::string_view name, std::string_view value);
  /// Adds those of another.
  void add(const AnswerFields& others);
  /// Memory for so many bytes of lines.
  void reserve(size_t bytes) { lines_.reserve(bytes); }

  /// The value of the first field of that name, in any case of its letters; valid as long as nothing is added.
  std::optional<std::string_view> find(std::string_view name) const;
  std::vector<View> all() const;
  /// `name: value\r\n` and so on.
  std::string_view lines() const { return lines_; }
  /// False: a field was left out.
  bool whole() const { return whole_; }

 private:
  std::string lines_;
  bool whole_ = true;
};

}  // namespace kaogong::http
