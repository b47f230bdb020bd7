// Every expression: names and functions that are not there, kinds of values that do not go together.
#include "engine/scheme/check/check.h"
#include "engine/scheme/check/checks.h"
#include "engine/scheme/check/infer.h"
#include "engine/scheme/pack.h"

namespace kaogong::scheme {
namespace {

class ExpressionChecker {
 public:
  ExpressionChecker(const Names& names, const Pack* pack, Findings& findings)
      : names_(names), pack_(pack), findings_(findings) {}

  Inferred infer(const Expression& expression, const RowSource* row) {
    Inference inference(names_, row, pack_, reporter(expression));
    return inference.infer(*expression.tree);
  }

  void condition(const Expression& expression, const RowSource* row) {
    if (expression) wanted(expression, infer(expression, row), ValueKind::kBoolean, "a condition is needed");
  }

  void value(const Expression& expression, const RowSource* row) {
    if (expression) infer(expression, row);
  }

  void decision(const Decision& decision, const RowSource* row) {
    if (decision.expr) result(decision, decision.expr, row);
    if (decision.bands) value(decision.bands->of, row);
    if (decision.table == nullptr) return;
    const DecisionTable& table = *decision.table;
    if (decision.table_output == 0) {
      for (const Expression& input : table.inputs) value(input, row);
    }
    const bool collects = table.hit == "C" || table.hit == "C#";  // a list, or how many
    const auto judge = [&](const std::vector<Expression>& results) {
      if (decision.table_output >= results.size()) return;
      const Expression& one = results[decision.table_output];
      if (collects) {
        value(one, row);
      } else {
        result(decision, one, row);
      }
    };
    for (const auto& rule : table.rules) judge(rule.results);
    judge(table.defaults);
  }

  void checks(const std::vector<Check>& checks, const RowSource* row) {
    for (const Check& check : checks) {
      condition(check.when, row);
      condition(check.require, row);
    }
  }

 private:
  Inference::Report reporter(const Expression& expression) {
    return [this, &expression](Severity severity, std::string code, feel::Span span, std::string message,
                               std::string remedy) {
      findings_.push_back(
          {severity, std::move(code), position_in(expression, span.begin), std::move(message), std::move(remedy)});
    };
  }

  void wanted(const Expression& expression, const Inferred& is, ValueKind kind, const std::string& where) {
    if (is.kind == kind || is.kind == ValueKind::kAny || is.kind == ValueKind::kNull) return;
    reporter(expression)(Severity::kError, "type-clash", expression.tree->span,
                         std::string(words_of(is.kind)) + " where " + where, "write a comparison");
  }

  void result(const Decision& decision, const Expression& expression, const RowSource* row) {
    if (!expression) return;
    const ValueKind is = infer(expression, row).kind;
    if (is == kind_of(decision.type) || is == ValueKind::kAny || is == ValueKind::kNull) return;
    reporter(expression)(Severity::kError, "type-clash", expression.tree->span,
                         "'" + decision.name + "' is declared as another type than its expression, which is " +
                             std::string(words_of(is)),
                         "correct the type or the expression");
  }

  const Names& names_;
  const Pack* pack_;
  Findings& findings_;
};

}  // namespace

void check_expressions(const Names& names, Findings& findings) {
  const Document& d = names.document();
  ExpressionChecker checker(names, nullptr, findings);
  for (const Decision& decision : d.decisions) checker.decision(decision, nullptr);
  for (const Parameter& parameter : d.parameters) checker.value(parameter.default_expression, nullptr);
  checker.checks(d.checks, nullptr);
  for (const Table& table : d.tables) {
    const RowSource* row = names.row_source(table.name);
    for (const Decision& computed : table.computed) checker.decision(computed, row);
    checker.checks(table.checks, row);
    checker.condition(table.refuse_when, row);
    for (const Complete& complete : table.complete) {
      checker.condition(complete.when, nullptr);
      for (const Complete::Each& each : complete.each) checker.value(each.of, nullptr);
    }
  }
  for (const Group& group : d.groups) {
    for (const Decision& computed : group.computed) checker.decision(computed, names.row_source(group.name));
  }
  for (const Lookup& lookup : d.lookups) {
    const RowSource* row = names.row_source(lookup.name);
    for (const Decision& computed : lookup.computed) checker.decision(computed, row);
    checker.checks(lookup.checks, row);
  }
}

std::vector<Finding> check_pack_expressions(const Pack& pack) {
  Findings findings;
  for (const PackFunction& function : pack.functions) {
    // A function is like a scheme of one row: parameters are put in, steps are decided, tables are looked up.
    Document document;
    for (const PackParameter& parameter : function.parameters) document.inputs.push_back(parameter);
    document.decisions = function.steps;
    for (const PackTable& table : pack.tables) {
      Lookup& lookup = document.lookups.emplace_back();
      lookup.name = table.name;
      lookup.columns = table.columns;
    }
    const Names names(document);
    ExpressionChecker checker(names, &pack, findings);
    for (const Decision& step : function.steps) checker.decision(step, nullptr);
    checker.decision(function.result, nullptr);
    checker.checks(function.checks, nullptr);
  }
  return findings;
}

}  // namespace kaogong::scheme
