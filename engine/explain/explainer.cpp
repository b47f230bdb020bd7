#include "engine/explain/explainer.h"

#include <algorithm>

#include "engine/explain/builder.h"
#include "engine/scheme/period.h"

namespace kaogong::explain {

PlanValues::PlanValues(const scheme::Document& document, const plan::RunResult& result) : result_(result) {
  std::unordered_map<std::string_view, size_t> places;
  for (size_t i = 0; i < result.names.size(); ++i) places.emplace(result.names[i], i);
  for (const scheme::Decision& decision : document.decisions) {
    const auto place = places.find(decision.name);
    columns_.push_back(place == places.end() ? nullptr : &result.columns[place->second]);
  }
}

bool PlanValues::find(uint32_t decision, size_t row, feel::Value* value) {
  const column::Column* column = columns_[decision];
  if (column == nullptr || row >= column->rows || result_.refused[row] != 0) return false;
  *value = reference::to_value(*column, row);
  return true;
}

struct Explainer::State {
  State(const plan::Program& program, const column::Inputs& in, const plan::RunResult& run)
      : document(plan::document_of(program)),
        inputs(in),
        result(run),
        model(document, in),
        values(document, run),
        cohorts(model, &values, run.refused),
        sizes(model, values, cohorts, run.refused),
        evaluator(model, &values, &cohorts) {}

  const scheme::Document& document;
  const column::Inputs& inputs;
  const plan::RunResult& result;
  reference::Model model;
  PlanValues values;
  reference::Cohorts cohorts;
  CohortSizes sizes;
  reference::RowEvaluator evaluator;
};

Explainer::Explainer(const plan::Program& program, const column::Inputs& inputs, const plan::RunResult& result)
    : state_(std::make_unique<State>(program, inputs, result)) {}

Explainer::~Explainer() = default;

Explanation Explainer::explain(size_t row, const std::vector<std::string>& decisions, const Options& options) {
  State& state = *state_;
  Explanation explanation;
  explanation.scheme = state.document.id;
  explanation.version = state.document.version;
  explanation.labels = state.document.labels;
  explanation.source_part = state.document.source_part;
  explanation.source_title = state.document.source_title;
  explanation.period = scheme::to_text(state.inputs.period);
  if (row >= state.inputs.rows()) return explanation;
  explanation.employee = std::string(state.inputs.employees[row]);
  explanation.line = state.model.line_of(row);
  explanation.refused = row < state.result.refused.size() && state.result.refused[row] != 0;
  for (const column::Fault& fault : state.result.faults) {
    if (fault.row == row) explanation.faults.push_back(fault);
  }
  if (explanation.refused || !state.model.failure().empty()) return explanation;
  state.evaluator.start(row);
  Builder builder(state.model, state.evaluator, state.cohorts, state.sizes, row, options.depth_max);
  for (const std::string& name : decisions) {
    const auto known = state.model.names().find(name);
    if (known == state.model.names().end() || known->second.kind != reference::NameInfo::Kind::kDecision) continue;
    explanation.figures.push_back(builder.decision(known->second.index));
  }
  return explanation;
}

}  // namespace kaogong::explain
