// FEEL's types, as `instance of`, typed parameters and DMN's item definitions have them.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/feel/ast.h"
#include "engine/feel/value.h"

namespace kaogong::feel {

class Evaluator;
struct Type;
using TypePtr = std::shared_ptr<const Type>;

struct Type {
  enum class Kind : uint8_t { kAny, kScalar, kList, kContext, kRange, kFunction };
  Kind kind = Kind::kAny;
  ValueKind scalar = ValueKind::kNull;                     // kScalar; kNull is the type of null
  TypePtr element;                                         // kList, kRange: of what; null pointer: any
  std::vector<std::pair<std::string, TypePtr>> fields;     // kContext; none: any context
  std::vector<TypePtr> parameters;                         // kFunction
  TypePtr result;                                          // kFunction
  bool any_function = false;                               // kFunction without a signature
  std::vector<std::shared_ptr<const UnaryTests>> allowed;  // every one must hold (allowed values, constraints)
  std::string name;                                        // for messages
};

/// A built-in type by its FEEL name ("number", "date and time", "Any", …); null pointer if there is none such.
TypePtr builtin_type(std::string_view name);
TypePtr list_of(TypePtr element);

/// Says whether the value is of the type, as `instance of` does: null is of type Null only, constraints do not matter.
bool instance_of(const Value& value, const Type& type, Evaluator& evaluator);
/// Converts as DMN's implicit conversions say (DMN 1.5, 10.3.2.9.4): to and from singleton lists, date to date and
/// time; null stays. Empty: does not conform.
std::optional<Value> coerce(const Value& value, const Type& type, Evaluator& evaluator);

}  // namespace kaogong::feel
