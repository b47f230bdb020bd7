#include "engine/scheme/tree_builder.h"

#include <string_view>
#include <unordered_map>

namespace kaogong::scheme {

void TreeBuilder::refuse(size_t offset, std::string code, std::string message, std::string remedy) {
  tree_.findings.push_back(
      {Severity::kError, std::move(code), source_.at(offset), std::move(message), std::move(remedy)});
  throw TreeRefused{};
}

void TreeBuilder::count(size_t offset) {
  if (++nodes_ > kNodesMax) {
    refuse(offset, "too-many-values", "the document has more than " + std::to_string(kNodesMax) + " values",
           "give large lookups as a CSV file instead of inline");
  }
}

Node* TreeBuilder::place(Node node) {
  if (open_.empty()) {
    tree_.root = std::move(node);
    return &tree_.root;
  }
  open_.back().children.push_back(std::move(node));
  return &open_.back().children.back();
}

Node* TreeBuilder::add(Node::Kind kind, Node::Style style, size_t offset, std::string text) {
  count(offset);
  // An escape ("\\0") can make what the text itself may not hold.
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r') {
      refuse(offset, "encoding", "the text holds a control character", "remove the escape");
    }
  }
  Node node;
  node.kind = kind;
  node.style = style;
  node.offset = static_cast<uint32_t>(offset);
  node.text = std::move(text);
  return place(std::move(node));
}

void TreeBuilder::open(Node::Kind kind, size_t offset) {
  count(offset);
  if (open_.size() >= kDepthMax) {
    refuse(offset, "too-deep", "the document is nested deeper than " + std::to_string(kDepthMax) + " levels",
           "no scheme needs that: flatten it");
  }
  Node node;
  node.kind = kind;
  node.offset = static_cast<uint32_t>(offset);
  open_.push_back(std::move(node));
}

void TreeBuilder::close() {
  Node node = std::move(open_.back());
  open_.pop_back();
  if (node.is_map()) check_keys(node);
  place(std::move(node));
}

void TreeBuilder::check_keys(const Node& map) {
  std::unordered_map<std::string_view, uint32_t> seen;
  for (size_t i = 0; i < map.pairs(); ++i) {
    const Node& key = map.key(i);
    if (!key.is_text()) {
      refuse(key.offset, "wrong-kind", "a key must be a text, not " + std::string(kind_name(key)),
             "write a name before the colon");
    }
    if (key.text == "<<" && key.style == Node::Style::kPlain) {
      refuse(key.offset, "merge-key", "merge keys (<<) are not allowed", "write the keys out");
    }
    const auto [where, fresh] = seen.emplace(key.text, key.offset);
    if (!fresh && tree_.findings.size() < 100) {
      tree_.findings.push_back({Severity::kError, "duplicate-key", source_.at(key.offset),
                                "the key \"" + key.text + "\" stands here twice; first in line " +
                                    std::to_string(source_.at(where->second).line),
                                "remove one of the two"});
    }
  }
}

}  // namespace kaogong::scheme
