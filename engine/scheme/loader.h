// The loader's inside: one object reads one tree, section by section, and collects what is wrong.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/feel/parser.h"
#include "engine/scheme/document.h"
#include "engine/scheme/keys.h"
#include "engine/scheme/pack.h"
#include "engine/scheme/tree.h"

namespace kaogong::scheme {

class Loader;

/// A map of the document read by key: reports unknown and missing keys when it is made.
class Fields {
 public:
  /// `what` names the map in findings: `input "base_wage"`.
  Fields(Loader& loader, const Node& map, const KeySet& keys, std::string what);

  /// The key's value; null pointer when the key is absent or has no value.
  const Node* find(std::string_view key) const;
  /// The key's value, nulls too.
  const Node* find_raw(std::string_view key) const;
  const Node& map() const { return map_; }
  const std::string& what() const { return what_; }
  /// What a key is called in findings: `"min" of input "base_wage"`.
  std::string name_of(std::string_view key) const { return "\"" + std::string(key) + "\" of " + what_; }

 private:
  const Node& map_;
  std::string what_;
};

class Loader {
 public:
  explicit Loader(const SourceText& source) : source_(source) {}

  /// Reads a scheme; `library` has the packs that it may use.
  void read(const Node& root, const PackLibrary& library);
  Document document;
  std::vector<Finding> findings;

  // ---- Findings ----
  void error(const Node& at, std::string code, std::string message, std::string remedy) {
    error_at(at.offset, std::move(code), std::move(message), std::move(remedy));
  }
  void error_at(size_t offset, std::string code, std::string message, std::string remedy);
  void warn(const Node& at, std::string code, std::string message, std::string remedy);
  Position at(const Node& node) const { return source_.at(node.offset); }

  // ---- Values (load_values.cpp): each reports a wrong kind ----
  bool expect(const Node& node, Node::Kind kind, std::string_view what);
  std::string text(const Node& node, std::string_view what);
  std::optional<uint32_t> whole_number(const Node& node, std::string_view what, uint32_t most);
  std::optional<bool> boolean(const Node& node, std::string_view what);
  Labels labels(const Node& node, std::string_view what);
  /// A text, or a list of texts.
  std::vector<std::string> texts(const Node& node, std::string_view what);
  std::string source_note(const Node& node, std::string_view what);
  Expression expression(const Node& node, const std::string& what);
  std::shared_ptr<const feel::UnaryTests> unary_tests(const Node& node, const std::string& what);
  /// A literal's text; nothing (and a finding) where it does not fit. A null is the empty text.
  std::optional<std::string> literal(const Node& node, const TypeDecl& type, std::string_view what);
  /// Calls `each` for every name of a map of named things, after checking the name.
  void each_named(const Node& map, std::string_view what,
                  const std::function<void(const Node& key, const Node& value)>& each);

  // ---- Types (load_types.cpp) ----
  enum class TypeUse : uint8_t { kValue, kComputed };
  TypeDecl type(const Fields& fields, TypeUse use);
  void read_rounding(const Fields& fields, TypeDecl& type);
  void read_named(const Fields& fields, Named& named);
  Named named(const Node& key, const Node& value, const KeySet& keys, std::string_view what);

  // ---- Names (load_names.cpp) ----
  bool valid_name(const Node& key, std::string_view what);
  /// A name of the employee's scope: inputs, tables, lookups, groups, parameters, decisions share it.
  void declare(const Node& key, std::string_view kind);
  /// A table or lookup whose rows come from <name>.csv: no file of the calculation may be meant twice.
  void declare_file(const Node& key, std::string_view kind);
  void declare_history(const Node& key);
  /// A name of a child row's scope; `columns` are those before it.
  void declare_column(const Node& key, std::string_view what, std::unordered_map<std::string, uint32_t>& columns);
  void unknown(const Node& at, std::string_view kind, std::string_view name,
               const std::vector<std::string_view>& known);
  /// Reads one column name or a list of them, each one of `known` and none twice.
  std::vector<std::string> columns_named(const Node& node, std::string_view what,
                                         const std::vector<std::string_view>& known);

  // ---- Sections ----
  void read_head(const Fields& fields);                          // load.cpp
  void read_uses(const Node& node, const PackLibrary& library);  // load_uses.cpp
  void read_inputs(const Node& map);                             // load_types.cpp
  void read_history(const Node& map);                            // load_types.cpp
  void read_parameters(const Node& map);                         // load_types.cpp
  void read_tables(const Node& map);                             // load_tables.cpp
  void read_lookups(const Node& map);                            // load_lookups.cpp
  void read_groups(const Node& map);                             // load_tables.cpp
  void read_decisions(const Node& map);                          // load_decisions.cpp
  void read_checks(const Node& list, std::string_view what, const std::vector<std::string_view>& columns,
                   std::vector<Check>& checks);  // load_tables.cpp
  void read_assertions(const Node& list);        // load_assertions.cpp
  void read_outputs(const Node& list);           // load_decisions.cpp

  std::vector<Column> read_columns(const Node& map, const std::string& what,
                                   std::unordered_map<std::string, uint32_t>& declared);
  std::vector<Decision> read_computed(const Node& map, const std::string& what, const std::vector<Column>& columns,
                                      std::unordered_map<std::string, uint32_t>& declared);
  Complete read_complete(const Node& node, const Table& table, const std::string& what);
  void read_inline_rows(const Node& rows, Lookup& lookup, const std::string& what);
  /// expr, bands or table of a decision or computed column.
  void read_rule(const Fields& fields, Decision& decision, std::string_view name);
  Bands read_bands(const Node& node, const Decision& decision, const std::string& what);
  std::shared_ptr<DecisionTable> read_decision_table(const Node& node, const std::string& what, std::string_view name,
                                                     const std::vector<const Named*>& outputs);
  void read_table_rule(const Node& node, const std::string& what, DecisionTable& table);
  void read_several(const Node& key, const Fields& fields);
  /// Holds a band's bound against the type that `of` has, now or (a decision not yet read) at the end.
  void check_bound(const Expression& of, const Node& bound);
  void check_bound_type(const Node& bound, std::string_view name, const TypeDecl& type);
  void check_bounds_later();
  void count_rules(const Node& at, size_t more);

 protected:
  struct Declared {
    std::string_view kind;
    uint32_t offset;
  };
  struct LateBound {  // a band's bound, to be held against the type of the value that `of` names
    std::string of;
    const Node* bound;
  };

  const SourceText& source_;
  std::unordered_map<std::string, Declared> names_;
  std::unordered_map<std::string, uint32_t> history_names_;
  std::unordered_map<std::string, std::shared_ptr<const feel::UnaryTests>> tests_;  // by text: cells repeat
  std::unordered_map<std::string, std::shared_ptr<const feel::Expr>> expressions_;
  std::vector<LateBound> late_bounds_;
  // While computed columns are read: the row's own names.
  const std::vector<Column>* row_columns_ = nullptr;
  const std::unordered_map<std::string, uint32_t>* row_names_ = nullptr;
  size_t names_count_ = 0;
  size_t rules_count_ = 0;
  bool too_many_ = false;
};

/// Says whether a document's id is one: lower-case letters, digits, hyphens and _, beginning with a letter.
bool valid_id(std::string_view id);
/// Reads a text as a tree and has it read; findings come in the order of the text. Never throws.
std::vector<Finding> read_text(std::string_view text,
                               const std::function<std::vector<Finding>(const SourceText&, const Node&)>& read);
/// FEEL's keywords.
bool is_keyword(std::string_view name);

/// Names that no input, parameter, decision, table, group or lookup may have.
bool is_reserved_name(std::string_view name);
/// Names that no column of a child table or lookup may have.
bool is_reserved_column(std::string_view name);

}  // namespace kaogong::scheme
