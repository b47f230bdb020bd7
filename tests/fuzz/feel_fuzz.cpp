// Fuzz target: any text as a FEEL expression and as unary tests; what parses is written as text and evaluated with both
// semantics within small limits.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "engine/feel/evaluator.h"
#include "engine/feel/parser.h"

using namespace kaogong;

namespace {

feel::Options limited(feel::Semantics semantics) {
  feel::Options options;
  options.semantics = semantics;
  options.limits.steps_max = 20'000;
  options.limits.list_max = 10'000;
  options.limits.string_bytes_max = size_t{1} << 20;
  return options;
}

void evaluate(const feel::Expr& expr, feel::Semantics semantics) {
  static_cast<void>(feel::evaluate(expr, feel::EmptyScope(), limited(semantics)));
}

void evaluate(const feel::UnaryTests& tests, feel::Semantics semantics) {
  static_cast<void>(feel::evaluate_tests(tests, number::Number(7), feel::EmptyScope(), limited(semantics)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto parsed = feel::parse_expression(text);
  if (const auto* expr = std::get_if<feel::ExprPtr>(&parsed)) {
    static_cast<void>(feel::to_text(**expr));
    evaluate(**expr, feel::Semantics::kDmn);
    evaluate(**expr, feel::Semantics::kStrict);
  }
  const auto parsed_tests = feel::parse_unary_tests(text);
  if (const auto* tests = std::get_if<std::unique_ptr<feel::UnaryTests>>(&parsed_tests)) {
    static_cast<void>(feel::to_text(**tests));
    evaluate(**tests, feel::Semantics::kDmn);
    evaluate(**tests, feel::Semantics::kStrict);
  }
  return 0;
}
