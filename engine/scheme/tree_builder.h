// The tree under construction: what the YAML and the JSON reader share, with its limits.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "engine/scheme/tree.h"

namespace kaogong::scheme {

/// Thrown inside the readers only: ends reading.
struct TreeRefused {};

class TreeBuilder {
 public:
  TreeBuilder(const SourceText& source, Tree& tree) : source_(source), tree_(tree) {}

  /// The node just added (valid until the next call).
  Node* add(Node::Kind kind, Node::Style style, size_t offset, std::string text);
  void open(Node::Kind kind, size_t offset);
  void close();
  [[noreturn]] void refuse(size_t offset, std::string code, std::string message, std::string remedy);

 private:
  void count(size_t offset);
  Node* place(Node node);
  void check_keys(const Node& map);

  const SourceText& source_;
  Tree& tree_;
  std::vector<Node> open_;
  size_t nodes_ = 0;
};

/// Reads strict JSON. False: it is not JSON (the tree is as it was); throws TreeRefused at a limit.
bool read_json(const SourceText& source, Tree& tree);

}  // namespace kaogong::scheme
