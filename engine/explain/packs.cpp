// Calls of packs: the arguments, the steps, the rows of dated tables that matched.
#include <algorithm>

#include "engine/explain/builder.h"
#include "engine/feel/parser.h"
#include "engine/scheme/literal.h"

namespace kaogong::explain {

using feel::Value;

namespace {

// Says what a named value of a function is.
Node named_node(Kind kind, const scheme::Named& named) {
  Node node;
  node.kind = kind;
  node.name = named.name;
  node.labels = named.labels;
  node.type = scheme::type_name(named.type.name);
  if (scheme::is_decimal(named.type.name)) node.decimals = named.type.scale;
  node.rounding = rounding_word(named.type);
  node.source = one_line(named.source);
  node.remark = one_line(named.remark);
  return node;
}

const char* relation(scheme::Bands::Kind kind) {
  constexpr const char* kRelations[] = {">=", ">", "<=", "<"};
  return kRelations[static_cast<size_t>(kind)];
}

// Runs what may fail inside of a function: then there is no value.
template <class Run>
std::optional<Value> tried(Run run) {
  try {
    return run();
  } catch (const feel::EvalFailure&) {
  } catch (const reference::Refusal&) {
  } catch (const reference::Blocked&) {
  }
  return std::nullopt;
}

}  // namespace

void Builder::pack_call(const feel::Call& tree, const reference::CallInfo& info, Walk& walk) {
  const reference::PackFunctionInfo& function = model_.packs()[info.pack].functions[info.part];
  Node node = named_node(Kind::kPackCall, function.decl->result);
  node.name = function.name;
  node.labels = function.decl->labels;
  node.source = one_line(function.decl->source);
  node.remark = one_line(function.decl->remark);
  node.expression = one_line(feel::to_text(tree));
  if (const auto value = evaluate(tree, walk)) node.value = show(*value, function.decl->result.type);
  put(tree, node.value, walk);
  // What the arguments read belongs to who calls.
  Walk outside = walk;
  outside.worked = nullptr;
  outside.whole = nullptr;
  if (!walk.here->seen.insert("call " + node.expression).second) return;
  Walk inside;
  inside.at.pack = info.pack;
  inside.depth = walk.depth + 1;
  inside.function = &function;
  bool complete = info.pack_arguments.error.empty();
  for (size_t i = 0; complete && i < function.decl->parameters.size(); ++i) {
    const scheme::PackParameter& parameter = function.decl->parameters[i];
    Node argument = named_node(Kind::kArgument, parameter);
    const feel::Expr* given = info.pack_arguments.values[i];
    std::optional<Value> value = function.defaults[i];
    argument.holds = given != nullptr;
    if (given != nullptr) {
      argument.expression = one_line(feel::to_text(*given));
      this->walk(*given, outside);
      value = evaluate(*given, walk);
    }
    const auto conformed =
        value ? tried([&] { return reference::conform(*value, parameter.type); }) : std::optional<Value>();
    complete = conformed.has_value();
    if (!complete) break;
    argument.value = show(*conformed, parameter.type);
    if (value->is(feel::ValueKind::kNumber) && value->as_number() != conformed->as_number()) {
      argument.unrounded = value->as_number().to_text();
    }
    inside.bindings.emplace_back(parameter.name, *conformed);
    node.children.push_back(std::move(argument));
  }
  if (inside.depth > depth_max_ || too_deep()) {
    node.cut = true;
    complete = false;
  }
  Sink sink{&node, {}};
  for (size_t i = 0; complete && i < function.steps.size(); ++i) {
    pack_step(function.steps[i], inside, &sink);
    complete = inside.bindings.size() == function.decl->parameters.size() + i + 1;
  }
  if (complete) pack_step(function.result, inside, &sink);
  walk.here->node->children.push_back(std::move(node));
}

void Builder::pack_step(const reference::Definition& definition, Walk& inside, Sink* sink) {
  Node step = named_node(Kind::kStep, *definition.decl);
  const auto value = tried([&] {
    return reference::conform(evaluator_.unrounded(definition, inside.at, inside.bindings), definition.decl->type);
  });
  if (value) step.value = show(*value, definition.decl->type);
  Sink own{&step, {}};
  Walk walk = inside;
  walk.here = walk.shared = &own;
  define(definition, value.value_or(Value()), walk, &step);
  sink->node->children.push_back(std::move(step));
  if (value) inside.bindings.emplace_back(definition.decl->name, *value);
}

void Builder::pack_table(const feel::Expr& tree, const reference::CallInfo* info, const feel::Path* whole, Walk& walk) {
  reference::CallInfo bare;
  std::vector<Value> arguments;
  if (info != nullptr) {
    const auto& call = static_cast<const feel::Call&>(tree);
    Walk inner = walk;
    inner.worked = nullptr;
    inner.whole = nullptr;
    for (const feel::Argument& argument : call.arguments) {
      this->walk(*argument.value, inner);
      const auto value = evaluate(*argument.value, inner);
      if (!value) return;
      arguments.push_back(*value);
    }
  } else {
    const scheme::Pack& pack = *model_.packs()[walk.at.pack].decl;
    const scheme::PackTable* table = pack.table(static_cast<const feel::NameRef&>(tree).name);
    if (!table->single()) return;  // a list of all rows
    bare.pack = walk.at.pack;
    bare.part = static_cast<uint32_t>(table - pack.tables.data());
    info = &bare;
  }
  const reference::PackInfo& pack = model_.packs()[info->pack];
  const reference::PackTableInfo& table = pack.tables[info->part];
  uint32_t row = 0;
  const auto found = tried([&] {
    row = evaluator_.pack_row(*info, arguments, tree.span);
    return Value();
  });
  if (!found || row >= table.rows.size()) return;
  const scheme::TableInForce& in_force = *table.in_force;
  const feel::Context& cells = table.rows[row].as_context();
  const std::string expression = one_line(feel::to_text(tree));
  auto& children = walk.here->node->children;
  auto known = std::find_if(children.begin(), children.end(), [&](const Node& child) {
    return child.kind == Kind::kPackRow && child.expression == expression;
  });
  if (known == children.end()) {
    Node node;
    node.kind = Kind::kPackRow;
    node.name = in_force.table->name;
    node.labels = in_force.table->labels;
    node.expression = expression;
    const scheme::Edition& edition = in_force.table->editions[in_force.editions[row]];
    node.source = one_line(edition.source.empty() ? in_force.table->source : edition.source);
    node.remark = one_line(edition.remark.empty() ? in_force.table->remark : edition.remark);
    node.effective_from = scheme::date_to_text(edition.effective_from);
    if (edition.effective_to) node.effective_to = scheme::date_to_text(*edition.effective_to);
    node.file = pack.decl->id;
    node.line = in_force.lookup.row_positions[row].line;
    for (const std::string& key : in_force.table->key) node.facts.emplace_back(key, show(*cells.find(key)));
    if (in_force.table->bands) {
      const Value& bound = table.bounds[row];
      node.facts.emplace_back(in_force.table->bound + " " + relation(*in_force.table->bands),
                              bound.is_null() ? text("∞") : show(bound));
    }
    children.push_back(std::move(node));
    known = children.end() - 1;
  }
  if (whole == nullptr) return;
  for (const scheme::Column& column : in_force.lookup.columns) {
    if (column.name != whole->name) continue;
    Node cell = named_node(Kind::kColumn, column);
    cell.value = show(*cells.find(column.name), column.type);
    put(*whole, cell.value, walk);
    const bool fresh = std::none_of(known->children.begin(), known->children.end(),
                                    [&](const Node& other) { return other.name == column.name; });
    if (fresh) known->children.push_back(std::move(cell));
  }
}

}  // namespace kaogong::explain
