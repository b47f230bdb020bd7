// Every expression of a document.
#pragma once

#include <functional>

#include "engine/feel/ast.h"
#include "engine/scheme/document.h"
#include "engine/scheme/pack.h"

namespace kaogong::scheme {

/// Calls `visit` for the tree of every expression of the document, cells of decision tables included; trees that
/// several places share come several times.
void for_each_tree(const Document& document, const std::function<void(const feel::Expr&)>& visit);
/// The same for a pack's function.
void for_each_tree(const PackFunction& function, const std::function<void(const feel::Expr&)>& visit);
/// Calls `visit` for the tree itself and every part of it.
void for_each_part(const feel::Expr& tree, const std::function<void(const feel::Expr&)>& visit);

}  // namespace kaogong::scheme
