// Runs of golden cases, ready to be explained.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/explain/explainer.h"
#include "engine/explain/render.h"
#include "tests/golden/case_folder.h"

namespace kaogong::tests {

/// A golden case, or another data set of a template or scheme, computed by the plan.
struct Explained {
  std::shared_ptr<const plan::Program> program;
  column::Inputs inputs;
  plan::RunResult result;
  std::unique_ptr<explain::Explainer> explainer;

  /// The row of an employee; fails with an exception for an unknown one.
  size_t row_of(const std::string& employee) const;
  explain::Explanation explain(const std::string& employee, const std::vector<std::string>& decisions,
                               const explain::Options& options = {}) const;
  std::vector<std::string> all_decisions() const;
};

std::unique_ptr<Explained> explained_case(const std::string& id);
std::unique_ptr<Explained> explained_scheme(const std::string& yaml, const std::string& period,
                                            const std::map<std::string, std::string>& texts);

/// The first node that the path of names leads to; null pointer: none. A name matches a node's name or expression.
const explain::Node* find(const explain::Node& node, const std::vector<std::string>& path);
/// The first node below (or the node itself) of that kind.
const explain::Node* find_kind(const explain::Node& node, explain::Kind kind);

}  // namespace kaogong::tests
