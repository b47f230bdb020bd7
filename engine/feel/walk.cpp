#include "engine/feel/walk.h"

namespace kaogong::feel {

void for_each_child(const Expr& expr, const std::function<void(const Expr&)>& visit) {
  const auto iterators = [&](const std::vector<Iterator>& all) {
    for (const Iterator& iterator : all) {
      visit(*iterator.domain);
      if (iterator.range_end) visit(*iterator.range_end);
    }
  };
  switch (expr.kind) {
    case ExprKind::kNumber:
    case ExprKind::kString:
    case ExprKind::kBoolean:
    case ExprKind::kNull:
    case ExprKind::kTemporal:
    case ExprKind::kName:
      return;
    case ExprKind::kList:
      for (const ExprPtr& item : static_cast<const ListLiteral&>(expr).items) visit(*item);
      return;
    case ExprKind::kContext:
      for (const ContextEntry& entry : static_cast<const ContextLiteral&>(expr).entries) visit(*entry.value);
      return;
    case ExprKind::kRange: {
      const auto& range = static_cast<const RangeLiteral&>(expr);
      if (range.low) visit(*range.low);
      if (range.high) visit(*range.high);
      return;
    }
    case ExprKind::kNegate:
      return visit(*static_cast<const Negate&>(expr).operand);
    case ExprKind::kBinary:
      visit(*static_cast<const Binary&>(expr).left);
      return visit(*static_cast<const Binary&>(expr).right);
    case ExprKind::kBetween: {
      const auto& between = static_cast<const Between&>(expr);
      visit(*between.value);
      visit(*between.low);
      return visit(*between.high);
    }
    case ExprKind::kIn:
      visit(*static_cast<const In&>(expr).value);
      for (const UnaryTest& test : static_cast<const In&>(expr).tests) visit(*test.operand);
      return;
    case ExprKind::kIf: {
      const auto& node = static_cast<const If&>(expr);
      visit(*node.condition);
      visit(*node.then_branch);
      return visit(*node.else_branch);
    }
    case ExprKind::kFor:
      iterators(static_cast<const For&>(expr).iterators);
      return visit(*static_cast<const For&>(expr).body);
    case ExprKind::kQuantified:
      iterators(static_cast<const Quantified&>(expr).iterators);
      return visit(*static_cast<const Quantified&>(expr).condition);
    case ExprKind::kFunction:
      return visit(*static_cast<const FunctionLiteral&>(expr).body);
    case ExprKind::kCall:
      visit(*static_cast<const Call&>(expr).callee);
      for (const Argument& argument : static_cast<const Call&>(expr).arguments) visit(*argument.value);
      return;
    case ExprKind::kPath:
      return visit(*static_cast<const Path&>(expr).object);
    case ExprKind::kFilter:
      visit(*static_cast<const Filter&>(expr).object);
      return visit(*static_cast<const Filter&>(expr).predicate);
    case ExprKind::kInstanceOf:
      return visit(*static_cast<const InstanceOf&>(expr).value);
    case ExprKind::kUnaryTests:
      for (const UnaryTest& test : static_cast<const UnaryTests&>(expr).tests) visit(*test.operand);
      return;
  }
}

bool mentions_name(const Expr& expr, std::string_view name) {
  if (expr.kind == ExprKind::kName) return static_cast<const NameRef&>(expr).name == name;
  bool found = false;
  for_each_child(expr, [&](const Expr& child) { found = found || mentions_name(child, name); });
  return found;
}

}  // namespace kaogong::feel
