// One generated value, and how it is written into a file.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace kaogong::generate {

/// A value: a decimal scaled by 10^scale, a symbol, the number of a numbered name, a boolean, or days since 1970-01-01.
using Cell = int64_t;
inline constexpr Cell kNull = std::numeric_limits<int64_t>::min();

/// The strings that occur, as small numbers. Not changed while rows are made.
class Symbols {
 public:
  Cell of(std::string_view text);
  /// The text as a field of a CSV file: in quotes where it must be.
  const std::string& field(Cell symbol) const { return fields_[static_cast<size_t>(symbol)]; }
  const std::string& text(Cell symbol) const { return texts_[static_cast<size_t>(symbol)]; }

 private:
  std::unordered_map<std::string, Cell> places_;
  std::vector<std::string> texts_, fields_;
};

struct Format {
  enum class Kind : uint8_t { kDecimal, kSymbol, kNumbered, kBoolean, kDate } kind = Kind::kDecimal;
  uint8_t scale = 0;   // kDecimal
  std::string prefix;  // kNumbered: D and 3 give D007
  int width = 0;
};

/// 10^n for n in 0..18.
int64_t power_of_ten(int n);
void append_number(std::string* out, int64_t value);
/// Like append_number with zeros in front to the given width; `value` is not negative.
void append_padded(std::string* out, uint64_t value, int width);
void append_date(std::string* out, int32_t days);
/// Appends a value without needless zeros; nothing for kNull.
void append_cell(std::string* out, Cell cell, const Format& format, const Symbols& symbols);

}  // namespace kaogong::generate
