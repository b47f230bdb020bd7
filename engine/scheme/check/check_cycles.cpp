// Decisions, and computed columns with them, that need each other.
#include <map>

#include "engine/scheme/check/check.h"
#include "engine/scheme/check/checks.h"

namespace kaogong::scheme {
namespace {

struct Node {
  const Decision* decision;
  const RowSource* row;  // of a computed column
};

std::string display(const Node& node) {
  const std::string name = node.decision->name;
  return node.row == nullptr ? name : std::string(node.row->name) + "." + name;
}

class CycleFinder {
 public:
  explicit CycleFinder(const Names& names) {
    const Document& d = names.document();
    for (const Decision& decision : d.decisions) add({&decision, nullptr});
    const auto add_rows = [&](const std::string& name, const std::vector<Decision>& computed) {
      const RowSource* row = names.row_source(name);
      for (const Decision& column : computed) add({&column, row});
    };
    for (const Table& table : d.tables) add_rows(table.name, table.computed);
    for (const Lookup& lookup : d.lookups) add_rows(lookup.name, lookup.computed);
    for (const Group& group : d.groups) add_rows(group.name, group.computed);

    edges_.resize(nodes_.size());
    for (uint32_t i = 0; i < nodes_.size(); ++i) {
      for_each_reference(names, *nodes_[i].decision, nodes_[i].row, [&](const Reference& reference) {
        if (reference.earlier || reference.uncertain) return;
        const Decision* target = nullptr;
        if (reference.row == nullptr) {
          target = names.decision(reference.name);
        } else if (const auto found = reference.row->computed.find(reference.name);
                   found != reference.row->computed.end()) {
          target = found->second;
        }
        if (const auto found = index_.find(target); found != index_.end()) edges_[i].push_back(found->second);
      });
    }
  }

  // Depth first without recursion: chains of decisions may be long. Gives the order in which all are settled.
  std::vector<Definition> run(Findings* findings) {
    std::vector<Definition> order;
    enum class State : uint8_t { kNew, kOpen, kDone };
    std::vector<State> state(nodes_.size(), State::kNew);
    for (uint32_t root = 0; root < nodes_.size(); ++root) {
      if (state[root] != State::kNew) continue;
      std::vector<std::pair<uint32_t, size_t>> path = {{root, 0}};
      state[root] = State::kOpen;
      while (!path.empty()) {
        auto& [node, next] = path.back();
        if (next == edges_[node].size()) {
          state[node] = State::kDone;
          const RowSource* row = nodes_[node].row;
          order.push_back({nodes_[node].decision, row == nullptr ? std::string_view() : row->name});
          path.pop_back();
          continue;
        }
        const uint32_t target = edges_[node][next++];
        if (state[target] == State::kOpen) {
          if (findings != nullptr) report(path, target, findings);
        } else if (state[target] == State::kNew) {
          state[target] = State::kOpen;
          path.emplace_back(target, 0);
        }
      }
    }
    return order;
  }

 private:
  void add(Node node) {
    index_.emplace(node.decision, static_cast<uint32_t>(nodes_.size()));
    nodes_.push_back(node);
  }

  void report(const std::vector<std::pair<uint32_t, size_t>>& path, uint32_t target, Findings* findings) {
    if (++reported_ > 20) return;
    size_t begin = 0;
    while (path[begin].first != target) ++begin;
    std::string text;
    constexpr size_t kShown = 20;
    for (size_t i = begin; i < path.size(); ++i) {
      if (i - begin == kShown) {
        text += "… → ";
        break;
      }
      text += display(nodes_[path[i].first]) + " → ";
    }
    text += display(nodes_[target]);
    findings->push_back({Severity::kError, "cycle", nodes_[target].decision->at,
                         path.size() - begin == 1 ? "\"" + display(nodes_[target]) + "\" needs itself"
                                                  : "these need each other: " + text,
                         "compute one of them without the other, or take the value of the period before: previous(x)"});
  }

  std::vector<Node> nodes_;
  std::map<const Decision*, uint32_t> index_;
  std::vector<std::vector<uint32_t>> edges_;
  size_t reported_ = 0;
};

}  // namespace

void check_cycles(const Names& names, Findings& findings) { CycleFinder(names).run(&findings); }

std::vector<Definition> definition_order(const Document& document) { return CycleFinder(Names(document)).run(nullptr); }

}  // namespace kaogong::scheme
