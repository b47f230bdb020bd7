// Expressions by precedence: or, and, comparison, sum, product, power, sign, instance of, postfix.
#include <algorithm>

#include "engine/feel/parser_state.h"

namespace kaogong::feel {

/// Counts nesting while in scope.
class Parser::Nesting {
 public:
  explicit Nesting(Parser& parser) : parser_(parser) {
    if (++parser_.nesting_ > kNestingMax) {
      --parser_.nesting_;
      parser_.scanner_.fail("nested too deeply");
    }
  }
  Nesting(const Nesting&) = delete;
  Nesting& operator=(const Nesting&) = delete;
  ~Nesting() { --parser_.nesting_; }

 private:
  Parser& parser_;
};

namespace {

constexpr int kOr = 1, kAnd = 2, kComparison = 3, kSum = 4, kProduct = 5, kPower = 6;

struct Operator {
  std::string_view symbol;
  BinaryOp op;
  int level;
};
// Longer symbols first.
constexpr Operator kOperators[] = {
    {"**", BinaryOp::kPow, kPower},     {"!=", BinaryOp::kNe, kComparison}, {"<=", BinaryOp::kLe, kComparison},
    {">=", BinaryOp::kGe, kComparison}, {"=", BinaryOp::kEq, kComparison},  {"<", BinaryOp::kLt, kComparison},
    {">", BinaryOp::kGt, kComparison},  {"+", BinaryOp::kAdd, kSum},        {"-", BinaryOp::kSub, kSum},
    {"*", BinaryOp::kMul, kProduct},    {"/", BinaryOp::kDiv, kProduct},
};

}  // namespace

Parser::Parser(std::string_view text, const ParseNames& names) : scanner_(text) {
  for (const std::string& name : names.known) names_.add(name);
}

Tree Parser::finish(ExprPtr expr, uint32_t height_below) {
  if (height_below + 1 > kTreeHeightMax) scanner_.fail("the expression is too deep");
  return {std::move(expr), height_below + 1};
}

ExprPtr Parser::parse_whole_expression() {
  Tree tree = expression();
  if (!scanner_.at_end()) scanner_.fail("unexpected " + scanner_.found());
  return std::move(tree.expr);
}

Tree Parser::expression() {
  const Nesting nesting(*this);
  return binary(kOr);
}

Tree Parser::binary(int level) { return binary_rest(unary(), level); }

Tree Parser::binary_rest(Tree left, int level) {
  for (;;) {
    scanner_.skip_space();
    const uint32_t from = left.expr->span.begin;
    const std::string_view word = scanner_.word();
    BinaryOp op = BinaryOp::kAdd;
    int op_level = 0;
    if (!word.empty()) {
      if (word == "or") {
        op = BinaryOp::kOr, op_level = kOr;
      } else if (word == "and") {
        op = BinaryOp::kAnd, op_level = kAnd;
      } else if (word == "between" && level <= kComparison) {
        left = between_rest(std::move(left));
        continue;
      } else if (word == "in" && level <= kComparison) {
        left = in_rest(std::move(left));
        continue;
      } else {
        return left;
      }
      if (op_level < level) return left;
      scanner_.advance(word.size());
    } else {
      for (const Operator& candidate : kOperators) {
        if (scanner_.looking_at(candidate.symbol)) {
          op = candidate.op, op_level = candidate.level;
          if (op_level < level) return left;
          scanner_.advance(candidate.symbol.size());
          break;
        }
      }
      if (op_level == 0) return left;
    }
    Tree right = binary(op_level + 1);
    const uint32_t height = std::max(left.height, right.height);
    left = finish(std::make_unique<Binary>(since(from), op, std::move(left.expr), std::move(right.expr)), height);
  }
}

Tree Parser::between_rest(Tree value) {
  const uint32_t from = value.expr->span.begin;
  scanner_.accept_keyword("between");
  Tree low = binary(kSum);
  if (!scanner_.accept_keyword("and")) scanner_.fail_expected("'and' and the upper bound");
  Tree high = binary(kSum);
  const uint32_t height = std::max({value.height, low.height, high.height});
  return finish(
      std::make_unique<Between>(since(from), std::move(value.expr), std::move(low.expr), std::move(high.expr)), height);
}

Tree Parser::in_rest(Tree value) {
  const Nesting nesting(*this);
  const uint32_t from = value.expr->span.begin;
  scanner_.accept_keyword("in");
  auto node = std::make_unique<In>(since(from), std::move(value.expr));
  uint32_t height = value.height;
  const uint32_t bracket = begin();
  if (scanner_.accept("(")) {
    unary_test_list(node->tests, height);
    if (scanner_.looking_at("..") && node->tests.size() == 1 && node->tests[0].kind == UnaryTest::Kind::kEquals) {
      Tree range = range_rest(Tree{std::move(node->tests[0].operand), height}, false, bracket);
      node->tests[0].operand = std::move(range.expr);
      height = range.height;
    } else {
      scanner_.expect(")");
      scanner_.skip_space();
      // What looked like a list of tests may be the bracketed beginning of an expression: x in (a)[1].
      const char next = scanner_.peek();
      if (node->tests.size() == 1 && node->tests[0].kind == UnaryTest::Kind::kEquals && next != '\0' &&
          std::string_view("[.+-*/").find(next) != std::string_view::npos && scanner_.peek(1) != '.' &&
          !bracket_closes_range()) {
        Tree rest = binary_rest(postfix_rest(Tree{std::move(node->tests[0].operand), height}), kSum);
        node->tests[0].operand = std::move(rest.expr);
        height = rest.height;
      }
    }
  } else {
    node->tests.push_back(unary_test(height, kSum));
  }
  node->span = since(from);
  return finish(std::move(node), height);
}

Tree Parser::unary() {
  const uint32_t from = begin();
  if (scanner_.peek() != '-') return instance_of_rest(postfix());
  const Nesting nesting(*this);
  scanner_.advance(1);
  Tree operand = unary();
  const uint32_t height = operand.height;
  return finish(std::make_unique<Negate>(since(from), std::move(operand.expr)), height);
}

Tree Parser::instance_of_rest(Tree left) {
  if (!scanner_.looking_at_keyword("instance")) return left;
  const uint32_t from = left.expr->span.begin;
  scanner_.accept_keyword("instance");
  if (!scanner_.accept_keyword("of")) scanner_.fail_expected("'of'");
  TypeExpr of = type();
  const uint32_t height = left.height;
  return finish(std::make_unique<InstanceOf>(since(from), std::move(left.expr), std::move(of)), height);
}

Tree Parser::postfix() { return postfix_rest(primary()); }

// `]1..5[`: the last bracket ends the range unless something that can be filtered by follows it.
bool Parser::bracket_closes_range() {
  if (!bracket_may_close_range_ || !scanner_.looking_at("[")) return false;
  Scanner ahead = scanner_;
  ahead.advance(1);
  ahead.skip_space();
  const std::string_view word = ahead.word();
  if (!word.empty())
    return word == "and" || word == "or" || word == "then" || word == "else" || word == "return" ||
           word == "satisfies" || word == "between" || word == "in" || word == "instance";
  const char c = ahead.peek();
  return !((c >= '0' && c <= '9') || c == '"' || c == '(' || c == '{' || c == '[' || c == '@' || c == '-' || c == '?' ||
           static_cast<uint8_t>(c) >= 0x80);
}

/// While in scope, says whether `[` may be the end of a range.
class Parser::BracketMeaning {
 public:
  BracketMeaning(Parser& parser, bool may_close) : parser_(parser), before_(parser.bracket_may_close_range_) {
    parser_.bracket_may_close_range_ = may_close;
  }
  BracketMeaning(const BracketMeaning&) = delete;
  BracketMeaning& operator=(const BracketMeaning&) = delete;
  ~BracketMeaning() { parser_.bracket_may_close_range_ = before_; }

 private:
  Parser& parser_;
  bool before_;
};

Tree Parser::postfix_rest(Tree left) {
  const uint32_t from = left.expr->span.begin;
  for (;;) {
    scanner_.skip_space();
    const char c = scanner_.peek();
    if (c == '.' && scanner_.peek(1) != '.') {
      scanner_.advance(1);
      scanner_.skip_space();
      std::string name = known_name();
      const uint32_t height = left.height;
      left = finish(std::make_unique<Path>(since(from), std::move(left.expr), std::move(name)), height);
    } else if (c == '[' && !bracket_closes_range()) {
      scanner_.advance(1);
      const BracketMeaning inside(*this, false);
      Tree predicate = expression();
      scanner_.expect("]");
      const uint32_t height = std::max(left.height, predicate.height);
      left = finish(std::make_unique<Filter>(since(from), std::move(left.expr), std::move(predicate.expr)), height);
    } else if (c == '(') {
      const BracketMeaning inside(*this, false);
      left = call_rest(std::move(left));
    } else {
      return left;
    }
  }
}

Tree Parser::call_rest(Tree callee) {
  auto call = std::make_unique<Call>(Span{callee.expr->span.begin, 0});
  uint32_t height = callee.height;
  call->callee = std::move(callee.expr);
  scanner_.expect("(");
  if (!scanner_.accept(")")) {
    do {
      Argument argument;
      argument.name = accept_key().value_or("");
      Tree value = expression();
      argument.value = std::move(value.expr);
      height = std::max(height, value.height);
      call->arguments.push_back(std::move(argument));
    } while (scanner_.accept(","));
    scanner_.expect(")");
  }
  call->span.end = scanner_.position();
  return finish(std::move(call), height);
}

Tree Parser::primary() {
  const uint32_t from = begin();
  if (std::optional<std::string> number = scanner_.accept_number()) {
    return {std::make_unique<NumberLiteral>(since(from), std::move(*number))};
  }
  if (std::optional<std::string> string = scanner_.accept_string()) {
    return {std::make_unique<StringLiteral>(since(from), std::move(*string))};
  }
  const BracketMeaning inside(*this, false);
  switch (scanner_.peek()) {
    case '@': {
      scanner_.advance(1);
      scanner_.skip_space();
      std::optional<std::string> text = scanner_.accept_string();
      if (!text) scanner_.fail_expected("a date, time or duration in quotes");
      return {std::make_unique<TemporalLiteral>(since(from), std::move(*text))};
    }
    case '(':
      return parenthesised();
    case '[':
    case ']':
      return list_or_range();
    case '{':
      return context();
    case '?':
      scanner_.advance(1);
      ++placeholders_;
      return {std::make_unique<NameRef>(since(from), "?")};
    default:
      return word_or_name();
  }
}

Tree Parser::word_or_name() {
  const uint32_t from = begin();
  const std::string_view word = scanner_.word();
  if (word.empty()) scanner_.fail_expected("an expression");
  if (is_keyword(word) && names_.longest(scanner_).end == 0) {
    if (word == "if") return if_expression();
    if (word == "for") return for_expression();
    if (word == "some" || word == "every") return quantified(word == "every");
    if (word == "function") return function_literal();
    const bool is_null = word == "null";
    if (word != "true" && word != "false" && !is_null) scanner_.fail_expected("an expression");
    const bool value = word == "true";
    scanner_.advance(word.size());
    if (is_null) return {std::make_unique<NullLiteral>(since(from))};
    return {std::make_unique<BooleanLiteral>(since(from), value)};
  }
  std::string name = known_name();
  return {std::make_unique<NameRef>(since(from), std::move(name))};
}

Tree Parser::parenthesised() {
  const uint32_t from = begin();
  scanner_.expect("(");
  scanner_.skip_space();
  if (const char c = scanner_.peek(); c == '<' || c == '>' || c == '=' || c == '!') return one_sided_range(from);
  Tree inner = expression();
  if (scanner_.looking_at("..")) return range_rest(std::move(inner), false, from);
  scanner_.expect(")");
  return inner;
}

// (< 5): a range without a lower bound. (= 5) and (!= 5) have no bounds to write: they stay a single test.
Tree Parser::one_sided_range(uint32_t from) {
  const Nesting nesting(*this);
  BinaryOp op = BinaryOp::kLt;
  if (!accept_comparison(op)) scanner_.fail_expected("an expression");
  Tree bound = binary(kSum);
  scanner_.expect(")");
  if (op == BinaryOp::kEq || op == BinaryOp::kNe) {
    auto tests = std::make_unique<UnaryTests>(since(from));
    tests->tests.push_back({UnaryTest::Kind::kCompare, op, std::move(bound.expr), false});
    return finish(std::move(tests), bound.height);
  }
  auto range = std::make_unique<RangeLiteral>(since(from));
  if (op == BinaryOp::kLt || op == BinaryOp::kLe) {
    range->high = std::move(bound.expr);
    range->high_closed = op == BinaryOp::kLe;
  } else {
    range->low = std::move(bound.expr);
    range->low_closed = op == BinaryOp::kGe;
  }
  return finish(std::move(range), bound.height);
}

Tree Parser::list_or_range() {
  const Nesting nesting(*this);
  const uint32_t from = begin();
  if (scanner_.accept("]")) {  // ]low..high]
    Tree low = binary(kSum);
    return range_rest(std::move(low), false, from);
  }
  scanner_.expect("[");
  auto list = std::make_unique<ListLiteral>(Span{from, from});
  uint32_t height = 0;
  if (!scanner_.accept("]")) {
    do {
      Tree item = expression();
      if (list->items.empty() && scanner_.looking_at("..")) return range_rest(std::move(item), true, from);
      height = std::max(height, item.height);
      list->items.push_back(std::move(item.expr));
    } while (scanner_.accept(","));
    scanner_.expect("]");
  }
  list->span = since(from);
  return finish(std::move(list), height);
}

Tree Parser::range_rest(Tree low, bool low_closed, uint32_t from) {
  scanner_.expect("..");
  Tree high;
  {
    const BracketMeaning end_point(*this, true);
    high = binary(kSum);
  }
  bool high_closed = false;
  if (scanner_.accept("]")) {
    high_closed = true;
  } else if (!scanner_.accept(")") && !scanner_.accept("[")) {
    scanner_.fail_expected("the end of the range");
  }
  auto range = std::make_unique<RangeLiteral>(since(from));
  const uint32_t height = std::max(low.height, high.height);
  range->low = std::move(low.expr);
  range->high = std::move(high.expr);
  range->low_closed = low_closed;
  range->high_closed = high_closed;
  return finish(std::move(range), height);
}

}  // namespace kaogong::feel
