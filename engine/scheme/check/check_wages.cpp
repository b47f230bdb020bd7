// Pay docked from a fixed wage: a warning where a decision or computed column of type money takes from, or cuts by a
// factor that can be below 1, an input that is a fixed wage. Wage law allows it within limits only; who writes the
// scheme should know that it does so.
#include <algorithm>
#include <array>

#include "engine/feel/parser.h"
#include "engine/scheme/check/checks.h"
#include "engine/scheme/check/exact.h"

namespace kaogong::scheme {
namespace {

using feel::BinaryOp;
using feel::Expr;
using feel::ExprKind;

constexpr std::array<std::string_view, 9> kNames = {"base_wage",    "basic_wage",    "base_salary",
                                                    "basic_salary", "fixed_wage",    "fixed_salary",
                                                    "post_wage",    "position_wage", "base_pay"};
constexpr std::array<std::string_view, 8> kChinese = {"基本工资", "岗位工资", "固定工资", "基础工资",
                                                      "底薪",     "基本薪",   "岗位薪",   "固定薪"};
constexpr std::array<std::string_view, 6> kEnglish = {"base wage",   "basic wage",   "fixed wage",
                                                      "base salary", "basic salary", "fixed salary"};

bool is_fixed_wage(const Input& input) {
  if (input.fixed) return *input.fixed;
  if (input.type.name != TypeName::kMoney) return false;
  const auto has = [](std::string_view text, const auto& words) {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
  };
  std::string english = input.labels.en;
  std::transform(english.begin(), english.end(), english.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return has(input.name, kNames) || has(input.labels.zh, kChinese) || has(english, kEnglish);
}

class WageChecker {
 public:
  WageChecker(const Names& names, Findings& findings) : names_(names), findings_(findings) {}

  void check(const Decision& decision, const RowSource* row) {
    if (decision.type.name != TypeName::kMoney) return;
    decision_ = &decision;
    row_ = row;
    reported_ = false;
    for_each_expression(decision, [&](const Expression& e) {
      expression_ = &e;
      walk(*e.tree);
    });
  }

 private:
  void walk(const Expr& e) {
    switch (e.kind) {
      case ExprKind::kBinary: {
        const auto& binary = static_cast<const feel::Binary&>(e);
        if (binary.op == BinaryOp::kSub) {
          if (const Input* wage = wage_in_sum(*binary.left); wage != nullptr && !is_zero(*binary.right)) {
            report(*wage, binary.span, "\"" + feel::to_text(*binary.right) + "\" is subtracted from it");
          }
        } else if (binary.op == BinaryOp::kMul) {
          for (const auto& [wage_side, factor] :
               {std::pair{&*binary.left, &*binary.right}, {&*binary.right, &*binary.left}}) {
            const Input* wage = wage_of(*wage_side);
            if (wage == nullptr) continue;
            const auto least = range(*factor, 0).least;
            if (!least || *least < kOne) {
              report(*wage, binary.span,
                     "it is multiplied by \"" + feel::to_text(*factor) + "\", which can be " +
                         (least ? exact_to_text(*least) : "below 1"));
            }
          }
        }
        walk(*binary.left);
        walk(*binary.right);
        return;
      }
      case ExprKind::kIf: {
        const auto& condition = static_cast<const feel::If&>(e);
        walk(*condition.then_branch);
        if (condition.else_branch) walk(*condition.else_branch);
        return;
      }
      case ExprKind::kNegate:
        return walk(*static_cast<const feel::Negate&>(e).operand);
      case ExprKind::kCall:
        for (const auto& argument : static_cast<const feel::Call&>(e).arguments) walk(*argument.value);
        return;
      default:
        return;
    }
  }

  const Input* wage_of(const Expr& e) const {
    std::string_view name;
    if (e.kind == ExprKind::kName) {
      name = static_cast<const feel::NameRef&>(e).name;
      if (row_ != nullptr && row_->columns.contains(name)) return nullptr;
    } else if (e.kind == ExprKind::kPath) {  // this.base_wage
      const auto& path = static_cast<const feel::Path&>(e);
      if (path.object->kind != ExprKind::kName || static_cast<const feel::NameRef&>(*path.object).name != "this") {
        return nullptr;
      }
      name = path.name;
    } else {
      return nullptr;
    }
    const Input* input = names_.input(name);
    return input != nullptr && is_fixed_wage(*input) ? input : nullptr;
  }

  // A wage among the terms of a sum.
  const Input* wage_in_sum(const Expr& e) const {
    if (const Input* wage = wage_of(e)) return wage;
    if (e.kind != ExprKind::kBinary) return nullptr;
    const auto& binary = static_cast<const feel::Binary&>(e);
    if (binary.op != BinaryOp::kAdd && binary.op != BinaryOp::kSub) return nullptr;
    if (const Input* wage = wage_in_sum(*binary.left)) return wage;
    return binary.op == BinaryOp::kAdd ? wage_in_sum(*binary.right) : nullptr;
  }

  static bool is_zero(const Expr& e) {
    const auto literal = literal_of(e);
    return literal && literal->kind == Literal::Kind::kNumber && literal->number == 0;
  }

  // ---- What a factor can be: literals, sums, branches, and names with their bands, results or declared bounds. ----
  struct Range {
    std::optional<Exact> least, most;
  };
  static Range join(const Range& a, const Range& b) {
    Range all;
    if (a.least && b.least) all.least = std::min(*a.least, *b.least);
    if (a.most && b.most) all.most = std::max(*a.most, *b.most);
    return all;
  }

  Range range(const Expr& e, int depth) const {
    if (depth > 8) return {};
    if (const auto literal = literal_of(e)) {
      if (literal->kind == Literal::Kind::kNumber) return {literal->number, literal->number};
      return {};
    }
    switch (e.kind) {
      case ExprKind::kBinary: {
        const auto& binary = static_cast<const feel::Binary&>(e);
        const Range a = range(*binary.left, depth + 1), b = range(*binary.right, depth + 1);
        Range sum;
        if (binary.op == BinaryOp::kAdd) {
          if (a.least && b.least) sum.least = *a.least + *b.least;
          if (a.most && b.most) sum.most = *a.most + *b.most;
        } else if (binary.op == BinaryOp::kSub) {
          if (a.least && b.most) sum.least = *a.least - *b.most;
          if (a.most && b.least) sum.most = *a.most - *b.least;
        }
        return sum;
      }
      case ExprKind::kIf: {
        const auto& condition = static_cast<const feel::If&>(e);
        if (!condition.else_branch) return {};
        return join(range(*condition.then_branch, depth + 1), range(*condition.else_branch, depth + 1));
      }
      case ExprKind::kName:
        return named(static_cast<const feel::NameRef&>(e).name, depth);
      default:
        return {};
    }
  }

  Range named(std::string_view name, int depth) const {
    const Named* value = names_.find(name, row_);
    if (value == nullptr) return {};
    Range range_of;
    if (is_decimal(value->type.name)) {
      if (value->type.min) range_of.least = exact_from_scaled(*value->type.min, value->type.scale);
      if (value->type.max) range_of.most = exact_from_scaled(*value->type.max, value->type.scale);
    }
    const Decision* decision = row_ == nullptr || !row_->columns.contains(name) ? names_.decision(name) : nullptr;
    if (decision == nullptr) return range_of;
    const Range computed = decided(*decision, depth);
    if (!range_of.least) range_of.least = computed.least;
    if (!range_of.most) range_of.most = computed.most;
    return range_of;
  }

  Range decided(const Decision& decision, int depth) const {
    std::optional<Range> all;
    const auto take = [&](const Range& one) { all = all ? join(*all, one) : one; };
    if (decision.expr) take(range(*decision.expr.tree, depth + 1));
    if (decision.bands) {
      for (const auto& row : decision.bands->rows) {
        const auto value = parse_exact(row.value);
        take(value ? Range{value, value} : Range{});
      }
      if (decision.bands->otherwise) {
        const auto value = parse_exact(*decision.bands->otherwise);
        if (value) take({value, value});
      }
    }
    if (decision.table && decision.table->hit.size() == 1 && decision.table->rules.size() <= 1000) {
      const size_t output = decision.table_output;
      const auto result = [&](const std::vector<Expression>& results) {
        if (output < results.size() && results[output] && results[output].tree->kind != ExprKind::kNull) {
          take(range(*results[output].tree, depth + 1));
        }
      };
      for (const auto& rule : decision.table->rules) result(rule.results);
      result(decision.table->defaults);
    }
    return all.value_or(Range{});
  }

  void report(const Input& wage, feel::Span span, const std::string& how) {
    if (reported_) return;  // one a decision says it
    reported_ = true;
    findings_.push_back(
        {Severity::kWarning, "fixed-wage-docked", position_in(*expression_, span.begin),
         "\"" + decision_->name + "\" docks the fixed wage \"" + wage.name + "\": " + how,
         "dock variable pay instead; if this is meant and lawful, leave it, or say fixed: false of the input"});
  }

  const Names& names_;
  Findings& findings_;
  const Decision* decision_ = nullptr;
  const RowSource* row_ = nullptr;
  const Expression* expression_ = nullptr;
  bool reported_ = false;
};

}  // namespace

void check_fixed_wages(const Names& names, Findings& findings) {
  WageChecker checker(names, findings);
  const Document& d = names.document();
  for (const Decision& decision : d.decisions) checker.check(decision, nullptr);
  const auto computed = [&](const auto& sources) {
    for (const auto& source : sources) {
      for (const Decision& column : source.computed) checker.check(column, names.row_source(source.name));
    }
  };
  computed(d.tables);
  computed(d.groups);
}

}  // namespace kaogong::scheme
