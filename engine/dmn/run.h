// Evaluates DMN models.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/dmn/model.h"
#include "engine/feel/evaluator.h"

namespace kaogong::dmn {

/// One evaluation of a model with one set of inputs; decisions are computed when asked for, each once. Values it
/// returns that are functions must not outlive it. Not for use from several threads at once; the definitions may be
/// shared.
class Run final : private feel::Host {
 public:
  /// `options.host` is not used.
  Run(std::shared_ptr<const Definitions> definitions, const feel::Options& options);
  ~Run() override;

  /// Gives an input data of the root model (or, as "import.name" or just by its name, of an imported one) its value.
  void set_input(std::string name, feel::Value value);
  /// The decision's value. Errors: no such decision, limits. What DMN turns into null is null, and problems() tells
  /// why.
  feel::Evaluated decision(std::string_view name);
  /// Calls a decision service or knowledge model of the root model with arguments by name; absent ones, and those of a
  /// wrong type, are null. Errors: no such element, limits.
  feel::Evaluated invoke(std::string_view name, const std::vector<std::pair<std::string, feel::Value>>& arguments);
  std::vector<feel::EvalError> problems() const { return evaluator_.warnings(); }

 private:
  class ElementFunction;
  class ElementScope;
  class BoxedClosure;
  /// Values within one call of a decision service, or of the whole run.
  struct Frame {
    explicit Frame(Frame* p);
    ~Frame();
    Frame* parent;
    std::unordered_map<const Element*, feel::Value> values;
    std::unordered_map<const Element*, std::unique_ptr<ElementScope>> scopes;
    std::vector<const Element*> pending;
  };

  std::optional<feel::Value> call(const feel::Call&, feel::Evaluator&, const feel::Environment&) override { return {}; }
  feel::TypePtr type(std::string_view name) override;

  feel::Value value_of(const Element& element, Frame& frame);
  feel::Value decide(const Element& decision, Frame& frame);
  feel::Value input_of(const Element& input, Frame& frame);
  const ElementScope& scope_of(const Element& element, Frame& frame);
  feel::Value call_element(const Element& element, Frame& frame, feel::CallArguments arguments, feel::Span span,
                           bool lenient);
  feel::Value call_service(const Element& service, Frame& frame, feel::CallArguments arguments, feel::Span span,
                           bool lenient);
  /// The value as the type; null with a problem if it does not conform.
  feel::Value conform(feel::Value value, const std::string& type_ref, std::string_view what);

  feel::Value evaluate(const Boxed* boxed, const feel::Environment& environment, Frame& frame);
  feel::Value literal(const Literal& literal, const feel::Environment& environment);
  feel::Value form(const Literal& literal, const feel::Environment& environment, Frame& frame);
  feel::Value form(const BoxedContext& context, const feel::Environment& environment, Frame& frame);
  feel::Value form(const DecisionTable& table, const feel::Environment& environment, Frame& frame);
  feel::Value form(const Invocation& invocation, const feel::Environment& environment, Frame& frame);
  feel::Value form(const Relation& relation, const feel::Environment& environment, Frame& frame);
  feel::Value form(const BoxedList& list, const feel::Environment& environment, Frame& frame);
  feel::Value form(const BoxedFunction& function, const feel::Environment& environment, Frame& frame);
  feel::Value form(const Conditional& conditional, const feel::Environment& environment, Frame& frame);
  feel::Value form(const BoxedFilter& filter, const feel::Environment& environment, Frame& frame);
  feel::Value form(const BoxedIteration& iteration, const feel::Environment& environment, Frame& frame);
  feel::Value call_boxed(const BoxedFunction& function, const feel::Environment& environment, Frame& frame,
                         feel::CallArguments arguments, feel::Span span, bool lenient);
  std::vector<feel::Value> priorities(const DecisionTable::Output& output, const feel::Environment& environment);

  std::shared_ptr<const Definitions> definitions_;
  feel::Evaluator evaluator_;
  std::vector<std::pair<std::string, feel::Value>> inputs_;
  Frame frame_{nullptr};
  std::vector<std::unique_ptr<Frame>> frames_;  // of decision services that returned functions: kept to the end
  const Model* model_ = nullptr;                // of the element being evaluated
};

}  // namespace kaogong::dmn
