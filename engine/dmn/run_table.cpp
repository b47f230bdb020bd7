// Decision tables.
#include "engine/dmn/run_scope.h"

namespace kaogong::dmn {

using feel::Environment;
using feel::Value;
using feel::ValueKind;

std::vector<Value> Run::priorities(const DecisionTable::Output& output, const Environment& environment) {
  std::vector<Value> values;
  const auto add = [&](const feel::UnaryTests& tests) {
    for (const feel::UnaryTest& test : tests.tests) {
      if (test.kind == feel::UnaryTest::Kind::kEquals)
        values.push_back(evaluator_.evaluate(*test.operand, environment));
    }
  };
  if (output.values.tests) {
    add(*output.values.tests);
  } else if (const feel::TypePtr type = model_->type(output.type_ref)) {
    for (const auto& allowed : type->allowed) add(*allowed);
  }
  return values;
}

Value Run::form(const DecisionTable& table, const Environment& environment, Frame&) {
  std::vector<Value> inputs;
  for (const DecisionTable::Input& input : table.inputs) {
    Value value = literal(input.expression, environment);
    if (input.values.tests && !evaluator_.evaluate_tests(*input.values.tests, value, environment).is_true()) {
      return evaluator_.problem({}, "'" + input.expression.text + "' is not one of its input values");
    }
    inputs.push_back(std::move(value));
  }

  std::vector<OutputRow> rows;
  for (const DecisionTable::Rule& rule : table.rules) {
    bool matches = true;
    for (size_t i = 0; i < inputs.size() && matches; ++i) {
      const Tests& cell = rule.inputs[i];
      if (!cell.error.empty()) evaluator_.problem({}, "not FEEL: " + cell.error + ": " + cell.text);
      matches = cell.error.empty() &&
                (!cell.tests || evaluator_.evaluate_tests(*cell.tests, inputs[i], environment).is_true());
    }
    if (!matches) continue;
    OutputRow row;
    for (const Literal& output : rule.outputs) row.push_back(literal(output, environment));
    rows.push_back(std::move(row));
    if (stops_at_first(table.hit_policy)) break;
  }

  const bool prioritised = table.hit_policy == HitPolicy::kPriority || table.hit_policy == HitPolicy::kOutputOrder;
  std::vector<OutputColumn> columns;
  OutputRow defaults;
  bool has_default = false;
  for (const DecisionTable::Output& output : table.outputs) {
    OutputColumn column = output.column;
    if (prioritised) column.priorities = priorities(output, environment);
    columns.push_back(std::move(column));
    has_default = has_default || !output.default_value.text.empty();
  }
  if (rows.empty() && has_default) {
    for (const DecisionTable::Output& output : table.outputs)
      defaults.push_back(literal(output.default_value, environment));
  }
  return apply_hit_policy(table.hit_policy, table.aggregation, columns, rows, defaults, evaluator_, {});
}

}  // namespace kaogong::dmn
