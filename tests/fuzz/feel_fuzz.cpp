// Fuzz target: any text as a FEEL expression and as unary tests; what parses is written back, parsed again and
// evaluated with both semantics within small limits.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "engine/feel/evaluator.h"
#include "engine/feel/parser.h"

using namespace kaogong;

namespace {

void evaluate(const feel::Expr& expr, feel::Semantics semantics) {
  feel::Options options;
  options.semantics = semantics;
  options.limits.steps_max = 20'000;
  options.limits.list_max = 10'000;
  options.limits.string_bytes_max = size_t{1} << 20;
  static_cast<void>(feel::evaluate(expr, feel::EmptyScope(), options));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > 1 << 14) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  auto parsed = feel::parse_expression(text);
  if (auto* expr = std::get_if<feel::ExprPtr>(&parsed)) {
    evaluate(**expr, feel::Semantics::kDmn);
    evaluate(**expr, feel::Semantics::kStrict);
  }
  static_cast<void>(feel::parse_unary_tests(text));
  return 0;
}
