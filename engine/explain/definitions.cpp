// Decisions and computed columns: expression, bands, decision table; what rounding changed.
#include <algorithm>

#include "engine/explain/builder.h"
#include "engine/feel/parser.h"
#include "engine/feel/stack_use.h"
#include "engine/scheme/literal.h"

namespace kaogong::explain {

using feel::Value;
using feel::ValueKind;

std::string one_line(const std::string& text) {
  std::string line;
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"' && (i == 0 || text[i - 1] != '\\')) quoted = !quoted;
    const bool blank = c == ' ' || c == '\n' || c == '\r' || c == '\t';
    if (!blank || quoted) {
      line += c == '\n' || c == '\r' ? ' ' : c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

namespace {

constexpr size_t kStackBytesMax = size_t{1} << 20;  // for decisions below decisions

// The text with values in the place of what was read. Inner places (of a key, a list) went with the outer ones.
std::string with_values(const std::string& text, std::vector<std::pair<feel::Span, std::string>> values) {
  std::sort(values.begin(), values.end(), [](const auto& a, const auto& b) {
    return a.first.begin != b.first.begin ? a.first.begin < b.first.begin : a.first.end > b.first.end;
  });
  std::string result;
  size_t at = 0;
  for (const auto& [span, value] : values) {
    if (span.begin < at || span.end > text.size() || span.begin >= span.end) continue;
    result.append(text, at, span.begin - at);
    result += value;
    at = span.end;
  }
  result.append(text, at, std::string::npos);
  return one_line(result);
}

const char* relation(scheme::Bands::Kind kind) {
  switch (kind) {
    case scheme::Bands::Kind::kAtLeast:
      return ">=";
    case scheme::Bands::Kind::kAbove:
      return ">";
    case scheme::Bands::Kind::kUpTo:
      return "<=";
    case scheme::Bands::Kind::kBelow:
      return "<";
  }
  return "";
}

}  // namespace

void Builder::worked_walk(const scheme::Expression& expression, Walk& walk, std::string* worked) {
  std::vector<std::pair<feel::Span, std::string>> values;
  walk.worked = &values;
  this->walk(*expression.tree, walk);
  walk.worked = nullptr;
  // A name alone is its own value.
  const bool whole = values.size() == 1 && values[0].first.begin == expression.tree->span.begin &&
                     values[0].first.end == expression.tree->span.end;
  if (!values.empty() && !whole) *worked = with_values(expression.text, std::move(values));
}

// Chains of decisions may be longer than the stack is deep.
bool Builder::too_deep() {
  if (stack_base_ == nullptr) stack_base_ = feel::stack_here();
  return feel::stack_used(stack_base_, feel::stack_here()) > kStackBytesMax;
}

Node Builder::decision(uint32_t index, uint32_t depth) {
  const reference::Definition& definition = model_.decisions()[index];
  const scheme::Decision& decl = *definition.decl;
  Node node;
  node.kind = Kind::kDecision;
  node.name = decl.name;
  node.labels = decl.labels;
  node.type = scheme::type_name(decl.type.name);
  if (scheme::is_decimal(decl.type.name)) node.decimals = decl.type.scale;
  const std::optional<Value> value = evaluator_.decision(index);
  if (value) node.value = show(*value, decl.type);
  if (in_full_.contains(index)) {
    node.repeated = true;
    return node;
  }
  if (depth > depth_max_ || too_deep()) {
    node.cut = true;
    return node;
  }
  in_full_.insert(index);
  Walk walk;
  walk.depth = depth;
  Sink sink{&node, {}};
  walk.here = walk.shared = &sink;
  define(definition, value.value_or(Value()), walk, &node);
  return node;
}

void Builder::define(const reference::Definition& definition, const Value& value, Walk walk, Node* node) {
  const scheme::Decision& decl = *definition.decl;
  walk.unit = &definition.unit;
  node->rounding = rounding_word(decl.type);
  node->source = one_line(decl.source);
  node->remark = one_line(decl.remark);
  std::optional<Value> exact;
  if (decl.expr) {
    node->expression = one_line(decl.expr.text);
    // What compares employees gives a value of its own: a rank is not asked for again.
    const reference::CallInfo* call = decl.expr.tree->kind == feel::ExprKind::kCall
                                          ? model_.call(static_cast<const feel::Call&>(*decl.expr.tree))
                                          : nullptr;
    if (call != nullptr && reference::is_cohort(call->form) && call->form != reference::Form::kAverage &&
        call->form != reference::Form::kPercentile) {
      walk.whole = decl.expr.tree.get();
      walk.whole_value = value;
    } else {
      exact = evaluate(*decl.expr.tree, walk);
    }
    worked_walk(decl.expr, walk, &node->worked);
  } else if (decl.bands) {
    bands(definition, walk, node);
  } else if (decl.table) {
    table(definition, walk, node);
    try {
      exact = evaluator_.unrounded(definition, walk.at, walk.bindings);
    } catch (const feel::EvalFailure&) {
    } catch (const reference::Refusal&) {
    } catch (const reference::Blocked&) {
    }
  }
  if (exact && exact->is(ValueKind::kNumber) && value.is(ValueKind::kNumber) &&
      exact->as_number() != value.as_number()) {
    node->unrounded = exact->as_number().to_text();
  }
}

void Builder::bands(const reference::Definition& definition, Walk& walk, Node* node) {
  const scheme::Decision& decl = *definition.decl;
  const scheme::Bands& bands = *decl.bands;
  node->expression = one_line(bands.of.text);
  worked_walk(bands.of, walk, &node->worked);
  Node list;
  list.kind = Kind::kBands;
  list.expression = node->expression;
  list.name = relation(bands.kind);
  std::optional<size_t> matched;
  const auto of = evaluate(*bands.of.tree, walk);
  if (of) {
    list.value = show(*of);
    try {
      if (!of->is_null()) matched = reference::RowEvaluator::band_for(definition, *of);
    } catch (const feel::EvalFailure&) {
    }
  }
  const bool any = of && !of->is_null();
  for (size_t r = 0; r < bands.rows.size(); ++r) {
    Node band;
    band.kind = Kind::kBand;
    band.name = list.name;
    band.facts.emplace_back("bound", text(bands.rows[r].bound));
    band.value = show(definition.bands->rows[r].value, decl.type);
    band.line = bands.rows[r].at.line;
    band.holds = matched == r;
    list.children.push_back(std::move(band));
  }
  if (definition.bands->has_otherwise) {
    Node band;
    band.kind = Kind::kBand;
    band.value = show(definition.bands->otherwise, decl.type);
    band.holds = any && !matched;
    list.children.push_back(std::move(band));
  }
  walk.here->node->children.push_back(std::move(list));
}

void Builder::table(const reference::Definition& definition, Walk& walk, Node* node) {
  const scheme::DecisionTable& table = *definition.decl->table;
  for (const scheme::Expression& input : table.inputs) {
    if (!node->expression.empty()) node->expression += ", ";
    node->expression += one_line(input.text);
    this->walk(*input.tree, walk);
  }
  Node list;
  list.kind = Kind::kTable;
  list.name = table.hit;
  list.of = table.rules.size();
  std::vector<size_t> matching;
  try {
    std::vector<Value> inputs;
    matching = evaluator_.rules_for(definition, walk.at, walk.bindings, &inputs);
    for (size_t i = 0; i < inputs.size(); ++i) {
      list.facts.emplace_back(one_line(table.inputs[i].text), show(inputs[i]));
    }
  } catch (const feel::EvalFailure&) {
  } catch (const reference::Refusal&) {
  } catch (const reference::Blocked&) {
  }
  list.count = matching.size();
  for (const size_t r : matching) {
    const scheme::DecisionTable::Rule& rule = table.rules[r];
    Node found;
    found.kind = Kind::kRule;
    found.holds = true;
    found.count = r + 1;
    found.line = rule.at.line;
    if (walk.at.pack != reference::kNone) found.file = model_.packs()[walk.at.pack].decl->id;
    for (size_t i = 0; i < rule.test_texts.size(); ++i) {
      found.facts.emplace_back(one_line(table.inputs[i].text), text(one_line(rule.test_texts[i])));
      if (rule.tests[i]) this->walk(*rule.tests[i], walk);
    }
    const scheme::Expression& result = rule.results[definition.decl->table_output];
    found.expression = one_line(result.text);
    if (const auto value = evaluate(*result.tree, walk)) found.value = show(*value, definition.decl->type);
    worked_walk(result, walk, &found.worked);
    list.children.push_back(std::move(found));
  }
  if (matching.empty() && !table.defaults.empty()) {
    const scheme::Expression& result = table.defaults[definition.decl->table_output];
    Node found;
    found.kind = Kind::kRule;
    found.holds = true;
    found.expression = one_line(result.text);
    if (const auto value = evaluate(*result.tree, walk)) found.value = show(*value, definition.decl->type);
    worked_walk(result, walk, &found.worked);
    list.children.push_back(std::move(found));
  }
  walk.here->node->children.push_back(std::move(list));
}

}  // namespace kaogong::explain
