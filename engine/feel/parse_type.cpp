// Types: number, list<string>, context<a: number>, range<date>, function<number> -> string.
#include "engine/feel/parser_state.h"

namespace kaogong::feel {

std::string Parser::type_name() {
  scanner_.skip_space();
  NameTrie::Match match = builtin_type_names().longest(scanner_);
  if (const NameTrie::Match known = names_.longest(scanner_); known.end > match.end) match = known;
  if (match.end != 0) {
    std::string name(match.name);
    scanner_.rewind(match.end);
    return name;
  }
  std::string name;
  for (;;) {  // words, joined by spaces or dots
    const std::string_view word = scanner_.word();
    if (word.empty()) scanner_.fail_expected("a type");
    name += word;
    scanner_.advance(word.size());
    Scanner ahead = scanner_;
    ahead.skip_space();
    if (ahead.peek() == '.' && ahead.peek(1) != '.') {
      ahead.advance(1);
      ahead.skip_space();
      name += '.';
      scanner_ = ahead;
      continue;
    }
    const std::string_view next = ahead.word();
    if (next.empty() || is_keyword(next) || next == "external") return name;
    name += ' ';
    scanner_ = ahead;
  }
}

TypeExpr Parser::type() {
  if (++nesting_ > kNestingMax) scanner_.fail("nested too deeply");
  TypeExpr type_expr;
  scanner_.skip_space();
  const std::string_view word = scanner_.word();
  Scanner ahead = scanner_;
  ahead.advance(word.size());
  const bool generic = ahead.looking_at("<");
  if (generic && (word == "list" || word == "range")) {
    type_expr.name = word;
    scanner_.advance(word.size());
    scanner_.expect("<");
    type_expr.arguments.push_back(type());
    scanner_.expect(">");
  } else if (generic && word == "context") {
    type_expr.name = word;
    scanner_.advance(word.size());
    scanner_.expect("<");
    do {
      type_expr.field_names.push_back(new_name(":"));
      scanner_.expect(":");
      type_expr.arguments.push_back(type());
    } while (scanner_.accept(","));
    scanner_.expect(">");
  } else if (generic && word == "function") {
    type_expr.name = word;
    scanner_.advance(word.size());
    scanner_.expect("<");
    if (!scanner_.accept(">")) {
      do {
        type_expr.arguments.push_back(type());
      } while (scanner_.accept(","));
      scanner_.expect(">");
    }
    scanner_.expect("->");
    type_expr.arguments.push_back(type());
  } else {
    type_expr.name = type_name();
  }
  --nesting_;
  return type_expr;
}

}  // namespace kaogong::feel
