#include "engine/feel/builtins.h"

#include <algorithm>

namespace kaogong::feel {
namespace {

class BuiltinFunction final : public Function {
 public:
  explicit BuiltinFunction(std::string name) : name_(std::move(name)) {}
  void add(BuiltinForm form) { forms_.push_back(std::move(form)); }
  std::string name() const override { return name_; }
  std::optional<size_t> arity() const override {
    if (forms_.size() != 1 || forms_[0].variadic || forms_[0].required != forms_[0].parameters.size()) return {};
    return forms_[0].required;
  }

  bool takes(size_t count, const std::vector<std::string>& names) const {
    return std::any_of(forms_.begin(), forms_.end(), [&](const BuiltinForm& form) {
      std::vector<bool> given;
      return fit(form, {std::vector<Value>(count), names}, given).has_value();
    });
  }

  Value invoke(Evaluator& evaluator, CallArguments arguments, Span span) const override {
    for (const BuiltinForm& form : forms_) {
      std::vector<bool> given;
      std::optional<std::vector<Value>> values = fit(form, arguments, given);
      if (!values) continue;
      try {
        Arguments ready(evaluator, std::move(*values), std::move(given), form.parameters, span);
        return form.run(ready);
      } catch (BuiltinProblem& problem) {
        return evaluator.problem(span, name_ + ": " + problem.message);
      }
    }
    return evaluator.problem(span, name_ + ": these are not its parameters");
  }

 private:
  static std::optional<std::vector<Value>> fit(const BuiltinForm& form, const CallArguments& arguments,
                                               std::vector<bool>& given) {
    const size_t count = form.parameters.size();
    if (arguments.names.empty()) {
      if (arguments.values.size() < form.required || (arguments.values.size() > count && !form.variadic)) {
        return std::nullopt;
      }
      std::vector<Value> values = arguments.values;
      given.assign(values.size(), true);
      if (values.size() < count) values.resize(count);
      return values;
    }
    std::vector<Value> values(count);
    given.assign(count, false);
    for (size_t i = 0; i < arguments.names.size(); ++i) {
      const auto place = std::find(form.parameters.begin(), form.parameters.end(), arguments.names[i]);
      if (place == form.parameters.end()) return std::nullopt;
      const auto index = static_cast<size_t>(place - form.parameters.begin());
      if (given[index]) return std::nullopt;
      given[index] = true;
      values[index] = arguments.values[i];
    }
    for (size_t i = 0; i < form.required_named; ++i) {
      if (!given[i]) return std::nullopt;
    }
    return values;
  }

  std::string name_;
  std::vector<BuiltinForm> forms_;
};

}  // namespace

void BuiltinTable::add(std::string_view name, std::string_view parameters, BuiltinRun run) {
  BuiltinForm form;
  form.run = run;
  while (!parameters.empty()) {
    const size_t comma = parameters.find(',');
    std::string_view one = parameters.substr(0, comma);
    parameters = comma == std::string_view::npos ? std::string_view() : parameters.substr(comma + 1);
    if (one.ends_with("...")) {
      form.variadic = true;
      one.remove_suffix(3);
    }
    const bool optional = one.ends_with('?'), optional_by_name = one.ends_with('!');
    if (optional || optional_by_name) one.remove_suffix(1);
    if (!optional) ++form.required;
    if (!optional && !optional_by_name) ++form.required_named;
    form.parameters.emplace_back(one);
  }
  std::shared_ptr<Function>& function = functions_[std::string(name)];
  if (!function) function = std::make_shared<BuiltinFunction>(std::string(name));
  static_cast<BuiltinFunction&>(*function).add(std::move(form));
}

std::shared_ptr<const Function> BuiltinTable::find(std::string_view name) const {
  const auto found = functions_.find(std::string(name));
  return found == functions_.end() ? nullptr : found->second;
}

std::vector<std::string> BuiltinTable::names() const {
  std::vector<std::string> all;
  for (const auto& [name, function] : functions_) all.push_back(name);
  std::sort(all.begin(), all.end());
  return all;
}

namespace {

const BuiltinTable& builtins() {
  static const BuiltinTable table = [] {
    BuiltinTable all;
    add_number_builtins(all);
    add_string_builtins(all);
    add_list_builtins(all);
    add_statistics_builtins(all);
    add_context_builtins(all);
    add_temporal_builtins(all);
    add_range_builtins(all);
    add_conversion_builtins(all);
    add_scheme_builtins(all);
    return all;
  }();
  return table;
}

}  // namespace

std::shared_ptr<const Function> find_builtin(std::string_view name) { return builtins().find(name); }

std::vector<std::string> builtin_names() { return builtins().names(); }

bool builtin_takes(std::string_view function, size_t arguments, const std::vector<std::string>& names) {
  const auto found = find_builtin(function);
  return found != nullptr && static_cast<const BuiltinFunction&>(*found).takes(arguments, names);
}

// ---- Arguments
// -------------------------------------------------------------------------------------------------------

void Arguments::refuse(size_t i, std::string_view wanted) const {
  const std::string name = i < parameters_.size() ? parameters_[i] : "argument";
  throw BuiltinProblem{name + " must be " + std::string(wanted) + ", not " + std::string(to_string(values[i].kind()))};
}

const Value& Arguments::scalar(size_t i) const {
  const Value* value = &values[i];
  if (value->is(ValueKind::kList) && value->as_list().size() == 1) value = &value->as_list()[0];
  return *value;
}

const number::Number& Arguments::number(size_t i) const {
  const Value& value = scalar(i);
  if (!value.is(ValueKind::kNumber)) refuse(i, "a number");
  return value.as_number();
}

int64_t Arguments::integer(size_t i) const {
  // DMN cuts off decimals here; a scheme's author is told.
  number::NumberResult whole_part = number(i);
  if (!evaluator.strict()) whole_part = number::round(whole_part.value, 0, number::Rounding::kDown);
  const std::optional<int64_t> whole = whole_part ? whole_part.value.to_int64() : std::nullopt;
  if (!whole) throw BuiltinProblem{parameters_[std::min(i, parameters_.size() - 1)] + " must be a whole number"};
  return *whole;
}

const std::string& Arguments::string(size_t i) const {
  const Value& value = scalar(i);
  if (!value.is(ValueKind::kString)) refuse(i, "a string");
  return value.as_string();
}

bool Arguments::boolean(size_t i) const {
  const Value& value = scalar(i);
  if (!value.is(ValueKind::kBoolean)) refuse(i, "a boolean");
  return value.as_boolean();
}

const std::vector<Value>& Arguments::list(size_t i) {
  if (values[i].is(ValueKind::kList)) return values[i].as_list();
  if (values[i].is_null()) refuse(i, "a list");
  values[i] = evaluator.make_list({values[i]});
  return values[i].as_list();
}

const Context& Arguments::context(size_t i) const {
  const Value& value = scalar(i);
  if (!value.is(ValueKind::kContext)) refuse(i, "a context");
  return value.as_context();
}

const Value& Arguments::function(size_t i) const {
  const Value& value = scalar(i);
  if (!value.is(ValueKind::kFunction)) refuse(i, "a function");
  return value;
}

}  // namespace kaogong::feel
