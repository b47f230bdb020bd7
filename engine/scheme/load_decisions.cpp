// Decisions: expressions, bands, decision tables; and the outputs.
#include <algorithm>
#include <unordered_set>

#include "engine/scheme/literal.h"
#include "engine/scheme/load.h"
#include "engine/scheme/loader.h"
#include "engine/scheme/near.h"

namespace kaogong::scheme {
namespace {

const std::vector<std::string_view> kHitPolicies = {"U", "A", "P", "F", "C", "C+", "C<", "C>", "C#", "R", "O"};

}  // namespace

void Loader::count_rules(const Node& at, size_t more) {
  const bool before = rules_count_ > kRulesMax;
  rules_count_ += more;
  if (rules_count_ > kRulesMax && !before) {
    error(at, "too-many-rules", "the scheme has more than " + std::to_string(kRulesMax) + " rules and bands",
          "use a lookup for tables of this size");
  }
}

void Loader::check_bound_type(const Node& bound, std::string_view name, const TypeDecl& type) {
  TypeDecl unbounded;
  unbounded.name = type.name;
  unbounded.scale = type.scale;
  if (type.name == TypeName::kString || type.name == TypeName::kBoolean) {
    error(
        bound, "bad-literal",
        "bands are read from numbers or dates; \"" + std::string(name) + "\" is a " + std::string(type_name(type.name)),
        "use a table");
  } else if (const auto wrong = literal_error(unbounded, bound.text)) {
    error(bound, "bad-literal", "the bound does not fit \"" + std::string(name) + "\": " + *wrong,
          "write a " + type_to_text(unbounded));
  }
}

void Loader::check_bound(const Expression& of, const Node& bound) {
  if (of && of.tree->kind == feel::ExprKind::kName) {
    const std::string& name = static_cast<const feel::NameRef&>(*of.tree).name;
    if (row_columns_ != nullptr) {
      for (const Column& column : *row_columns_) {
        if (column.name == name) return check_bound_type(bound, name, column.type);
      }
    }
    if (row_names_ == nullptr || !row_names_->contains(name)) late_bounds_.push_back({name, &bound});
  }
  if (!decimals_of(bound.text) && !parse_date(bound.text)) {
    error(bound, "bad-literal", "\"" + bound.text + "\" is neither a number nor a date",
          "write the bound as a literal");
  }
}

void Loader::check_bounds_later() {
  std::unordered_map<std::string_view, const TypeDecl*> types;
  for (const Input& input : document.inputs) types.emplace(input.name, &input.type);
  for (const Parameter& parameter : document.parameters) types.emplace(parameter.name, &parameter.type);
  for (const Decision& decision : document.decisions) types.emplace(decision.name, &decision.type);
  for (const LateBound& late : late_bounds_) {
    const auto found = types.find(late.of);
    // What is neither a number nor a date has had its finding.
    if (found == types.end() || (!decimals_of(late.bound->text) && !parse_date(late.bound->text))) continue;
    check_bound_type(*late.bound, late.of, *found->second);
  }
}

Bands Loader::read_bands(const Node& node, const Decision& decision, const std::string& what) {
  Bands bands;
  bands.at = at(node);
  const std::string name = "\"bands\" of " + what;
  if (!expect(node, Node::Kind::kMap, name)) return bands;
  const Fields fields(*this, node, keys::kBands, name);
  if (const Node* of = fields.find("of")) bands.of = expression(*of, fields.name_of("of"));
  using Kind = Bands::Kind;
  const Node* rows = nullptr;
  for (const auto& [key, kind] : {std::pair{"at_least", Kind::kAtLeast}, std::pair{"above", Kind::kAbove},
                                  std::pair{"up_to", Kind::kUpTo}, std::pair{"below", Kind::kBelow}}) {
    const Node* found = fields.find(key);
    if (found == nullptr) continue;
    if (rows != nullptr) {
      error(*found, "bad-value", name + " has bounds of two kinds", "keep one of at_least, above, up_to, below");
      continue;
    }
    rows = found;
    bands.kind = kind;
  }
  if (rows == nullptr) {
    error(node, "missing-key", name + " has no bounds", "add at_least: [[bound, value], …], else: value");
  } else if (expect(*rows, Node::Kind::kList, "the bounds of " + what)) {
    if (rows->children.empty())
      error(*rows, "bad-value", "the bounds of " + what + " are empty", "list [bound, value]");
    count_rules(*rows, rows->children.size());
    for (const Node& row : rows->children) {
      if (!expect(row, Node::Kind::kList, "a band of " + what)) continue;
      if (row.children.size() != 2) {
        error(row, "wrong-cell-count",
              "a band has two cells, a bound and a value; this one of " + what + " has " +
                  std::to_string(row.children.size()),
              "write [bound, value]");
        continue;
      }
      const Node& bound = row.children[0];
      const auto value = literal(row.children[1], decision.type, "a band's value of " + what);
      if (!expect(bound, Node::Kind::kText, "the bound of a band of " + what)) continue;
      check_bound(bands.of, bound);
      bands.rows.push_back({bound.text, value.value_or(std::string()), at(row)});
    }
  }
  if (const Node* otherwise = fields.find_raw("else")) {
    bands.otherwise = literal(*otherwise, decision.type, "the else of " + what);
  }
  return bands;
}

void Loader::read_table_rule(const Node& node, const std::string& what, DecisionTable& table) {
  if (!expect(node, Node::Kind::kList, "a rule of " + what)) return;
  const size_t inputs = table.inputs.size(), outputs = table.output_names.size();
  if (node.children.size() != inputs + outputs) {
    error(node, "wrong-cell-count",
          "this rule of " + what + " has " + std::to_string(node.children.size()) + " cells; the table has " +
              std::to_string(inputs) + (inputs == 1 ? " input and " : " inputs and ") + std::to_string(outputs) +
              (outputs == 1 ? " output" : " outputs"),
          "write one test an input, then one result an output; '-' tests nothing");
    return;
  }
  DecisionTable::Rule rule;
  rule.at = at(node);
  for (size_t i = 0; i < inputs; ++i) {
    const Node& cell = node.children[i];
    rule.tests.push_back(unary_tests(cell, "a test of " + what));
    rule.test_texts.push_back(cell.text);
  }
  for (size_t i = 0; i < outputs; ++i) {
    rule.results.push_back(expression(node.children[inputs + i], "a result of " + what));
  }
  table.rules.push_back(std::move(rule));
}

std::shared_ptr<DecisionTable> Loader::read_decision_table(const Node& node, const std::string& what,
                                                           std::string_view name,
                                                           const std::vector<const Named*>& outputs) {
  auto table = std::make_shared<DecisionTable>();
  table->name = name;
  table->at = at(node);
  for (const Named* output : outputs) table->output_names.push_back(output->name);
  const std::string title = "\"table\" of " + what;
  if (!expect(node, Node::Kind::kMap, title)) return table;
  const Fields fields(*this, node, keys::kDecisionTable, title);
  if (const Node* hit = fields.find("hit"); hit && expect(*hit, Node::Kind::kText, fields.name_of("hit"))) {
    table->hit = hit->text;
    if (std::find(kHitPolicies.begin(), kHitPolicies.end(), table->hit) == kHitPolicies.end()) {
      error(*hit, "bad-value", "\"" + table->hit.substr(0, 50) + "\" is no hit policy",
            "use U, A, P, F, C, C+, C<, C>, C#, R or O");
    } else if (outputs.size() > 1 && table->hit.size() == 2) {
      error(*hit, "bad-value",
            "the hit policy " + table->hit + " aggregates one output; " + title + " has " +
                std::to_string(outputs.size()),
            "use one table an output");
    } else if (table->hit == "P" || table->hit == "O") {
      for (const Named* output : outputs) {
        if (output->type.values.empty()) {
          error(*hit, "no-values",
                "the hit policy " + table->hit + " goes by the order of the values, and \"" + output->name +
                    "\" lists none",
                "give it values: […], the first before the others");
        }
      }
    }
  }
  if (const Node* inputs = fields.find("inputs"); inputs && inputs->is_text()) {
    table->inputs.push_back(expression(*inputs, fields.name_of("inputs")));
  } else if (inputs && expect(*inputs, Node::Kind::kList, fields.name_of("inputs"))) {
    for (const Node& input : inputs->children) {
      table->inputs.push_back(expression(input, "an input of " + what));
    }
    if (inputs->children.empty()) error(*inputs, "bad-value", fields.name_of("inputs") + " is empty", "list them");
  }
  if (const Node* rules = fields.find("rules"); rules && expect(*rules, Node::Kind::kList, fields.name_of("rules"))) {
    count_rules(*rules, rules->children.size());
    if (rules->children.empty()) error(*rules, "bad-value", fields.name_of("rules") + " is empty", "list the rules");
    if (rules_count_ <= kRulesMax) {
      for (const Node& rule : rules->children) read_table_rule(rule, what, *table);
    }
  }
  if (const Node* otherwise = fields.find_raw("default")) {
    if (otherwise->is_list()) {
      if (otherwise->children.size() != outputs.size()) {
        error(*otherwise, "wrong-cell-count",
              "the default of " + what + " has " + std::to_string(otherwise->children.size()) + " results for " +
                  std::to_string(outputs.size()) + " outputs",
              "write one result an output");
      }
      for (const Node& result : otherwise->children) {
        table->defaults.push_back(expression(result, "the default of " + what));
      }
    } else if (outputs.size() != 1) {
      error(*otherwise, "wrong-kind", "the default of " + what + " must list a result for each output",
            "write default: [a, b, …]");
    } else {
      table->defaults.push_back(expression(*otherwise, "the default of " + what));
    }
  }
  return table;
}

void Loader::read_rule(const Fields& fields, Decision& decision, std::string_view name) {
  const Node* expr = fields.find("expr");
  const Node* bands = fields.find("bands");
  const Node* table = fields.find("table");
  if ((expr != nullptr) + (bands != nullptr) + (table != nullptr) != 1) {
    error(fields.map(), "one-of", fields.what() + " must have exactly one of expr, bands, table",
          expr || bands || table ? "keep one of them" : "say how it is computed, such as expr: a + b");
    if (!expr && !bands && !table) return;
  }
  if (expr != nullptr) {
    decision.expr = expression(*expr, fields.what());
  } else if (bands != nullptr) {
    decision.bands = read_bands(*bands, decision, fields.what());
  } else {
    decision.table = read_decision_table(*table, fields.what(), name, {&decision});
  }
}

void Loader::read_several(const Node& key, const Fields& fields) {
  const std::string& what = fields.what();
  for (const std::string_view other :
       {"type", "decimals", "values", "nullable", "min", "max", "above", "below", "round", "expr", "bands"}) {
    if (const Node* node = fields.find_raw(other)) {
      error(*node, "bad-value", what + " has outputs; \"" + std::string(other) + "\" has no place beside them",
            "say it of each output");
    }
  }
  const Node& outputs = *fields.find("outputs");
  const Node* table = fields.find("table");
  if (table == nullptr) {
    error(outputs, "missing-key", what + " has outputs but no table", "add table: {inputs: […], rules: […]}");
  }
  if (!expect(outputs, Node::Kind::kMap, fields.name_of("outputs"))) return;
  std::vector<Decision> decisions;
  each_named(outputs, "decision", [&](const Node& name, const Node& value) {
    declare(name, "decision");
    Decision decision;
    static_cast<Named&>(decision) = named(name, value, keys::kOutput, "decision");
    decision.table_output = static_cast<uint32_t>(decisions.size());
    decisions.push_back(std::move(decision));
  });
  if (decisions.empty()) {
    error(outputs, "bad-value", fields.name_of("outputs") + " is empty", "name what the table decides");
    return;
  }
  Named said;  // of the table: what its outputs do not say themselves
  read_named(fields, said);
  std::vector<const Named*> named_outputs;
  for (Decision& decision : decisions) {
    if (decision.source.empty()) decision.source = said.source;
    if (decision.remark.empty()) decision.remark = said.remark;
    named_outputs.push_back(&decision);
  }
  if (table == nullptr) return;
  const std::shared_ptr<const DecisionTable> shared = read_decision_table(*table, what, key.text, named_outputs);
  for (Decision& decision : decisions) {
    decision.table = shared;
    document.decisions.push_back(std::move(decision));
  }
}

void Loader::read_decisions(const Node& map) {
  each_named(map, "decision", [&](const Node& key, const Node& value) {
    const Fields fields(*this, value, keys::kDecision, "decision \"" + key.text + "\"");
    if (fields.find("outputs") != nullptr) {
      const bool own_name = [&] {  // the table's name may be that of one of its outputs
        const Node* outputs = fields.find("outputs");
        for (size_t i = 0; outputs->is_map() && i < outputs->pairs(); ++i) {
          if (outputs->key(i).text == key.text) return true;
        }
        return false;
      }();
      if (!own_name) declare(key, "decision table");
      read_several(key, fields);
      return;
    }
    declare(key, "decision");
    Decision decision;
    decision.name = key.text;
    decision.at = at(key);
    if (fields.find("type") == nullptr) {
      error(value, "missing-key", fields.what() + " has no \"type\"", "add type: money, score, string, …");
    }
    decision.type = type(fields, TypeUse::kValue);
    read_named(fields, decision);
    read_rule(fields, decision, key.text);
    document.decisions.push_back(std::move(decision));
  });
  if (map.children.empty()) error(map, "bad-value", "\"decisions\" is empty", "declare at least one");
}

void Loader::read_outputs(const Node& list) {
  if (!expect(list, Node::Kind::kList, "\"outputs\"")) return;
  std::unordered_set<std::string_view> decisions, listed;
  std::vector<std::string_view> names;
  for (const Decision& decision : document.decisions) {
    if (decisions.insert(decision.name).second) names.push_back(decision.name);
  }
  if (list.children.empty()) error(list, "bad-value", "\"outputs\" is empty", "list the decisions that are results");
  for (const Node& node : list.children) {
    if (!expect(node, Node::Kind::kText, "an output")) continue;
    if (!listed.insert(node.text).second) {
      error(node, "duplicate-value", "the output \"" + node.text + "\" is listed twice", "list it once");
    } else if (!decisions.contains(node.text)) {
      const auto other = names_.find(node.text);
      if (other != names_.end() && other->second.kind != "decision") {
        error(node, "not-a-decision",
              "the output \"" + node.text + "\" is not a decision but the " + std::string(other->second.kind) +
                  " in line " + std::to_string(source_.at(other->second.offset).line),
              "make a decision of it, or leave it out");
      } else if (other == names_.end()) {
        unknown(node, "decision", node.text, names);
      }
    } else {
      document.outputs.push_back(node.text);
    }
  }
}

}  // namespace kaogong::scheme
