// Bands and decision tables.
#include <algorithm>

#include "engine/feel/compare.h"
#include "engine/reference/row_evaluator.h"

namespace kaogong::reference {

using feel::Value;
using feel::ValueKind;

namespace {

Refusal no_rule() { return {{"没有符合的规则", "no rule of the table matches"}, {}, {}, {}, 0}; }

// Whether the value lies on the bound's side.
bool reaches(scheme::Bands::Kind kind, std::strong_ordering value_to_bound) {
  switch (kind) {
    case scheme::Bands::Kind::kAtLeast:
      return value_to_bound >= 0;
    case scheme::Bands::Kind::kAbove:
      return value_to_bound > 0;
    case scheme::Bands::Kind::kUpTo:
      return value_to_bound <= 0;
    case scheme::Bands::Kind::kBelow:
      return value_to_bound < 0;
  }
  return false;
}

// The place of a value in an output's list of values, best first; behind all if it is not there.
size_t priority(const Value& value, const scheme::TypeDecl* type) {
  if (type == nullptr || !value.is(ValueKind::kString)) return SIZE_MAX;
  const auto found = std::find(type->values.begin(), type->values.end(), value.as_string());
  return static_cast<size_t>(found - type->values.begin());
}

}  // namespace

std::optional<size_t> RowEvaluator::band_for(const Definition& definition, const Value& of) {
  const scheme::Bands& decl = *definition.decl->bands;
  const feel::ZoneRules& zones = feel::builtin_zones();
  const bool downwards = decl.kind == scheme::Bands::Kind::kAtLeast || decl.kind == scheme::Bands::Kind::kAbove;
  // Downwards the highest bound that is reached holds, upwards the lowest.
  std::optional<size_t> best;
  const auto& rows = definition.bands->rows;
  for (size_t r = 0; r < rows.size(); ++r) {
    const auto order = feel::order(of, rows[r].bound, zones);
    if (!order)
      throw feel::EvalFailure{{"cannot order " + std::string(feel::to_string(of.kind())) + " and the bounds", {}}};
    if (!reaches(decl.kind, *order)) continue;
    if (best) {
      const auto to_best = feel::order(rows[r].bound, rows[*best].bound, zones);
      if (!to_best || (downwards ? *to_best <= 0 : *to_best >= 0)) continue;
    }
    best = r;
  }
  return best;
}

Value RowEvaluator::bands(const Definition& definition, const feel::Scope& scope) {
  const Value of = evaluate_in(*definition.decl->bands->of.tree, definition.unit, scope);
  if (of.is_null()) return {};
  if (const auto band = band_for(definition, of)) return definition.bands->rows[*band].value;
  if (definition.bands->has_otherwise || definition.decl->type.nullable) return definition.bands->otherwise;
  throw Refusal{{"不在任何档次内", "in no band"}, {}, shown(of), {}, 0};
}

// A null passes `-`, `null` and tests with `?`; other tests do not hold for it.
bool RowEvaluator::matches(const feel::UnaryTests& tests, const Value& input, const Unit& unit,
                           const feel::Scope& scope) {
  if (tests.any) return true;
  const Unit* const outer = unit_;
  struct Restore {
    const Unit*& unit;
    const Unit* outer;
    ~Restore() { unit = outer; }
  } const restore{unit_, outer};
  unit_ = &unit;
  feel::Evaluator evaluator(options_);
  const feel::Environment environment(scope);
  if (!input.is_null()) return evaluator.evaluate_tests(tests, input, environment).is_true();
  for (const feel::UnaryTest& test : tests.tests) {
    bool holds = test.kind == feel::UnaryTest::Kind::kEquals && test.operand->kind == feel::ExprKind::kNull;
    if (test.uses_placeholder) holds = evaluator.evaluate(*test.operand, environment.with("?", input)).is_true();
    if (holds) return !tests.negated;
  }
  return tests.negated;
}

std::vector<size_t> RowEvaluator::matching_rules(const Definition& definition, const feel::Scope& scope,
                                                 std::vector<Value>* inputs) {
  const scheme::DecisionTable& decl = *definition.decl->table;
  const Unit& unit = definition.unit;
  for (const scheme::Expression& input : decl.inputs) inputs->push_back(evaluate_in(*input.tree, unit, scope));
  std::vector<size_t> matching;
  for (size_t r = 0; r < decl.rules.size(); ++r) {
    bool all = true;
    for (size_t i = 0; all && i < inputs->size(); ++i)
      all = matches(*decl.rules[r].tests[i], (*inputs)[i], unit, scope);
    if (!all) continue;
    matching.push_back(r);
    if (decl.hit == "F") break;
  }
  return matching;
}

Value RowEvaluator::table(const Definition& definition, const feel::Scope& scope) {
  const scheme::DecisionTable& decl = *definition.decl->table;
  const uint32_t output = definition.decl->table_output;
  const Unit& unit = definition.unit;
  std::vector<Value> inputs;
  std::vector<const scheme::DecisionTable::Rule*> matching;
  for (const size_t r : matching_rules(definition, scope, &inputs)) matching.push_back(&decl.rules[r]);
  const auto result = [&](const scheme::DecisionTable::Rule& rule, size_t which) {
    return evaluate_in(*rule.results[which].tree, unit, scope);
  };
  if (matching.empty()) {
    if (!decl.defaults.empty()) return evaluate_in(*decl.defaults[output].tree, unit, scope);
    if (decl.hit == "C+" || decl.hit == "C#") return Value::integer(0);
    if (definition.decl->type.nullable) return {};
    throw no_rule();
  }
  if (decl.hit == "U" && matching.size() > 1) {
    throw Refusal{{"多条规则同时符合", "more than one rule of the table matches"}, {}, {}, {}, 0};
  }
  const feel::ZoneRules& zones = feel::builtin_zones();
  if (decl.hit == "A") {
    const Value first = result(*matching[0], output);
    for (const auto* rule : matching) {
      if (!feel::equal(first, result(*rule, output), zones).value_or(false)) {
        throw Refusal{{"符合的规则结果不一致", "the rules that match differ in their results"}, {}, {}, {}, 0};
      }
    }
    return first;
  }
  if (decl.hit == "U" || decl.hit == "F") return result(*matching[0], output);
  if (decl.hit == "P" || decl.hit == "O") {
    // By the priority of the first output, then of the second, …; the rules' order breaks ties.
    std::vector<std::pair<std::vector<size_t>, const scheme::DecisionTable::Rule*>> sorted;
    for (const auto* rule : matching) {
      std::vector<size_t> places;
      for (size_t o = 0; o < std::max<size_t>(1, definition.table_outputs.size()); ++o) {
        const scheme::TypeDecl* type = o < definition.table_outputs.size() ? definition.table_outputs[o] : nullptr;
        places.push_back(priority(result(*rule, o), type));
      }
      sorted.emplace_back(std::move(places), rule);
    }
    std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    if (decl.hit == "P") return result(*sorted[0].second, output);
    for (size_t i = 0; i < sorted.size(); ++i) matching[i] = sorted[i].second;
  }
  std::vector<Value> results;
  for (const auto* rule : matching) results.push_back(result(*rule, output));
  if (decl.hit == "C#") return Value::integer(static_cast<int64_t>(results.size()));
  feel::Evaluator evaluator(options_);
  if (decl.hit == "C+") {
    Value sum = results[0];
    for (size_t i = 1; i < results.size(); ++i) sum = evaluator.add(sum, results[i], {});
    return sum;
  }
  if (decl.hit == "C<" || decl.hit == "C>") {
    Value best = results[0];
    const auto op = decl.hit == "C<" ? feel::BinaryOp::kLt : feel::BinaryOp::kGt;
    for (const Value& value : results) {
      if (evaluator.compare(op, value, best, {}).is_true()) best = value;
    }
    return best;
  }
  return Value::list(std::move(results));
}

}  // namespace kaogong::reference
