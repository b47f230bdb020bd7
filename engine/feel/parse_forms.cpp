// The forms that begin with a word or bring names: contexts, if, for, some/every, functions.
#include <algorithm>

#include "engine/feel/parser_state.h"

namespace kaogong::feel {

namespace {
void skip_name_space(Scanner& scanner) {
  while (scanner.peek() == ' ' || scanner.peek() == '\t' || scanner.peek() == '\n' || scanner.peek() == '\r') {
    scanner.advance(1);
  }
}

bool is_word(std::string_view part) {
  return !part.empty() && std::string_view("./-'+*").find(part[0]) == std::string_view::npos;
}

// White space inside a name counts as one space, none stays none: "a  b" is "a b", "a+b" is "a+b".
void append_part(std::string& name, std::string_view part, bool spaced) {
  if (spaced && !name.empty()) name += ' ';
  name += part;
}
}  // namespace

std::string Parser::new_name(std::string_view stop) {
  scanner_.skip_space();
  const bool stop_is_word = is_name_start(static_cast<unsigned char>(stop[0]));
  std::string name;
  size_t parts = 0;
  bool spaced = false;
  for (;;) {
    const std::string_view part = scanner_.name_part();
    if (part.empty() || (stop_is_word && part == stop)) break;
    if (parts == 0 && !is_name_start(static_cast<unsigned char>(part[0])) && static_cast<uint8_t>(part[0]) < 0x80)
      break;
    if (part == "/" && (scanner_.peek(1) == '/' || scanner_.peek(1) == '*')) break;  // a comment
    if (++parts > kNamePartsMax) scanner_.fail("the name is too long");
    append_part(name, part, spaced);
    scanner_.advance(part.size());
    const uint32_t before = scanner_.position();
    skip_name_space(scanner_);
    spaced = scanner_.position() != before;
  }
  if (name.empty()) scanner_.fail_expected("a name");
  return name;
}

std::optional<std::string> Parser::accept_key() {
  scanner_.skip_space();
  const uint32_t from = scanner_.position();
  if (std::optional<std::string> key = scanner_.accept_string()) {
    if (scanner_.accept(":")) return key;
    scanner_.rewind(from);
    return std::nullopt;
  }
  // Look first: only names and ':' are wanted, and a long sum must not be refused as a long name.
  Scanner ahead = scanner_;
  size_t parts = 0;
  for (std::string_view part = ahead.name_part(); !part.empty() && parts <= kNamePartsMax; part = ahead.name_part()) {
    ahead.advance(part.size());
    ahead.skip_space();
    ++parts;
  }
  if (parts == 0 || ahead.peek() != ':' || scanner_.word().empty()) return std::nullopt;
  std::string name = new_name(":");
  scanner_.expect(":");
  return name;
}

std::string Parser::known_name() {
  NameTrie::Match match = names_.longest(scanner_);
  const NameTrie::Match builtin = builtin_names().longest(scanner_);
  if (builtin.end > match.end) match = builtin;
  std::string name;
  if (match.end != 0) {
    name = match.name;
    scanner_.rewind(match.end);
  } else {
    const std::string_view word = scanner_.word();
    if (word.empty()) scanner_.fail_expected("a name");
    name = word;
    scanner_.advance(word.size());
  }
  // Two words side by side are never anything but a name: one that is not known here, such as a field's.
  for (size_t parts = 1;; ++parts) {
    Scanner ahead = scanner_;
    skip_name_space(ahead);
    const std::string_view part = ahead.name_part();
    if (!is_word(part) || is_keyword(part) || part == "external" || ahead.position() == scanner_.position())
      return name;
    if (parts > kNamePartsMax) scanner_.fail("the name is too long");
    append_part(name, part, true);
    ahead.advance(part.size());
    scanner_ = ahead;
  }
}

Tree Parser::context() {
  const uint32_t from = begin();
  scanner_.expect("{");
  auto context = std::make_unique<ContextLiteral>(Span{from, from});
  uint32_t height = 0;
  if (!scanner_.accept("}")) {
    do {
      std::optional<std::string> key = accept_key();
      if (!key) scanner_.fail_expected("a key and ':'");
      Tree value = expression();
      height = std::max(height, value.height);
      introduce(*key);  // later entries, and paths after the context, may name it
      context->entries.push_back({std::move(*key), std::move(value.expr)});
    } while (scanner_.accept(","));
    scanner_.expect("}");
  }
  context->span = since(from);
  return finish(std::move(context), height);
}

Tree Parser::if_expression() {
  const uint32_t from = begin();
  scanner_.accept_keyword("if");
  Tree condition = expression();
  if (!scanner_.accept_keyword("then")) scanner_.fail_expected("'then'");
  Tree then_branch = expression();
  if (!scanner_.accept_keyword("else")) scanner_.fail_expected("'else'");
  Tree else_branch = expression();
  const uint32_t height = std::max({condition.height, then_branch.height, else_branch.height});
  return finish(std::make_unique<If>(since(from), std::move(condition.expr), std::move(then_branch.expr),
                                     std::move(else_branch.expr)),
                height);
}

std::vector<Iterator> Parser::iterators(uint32_t& height) {
  std::vector<Iterator> all;
  do {
    Iterator iterator;
    iterator.name = new_name("in");
    if (!scanner_.accept_keyword("in")) scanner_.fail_expected("'in'");
    Tree domain = expression();
    iterator.domain = std::move(domain.expr);
    height = std::max(height, domain.height);
    if (scanner_.accept("..")) {
      Tree end = expression();
      iterator.range_end = std::move(end.expr);
      height = std::max(height, end.height);
    }
    introduce(iterator.name);
    all.push_back(std::move(iterator));
  } while (scanner_.accept(","));
  return all;
}

Tree Parser::for_expression() {
  const uint32_t from = begin();
  scanner_.accept_keyword("for");
  auto node = std::make_unique<For>(Span{from, from});
  uint32_t height = 0;
  node->iterators = iterators(height);
  if (!scanner_.accept_keyword("return")) scanner_.fail_expected("'return'");
  Tree body = expression();
  node->body = std::move(body.expr);
  height = std::max(height, body.height);
  for (const Iterator& iterator : node->iterators) names_.remove(iterator.name);
  node->span = since(from);
  return finish(std::move(node), height);
}

Tree Parser::quantified(bool every) {
  const uint32_t from = begin();
  scanner_.accept_keyword(every ? "every" : "some");
  auto node = std::make_unique<Quantified>(Span{from, from});
  node->every = every;
  uint32_t height = 0;
  node->iterators = iterators(height);
  if (!scanner_.accept_keyword("satisfies")) scanner_.fail_expected("'satisfies'");
  Tree condition = expression();
  node->condition = std::move(condition.expr);
  height = std::max(height, condition.height);
  for (const Iterator& iterator : node->iterators) names_.remove(iterator.name);
  node->span = since(from);
  return finish(std::move(node), height);
}

Tree Parser::function_literal() {
  const uint32_t from = begin();
  scanner_.accept_keyword("function");
  scanner_.expect("(");
  auto node = std::make_unique<FunctionLiteral>(Span{from, from});
  if (!scanner_.accept(")")) {
    do {
      FunctionParameter parameter;
      parameter.name = new_name(":");
      if (scanner_.accept(":")) parameter.type = type();
      introduce(parameter.name);
      node->parameters.push_back(std::move(parameter));
    } while (scanner_.accept(","));
    scanner_.expect(")");
  }
  node->external = scanner_.accept_keyword("external");
  Tree body = expression();
  node->body = std::move(body.expr);
  for (const FunctionParameter& parameter : node->parameters) names_.remove(parameter.name);
  node->span = since(from);
  return finish(std::move(node), body.height);
}

}  // namespace kaogong::feel
