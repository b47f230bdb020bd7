#include <algorithm>

#include "tenants/generate/expression.h"

namespace kaogong::generate {

namespace {

using feel::BinaryOp;
using feel::ExprKind;

std::optional<size_t> column_named(const feel::Expr& e, const Names& names) {
  if (e.kind != ExprKind::kName) return std::nullopt;
  const std::vector<ColumnRef>& columns = names.columns != nullptr ? *names.columns : *names.inputs;
  for (size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == static_cast<const feel::NameRef&>(e).name) return i;
  }
  return std::nullopt;
}

// One unit of the column's own decimals, or a day.
Cell step_of(size_t column, const Names& names) {
  const Format& format = (names.columns != nullptr ? *names.columns : *names.inputs)[column].format;
  return format.kind == Format::Kind::kDecimal ? power_of_ten(kDecimals - std::min<int>(format.scale, kDecimals)) : 1;
}

Node moved(Node bound, Cell by) {
  Node step;
  step.cell = by;
  step.meaning = bound.meaning;
  Node sum;
  sum.op = Node::Op::kAdd;
  sum.meaning = bound.meaning;
  sum.children.push_back(std::move(bound));
  sum.children.push_back(std::move(step));
  return sum;
}

std::optional<Bounds> comparison(const feel::Binary& e, const Names& names) {
  const bool ordering =
      e.op == BinaryOp::kLt || e.op == BinaryOp::kLe || e.op == BinaryOp::kGt || e.op == BinaryOp::kGe;
  if (!ordering) return std::nullopt;
  std::optional<size_t> column = column_named(*e.left, names);
  const feel::Expr* other = e.right.get();
  bool upper = e.op == BinaryOp::kLt || e.op == BinaryOp::kLe;
  if (!column) {
    column = column_named(*e.right, names);
    other = e.left.get();
    upper = !upper;
  }
  if (!column) return std::nullopt;
  std::optional<Node> bound = compile(*other, names);
  if (!bound || (bound->meaning != Meaning::kNumber && bound->meaning != Meaning::kDate)) return std::nullopt;
  if (e.op == BinaryOp::kLt || e.op == BinaryOp::kGt) {
    bound = moved(std::move(*bound), upper ? -step_of(*column, names) : step_of(*column, names));
  }
  Bounds bounds;
  bounds.column = *column;
  Alternative& only = bounds.alternatives.emplace_back();
  (upper ? only.highs : only.lows).push_back(std::move(*bound));
  return bounds;
}

}  // namespace

std::optional<Bounds> bounds_of(const feel::Expr& require, const Names& names) {
  if (require.kind != ExprKind::kBinary) return std::nullopt;
  const auto& e = static_cast<const feel::Binary&>(require);
  if (e.op != BinaryOp::kAnd && e.op != BinaryOp::kOr) return comparison(e, names);
  std::optional<Bounds> left = bounds_of(*e.left, names), right = bounds_of(*e.right, names);
  if (!left || !right || left->column != right->column) return std::nullopt;
  if (e.op == BinaryOp::kOr) {
    for (Alternative& way : right->alternatives) left->alternatives.push_back(std::move(way));
    return left;
  }
  if (left->alternatives.size() != 1 || right->alternatives.size() != 1) return std::nullopt;
  Alternative &to = left->alternatives[0], &from = right->alternatives[0];
  for (Node& bound : from.lows) to.lows.push_back(std::move(bound));
  for (Node& bound : from.highs) to.highs.push_back(std::move(bound));
  return left;
}

}  // namespace kaogong::generate
