// Calls of packs' functions: which one is meant, and which argument is which parameter's.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/feel/ast.h"
#include "engine/scheme/pack.h"

namespace kaogong::scheme {

inline constexpr uint32_t kNoPack = UINT32_MAX;

/// "cn.iit.cumulative" for names joined by points; empty for anything else, a name alone too.
std::string dotted_name(const feel::Expr& expr);

/// The function that a call's callee names: `cn.iit.cumulative`, and inside a pack (`inside`: its number in the
/// document) a function of it by its own name. Nothing: none of the document's packs has it.
std::optional<PackFunctionId> called_function(const Document& document, const feel::Expr& callee,
                                              uint32_t inside = kNoPack);
/// The number of the pack that a dotted name begins with; kNoPack: none.
uint32_t pack_of(const Document& document, std::string_view dotted);

/// A call's arguments in the order of the parameters.
struct PackArguments {
  std::vector<const feel::Expr*> values;  // one a parameter; null pointer: its default
  std::string error, remedy;              // error not empty: the call does not fit the function
};
PackArguments arrange_arguments(const PackFunction& function, const std::string& name, const feel::Call& call);

/// How a function is called: "cn.iit.cumulative".
std::string full_name(const Pack& pack, const PackFunction& function);

/// Finds the packs' functions that the document's expressions can come to (Document::called, in ascending order).
/// Returns the calls that inlining them comes to, at most `most` + 1.
size_t find_called(Document& document, size_t most);

}  // namespace kaogong::scheme
