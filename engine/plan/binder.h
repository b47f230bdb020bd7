// The binder's inside, shared by the bind_*.cpp files.
#pragma once

#include "engine/plan/bind.h"

namespace kaogong::plan {

/// An expression that is wrong.
struct Wrong {
  std::string code;
  feel::Span span;
  std::string message, remedy;
};

class Binder {
 public:
  explicit Binder(const BindInput& input);
  BoundScheme run();
  /// Binds the functions of the document's packs for themselves (bind_packs.cpp).
  std::vector<scheme::Finding> check_functions();

 private:
  // --- where names are looked up, innermost last
  struct Scope {
    enum class Kind : uint8_t { kEmployee, kTable, kGroup, kName, kItem, kHistory, kPack } kind = Kind::kEmployee;
    uint32_t index = 0;  // kTable, kGroup, kPack
    std::string name;    // kName: the iteration variable
    Bound value;         // kName, kItem
    int64_t lag = 0;     // kHistory: which by_period entry; -1: this period
  };
  // What may leave a definition, or the arguments of a cohort, without a value.
  struct Gathered {
    std::vector<Node*> conditions;
    bool cohort = false;
  };
  // Saves what a nested definition must not see, and gives it back.
  struct Frame {
    std::vector<Scope> scopes;
    Node* path;
    std::set<const Node*> facts;
    bool lenient;
    Domain domain;
    Node* outer_path;
    std::set<const Node*> outer_facts;
    Gathered* gathered;
    std::vector<Domain> row_of;
    const char* stack_base;
  };
  Frame enter_definition(Domain domain);
  void leave_definition(Frame frame);

  // --- expressions (bind_expression.cpp)
  Bound bind(const feel::Expr& expr);
  Bound bind_expression(const scheme::Expression& expression);
  Node* bind_condition(const feel::Expr& expr);  // never null
  Bound binary(const feel::Binary& expr);
  Bound arithmetic(feel::BinaryOp op, Bound a, Bound b, feel::Span span);
  Bound divide(Bound a, Bound b, feel::Span span, bool mean = false);
  // Proven bounds of a number in units of 10^-`scale`, rounded outwards; nothing: too large to say.
  static std::optional<std::pair<Int, Int>> bounds_of(const Bound& value, uint8_t scale);
  static void set_quotient(Bound* value, const std::optional<std::pair<Int, Int>>& bounds);
  Bound equality(bool negated, Bound a, Bound b, feel::Span span);
  Bound ordering(feel::BinaryOp op, Bound a, Bound b, feel::Span span);
  Node* compare_numbers(Op op, const Bound& a, const Bound& b);
  Bound select(Node* condition, Bound a, Bound b, feel::Span span);
  Bound minimum_or_maximum(bool maximum, Bound a, Bound b, feel::Span span);
  Node* test(const feel::UnaryTest& test, const Bound& value, feel::Span span);
  Node* tests_hold(const feel::UnaryTests& tests, const Bound& value);
  Node* in_range(const feel::RangeLiteral& range, const Bound& value, feel::Span span);

  // --- names, paths, filters (bind_names.cpp)
  Bound name(const std::string& name, feel::Span span);
  std::optional<Bound> scoped_name(const std::string& name);
  std::optional<Bound> employee_name(const std::string& name);
  std::optional<Bound> row_column(Domain rows, const std::string& name);
  Bound path(const feel::Path& expr);
  Bound filter(const feel::Filter& expr);
  Bound child_rows(Domain rows);
  Bound load(const column::Column& column, const scheme::TypeDecl& type, Domain domain);
  Bound history_value(uint32_t column, size_t lag_index);
  Bound parameter(uint32_t index);
  std::optional<Domain> child_domain(const std::string& name) const;

  // --- calls (bind_calls.cpp)
  Bound call(const feel::Call& expr);
  Bound aggregate(const std::string& function, const Bound& list, feel::Span span);
  Bound aggregate_list(const std::string& function, const Bound& list, feel::Span span);
  Bound aggregate_rows(const std::string& function, const Bound& list, feel::Span span);
  Bound iterate(const feel::For& expr);
  Bound cohort_call(const std::string& function, const feel::Call& expr);
  Bound history_call(const std::string& function, const feel::Call& expr);
  Bound date_call(const std::string& function, const feel::Call& expr);
  Node* align_string(const Bound& value, const DictionaryPtr& to);  // codes of `to`, -1 where it lacks the string

  // --- lookups (bind_lookups.cpp)
  Bound lookup_call(uint32_t lookup, const feel::Call& expr);
  Bound lookup_column(const Bound& row, const std::string& column, feel::Span span);
  /// The row of a key among rows of given columns, or -1. `known`, if given, says whether the key is a constant.
  Node* key_row(const scheme::Lookup& decl, const std::vector<column::Column>& columns, size_t rows,
                const feel::Call& expr, std::string payload, bool* known = nullptr);
  Bound gathered_column(const column::Column& column, const scheme::TypeDecl& type, size_t rows, Node* row);
  struct Picked {           // the rows that a filter leaves: alternatives, and which one an employee has
    Node* index = nullptr;  // -1: none
    std::vector<std::vector<size_t>> rows;
  };
  Picked pick(uint32_t lookup, const feel::Expr* predicate);
  Bound lookup_rows(uint32_t lookup, const feel::Expr* predicate);
  Bound aggregate_lookup(const std::string& function, const Bound& list, feel::Span span);

  // --- packs (bind_packs.cpp)
  std::optional<Bound> pack_call(const feel::Call& expr);
  Bound pack_function(scheme::PackFunctionId id, const feel::Call& expr);
  Bound pack_body(scheme::PackFunctionId id, std::vector<Bound> arguments);
  Bound pack_table_call(const BoundPackTable& table, const feel::Call& expr);
  Node* pack_band(const BoundPackTable& table, Node* group, Bound of, feel::Span span);
  std::optional<Bound> pack_name(uint32_t pack, const std::string& name);
  Bound pack_column(const BoundPackTable& table, const std::string& column, Node* row, feel::Span span);
  std::optional<Bound> calendar_name(const std::string& name);
  uint32_t inside_pack() const;

  // --- definitions (bind_decisions.cpp)
  /// Binds all that it can, each behind what it needs, so that none is bound from within a long chain of others.
  void definitions_in_order();
  Bound decision(uint32_t index);
  Bound computed(Domain rows, uint32_t index);
  Bound define(const scheme::Decision& decision, bool cohort_allowed);
  Bound bands(const scheme::Decision& decision);
  /// All the texts that bands can give.
  DictionaryPtr labels_of(const scheme::Decision& decision);
  Bound table(const scheme::Decision& decision);
  Bound literal(const scheme::TypeDecl& type, const std::string& text);
  Bound conform(Bound value, const scheme::Named& named, feel::Span span);
  Bound rounded(const Bound& value, const scheme::TypeDecl& type);
  void checks();
  void table_rules(uint32_t table);
  void complete(uint32_t table, uint32_t index);
  struct Choice {                         // alternatives of a list of strings, and which one an employee has
    std::vector<std::vector<Int>> lists;  // codes of the column's dictionary
    Node* index = nullptr;                // -1: none
  };
  Choice choice_of(const feel::Expr& expr, const DictionaryPtr& dictionary);
  Choice lookup_choice(uint32_t lookup, const feel::Expr* predicate, const std::string& column,
                       const DictionaryPtr& dictionary);
  Bound interpret(const scheme::Decision& decision, uint32_t index);
  void collect_names(const feel::Expr& expr, std::set<std::string>* names) const;
  void collect_names(const scheme::Decision& decision, std::set<std::string>* names) const;

  // --- small things
  /// Throws Wrong if a definition would begin too deep within others.
  void check_depth(const scheme::Decision& decision) const;
  void fail(Node* condition);
  void gather(Node* condition);  // that there is no value where it holds; who asks is blocked, but not at fault
  Node* where_evaluated(Node* condition);
  Node* any_of_employee(const std::vector<Node*>& conditions);
  bool known_outside(const Node* valid) const;
  void refuse_null(Node* valid, Wrong wrong);
  void record_cohort(const feel::Call& call, const Bound& result, Node* count);
  Node* not_null(const Bound& value, feel::Span span, const char* where);  // adds nothing; reports a possible null
  Bound required_number(Bound value, feel::Span span);
  void unify(Bound* a, Bound* b);  // strings: one dictionary for both
  DictionaryPtr literal_dictionary(const std::string& value);
  /// Precedes every look at what is in a dictionary. Throws Unsupported if it still grows when the plan runs.
  void require_complete(const DictionaryPtr& dictionary) const;
  void assume(Node* condition);  // facts that hold where condition holds
  void assume_not(Node* condition);
  bool known(const Node* valid) const { return valid == nullptr || facts_.contains(valid); }
  Bound with_facts(Bound value) const;
  Int rows_max(Domain child, Domain parent) const;
  Domain row_domain() const { return domain_; }
  Bound number(Node* num, uint8_t scale) const;
  Bound boolean(Node* num) const;
  Int constant_of(const Bound& value, feel::Span span, const char* what) const;
  void report(scheme::Severity severity, const std::string& code, feel::Span span, const std::string& message,
              const std::string& remedy);
  void report(const Wrong& wrong);

  const BindInput& in_;
  const scheme::Document& doc_;
  BoundScheme out_;
  Graph* g_;
  std::vector<Scope> scopes_;
  Node* path_ = nullptr;
  std::set<const Node*> facts_;
  bool lenient_ = false;
  // Inside the arguments of a cohort, which are evaluated for those, too, who do not come to the call: the path and the
  // facts outside of them.
  Node* outer_path_ = nullptr;
  std::set<const Node*> outer_facts_;
  Gathered* gathered_ = nullptr;
  Domain domain_ = kEmployees;  // whose row the expression is about
  std::vector<Domain> row_of_;  // whose rows it is evaluated for, one by one, outermost first
  const scheme::Expression* expression_ = nullptr;
  bool in_definition_of_row_ = false;
  uint64_t steps_ = 0;  // expressions bound
  /// While a pack's function is bound: where the scheme calls it.
  struct PackSite {
    const scheme::Expression* expression;
    feel::Span span;
    std::string name;
  };
  std::optional<PackSite> pack_site_;
  std::map<const column::Column*, column::Column*> blank_pack_columns_;
  // When only checking: what may be anything.
  std::map<const BoundPackTable*, column::Column*> any_row_;
  std::map<const scheme::Named*, column::Column*> any_value_;

  enum class State : uint8_t { kNew, kBinding, kDone, kFailed };
  std::vector<State> decision_state_;
  std::map<std::pair<uint64_t, uint32_t>, Bound> computed_;
  std::map<std::pair<uint64_t, uint32_t>, Gathered> computed_gathered_;
  std::map<std::pair<uint64_t, uint32_t>, std::string> unsupported_;  // computed columns that do not vectorise
  std::set<std::pair<uint64_t, uint32_t>> computing_;
  // Where the stack was when the first of the definitions that are being bound from within each other began. In order
  // they do not nest; in a circle, or where names alone do not show who needs whom, they do.
  static constexpr size_t kStackBytesMax = size_t{1} << 20;
  const char* stack_base_ = nullptr;
  std::map<const column::Column*, std::pair<Int, Int>> ranges_;
  std::map<std::string, DictionaryPtr> literals_;
  std::map<std::pair<const column::Dictionary*, const column::Dictionary*>, DictionaryPtr> unions_;
  std::map<const scheme::Named*, DictionaryPtr> decision_dictionaries_;
  std::set<const column::Dictionary*> growing_;  // of texts that are only known once they are computed
  std::map<std::string, std::shared_ptr<Finder>> finders_;
  std::map<uint32_t, column::Column*> blank_history_;
  std::unordered_map<std::string, uint32_t> decision_index_, input_index_, parameter_index_, history_index_,
      table_index_, group_index_, lookup_index_;
};

inline uint64_t domain_key(Domain d) { return static_cast<uint64_t>(d.kind) << 32 | d.index; }

}  // namespace kaogong::plan
