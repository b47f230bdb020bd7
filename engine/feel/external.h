// `function(…) external {java: …}`: a few of the Java standard library's methods, done natively.
#pragma once

#include <vector>

#include "engine/feel/evaluator.h"

namespace kaogong::feel {

/// Calls what the body of an external function names: {java: {class, method signature}}. Known are java.lang.Math's
/// abs, max and min on int, long, float and double, cos; the valueOf of the number classes and of String; and
/// String.format with %s and %d. float and double are the machine's own; anything else is a problem.
Value call_external(Evaluator& evaluator, const Value& body, const std::vector<Value>& arguments, Span span);

}  // namespace kaogong::feel
