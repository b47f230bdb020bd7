#include "engine/feel/regex_classes.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

namespace kaogong::feel::text {
namespace {

constexpr char32_t kCodePointMax = 0x10FFFF;

constexpr auto kSpace = std::to_array<CodeRange>({{0x9, 0xA}, {0xD, 0xD}, {0x20, 0x20}});

// XML 1.0, fifth edition, productions 4 and 4a.
constexpr auto kNameStart = std::to_array<CodeRange>({{':', ':'},
                                                      {'A', 'Z'},
                                                      {'_', '_'},
                                                      {'a', 'z'},
                                                      {0xC0, 0xD6},
                                                      {0xD8, 0xF6},
                                                      {0xF8, 0x2FF},
                                                      {0x370, 0x37D},
                                                      {0x37F, 0x1FFF},
                                                      {0x200C, 0x200D},
                                                      {0x2070, 0x218F},
                                                      {0x2C00, 0x2FEF},
                                                      {0x3001, 0xD7FF},
                                                      {0xF900, 0xFDCF},
                                                      {0xFDF0, 0xFFFD},
                                                      {0x10000, 0xEFFFF}});
constexpr auto kName = std::to_array<CodeRange>({{'-', '.'},
                                                 {'0', ':'},
                                                 {'A', 'Z'},
                                                 {'_', '_'},
                                                 {'a', 'z'},
                                                 {0xB7, 0xB7},
                                                 {0xC0, 0xD6},
                                                 {0xD8, 0xF6},
                                                 {0xF8, 0x37D},
                                                 {0x37F, 0x1FFF},
                                                 {0x200C, 0x200D},
                                                 {0x203F, 0x2040},
                                                 {0x2070, 0x218F},
                                                 {0x2C00, 0x2FEF},
                                                 {0x3001, 0xD7FF},
                                                 {0xF900, 0xFDCF},
                                                 {0xFDF0, 0xFFFD},
                                                 {0x10000, 0xEFFFF}});

constexpr auto kCategories = std::to_array<std::string_view>(
    {"L",  "Lu", "Ll", "Lt", "Lm", "Lo", "M",  "Mn", "Mc", "Me", "N",  "Nd", "Nl", "No", "P",  "Pc", "Pd", "Ps",
     "Pe", "Pi", "Pf", "Po", "Z",  "Zs", "Zl", "Zp", "S",  "Sm", "Sc", "Sk", "So", "C",  "Cc", "Cf", "Co", "Cn"});

/// Items for ranges in ascending order, or for everything else.
std::string items(std::span<const CodeRange> ranges, bool negated) {
  std::string out;
  if (!negated) {
    for (const CodeRange& range : ranges) out += range_items(range);
    return out;
  }
  char32_t next = 0;
  for (const CodeRange& range : ranges) {
    if (range.first > next) out += range_items({next, range.first - 1});
    next = range.last + 1;
  }
  if (next <= kCodePointMax) out += range_items({next, kCodePointMax});
  return out;
}

}  // namespace

std::string code_point_escape(char32_t code_point) {
  char digits[8];
  const auto end = std::to_chars(digits, digits + sizeof digits, static_cast<uint32_t>(code_point), 16).ptr;
  return "\\x{" + std::string(digits, end) + "}";
}

std::string range_items(CodeRange range) {
  // A range may span the surrogates, which UTF-8 has not, but PCRE2 refuses one as its end.
  if (range.first >= 0xD800 && range.first <= 0xDFFF) range.first = 0xE000;
  if (range.last >= 0xD800 && range.last <= 0xDFFF) range.last = 0xD7FF;
  if (range.first > range.last) return {};
  if (range.first == range.last) return code_point_escape(range.first);
  return code_point_escape(range.first) + "-" + code_point_escape(range.last);
}

std::optional<std::string> escape_items(char32_t letter) {
  switch (letter) {
    case 's':
      return items(kSpace, false);
    case 'S':
      return items(kSpace, true);
    case 'i':
      return items(kNameStart, false);
    case 'I':
      return items(kNameStart, true);
    case 'c':
      return items(kName, false);
    case 'C':
      return items(kName, true);
    case 'd':
      return "\\p{Nd}";
    case 'D':
      return "\\P{Nd}";
    case 'w':
      return "\\p{L}\\p{M}\\p{N}\\p{S}";  // all but punctuation, separators and others
    case 'W':
      return "\\p{P}\\p{Z}\\p{C}";
    default:
      return {};
  }
}

std::optional<std::string> property_items(std::string_view name, bool negated) {
  if (std::ranges::find(kCategories, name) != kCategories.end()) {
    return (negated ? "\\P{" : "\\p{") + std::string(name) + "}";
  }
  if (!name.starts_with("Is")) return {};
  const auto block = find_block(name.substr(2));
  if (!block) return {};
  return items(std::span(&*block, 1), negated);
}

}  // namespace kaogong::feel::text
