// What an element's logic sees. Private to engine/dmn.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/dmn/run.h"
#include "engine/feel/environment.h"

namespace kaogong::dmn {

/// The variables of an element's requirements; imported ones stand in contexts by the import's name.
class Run::ElementScope final : public feel::Scope {
 public:
  void add(std::string name, feel::Value value) { names_.emplace_back(std::move(name), std::move(value)); }
  std::optional<feel::Value> find(std::string_view name) const override {
    for (const auto& [key, value] : names_) {
      if (key == name) return value;
    }
    return std::nullopt;
  }

 private:
  std::vector<std::pair<std::string, feel::Value>> names_;
};

/// A knowledge model or decision service as a function value.
class Run::ElementFunction final : public feel::Function {
 public:
  ElementFunction(Run& run, const Element& element, Frame& frame) : run_(run), element_(element), frame_(frame) {}
  feel::Value invoke(feel::Evaluator&, feel::CallArguments arguments, feel::Span span) const override {
    return run_.call_element(element_, frame_, std::move(arguments), span, false);
  }
  std::optional<size_t> arity() const override {
    if (element_.kind == ElementKind::kDecisionService) {
      return element_.input_data.size() + element_.input_decisions.size();
    }
    return element_.function.parameters.size();
  }
  std::string name() const override { return element_.name; }

 private:
  Run& run_;
  const Element& element_;
  Frame& frame_;
};

/// A boxed function definition with what it closes over.
class Run::BoxedClosure final : public feel::Function {
 public:
  BoxedClosure(Run& run, const BoxedFunction& function, feel::Environment environment, Frame& frame)
      : run_(run), function_(function), environment_(std::move(environment)), frame_(frame) {}
  BoxedClosure(const BoxedClosure& other, std::string_view own_name) : BoxedClosure(other) { own_name_ = own_name; }

  feel::Value invoke(feel::Evaluator& evaluator, feel::CallArguments arguments, feel::Span span) const override {
    const feel::Environment environment =
        own_name_.empty()
            ? environment_
            : environment_.with(own_name_, evaluator.make_function(std::make_shared<BoxedClosure>(*this)));
    return run_.call_boxed(function_, environment, frame_, std::move(arguments), span, false);
  }
  std::optional<size_t> arity() const override { return function_.parameters.size(); }
  uint32_t depth() const override { return environment_.depth() + 1; }

 private:
  Run& run_;
  const BoxedFunction& function_;
  feel::Environment environment_;
  Frame& frame_;
  std::string_view own_name_;
};

}  // namespace kaogong::dmn
