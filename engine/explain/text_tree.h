// The inside of to_text: lines of a tree.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/explain/render.h"

namespace kaogong::explain {

/// One entry of the tree: `head = value  note`, lines of detail below it, then its children.
struct Entry {
  std::string head, value, note;
  bool number = false;  // the value stands right
  std::vector<std::string> details;
  std::vector<Entry> children;
};

/// Makes entries of nodes, in one language.
class TextTree {
 public:
  explicit TextTree(const TextOptions& options) : options_(options) {}

  Entry entry(const Node& node) const;
  std::string word(std::string_view zh, std::string_view en) const {
    return std::string(options_.language == Language::kZh ? zh : en);
  }
  /// "月度业务提成 commission"; the name alone where there is no label.
  std::string title(const scheme::Labels& labels, const std::string& name) const;
  std::string value(const Shown& value) const;
  /// "population.csv 第17行".
  std::string place(const std::string& file, uint32_t line) const;

 private:
  void say_definition(const Node& node, Entry* entry) const;
  void add_children(const Node& node, Entry* entry) const;
  Entry condition(const Node& node) const;
  Entry lookup(const Node& node) const;
  Entry bands(const Node& node) const;
  Entry table(const Node& node) const;
  Entry pack_row(const Node& node) const;
  /// ",四舍五入到2位小数"; empty for what is not rounded.
  std::string rounding(const Node& node) const;
  Entry history(const Node& node) const;
  Entry cohort(const Node& node) const;
  Entry rows(const Node& node) const;  // render_rows.cpp
  std::vector<std::string> grid(const std::vector<const Node*>& rows, Entry* entry) const;
  Entry row_parts(const Node& row) const;

  const TextOptions& options_;
};

}  // namespace kaogong::explain
