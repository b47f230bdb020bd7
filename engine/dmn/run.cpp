#include "engine/dmn/run.h"

#include <algorithm>
#include <map>

#include "engine/dmn/run_scope.h"
#include "engine/feel/closure.h"

namespace kaogong::dmn {

using feel::Environment;
using feel::Evaluated;
using feel::Value;
using feel::ValueKind;

namespace {

feel::Options with_host(feel::Options options, feel::Host* host) {
  options.host = host;
  return options;
}

/// While in scope, the model whose types names mean.
class InModel {
 public:
  InModel(const Model*& current, const Model* model) : current_(current), before_(current) { current_ = model; }
  InModel(const InModel&) = delete;
  InModel& operator=(const InModel&) = delete;
  ~InModel() { current_ = before_; }

 private:
  const Model*& current_;
  const Model* before_;
};

}  // namespace

Run::Run(std::shared_ptr<const Definitions> definitions, const feel::Options& options)
    : definitions_(std::move(definitions)), evaluator_(with_host(options, this)), model_(&definitions_->root()) {}

Run::~Run() = default;

Run::Frame::Frame(Frame* p) : parent(p) {}
Run::Frame::~Frame() = default;

feel::TypePtr Run::type(std::string_view name) { return model_->type(std::string(name)); }

void Run::set_input(std::string name, Value value) { inputs_.emplace_back(std::move(name), std::move(value)); }

Evaluated Run::decision(std::string_view name) {
  const Element* element = definitions_->root().find(name);
  if (element == nullptr || element->kind != ElementKind::kDecision) {
    return feel::EvalError{"there is no decision '" + std::string(name) + "'", {}};
  }
  return feel::guarded([&]() -> Evaluated { return value_of(*element, frame_); });
}

Evaluated Run::invoke(std::string_view name, const std::vector<std::pair<std::string, Value>>& arguments) {
  const Element* element = definitions_->root().find(name);
  if (element == nullptr ||
      (element->kind != ElementKind::kDecisionService && element->kind != ElementKind::kKnowledgeModel)) {
    return feel::EvalError{"there is nothing to invoke named '" + std::string(name) + "'", {}};
  }
  feel::CallArguments call;
  const auto take = [&](const std::string& parameter) {
    for (const auto& [key, value] : arguments) {
      if (key == parameter) {
        call.names.push_back(key);
        call.values.push_back(value);
        return;
      }
    }
  };
  if (element->kind == ElementKind::kKnowledgeModel) {
    for (const TypedName& parameter : element->function.parameters) take(parameter.name);
  } else {
    for (const auto* hrefs : {&element->input_data, &element->input_decisions}) {
      for (const std::string& href : *hrefs) {
        if (const Element* input = element->model->resolve(href)) take(input->variable.name);
      }
    }
  }
  return feel::guarded([&]() -> Evaluated { return call_element(*element, frame_, std::move(call), {}, true); });
}

Value Run::conform(Value value, const std::string& type_ref, std::string_view what) {
  if (type_ref.empty() || value.is_null()) return value;
  const feel::TypePtr type = model_->type(type_ref);
  if (!type) return value;
  std::optional<Value> converted = feel::coerce(value, *type, evaluator_);
  if (converted) return std::move(*converted);
  return evaluator_.problem({}, std::string(what) + " is no " + type_ref);
}

Value Run::input_of(const Element& input, Frame& frame) {
  for (const Frame* at = &frame; at != nullptr; at = at->parent) {
    const auto found = at->values.find(&input);
    if (found != at->values.end()) return found->second;
  }
  const InModel in_model(model_, input.model);
  std::string qualified = input.name;
  for (const Import& import : definitions_->root().imports) {
    if (import.model == input.model) qualified = import.name + "." + input.name;
  }
  const Value* given = nullptr;
  for (const auto& [name, value] : inputs_) {
    if (name == qualified || name == input.variable.name || (given == nullptr && name == input.name)) given = &value;
  }
  Value value = given != nullptr ? conform(*given, input.variable.type_ref, "input '" + input.name + "'") : Value();
  frame_.values.emplace(&input, value);
  return value;
}

Value Run::value_of(const Element& element, Frame& frame) {
  switch (element.kind) {
    case ElementKind::kInputData:
      return input_of(element, frame);
    case ElementKind::kDecision:
      return decide(element, frame);
    default:
      return Value::function(std::make_shared<ElementFunction>(*this, element, frame));
  }
}

Value Run::decide(const Element& decision, Frame& frame) {
  if (const auto found = frame.values.find(&decision); found != frame.values.end()) return found->second;
  const feel::Evaluator::Depth depth(evaluator_);
  if (std::find(frame.pending.begin(), frame.pending.end(), &decision) != frame.pending.end()) {
    return evaluator_.problem({}, "decision '" + decision.name + "' requires itself");
  }
  frame.pending.push_back(&decision);
  const InModel in_model(model_, decision.model);
  Value value = evaluate(decision.logic.get(), Environment(scope_of(decision, frame)), frame);
  value = conform(std::move(value), decision.variable.type_ref, "decision '" + decision.name + "'");
  frame.pending.pop_back();
  frame.values.emplace(&decision, value);
  return value;
}

const Run::ElementScope& Run::scope_of(const Element& element, Frame& frame) {
  if (const auto found = frame.scopes.find(&element); found != frame.scopes.end()) return *found->second;
  auto scope = std::make_unique<ElementScope>();
  std::map<std::string, std::vector<feel::Context::Entry>> imported;
  for (const auto* hrefs : {&element.required_inputs, &element.required_decisions, &element.required_knowledge}) {
    for (const std::string& href : *hrefs) {
      const Element* required = element.model->resolve(href);
      if (required == nullptr) {
        evaluator_.problem({}, "'" + element.name + "' requires what does not exist: " + href);
        continue;
      }
      Value value = value_of(*required, frame);
      const Import* import = element.model->import_of(href);
      if (import != nullptr && !import->name.empty()) {
        imported[import->name].emplace_back(required->variable.name, std::move(value));
      } else {
        scope->add(required->variable.name, std::move(value));
      }
    }
  }
  for (auto& [name, entries] : imported) scope->add(name, evaluator_.make_context(std::move(entries)));
  if (element.kind == ElementKind::kKnowledgeModel) scope->add(element.variable.name, value_of(element, frame));
  return *frame.scopes.emplace(&element, std::move(scope)).first->second;
}

Value Run::call_element(const Element& element, Frame& frame, feel::CallArguments arguments, feel::Span span,
                        bool lenient) {
  const feel::Evaluator::Depth depth(evaluator_);
  const InModel in_model(model_, element.model);
  if (element.kind == ElementKind::kDecisionService) {
    return call_service(element, frame, std::move(arguments), span, lenient);
  }
  Value result =
      call_boxed(element.function, Environment(scope_of(element, frame)), frame, std::move(arguments), span, lenient);
  // The variable's type is the function's, or (as many models have it) that of the result.
  const std::string& type_ref = element.variable.type_ref;
  const feel::TypePtr type = model_->type(type_ref);
  if (type && type->kind == feel::Type::Kind::kFunction) {
    if (!type->result) return result;
    std::optional<Value> converted = feel::coerce(result, *type->result, evaluator_);
    return converted ? std::move(*converted) : evaluator_.problem(span, "the result is no " + type->result->name);
  }
  return conform(std::move(result), type_ref, "the result of '" + element.name + "'");
}

Value Run::call_service(const Element& service, Frame& frame, feel::CallArguments arguments, feel::Span span,
                        bool lenient) {
  std::vector<const Element*> inputs;
  std::vector<std::string_view> names;
  for (const auto* hrefs : {&service.input_data, &service.input_decisions}) {
    for (const std::string& href : *hrefs) {
      const Element* input = service.model->resolve(href);
      if (input == nullptr) return evaluator_.problem(span, "an input of '" + service.name + "' does not exist");
      inputs.push_back(input);
      names.push_back(input->variable.name);
    }
  }
  std::optional<std::vector<Value>> values = feel::arrange(std::move(arguments), names, lenient);
  if (!values) return evaluator_.problem(span, "these are not the inputs of '" + service.name + "'");
  frames_.push_back(std::make_unique<Frame>(&frame));
  Frame& inner = *frames_.back();
  for (size_t i = 0; i < inputs.size(); ++i) {
    Value value = conform((*values)[i], inputs[i]->variable.type_ref, "input '" + inputs[i]->name + "'");
    if (value.is_null() && !(*values)[i].is_null() && !lenient) return {};
    inner.values.emplace(inputs[i], std::move(value));
  }
  std::vector<feel::Context::Entry> outputs;
  for (const std::string& href : service.output_decisions) {
    const Element* output = service.model->resolve(href);
    if (output == nullptr) return evaluator_.problem(span, "an output of '" + service.name + "' does not exist");
    outputs.emplace_back(output->variable.name, value_of(*output, inner));
  }
  Value result = outputs.size() == 1 ? outputs[0].second : evaluator_.make_context(std::move(outputs));
  const feel::TypePtr type = model_->type(service.variable.type_ref);
  if (!type) return result;
  const feel::TypePtr wanted = type->kind == feel::Type::Kind::kFunction ? type->result : type;
  if (!wanted) return result;
  std::optional<Value> converted = feel::coerce(result, *wanted, evaluator_);
  return converted ? std::move(*converted) : evaluator_.problem(span, "the result is no " + wanted->name);
}

}  // namespace kaogong::dmn
