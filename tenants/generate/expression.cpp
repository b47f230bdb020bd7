#include "tenants/generate/expression.h"

#include <algorithm>

#include "engine/scheme/literal.h"

namespace kaogong::generate {

namespace {

using feel::BinaryOp;
using feel::ExprKind;

constexpr int kDepthMax = 24;  // computed columns may name each other

Node constant(Meaning meaning, Cell cell) {
  Node node;
  node.meaning = meaning;
  node.cell = cell;
  return node;
}

Meaning meaning_of(const Format& format) {
  switch (format.kind) {
    case Format::Kind::kDecimal:
      return Meaning::kNumber;
    case Format::Kind::kBoolean:
      return Meaning::kBoolean;
    case Format::Kind::kDate:
      return Meaning::kDate;
    case Format::Kind::kNumbered:
      return Meaning::kNumbered;
    case Format::Kind::kSymbol:
      break;
  }
  return Meaning::kSymbol;
}

Node column_node(Node::Op op, size_t index, const Format& format) {
  Node node = constant(meaning_of(format), static_cast<Cell>(index));
  node.op = op;
  if (node.meaning == Meaning::kNumber) node.factor = power_of_ten(kDecimals - std::min<int>(format.scale, kDecimals));
  return node;
}

std::optional<Node> compile_at(const feel::Expr& e, const Names& names, int depth);

std::optional<Node> compile_name(const std::string& name, const Names& names, int depth) {
  if (names.filtered != nullptr) {
    for (size_t i = 0; i < names.filtered->columns.size(); ++i) {
      if (names.filtered->columns[i] == name)
        return column_node(Node::Op::kLookupColumn, i, names.filtered->formats[i]);
    }
  }
  if (names.columns != nullptr) {
    for (size_t i = 0; i < names.columns->size(); ++i) {
      if ((*names.columns)[i].name == name) return column_node(Node::Op::kColumn, i, (*names.columns)[i].format);
    }
  }
  if (names.computed != nullptr) {
    for (const scheme::Decision& decision : *names.computed) {
      // Rounding to the computed column's type is left out: good enough for bounds, which are literals nearly always.
      if (decision.name == name && decision.expr) return compile_at(*decision.expr.tree, names, depth + 1);
    }
  }
  for (size_t i = 0; names.inputs != nullptr && i < names.inputs->size(); ++i) {
    if ((*names.inputs)[i].name == name) return column_node(Node::Op::kInput, i, (*names.inputs)[i].format);
  }
  if (name == "period_start") return constant(Meaning::kDate, names.period_start);
  if (name == "period_end") return constant(Meaning::kDate, names.period_end);
  if (name == "year") return constant(Meaning::kNumber, names.year * power_of_ten(kDecimals));
  return std::nullopt;
}

const LookupRows* lookup_named(const feel::Expr& e, const Names& names) {
  if (e.kind != ExprKind::kName || names.lookups == nullptr) return nullptr;
  for (const LookupRows& lookup : *names.lookups) {
    if (lookup.name == static_cast<const feel::NameRef&>(e).name) return &lookup;
  }
  return nullptr;
}

std::optional<Node> compile_path(const feel::Path& path, const Names& names, int depth) {
  const feel::Expr& object = *path.object;
  if (object.kind == ExprKind::kName && static_cast<const feel::NameRef&>(object).name == "this") {
    Names outer = names;
    outer.filtered = nullptr;
    outer.columns = nullptr;
    outer.computed = nullptr;
    return compile_name(path.name, outer, depth);
  }
  Node node;
  if (object.kind == ExprKind::kCall) {
    const auto& call = static_cast<const feel::Call&>(object);
    node.op = Node::Op::kFind;
    node.lookup = lookup_named(*call.callee, names);
    if (node.lookup == nullptr || call.arguments.size() != node.lookup->key.size()) return std::nullopt;
    for (const feel::Argument& argument : call.arguments) {
      std::optional<Node> key = argument.name.empty() ? compile_at(*argument.value, names, depth + 1) : std::nullopt;
      const Meaning of_key = meaning_of(node.lookup->formats[node.lookup->key[node.children.size()]]);
      if (!key || key->meaning != of_key || of_key == Meaning::kNumber) return std::nullopt;
      node.children.push_back(std::move(*key));
    }
  } else {
    node.op = Node::Op::kFilter;
    const feel::Expr* rows = &object;
    if (object.kind == ExprKind::kFilter) rows = static_cast<const feel::Filter&>(object).object.get();
    node.lookup = lookup_named(*rows, names);
    if (node.lookup == nullptr) return std::nullopt;
    if (object.kind == ExprKind::kFilter) {
      Names inner = names;
      inner.filtered = node.lookup;
      std::optional<Node> condition = compile_at(*static_cast<const feel::Filter&>(object).predicate, inner, depth + 1);
      if (!condition || condition->meaning != Meaning::kBoolean) return std::nullopt;
      node.children.push_back(std::move(*condition));
    }
  }
  for (size_t i = 0; i < node.lookup->columns.size(); ++i) {
    if (node.lookup->columns[i] != path.name) continue;
    const Node column = column_node(Node::Op::kLookupColumn, i, node.lookup->formats[i]);
    node.cell = column.cell;
    node.factor = column.factor;
    node.meaning = column.meaning;
    if (node.op == Node::Op::kFilter) {
      if (node.meaning != Meaning::kSymbol && node.meaning != Meaning::kNumbered) return std::nullopt;
      node.meaning = Meaning::kList;
    }
    return node;
  }
  return std::nullopt;
}

std::optional<Node> compile_binary(const feel::Binary& binary, const Names& names, int depth) {
  std::optional<Node> left = compile_at(*binary.left, names, depth + 1);
  std::optional<Node> right = compile_at(*binary.right, names, depth + 1);
  if (!left || !right) return std::nullopt;
  Node node;
  node.meaning = Meaning::kBoolean;
  bool swapped = false;
  Meaning needed = left->meaning == Meaning::kNothing ? right->meaning : left->meaning;
  switch (binary.op) {
    case BinaryOp::kEq:
      node.op = Node::Op::kEqual;
      break;
    case BinaryOp::kNe:
      node.op = Node::Op::kUnequal;
      break;
    case BinaryOp::kLt:
      node.op = Node::Op::kLess;
      break;
    case BinaryOp::kLe:
      node.op = Node::Op::kLessEqual;
      break;
    case BinaryOp::kGt:
      node.op = Node::Op::kLess, swapped = true;
      break;
    case BinaryOp::kGe:
      node.op = Node::Op::kLessEqual, swapped = true;
      break;
    case BinaryOp::kAnd:
      node.op = Node::Op::kAnd, needed = Meaning::kBoolean;
      break;
    case BinaryOp::kOr:
      node.op = Node::Op::kOr, needed = Meaning::kBoolean;
      break;
    case BinaryOp::kAdd:
      node.op = Node::Op::kAdd;
      break;
    case BinaryOp::kSub:
      node.op = Node::Op::kSubtract;
      break;
    case BinaryOp::kMul:
      node.op = Node::Op::kMultiply;
      break;
    default:
      return std::nullopt;
  }
  if (node.op >= Node::Op::kAdd) node.meaning = needed = Meaning::kNumber;
  for (const Node* side : {&*left, &*right}) {
    if (side->meaning != needed && side->meaning != Meaning::kNothing) return std::nullopt;
  }
  node.children.push_back(std::move(swapped ? *right : *left));
  node.children.push_back(std::move(swapped ? *left : *right));
  return node;
}

std::optional<Node> compile_in(const feel::In& in, const Names& names, int depth) {
  Node node;
  node.op = Node::Op::kIn;
  node.meaning = Meaning::kBoolean;
  std::optional<Node> value = compile_at(*in.value, names, depth + 1);
  if (!value) return std::nullopt;
  node.children.push_back(std::move(*value));
  for (const feel::UnaryTest& test : in.tests) {
    std::optional<Node> operand = test.kind == feel::UnaryTest::Kind::kEquals && !test.uses_placeholder
                                      ? compile_at(*test.operand, names, depth + 1)
                                      : std::nullopt;
    if (!operand || operand->meaning != node.children[0].meaning) return std::nullopt;
    node.children.push_back(std::move(*operand));
  }
  return node;
}

std::optional<Node> compile_at(const feel::Expr& e, const Names& names, int depth) {
  if (depth > kDepthMax) return std::nullopt;
  switch (e.kind) {
    case ExprKind::kNumber: {
      const auto scaled = scheme::parse_scaled(static_cast<const feel::NumberLiteral&>(e).text, kDecimals);
      if (!std::holds_alternative<int64_t>(scaled)) return std::nullopt;
      return constant(Meaning::kNumber, std::get<int64_t>(scaled));
    }
    case ExprKind::kString:
      return constant(Meaning::kSymbol, names.symbols->of(static_cast<const feel::StringLiteral&>(e).value));
    case ExprKind::kBoolean:
      return constant(Meaning::kBoolean, static_cast<const feel::BooleanLiteral&>(e).value ? 1 : 0);
    case ExprKind::kNull:
      return constant(Meaning::kNothing, kNull);
    case ExprKind::kName:
      return compile_name(static_cast<const feel::NameRef&>(e).name, names, depth);
    case ExprKind::kPath:
      return compile_path(static_cast<const feel::Path&>(e), names, depth);
    case ExprKind::kBinary:
      return compile_binary(static_cast<const feel::Binary&>(e), names, depth);
    case ExprKind::kIn:
      return compile_in(static_cast<const feel::In&>(e), names, depth);
    case ExprKind::kList: {
      Node node;
      node.op = Node::Op::kList;
      node.meaning = Meaning::kList;
      for (const feel::ExprPtr& item : static_cast<const feel::ListLiteral&>(e).items) {
        std::optional<Node> child = compile_at(*item, names, depth + 1);
        if (!child || child->meaning != Meaning::kSymbol) return std::nullopt;
        node.children.push_back(std::move(*child));
      }
      return node;
    }
    case ExprKind::kIf: {
      const auto& choice = static_cast<const feel::If&>(e);
      Node node;
      node.op = Node::Op::kIf;
      for (const feel::Expr* part : {choice.condition.get(), choice.then_branch.get(), choice.else_branch.get()}) {
        std::optional<Node> child = compile_at(*part, names, depth + 1);
        if (!child) return std::nullopt;
        node.children.push_back(std::move(*child));
      }
      if (node.children[0].meaning != Meaning::kBoolean) return std::nullopt;
      node.meaning =
          node.children[1].meaning == Meaning::kNothing ? node.children[2].meaning : node.children[1].meaning;
      if (node.children[2].meaning != node.meaning && node.children[2].meaning != Meaning::kNothing)
        return std::nullopt;
      return node;
    }
    case ExprKind::kCall: {
      const auto& call = static_cast<const feel::Call&>(e);
      if (call.callee->kind != ExprKind::kName || static_cast<const feel::NameRef&>(*call.callee).name != "not" ||
          call.arguments.size() != 1) {
        return std::nullopt;
      }
      Node node;
      node.op = Node::Op::kNot;
      node.meaning = Meaning::kBoolean;
      std::optional<Node> child = compile_at(*call.arguments[0].value, names, depth + 1);
      if (!child || child->meaning != Meaning::kBoolean) return std::nullopt;
      node.children.push_back(std::move(*child));
      return node;
    }
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<Node> compile(const feel::Expr& expression, const Names& names) {
  return compile_at(expression, names, 0);
}

}  // namespace kaogong::generate
