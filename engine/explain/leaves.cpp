// Names and lookups: what an expression reads directly.
#include <algorithm>

#include "engine/explain/builder.h"
#include "engine/feel/parser.h"
#include "engine/feel/walk.h"
#include "engine/scheme/literal.h"
#include "engine/scheme/period.h"

namespace kaogong::explain {

using feel::Value;
using feel::ValueKind;
using reference::NameInfo;

Shown text(std::string value) { return {Shown::Kind::kText, std::move(value)}; }

Shown show(const Value& value) {
  switch (value.kind()) {
    case ValueKind::kNull:
      return {Shown::Kind::kNull, {}};
    case ValueKind::kNumber:
      return {Shown::Kind::kNumber, value.as_number().to_text()};
    case ValueKind::kBoolean:
      return {Shown::Kind::kBoolean, value.as_boolean() ? "true" : "false"};
    case ValueKind::kDate:
      return {Shown::Kind::kDate, feel::to_text(value)};
    case ValueKind::kString:
      return text(value.as_string());
    case ValueKind::kFunction:
      return {};
    default:
      return {Shown::Kind::kList, feel::to_text(value)};
  }
}

Shown show(const Value& value, const scheme::TypeDecl& type) {
  if (value.is(ValueKind::kNumber) && scheme::is_decimal(type.name)) {
    return {Shown::Kind::kNumber, value.as_number().to_text(type.scale)};
  }
  return show(value);
}

std::string rounding_word(const scheme::TypeDecl& type) {
  if (!scheme::is_decimal(type.name) || (type.rounding == scheme::Rounding::kHalfUp && !type.rounded_to)) return {};
  std::string word = type.rounding == scheme::Rounding::kUp     ? "up"
                     : type.rounding == scheme::Rounding::kDown ? "down"
                                                                : "half-up";
  if (type.rounded_to) word += " " + std::to_string(*type.rounded_to);
  return word;
}

namespace {

// The type of a parameter or step of a pack's function.
const scheme::TypeDecl* type_inside(const reference::PackFunctionInfo* function, const std::string& name) {
  if (function == nullptr) return nullptr;
  for (const scheme::PackParameter& parameter : function->decl->parameters) {
    if (parameter.name == name) return &parameter.type;
  }
  for (const scheme::Decision& step : function->decl->steps) {
    if (step.name == name) return &step.type;
  }
  return nullptr;
}

// Says what a declared thing is.
void describe(const scheme::Named& named, Node* node) {
  node->name = named.name;
  node->labels = named.labels;
  node->type = scheme::type_name(named.type.name);
  if (scheme::is_decimal(named.type.name)) node->decimals = named.type.scale;
  node->source = one_line(named.source);
  node->remark = one_line(named.remark);
}

}  // namespace

void Builder::name(const feel::Expr& tree, const std::string& name, Walk& walk) {
  const Meaning found = meaning(name, walk);
  switch (found.kind) {
    case Meaning::Kind::kNothing:
      if (walk.at.pack == reference::kNone) return;
      [[fallthrough]];  // the calendar, inside a pack
    case Meaning::Kind::kBound:
      if (const auto value = evaluate(tree, walk)) {
        const scheme::TypeDecl* type = type_inside(walk.function, name);
        put(tree, type == nullptr ? show(*value) : show(*value, *type), walk);
      }
      return;
    case Meaning::Kind::kMembers:
      return list(tree, walk);
    case Meaning::Kind::kColumn: {
      if (found.walk->columns != nullptr) found.walk->columns->insert(found.column);
      if (const auto value = evaluate(tree, *found.walk)) put(tree, show(*value), walk);
      return;
    }
    case Meaning::Kind::kPackTable:
      return;
    case Meaning::Kind::kEmployee:
      return employee_name(tree, name, *found.info, walk);
  }
}

void Builder::employee_name(const feel::Expr& tree, const std::string& name, const NameInfo& info, Walk& walk) {
  using NameKind = NameInfo::Kind;
  const auto add = [&](Node node) {
    put(tree, node.value, walk);
    if (walk.shared->seen.insert(name).second) walk.shared->node->children.push_back(std::move(node));
  };
  Node node;
  switch (info.kind) {
    case NameKind::kChildren:
    case NameKind::kLookup:
      return list(tree, walk);
    case NameKind::kThis:
      return;
    case NameKind::kDecision: {
      const scheme::TypeDecl& type = model_.decisions()[info.index].decl->type;
      if (const auto value = evaluator_.decision(info.index)) put(tree, show(*value, type), walk);
      if (!walk.shared->seen.insert(name).second) return;
      Node child = decision(info.index, walk.depth + 1);
      walk.shared->node->children.push_back(std::move(child));
      return;
    }
    case NameKind::kInput: {
      const scheme::Input& input = model_.document().inputs[info.index];
      node.kind = Kind::kInput;
      describe(input, &node);
      node.value = show(model_.input_columns()[info.index].at(row_), input.type);
      node.file = "population.csv";
      node.line = model_.line_of(row_);
      return add(std::move(node));
    }
    case NameKind::kParameter: {
      const scheme::Parameter& parameter = model_.document().parameters[info.index];
      node.kind = Kind::kParameter;
      describe(parameter, &node);
      node.value = show(model_.parameters()[info.index], parameter.type);
      const auto& given = model_.inputs().parameters;
      node.holds = info.index < given.size() && given[info.index].rows != 0;
      if (*node.holds) {
        node.file = "parameters.csv";
      } else if (parameter.default_expression) {
        node.expression = one_line(parameter.default_expression.text);
      }
      return add(std::move(node));
    }
    default:
      break;
  }
  node.kind = Kind::kVariable;
  node.name = name;
  const scheme::Period period = model_.inputs().period;
  switch (info.kind) {
    case NameKind::kEmployee:
      node.labels = {"员工", "Employee"};
      node.value = text(std::string(model_.inputs().employees[row_]));
      break;
    case NameKind::kPeriod:
      node.labels = {"考核期", "Period"};
      node.value = text(scheme::to_text(period));
      break;
    case NameKind::kPeriodStart:
      node.labels = {"考核期首日", "First day of the period"};
      node.value = {Shown::Kind::kDate, scheme::date_to_text(scheme::first_day(period))};
      break;
    case NameKind::kPeriodEnd:
      node.labels = {"考核期末日", "Last day of the period"};
      node.value = {Shown::Kind::kDate, scheme::date_to_text(scheme::last_day(period))};
      break;
    default:
      node.labels = {"年度", "Year"};
      node.value = {Shown::Kind::kNumber, std::to_string(scheme::year_of(period))};
  }
  add(std::move(node));
}

// One column of a lookup's row; a computed one with its expression and, by name, the columns of the row that it reads.
Node Builder::lookup_column(const reference::LookupInfo& lookup, const std::string& column, const Value& row) {
  Node node;
  node.kind = Kind::kColumn;
  node.name = column;
  const Value* value = row.as_context().find(column);
  for (const scheme::Column& declared : lookup.decl->columns) {
    if (declared.name != column) continue;
    describe(declared, &node);
    if (value != nullptr) node.value = show(*value, declared.type);
  }
  for (const scheme::Decision& computed : lookup.decl->computed) {
    if (computed.name != column) continue;
    describe(computed, &node);
    if (value != nullptr) node.value = show(*value, computed.type);
    if (computed.expr) node.expression = one_line(computed.expr.text);
    if (computed.bands) node.expression = one_line(computed.bands->of.text);
    for (const auto& [name, other] : row.as_context().entries()) {
      const feel::Expr* tree = computed.expr ? computed.expr.tree.get() : nullptr;
      if (computed.bands) tree = computed.bands->of.tree.get();
      if (tree == nullptr || name == column || !feel::mentions_name(*tree, name)) continue;
      node.children.push_back(lookup_column(lookup, name, row));
    }
  }
  return node;
}

void Builder::lookup(const feel::Call& tree, const reference::CallInfo& info, const feel::Path* whole, Walk& walk) {
  const std::string* column = whole == nullptr ? nullptr : &whole->name;
  const reference::LookupInfo& lookup = model_.lookups()[info.lookup];
  Walk inner = walk;  // the keys are inside what is shown
  inner.worked = nullptr;
  inner.whole = nullptr;
  for (const feel::Argument& argument : tree.arguments) this->walk(*argument.value, inner);
  const auto row = evaluate(tree, inner);
  if (!row || !row->is(ValueKind::kContext)) return;
  const std::string expression = feel::to_text(tree);
  const std::string seen = "lookup " + expression;
  auto& children = walk.here->node->children;
  Node* node = nullptr;
  if (!walk.here->seen.insert(seen).second) {
    const auto known = std::find_if(children.begin(), children.end(), [&](const Node& child) {
      return child.kind == Kind::kLookup && child.expression == expression;
    });
    if (known != children.end()) node = &*known;
  }
  if (node == nullptr) {
    node = &children.emplace_back();
    node->kind = Kind::kLookup;
    node->name = lookup.decl->name;
    node->labels = lookup.decl->labels;
    node->source = one_line(lookup.decl->source);
    node->remark = one_line(lookup.decl->remark);
    node->expression = expression;
    for (const std::string& key : lookup.decl->key) {
      if (const Value* value = row->as_context().find(key)) node->facts.emplace_back(key, show(*value));
    }
    if (!lookup.decl->is_inline) node->file = lookup.decl->name + ".csv";
    std::string key;
    for (const std::string& name : lookup.decl->key) {
      if (const Value* value = row->as_context().find(name)) reference::append_key(*value, &key);
    }
    if (const auto at = lookup.index.find(key); at != lookup.index.end()) {
      node->line = model_.lookup_line(info.lookup, at->second);
    }
  }
  if (column != nullptr) {
    Node child = lookup_column(lookup, *column, *row);
    put(*whole, child.value, walk);
    const bool fresh = std::none_of(node->children.begin(), node->children.end(),
                                    [&](const Node& other) { return other.name == *column; });
    if (fresh) node->children.push_back(std::move(child));
    return;
  }
  for (const auto& [name, value] : row->as_context().entries()) {
    if (node->children.size() > 64) break;
    node->children.push_back(lookup_column(lookup, name, *row));
  }
}

}  // namespace kaogong::explain
