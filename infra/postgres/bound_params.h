// Parameters in the form that libpq takes them. Internal to this room.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "infra/postgres/param.h"

namespace kaogong::postgres {

/// Holds the bytes that a call of libpq points at; the views inside the parameters must outlive it.
class BoundParams {
 public:
  /// Errors: Error kInvalidData for a NUL inside a text, a value above kValueBytesMax, or more than kParamsMax of them.
  explicit BoundParams(std::span<const Param> params);

  int count() const { return static_cast<int>(types_.size()); }
  const unsigned* types() const { return types_.data(); }
  const char* const* values() const { return values_.data(); }
  const int* lengths() const { return lengths_.data(); }
  const int* formats() const { return formats_.data(); }

 private:
  void add(unsigned type, int format, const void* value, size_t bytes);
  void add_text(std::string_view text);
  template <typename T, typename AppendElement>
  void add_array(unsigned type, unsigned element_type, const Param& param, AppendElement append);

  std::vector<unsigned> types_;
  std::vector<const char*> values_;
  std::vector<int> lengths_, formats_;
  std::vector<std::string> owned_;
};

}  // namespace kaogong::postgres
