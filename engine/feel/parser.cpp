#include "engine/feel/parser.h"

#include "engine/feel/parser_state.h"
#include "engine/feel/text_functions.h"

namespace kaogong::feel {
namespace {

SyntaxError locate(std::string_view text, ParseFailure failure) {
  SyntaxError error{std::move(failure.message), failure.offset, 1, 1};
  for (uint32_t i = 0; i < failure.offset && i < text.size(); ++i) {
    if (text[i] == '\n') {
      ++error.line;
      error.column = 1;
    } else if ((static_cast<uint8_t>(text[i]) & 0xC0) != 0x80) {
      ++error.column;
    }
  }
  return error;
}

template <class T, class Function>
Parsed<T> guarded(std::string_view text, const ParseNames& names, Function parse) {
  if (text.size() > kTextBytesMax) return SyntaxError{"the text is too long"};
  if (!feel::text::is_valid_utf8(text)) return SyntaxError{"the text is not UTF-8"};
  try {
    Parser parser(text, names);
    return parse(parser);
  } catch (ParseFailure& failure) {
    return locate(text, std::move(failure));
  }
}

}  // namespace

Parsed<ExprPtr> parse_expression(std::string_view text, const ParseNames& names) {
  return guarded<ExprPtr>(text, names, [](Parser& parser) { return parser.parse_whole_expression(); });
}

Parsed<std::unique_ptr<UnaryTests>> parse_unary_tests(std::string_view text, const ParseNames& names) {
  return guarded<std::unique_ptr<UnaryTests>>(text, names,
                                              [](Parser& parser) { return parser.parse_whole_unary_tests(); });
}

}  // namespace kaogong::feel
