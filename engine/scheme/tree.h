// YAML or JSON text to a small tree in which every value keeps its written text and its place.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/scheme/document.h"
#include "engine/scheme/source_text.h"

namespace kaogong::scheme {

/// A value of the document. Nothing is typed: 1.00 stays "1.00" and yes stays "yes".
struct Node {
  enum class Kind : uint8_t { kNull, kText, kList, kMap };
  enum class Style : uint8_t { kPlain, kSingleQuoted, kDoubleQuoted, kLiteral, kFolded };

  Kind kind = Kind::kNull;
  Style style = Style::kPlain;
  uint32_t offset = 0;         // of the value's first byte (a quote, a block's `|`)
  std::string text;            // of a text; of a null as written: "null", "~", or empty
  std::vector<Node> children;  // of a list; of a map: key, value, key, value …

  bool is_null() const { return kind == Kind::kNull; }
  bool is_text() const { return kind == Kind::kText; }
  bool is_list() const { return kind == Kind::kList; }
  bool is_map() const { return kind == Kind::kMap; }
  size_t pairs() const { return children.size() / 2; }
  const Node& key(size_t i) const { return children[2 * i]; }
  const Node& value(size_t i) const { return children[2 * i + 1]; }
};

struct Tree {
  bool readable = false;  // false: the text could not be read to its end; `findings` says why
  Node root;
  std::vector<Finding> findings;
};

/// Reads one document. Anchors, aliases, tags and merge keys are refused, as are duplicate keys, keys that are not
/// texts, nesting deeper than kDepthMax and more than kNodesMax values. Never throws.
Tree read_tree(const SourceText& source);

inline constexpr size_t kDepthMax = 64;
inline constexpr size_t kNodesMax = 1'000'000;

/// Where the byte `offset` of a text node's value stands in the document. Exact for plain and quoted values on one line
/// and for literal blocks; for folded ones the nearest place before it.
size_t source_offset(const SourceText& source, const Node& node, size_t offset);

/// How findings name a node's kind: "a text", "a list", "a map", "nothing".
std::string_view kind_name(const Node& node);

}  // namespace kaogong::scheme
