// What an explanation asks of a row: the parts of a value, by the same evaluation that makes the value.
#include "engine/reference/row_evaluator.h"

namespace kaogong::reference {

using feel::Value;

namespace {

feel::Environment with_bindings(const feel::Scope& root, const RowEvaluator::Bindings& bindings) {
  feel::Environment environment(root);
  for (const auto& [name, value] : bindings) environment = environment.with(name, value);
  return environment;
}

}  // namespace

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
  const RowScope row(*this, at.domain, at.row);
  const PackScope pack(*this, at.pack);
  const feel::Environment environment =
      with_bindings(at.pack == kNone ? static_cast<const feel::Scope&>(row) : pack, bindings);
  feel::Evaluator evaluator(options_);
  std::optional<feel::Evaluator::Lenient> leniency;
  if (lenient) leniency.emplace(evaluator);
  Value value = evaluator.evaluate(tree, environment);
  refuse_poison(value);
  return value;
}

Value RowEvaluator::unrounded(const Definition& definition, ChildRow at, const Bindings& bindings) {
  const PackScope pack(*this, at.pack);
  if (at.pack != kNone) return define(definition, with_bindings(pack, bindings));
  const uint32_t outer = site_domain_;
  struct Restore {
    uint32_t& domain;
    uint32_t outer;
    ~Restore() { domain = outer; }
  } const restore{site_domain_, outer};
  site_domain_ = at.domain;
  return define(definition, RowScope(*this, at.domain, at.row));
}

std::vector<size_t> RowEvaluator::rules_for(const Definition& definition, ChildRow at, const Bindings& bindings,
                                            std::vector<Value>* inputs) {
  const PackScope pack(*this, at.pack);
  if (at.pack != kNone) return matching_rules(definition, with_bindings(pack, bindings), inputs);
  return matching_rules(definition, RowScope(*this, at.domain, at.row), inputs);
}

uint64_t RowEvaluator::child_number(ChildRow at) {
  const Children& rows = children(at.domain);
  return rows.first + (model_.domains()[at.domain].group == nullptr ? at.row : rows.members[at.row].front());
}

}  // namespace kaogong::reference
