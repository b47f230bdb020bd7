// The recursive-descent parser; private to engine/feel/parse_*.cpp.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/feel/ast.h"
#include "engine/feel/name_trie.h"
#include "engine/feel/parser.h"
#include "engine/feel/scanner.h"

namespace kaogong::feel {

/// How high a tree may grow: long chains such as a + b + c … are not nested, but whoever walks them recurses.
inline constexpr uint32_t kTreeHeightMax = 1000;

/// A node under construction and the height of its tree.
struct Tree {
  ExprPtr expr;
  uint32_t height = 1;
};

class Parser {
 public:
  Parser(std::string_view text, const ParseNames& names);

  /// Throw ParseFailure.
  ExprPtr parse_whole_expression();
  std::unique_ptr<UnaryTests> parse_whole_unary_tests();

 private:
  class Nesting;
  class BracketMeaning;

  Tree expression();
  Tree binary(int level);
  Tree binary_rest(Tree left, int level);
  Tree unary();
  Tree postfix();
  Tree postfix_rest(Tree left);
  Tree instance_of_rest(Tree left);
  Tree primary();
  Tree word_or_name();
  Tree list_or_range();
  Tree parenthesised();
  Tree range_rest(Tree low, bool low_closed, uint32_t begin);
  Tree one_sided_range(uint32_t begin);
  Tree context();
  Tree if_expression();
  Tree for_expression();
  Tree quantified(bool every);
  Tree function_literal();
  Tree call_rest(Tree callee);
  Tree in_rest(Tree value);
  Tree between_rest(Tree value);

  std::vector<Iterator> iterators(uint32_t& height);
  UnaryTest unary_test(uint32_t& height, int level);
  void unary_test_list(std::vector<UnaryTest>& tests, uint32_t& height);
  bool accept_comparison(BinaryOp& op);

  TypeExpr type();
  std::string type_name();

  /// A name where the grammar asks for a new one (context key, parameter, iterator), up to `stop` (a symbol or a
  /// keyword).
  std::string new_name(std::string_view stop);
  /// If a name and then ':' stand here, takes both (a named argument, a context key).
  std::optional<std::string> accept_key();
  /// A name that is read: the longest known one, else words.
  std::string known_name();

  void introduce(const std::string& name) { names_.add(name); }
  bool bracket_closes_range();

  Tree finish(ExprPtr expr, uint32_t height_below);
  uint32_t begin() {
    scanner_.skip_space();
    return scanner_.position();
  }
  Span since(uint32_t begin) const { return {begin, scanner_.position()}; }

  Scanner scanner_;
  NameTrie names_;
  uint32_t nesting_ = 0;
  uint32_t placeholders_ = 0;             // how many `?` have been read
  bool bracket_may_close_range_ = false;  // inside the end point of a range: `[` may be its end
};

}  // namespace kaogong::feel
