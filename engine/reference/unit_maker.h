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
  explicit UnitMaker(Model& model) : model_(model) {}

  void add(const scheme::Expression& expression) {
    if (expression) add(*expression.tree);
  }
  void add(const feel::Expr& tree);
  void add(const scheme::Decision& decision);
  /// Writes the unit; its address must stay, cohort calls refer to it.
  void finish(Unit* unit);

 private:
  void add_call(const feel::Call& call);

  Model& model_;
  std::unordered_set<std::string> names_, this_names_;
  std::vector<uint32_t> cohorts_;
};

}  // namespace kaogong::reference
