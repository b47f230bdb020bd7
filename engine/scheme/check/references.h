// Which names of the scheme an expression refers to, by FEEL's and the scheme language's scopes.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "engine/feel/ast.h"
#include "engine/scheme/document.h"

namespace kaogong::scheme {

/// Something with rows: a child table, a group of one, a lookup.
struct RowSource {
  enum class Kind : uint8_t { kTable, kGroup, kLookup } kind = Kind::kTable;
  std::string_view name;
  std::unordered_map<std::string_view, const Named*> columns;      // declared and computed
  std::unordered_map<std::string_view, const Decision*> computed;  // of these, the computed ones
};

/// The names of a document. Refers to the document, which must outlive it.
class Names {
 public:
  explicit Names(const Document& document);
  Names(const Names&) = delete;
  Names& operator=(const Names&) = delete;

  const Document& document() const { return document_; }
  const RowSource* row_source(std::string_view name) const;
  const Decision* decision(std::string_view name) const;
  const Input* input(std::string_view name) const;
  bool in_history(std::string_view name) const { return history_.contains(name); }
  /// The declared type of a plain name, of `this.name`, or of a lookup's column `lookup(key).name`; null for anything
  /// else.
  const TypeDecl* type_of(const feel::Expr& expression, const RowSource* row) const;
  /// The column of `row` (may be null) of that name, else the input, decision or parameter.
  const Named* find(std::string_view name, const RowSource* row) const;
  /// The sources that have a column of this name.
  std::vector<const RowSource*> sources_with(std::string_view column) const;

 private:
  const Document& document_;
  std::unordered_map<std::string_view, RowSource> rows_;
  std::unordered_map<std::string_view, const Named*> values_;
  std::unordered_map<std::string_view, const Decision*> decisions_;
  std::unordered_map<std::string_view, const Input*> inputs_;
  std::unordered_set<std::string_view> history_;
  std::unordered_map<std::string_view, std::vector<const RowSource*>> columns_;
};

/// One reference. `row` is set for a column; otherwise the name is of the employee's scope.
struct Reference {
  std::string_view name;
  const RowSource* row = nullptr;
  bool earlier = false;    // a value of earlier periods only: `previous(x)`
  bool uncertain = false;  // a column of rows that are not plain to see: one reference for each source that has it
  feel::Span span;
};

/// Calls `each` for every name of the scheme that the expression refers to, standing in a row of `row` (null: the
/// employee's row). Local names (of for, some, every, functions, contexts) and built-in functions are left out.
void for_each_reference(const Names& names, const feel::Expr& expression, const RowSource* row,
                        const std::function<void(const Reference&)>& each);

/// Calls `each` for every expression of a decision or computed column.
void for_each_expression(const Decision& decision, const std::function<void(const Expression&)>& each);
/// And for the references in the tests of its table, which stand in the same scope.
void for_each_reference(const Names& names, const Decision& decision, const RowSource* row,
                        const std::function<void(const Reference&)>& each);

}  // namespace kaogong::scheme
