#include "tests/engine/explain/explained.h"

#include <stdexcept>

#include "engine/scheme/load.h"
#include "tenants/templates/templates.h"
#include "tests/engine/reference/text_inputs.h"

namespace kaogong::tests {

size_t Explained::row_of(const std::string& employee) const {
  for (size_t row = 0; row < inputs.rows(); ++row) {
    if (inputs.employees[row] == employee) return row;
  }
  throw std::runtime_error("no employee " + employee);
}

explain::Explanation Explained::explain(const std::string& employee, const std::vector<std::string>& decisions,
                                        const explain::Options& options) const {
  return explainer->explain(row_of(employee), decisions, options);
}

std::vector<std::string> Explained::all_decisions() const {
  std::vector<std::string> names;
  for (const scheme::Decision& decision : plan::document_of(*program).decisions) names.push_back(decision.name);
  return names;
}

std::unique_ptr<Explained> explained_scheme(const std::string& yaml, const std::string& period,
                                            const std::map<std::string, std::string>& texts) {
  scheme::Loaded loaded = scheme::load(yaml);
  if (!loaded.document) throw std::runtime_error("the scheme does not load: " + loaded.findings.at(0).message);
  plan::Compiled compiled = plan::compile(std::move(*loaded.document));
  if (compiled.program == nullptr)
    throw std::runtime_error("the scheme does not compile: " + compiled.findings.at(0).message);
  auto made = std::make_unique<Explained>();
  made->program = std::move(compiled.program);
  made->inputs = text_inputs(plan::document_of(*made->program), period, texts);
  plan::RunOptions options;
  options.threads = 1;
  options.keep_all = true;
  made->result = plan::run(*made->program, made->inputs, {}, options);
  if (!made->result.failure.empty()) throw std::runtime_error(made->result.failure);
  made->explainer = std::make_unique<explain::Explainer>(*made->program, made->inputs, made->result);
  return made;
}

std::unique_ptr<Explained> explained_case(const std::string& id) {
  const GoldenCase golden = read_golden(id);
  const templates::Template* found = templates::find(id);
  if (found == nullptr) throw std::runtime_error("no template " + id);
  return explained_scheme(std::string(found->yaml), golden.period, golden.texts);
}

const explain::Node* find(const explain::Node& node, const std::vector<std::string>& path) {
  const explain::Node* at = &node;
  for (const std::string& step : path) {
    const explain::Node* next = nullptr;
    for (const explain::Node& child : at->children) {
      if (next == nullptr && (child.name == step || child.expression == step)) next = &child;
    }
    if (next == nullptr) return nullptr;
    at = next;
  }
  return at;
}

const explain::Node* find_kind(const explain::Node& node, explain::Kind kind) {
  if (node.kind == kind) return &node;
  for (const explain::Node& child : node.children) {
    if (const explain::Node* found = find_kind(child, kind)) return found;
  }
  return nullptr;
}

}  // namespace kaogong::tests
