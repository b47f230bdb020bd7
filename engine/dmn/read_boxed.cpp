#include "engine/dmn/read_boxed.h"

namespace kaogong::dmn {

std::string_view local_name(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  const size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node child(const pugi::xml_node& node, std::string_view name) {
  for (const pugi::xml_node& one : node.children()) {
    if (one.type() == pugi::node_element && local_name(one) == name) return one;
  }
  return {};
}

std::string trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1));
}

namespace {
// Text may stand in several pieces: character data and CDATA sections.
std::string all_text(const pugi::xml_node& node) {
  std::string text;
  for (const pugi::xml_node& piece : node.children()) {
    if (piece.type() == pugi::node_pcdata || piece.type() == pugi::node_cdata) text += piece.value();
  }
  return text;
}
}  // namespace

std::string child_text(const pugi::xml_node& node, std::string_view name) {
  return trimmed(all_text(child(node, name)));
}

std::string type_ref_of(const pugi::xml_node& node) {
  if (const pugi::xml_attribute attribute = node.attribute("typeRef")) return trimmed(attribute.value());
  return child_text(node, "typeRef");
}

TypedName typed_name(const pugi::xml_node& node) {
  return {trimmed(node.attribute("name").value()), type_ref_of(node)};
}

Literal read_literal_text(const std::string& text, const feel::ParseNames& names) {
  Literal literal{text, nullptr, {}};
  if (text.empty()) return literal;
  auto parsed = feel::parse_expression(text, names);
  if (auto* error = std::get_if<feel::SyntaxError>(&parsed)) {
    literal.error = error->message;
  } else {
    literal.expr = std::move(std::get<feel::ExprPtr>(parsed));
  }
  return literal;
}

Tests read_tests_text(const std::string& text, const feel::ParseNames& names) {
  Tests tests{text, nullptr, {}};
  if (text.empty()) return tests;
  auto parsed = feel::parse_unary_tests(text, names);
  if (auto* error = std::get_if<feel::SyntaxError>(&parsed)) {
    tests.error = error->message;
  } else {
    tests.tests = std::move(std::get<std::unique_ptr<feel::UnaryTests>>(parsed));
  }
  return tests;
}

namespace {
constexpr std::string_view kForms[] = {
    "literalExpression",  "context",     "decisionTable", "invocation", "relation", "list",
    "functionDefinition", "conditional", "filter",        "for",        "some",     "every"};
}

BoxedPtr BoxedReader::read_child(const pugi::xml_node& parent, const feel::ParseNames& names) {
  for (const pugi::xml_node& node : parent.children()) {
    if (node.type() != pugi::node_element) continue;
    for (const std::string_view form : kForms) {
      if (local_name(node) == form) return read(node, names);
    }
  }
  return nullptr;
}

BoxedPtr BoxedReader::read(const pugi::xml_node& node, const feel::ParseNames& names) {
  if (++nesting_ > kBoxedNestingMax) throw ReadFailure{"boxed expressions are nested too deeply"};
  auto boxed = std::make_unique<Boxed>();
  boxed->type_ref = trimmed(node.attribute("typeRef").value());
  const std::string_view form = local_name(node);
  if (form == "literalExpression") {
    boxed->form = literal(node, names);
  } else if (form == "context") {
    boxed->form = context(node, names);
  } else if (form == "decisionTable") {
    boxed->form = table(node, names);
  } else if (form == "invocation") {
    boxed->form = invocation(node, names);
  } else if (form == "relation") {
    boxed->form = relation(node, names);
  } else if (form == "list") {
    BoxedList list;
    for (const pugi::xml_node& item : node.children()) {
      for (const std::string_view known : kForms) {
        if (item.type() == pugi::node_element && local_name(item) == known) list.items.push_back(read(item, names));
      }
    }
    boxed->form = std::move(list);
  } else if (form == "functionDefinition") {
    boxed->form = read_function(node, names);
  } else if (form == "conditional") {
    boxed->form = Conditional{read_child(child(node, "if"), names), read_child(child(node, "then"), names),
                              read_child(child(node, "else"), names)};
  } else if (form == "filter") {
    BoxedFilter filter{read_child(child(node, "in"), names), nullptr};
    feel::ParseNames inner = names;
    inner.known.insert("item");
    filter.match = read_child(child(node, "match"), inner);
    boxed->form = std::move(filter);
  } else {
    boxed->form = iteration(node, names);
  }
  --nesting_;
  return boxed;
}

Literal BoxedReader::literal(const pugi::xml_node& node, const feel::ParseNames& names) {
  return read_literal_text(child_text(node, "text"), names);
}

BoxedContext BoxedReader::context(const pugi::xml_node& node, feel::ParseNames names) {
  BoxedContext context;
  for (const pugi::xml_node& entry : node.children()) {
    if (local_name(entry) != "contextEntry") continue;
    BoxedContext::Entry read_entry;
    if (const pugi::xml_node variable = child(entry, "variable")) read_entry.variable = typed_name(variable);
    feel::ParseNames inner = names;
    if (!read_entry.variable.name.empty()) inner.known.insert(read_entry.variable.name);  // a function may call itself
    read_entry.value = read_child(entry, inner);
    if (!read_entry.variable.name.empty()) names.known.insert(read_entry.variable.name);
    context.entries.push_back(std::move(read_entry));
  }
  return context;
}

DecisionTable BoxedReader::table(const pugi::xml_node& node, const feel::ParseNames& names) {
  DecisionTable table;
  if (const pugi::xml_attribute policy = node.attribute("hitPolicy")) {
    const std::optional<HitPolicy> parsed = parse_hit_policy(policy.value());
    if (!parsed) throw ReadFailure{std::string("unknown hit policy '") + policy.value() + "'"};
    table.hit_policy = *parsed;
  }
  if (const pugi::xml_attribute aggregation = node.attribute("aggregation")) {
    const std::optional<Aggregation> parsed = parse_aggregation(aggregation.value());
    if (!parsed) throw ReadFailure{std::string("unknown aggregation '") + aggregation.value() + "'"};
    table.aggregation = *parsed;
  }
  for (const pugi::xml_node& part : node.children()) {
    const std::string_view kind = local_name(part);
    if (kind == "input") {
      DecisionTable::Input input;
      const pugi::xml_node expression = child(part, "inputExpression");
      input.expression = read_literal_text(child_text(expression, "text"), names);
      input.type_ref = type_ref_of(expression);
      input.values = read_tests_text(child_text(child(part, "inputValues"), "text"), names);
      table.inputs.push_back(std::move(input));
    } else if (kind == "output") {
      DecisionTable::Output output;
      output.column.name = trimmed(part.attribute("name").value());
      output.type_ref = type_ref_of(part);
      output.values = read_tests_text(child_text(child(part, "outputValues"), "text"), names);
      output.default_value = read_literal_text(child_text(child(part, "defaultOutputEntry"), "text"), names);
      table.outputs.push_back(std::move(output));
    } else if (kind == "rule") {
      DecisionTable::Rule rule;
      for (const pugi::xml_node& cell : part.children()) {
        if (local_name(cell) == "inputEntry") {
          rule.inputs.push_back(read_tests_text(child_text(cell, "text"), names));
        } else if (local_name(cell) == "outputEntry") {
          rule.outputs.push_back(read_literal_text(child_text(cell, "text"), names));
        }
      }
      if (rule.inputs.size() != table.inputs.size() || rule.outputs.size() != table.outputs.size()) {
        throw ReadFailure{"a rule has not as many cells as its table has columns"};
      }
      table.rules.push_back(std::move(rule));
    }
  }
  if (table.outputs.empty()) throw ReadFailure{"a decision table has no output"};
  return table;
}

Invocation BoxedReader::invocation(const pugi::xml_node& node, const feel::ParseNames& names) {
  Invocation invocation;
  invocation.callee = read_child(node, names);
  for (const pugi::xml_node& part : node.children()) {
    if (local_name(part) != "binding") continue;
    invocation.bindings.push_back({typed_name(child(part, "parameter")), read_child(part, names)});
  }
  return invocation;
}

Relation BoxedReader::relation(const pugi::xml_node& node, const feel::ParseNames& names) {
  Relation relation;
  for (const pugi::xml_node& part : node.children()) {
    if (local_name(part) == "column") relation.columns.push_back(typed_name(part));
    if (local_name(part) != "row") continue;
    std::vector<BoxedPtr> row;
    for (const pugi::xml_node& cell : part.children()) {
      if (cell.type() == pugi::node_element) row.push_back(read(cell, names));
    }
    if (row.size() != relation.columns.size())
      throw ReadFailure{"a row has not as many cells as its relation has columns"};
    relation.rows.push_back(std::move(row));
  }
  return relation;
}

BoxedFunction BoxedReader::read_function(const pugi::xml_node& node, const feel::ParseNames& names) {
  BoxedFunction function;
  const std::string_view kind = node.attribute("kind").value();
  if (kind == "Java" || kind == "JAVA") function.kind = BoxedFunction::Kind::kJava;
  if (kind == "PMML") function.kind = BoxedFunction::Kind::kPmml;
  feel::ParseNames inner = names;
  for (const pugi::xml_node& part : node.children()) {
    if (local_name(part) != "formalParameter") continue;
    function.parameters.push_back(typed_name(part));
    inner.known.insert(function.parameters.back().name);
  }
  function.body = read_child(node, inner);
  return function;
}

BoxedIteration BoxedReader::iteration(const pugi::xml_node& node, feel::ParseNames names) {
  BoxedIteration iteration;
  const std::string_view form = local_name(node);
  iteration.kind = form == "for"    ? BoxedIteration::Kind::kFor
                   : form == "some" ? BoxedIteration::Kind::kSome
                                    : BoxedIteration::Kind::kEvery;
  iteration.variable = trimmed(node.attribute("iteratorVariable").value());
  iteration.in = read_child(child(node, "in"), names);
  names.known.insert(iteration.variable);
  names.known.insert("partial");
  iteration.body = read_child(child(node, form == "for" ? "return" : "satisfies"), names);
  return iteration;
}

}  // namespace kaogong::dmn
