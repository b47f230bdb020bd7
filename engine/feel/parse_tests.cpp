// Unary tests: the cells of decision tables and the right side of `in`.
#include <algorithm>

#include "engine/feel/parser_state.h"

namespace kaogong::feel {
namespace {
constexpr int kLowest = 1, kSum = 4;
}

bool Parser::accept_comparison(BinaryOp& op) {
  struct Comparison {
    std::string_view symbol;
    BinaryOp op;
  };
  static constexpr Comparison kComparisons[] = {{"<=", BinaryOp::kLe}, {">=", BinaryOp::kGe}, {"!=", BinaryOp::kNe},
                                                {"<", BinaryOp::kLt},  {">", BinaryOp::kGt},  {"=", BinaryOp::kEq}};
  for (const Comparison& candidate : kComparisons) {
    if (scanner_.accept(candidate.symbol)) {
      op = candidate.op;
      return true;
    }
  }
  return false;
}

UnaryTest Parser::unary_test(uint32_t& height, int level) {
  UnaryTest test;
  const uint32_t placeholders_before = placeholders_;
  Tree operand;
  if (accept_comparison(test.op)) {
    test.kind = UnaryTest::Kind::kCompare;
    operand = binary(kSum);
  } else {
    operand = level == kLowest ? expression() : binary(level);
  }
  height = std::max(height, operand.height);
  test.operand = std::move(operand.expr);
  test.uses_placeholder = placeholders_ != placeholders_before;
  return test;
}

void Parser::unary_test_list(std::vector<UnaryTest>& tests, uint32_t& height) {
  do {
    tests.push_back(unary_test(height, kLowest));
  } while (scanner_.accept(","));
}

std::unique_ptr<UnaryTests> Parser::parse_whole_unary_tests() {
  const uint32_t from = begin();
  auto node = std::make_unique<UnaryTests>(Span{from, from});
  uint32_t height = 0;
  if (scanner_.accept("-") && scanner_.at_end()) {
    node->any = true;
    node->span = since(from);
    return node;
  }
  scanner_.rewind(from);
  if (scanner_.accept_keyword("not") && scanner_.accept("(")) {
    const uint32_t nesting_before = nesting_;
    try {
      unary_test_list(node->tests, height);
      if (scanner_.accept(")") && scanner_.at_end()) {
        node->negated = true;
        node->span = since(from);
        return node;
      }
    } catch (const ParseFailure&) {  // not(…) may also be the built-in function in a larger expression: read it again
      nesting_ = nesting_before;
      bracket_may_close_range_ = false;
      scanner_.rewind(from);
      node->tests.clear();
      unary_test_list(node->tests, height);
      if (!scanner_.at_end()) throw;
      node->span = since(from);
      return node;
    }
    node->tests.clear();
  }
  scanner_.rewind(from);
  placeholders_ = 0;
  unary_test_list(node->tests, height);
  if (!scanner_.at_end()) scanner_.fail("unexpected " + scanner_.found());
  node->span = since(from);
  return node;
}

}  // namespace kaogong::feel
