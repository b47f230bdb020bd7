#include "engine/feel/external.h"

#include <array>
#include <charconv>
#include <cmath>

#include "engine/feel/text_functions.h"

namespace kaogong::feel {
namespace {

using K = ValueKind;
using number::Number;

struct Method {
  std::string name;
  std::vector<std::string> parameters;
};

std::optional<Method> parse_signature(const std::string& text) {
  const size_t open = text.find('('), close = text.rfind(')');
  if (open == std::string::npos || close == std::string::npos || close < open) return std::nullopt;
  Method method{text.substr(0, open), {}};
  std::string one;
  for (size_t i = open + 1; i <= close; ++i) {
    if (text[i] == ',' || i == close) {
      if (!one.empty()) method.parameters.push_back(one);
      one.clear();
    } else if (text[i] != ' ') {
      one += text[i];
    }
  }
  return method;
}

bool is_whole_type(const std::string& type) {
  return type == "byte" || type == "short" || type == "int" || type == "long";
}
bool is_number_type(const std::string& type) { return is_whole_type(type) || type == "float" || type == "double"; }

bool fits(const Value& value, const std::string& type) {
  if (is_whole_type(type)) return value.is(K::kNumber) && value.as_number().is_integer();
  if (is_number_type(type)) return value.is(K::kNumber);
  if (type == "java.lang.String") return value.is(K::kString);
  if (type == "char") return value.is(K::kString) && text::string_length(value.as_string()) == 1;
  return type == "[Ljava.lang.Object;" || type == "java.lang.Object" || type == "java.lang.Object...";
}

// java.lang.Math.cos is binary by definition.
std::optional<Value> cosine(const Value& value) {
  const std::string text = value.as_number().to_text();
  double x = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), x);
  if (read.ec != std::errc()) return std::nullopt;
  std::array<char, 40> buffer{};
  const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::cos(x));
  const auto number = Number::parse({buffer.data(), static_cast<size_t>(written.ptr - buffer.data())});
  if (!number) return std::nullopt;
  return Value(*number);
}

std::optional<Value> format(Evaluator& evaluator, const std::vector<Value>& arguments) {
  const std::string& pattern = arguments[0].as_string();
  std::string out;
  size_t next = 1;
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%' || i + 1 >= pattern.size()) {
      out += pattern[i];
      continue;
    }
    const char directive = pattern[++i];
    if (directive == '%') {
      out += '%';
    } else if ((directive == 's' || directive == 'd') && next < arguments.size()) {
      out += evaluator.make_text(arguments[next++]).as_string();
    } else {
      return std::nullopt;
    }
  }
  return evaluator.make_string(std::move(out));
}

std::optional<Value> call_java(Evaluator& evaluator, const std::string& type, const Method& method,
                               const std::vector<Value>& arguments) {
  const std::vector<std::string>& parameters = method.parameters;
  const bool one_number = parameters.size() == 1 && is_number_type(parameters[0]);
  const bool two_numbers = parameters.size() == 2 && is_number_type(parameters[0]) && parameters[0] == parameters[1];
  if (type == "java.lang.Math") {
    if (method.name == "max" && two_numbers) {
      return arguments[0].as_number() < arguments[1].as_number() ? arguments[1] : arguments[0];
    }
    if (method.name == "min" && two_numbers) {
      return arguments[1].as_number() < arguments[0].as_number() ? arguments[1] : arguments[0];
    }
    if (method.name == "abs" && one_number) return Value(number::absolute(arguments[0].as_number()));
    if (method.name == "cos" && one_number) return cosine(arguments[0]);
    return std::nullopt;
  }
  if (type == "java.lang.String") {
    if (method.name == "format" && parameters.size() == 2) return format(evaluator, arguments);
    if (method.name == "valueOf" && parameters.size() == 1) return evaluator.make_text(arguments[0]);
    return std::nullopt;
  }
  const bool number_class = type == "java.lang.Byte" || type == "java.lang.Short" || type == "java.lang.Integer" ||
                            type == "java.lang.Long" || type == "java.lang.Float" || type == "java.lang.Double";
  if (number_class && method.name == "valueOf" && parameters.size() == 1) {
    if (one_number) return arguments[0];
    if (parameters[0] != "java.lang.String") return std::nullopt;
    const auto number = Number::parse(arguments[0].as_string());
    if (number) return Value(*number);
  }
  return std::nullopt;
}

}  // namespace

Value call_external(Evaluator& evaluator, const Value& body, const std::vector<Value>& arguments, Span span) {
  const Value* java = body.is(K::kContext) ? body.as_context().find("java") : nullptr;
  if (java == nullptr || !java->is(K::kContext)) return evaluator.problem(span, "only Java functions are known");
  const Value* type = java->as_context().find("class");
  const Value* signature = java->as_context().find("method signature");
  if (type == nullptr || signature == nullptr || !type->is(K::kString) || !signature->is(K::kString)) {
    return evaluator.problem(span, "an external function needs a class and a method signature");
  }
  const std::optional<Method> method = parse_signature(signature->as_string());
  const bool varargs = method && !method->parameters.empty() && method->parameters.back().starts_with("[L");
  if (!method ||
      (varargs ? arguments.size() + 1 < method->parameters.size() : arguments.size() != method->parameters.size())) {
    return evaluator.problem(span, "the method signature does not fit the parameters");
  }
  for (size_t i = 0; i < arguments.size() && i < method->parameters.size(); ++i) {
    if (!fits(arguments[i], method->parameters[i])) {
      return evaluator.problem(span, "the arguments do not fit the method signature");
    }
  }
  std::optional<Value> result = call_java(evaluator, type->as_string(), *method, arguments);
  if (!result) return evaluator.problem(span, "this external function is not available");
  return std::move(*result);
}

}  // namespace kaogong::feel
