// Finds what a definition's expressions may read.
#pragma once

#include <string>
#include <unordered_set>
#include <vector>

#include "engine/reference/model.h"

namespace kaogong::reference {

/// Collects the names in expressions, then makes the Unit. Registers the special calls it meets.
class UnitMaker {
 public:
  /// `inside`: the number of the pack that the expressions are of.
  explicit UnitMaker(Model& model, uint32_t inside = scheme::kNoPack) : model_(model), inside_(inside) {}

  void add(const scheme::Expression& expression) {
    if (expression) add(*expression.tree);
  }
  void add(const feel::Expr& tree);
  void add(const scheme::Decision& decision);
  /// Writes the unit; its address must stay, cohort calls refer to it.
  void finish(Unit* unit);

 private:
  void add_call(const feel::Call& call);
  bool add_pack_call(const feel::Call& call);

  Model& model_;
  const uint32_t inside_;
  std::unordered_set<std::string> names_, this_names_;
  std::vector<uint32_t> cohorts_;
};

}  // namespace kaogong::reference
