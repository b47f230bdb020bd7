// Questions about syntax trees.
#pragma once

#include <functional>
#include <string_view>

#include "engine/feel/ast.h"

namespace kaogong::feel {

/// Calls `visit` for the tree's every direct child.
void for_each_child(const Expr& expr, const std::function<void(const Expr&)>& visit);
/// Says whether a NameRef of this name stands anywhere in the tree.
bool mentions_name(const Expr& expr, std::string_view name);

}  // namespace kaogong::feel
