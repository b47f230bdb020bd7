// Walks expressions for what they read.
#include "engine/explain/builder.h"

#include "engine/feel/parser.h"
#include "engine/feel/walk.h"

namespace kaogong::explain {

using feel::ExprKind;
using feel::Value;
using feel::ValueKind;
using reference::Form;

std::optional<Value> Builder::evaluate(const feel::Expr& tree, const Walk& walk) const {
  if (&tree == walk.whole) return walk.whole_value;
  try {
    return evaluator_.evaluate_at(tree, *walk.unit, walk.at, walk.bindings, walk.lenient);
  } catch (const feel::EvalFailure&) {
  } catch (const reference::Refusal&) {
  } catch (const reference::Blocked&) {
  }
  return std::nullopt;
}

void Builder::put(const feel::Expr& tree, const Shown& value, Walk& walk) {
  if (walk.worked == nullptr) return;
  std::string text = value.text;
  if (value.kind == Shown::Kind::kNone || value.kind == Shown::Kind::kList) return;
  if (value.kind == Shown::Kind::kNull) text = "null";
  if (value.kind == Shown::Kind::kText) text = '"' + text + '"';
  if (value.kind == Shown::Kind::kNumber && text.starts_with('-')) text = '(' + text + ')';
  walk.worked->emplace_back(tree.span, std::move(text));
}

Builder::Meaning Builder::meaning(const std::string& name, const Walk& walk) const {
  using MeaningKind = Meaning::Kind;
  for (const auto& [bound, value] : walk.bindings) {
    if (bound == name) return {MeaningKind::kBound, 0, nullptr, &walk};
  }
  if (walk.at.domain != reference::kNone) {
    const reference::DomainInfo& domain = model_.domains()[walk.at.domain];
    if (domain.group != nullptr && domain.group->of == name) return {MeaningKind::kMembers, 0, nullptr, &walk};
    if (const auto column = domain.columns.find(name); column != domain.columns.end()) {
      return {MeaningKind::kColumn, column->second, nullptr, &walk};
    }
  }
  if (walk.outer != nullptr) return meaning(name, *walk.outer);
  if (walk.at.pack != reference::kNone) {
    const bool table = model_.packs()[walk.at.pack].decl->table(name) != nullptr;
    return {table ? MeaningKind::kPackTable : MeaningKind::kNothing, 0, nullptr, &walk};
  }
  const auto known = model_.names().find(name);
  if (known == model_.names().end()) return {};
  return {MeaningKind::kEmployee, 0, &known->second, nullptr};
}

void Builder::walk(const feel::Expr& tree, Walk& walk) {
  switch (tree.kind) {
    case ExprKind::kName:
      return name(tree, static_cast<const feel::NameRef&>(tree).name, walk);
    case ExprKind::kIf:
      return walk_if(static_cast<const feel::If&>(tree), walk);
    case ExprKind::kBinary: {
      const auto& binary = static_cast<const feel::Binary&>(tree);
      if (binary.op == feel::BinaryOp::kAnd || binary.op == feel::BinaryOp::kOr) return walk_logic(binary, walk);
      break;
    }
    case ExprKind::kCall:
      return walk_call(static_cast<const feel::Call&>(tree), walk);
    case ExprKind::kFilter:
    case ExprKind::kFor:
    case ExprKind::kQuantified:
      if (walk.at.pack != reference::kNone) return;  // lists of a pack are of its own tables
      return list(tree, walk);
    case ExprKind::kPath: {
      const auto& path = static_cast<const feel::Path&>(tree);
      if (path.object->kind == ExprKind::kCall) {
        const auto& call = static_cast<const feel::Call&>(*path.object);
        const reference::CallInfo* info = model_.call(call);
        if (info != nullptr && info->form == Form::kLookup) return lookup(call, *info, &path, walk);
        if (info != nullptr && info->form == Form::kPackTable) return pack_table(call, info, &path, walk);
      }
      if (path.object->kind == ExprKind::kName) {
        const std::string& object = static_cast<const feel::NameRef&>(*path.object).name;
        const auto known = model_.names().find(path.name);
        if (object == "this" && known != model_.names().end()) {
          return employee_name(tree, path.name, known->second, walk);
        }
        // A column of the row that an iteration stands at, or a part of a date.
        const Meaning of = meaning(object, walk);
        if (of.kind == Meaning::Kind::kBound) {
          if (of.walk->variable != nullptr && *of.walk->variable == object) {
            const auto& columns = model_.domains()[of.walk->variable_domain].columns;
            if (const auto column = columns.find(path.name); column != columns.end()) {
              of.walk->variable_columns->insert(column->second);
            }
          }
          if (const auto value = evaluate(tree, walk)) put(tree, show(*value), walk);
          return;
        }
        if (of.kind == Meaning::Kind::kColumn) return name(*path.object, object, walk);
        if (of.kind == Meaning::Kind::kPackTable) return pack_table(*path.object, nullptr, &path, walk);
      }
      if (walk.at.pack != reference::kNone) break;
      return list(tree, walk);
    }
    default:
      break;
  }
  feel::for_each_child(tree, [&](const feel::Expr& child) { this->walk(child, walk); });
}

void Builder::walk_if(const feel::If& tree, Walk& walk) {
  const auto holds = evaluate(*tree.condition, walk);
  Node node;
  node.kind = Kind::kCondition;
  node.expression = feel::to_text(*tree.condition);
  const feel::Expr* branch = nullptr;
  if (holds && holds->is(ValueKind::kBoolean)) {
    node.value = show(*holds);
    node.holds = holds->as_boolean();
    branch = *node.holds ? tree.then_branch.get() : tree.else_branch.get();
    node.branch = feel::to_text(*branch);
  }
  if (walk.here->seen.insert("if " + node.expression).second) walk.here->node->children.push_back(std::move(node));
  this->walk(*tree.condition, walk);
  if (branch != nullptr) this->walk(*branch, walk);
}

// What stands behind the side that decides was not read.
void Builder::walk_logic(const feel::Binary& tree, Walk& walk) {
  this->walk(*tree.left, walk);
  const auto left = evaluate(*tree.left, walk);
  const bool deciding = tree.op == feel::BinaryOp::kOr;
  if (left && left->is(ValueKind::kBoolean) && left->as_boolean() == deciding) return;
  this->walk(*tree.right, walk);
}

bool Builder::is_list(const feel::Expr& tree, const Walk& walk) const {
  switch (tree.kind) {
    case ExprKind::kName:
    case ExprKind::kPath:
    case ExprKind::kFilter:
    case ExprKind::kFor:
    case ExprKind::kCall: {
      const auto value = evaluate(tree, walk);
      return value && value->is(ValueKind::kList);
    }
    default:
      return false;
  }
}

void Builder::walk_call(const feel::Call& tree, Walk& walk) {
  const reference::CallInfo* info = model_.call(tree);
  const auto walk_arguments = [&] {
    for (const feel::Argument& argument : tree.arguments) this->walk(*argument.value, walk);
  };
  if (info == nullptr) return walk_arguments();
  if (reference::is_cohort(info->form)) return cohort(tree, *info, walk);
  switch (info->form) {
    case Form::kLookup:
      return lookup(tree, *info, nullptr, walk);
    case Form::kPackFunction:
      return pack_call(tree, *info, walk);
    case Form::kPackTable:
      return pack_table(tree, info, nullptr, walk);
    case Form::kPrevious:
    case Form::kLast:
    case Form::kEarlier:
    case Form::kYearToDate:
    case Form::kWithin:
      return history(tree, *info, walk);
    case Form::kStreak:
    case Form::kLongestRun:
      return runs(tree, *info, walk);
    case Form::kEnrolled: {
      Node node;
      node.kind = Kind::kVariable;
      node.name = "enrolled()";
      node.labels = {"花名册人数", "Enrolled"};
      if (const auto value = evaluate(tree, walk)) node.value = show(*value);
      put(tree, node.value, walk);
      if (walk.shared->seen.insert(node.name).second) walk.shared->node->children.push_back(std::move(node));
      return;
    }
    case Form::kCoalesce:
      for (const feel::Argument& argument : tree.arguments) {
        this->walk(*argument.value, walk);
        const auto value = evaluate(*argument.value, walk);
        if (value && !value->is_null()) return;
      }
      return;
    case Form::kSum:
    case Form::kCount:
    case Form::kMean:
    case Form::kMin:
    case Form::kMax:
      break;
    default:
      return walk_arguments();
  }
  if (tree.arguments.size() != 1 || !is_list(*tree.arguments[0].value, walk)) return walk_arguments();
  Node node;
  node.kind = Kind::kAggregate;
  node.expression = feel::to_text(tree);
  if (const auto value = evaluate(tree, walk)) node.value = show(*value);
  put(tree, node.value, walk);
  if (!walk.here->seen.insert(node.expression).second) return;
  Sink sink{&node, {}};
  Walk inner = walk;
  inner.here = &sink;
  inner.worked = nullptr;
  inner.whole = nullptr;
  if (walk.at.pack == reference::kNone) list(*tree.arguments[0].value, inner);
  walk.here->node->children.push_back(std::move(node));
}

}  // namespace kaogong::explain
