#include "engine/scheme/expressions.h"

#include "engine/feel/walk.h"

namespace kaogong::scheme {
namespace {

using Visit = std::function<void(const feel::Expr&)>;

void one(const Expression& expression, const Visit& visit) {
  if (expression) visit(*expression.tree);
}

void all(const Decision& decision, const Visit& visit) {
  one(decision.expr, visit);
  if (decision.bands) one(decision.bands->of, visit);
  if (decision.table == nullptr) return;
  const DecisionTable& table = *decision.table;
  for (const Expression& input : table.inputs) one(input, visit);
  for (const DecisionTable::Rule& rule : table.rules) {
    for (const auto& tests : rule.tests) {
      if (tests != nullptr) visit(*tests);
    }
    for (const Expression& result : rule.results) one(result, visit);
  }
  for (const Expression& result : table.defaults) one(result, visit);
}

void all(const std::vector<Decision>& decisions, const Visit& visit) {
  for (const Decision& decision : decisions) all(decision, visit);
}

void all(const std::vector<Check>& checks, const Visit& visit) {
  for (const Check& check : checks) {
    one(check.require, visit);
    one(check.when, visit);
  }
}

}  // namespace

void for_each_tree(const Document& document, const Visit& visit) {
  for (const Table& table : document.tables) {
    all(table.computed, visit);
    all(table.checks, visit);
    one(table.refuse_when, visit);
    for (const Complete& complete : table.complete) {
      one(complete.when, visit);
      for (const Complete::Each& each : complete.each) one(each.of, visit);
    }
  }
  for (const Lookup& lookup : document.lookups) {
    all(lookup.computed, visit);
    all(lookup.checks, visit);
  }
  for (const Group& group : document.groups) all(group.computed, visit);
  for (const Parameter& parameter : document.parameters) one(parameter.default_expression, visit);
  all(document.decisions, visit);
  all(document.checks, visit);
}

void for_each_tree(const PackFunction& function, const Visit& visit) {
  all(function.steps, visit);
  all(function.checks, visit);
  all(function.result, visit);
}

void for_each_part(const feel::Expr& tree, const Visit& visit) {
  visit(tree);
  feel::for_each_child(tree, [&](const feel::Expr& child) { for_each_part(child, visit); });
}

}  // namespace kaogong::scheme
