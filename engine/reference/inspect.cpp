// What an explanation asks of a row: the parts of a value, by the same evaluation that makes the value.
#include "engine/reference/row_evaluator.h"

namespace kaogong::reference {

using feel::Value;

Value RowEvaluator::evaluate_at(const feel::Expr& tree, const Unit& unit, ChildRow at, const Bindings& bindings,
                                bool lenient) {
  struct Restore {
    RowEvaluator& self;
    const Unit* unit;
    uint32_t domain;
    ~Restore() {
      self.unit_ = unit;
      self.site_domain_ = domain;
    }
  } const restore{*this, unit_, site_domain_};
  unit_ = &unit;
  site_domain_ = at.domain;
  const RowScope scope(*this, at.domain, at.row);
  feel::Environment environment(scope);
  for (const auto& [name, value] : bindings) environment = environment.with(name, value);
  feel::Evaluator evaluator(options_);
  std::optional<feel::Evaluator::Lenient> leniency;
  if (lenient) leniency.emplace(evaluator);
  Value value = evaluator.evaluate(tree, environment);
  refuse_poison(value);
  return value;
}

Value RowEvaluator::unrounded(const Definition& definition, ChildRow at) {
  const uint32_t outer = site_domain_;
  struct Restore {
    uint32_t& domain;
    uint32_t outer;
    ~Restore() { domain = outer; }
  } const restore{site_domain_, outer};
  site_domain_ = at.domain;
  return define(definition, RowScope(*this, at.domain, at.row));
}

std::vector<size_t> RowEvaluator::rules_for(const Definition& definition, ChildRow at, std::vector<Value>* inputs) {
  return matching_rules(definition, RowScope(*this, at.domain, at.row), inputs);
}

uint64_t RowEvaluator::child_number(ChildRow at) {
  const Children& rows = children(at.domain);
  return rows.first + (model_.domains()[at.domain].group == nullptr ? at.row : rows.members[at.row].front());
}

}  // namespace kaogong::reference
