// A DMN model in memory: the elements of OMG DMN 1.2 to 1.5 that have a meaning in execution.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "engine/dmn/decision_table.h"
#include "engine/feel/ast.h"
#include "engine/feel/type.h"

namespace kaogong::dmn {

struct Model;

/// FEEL text and what it parsed to. `expr` is null if the text is empty or not FEEL (`error` then says why).
struct Literal {
  std::string text;
  feel::ExprPtr expr;
  std::string error;
};

/// The cells of decision tables: unary tests.
struct Tests {
  std::string text;
  std::shared_ptr<const feel::UnaryTests> tests;
  std::string error;
};

struct Boxed;
using BoxedPtr = std::unique_ptr<Boxed>;

/// A name with a type, as variables, parameters, columns and components have it.
struct TypedName {
  std::string name;
  std::string type_ref;  // empty: any
};

struct BoxedContext {
  struct Entry {
    TypedName variable;  // the result entry has no name
    BoxedPtr value;
  };
  std::vector<Entry> entries;
};

struct DecisionTable {
  struct Input {
    Literal expression;
    std::string type_ref;
    Tests values;  // may be absent
  };
  struct Output {
    OutputColumn column;
    std::string type_ref;
    Tests values;
    Literal default_value;
  };
  struct Rule {
    std::vector<Tests> inputs;
    std::vector<Literal> outputs;
  };
  HitPolicy hit_policy = HitPolicy::kUnique;
  Aggregation aggregation = Aggregation::kNone;
  std::vector<Input> inputs;
  std::vector<Output> outputs;
  std::vector<Rule> rules;
};

struct Invocation {
  BoxedPtr callee;
  struct Binding {
    TypedName parameter;
    BoxedPtr value;  // may be null: not bound
  };
  std::vector<Binding> bindings;
};

struct Relation {
  std::vector<TypedName> columns;
  std::vector<std::vector<BoxedPtr>> rows;
};

struct BoxedList {
  std::vector<BoxedPtr> items;
};

struct BoxedFunction {
  enum class Kind : uint8_t { kFeel, kJava, kPmml } kind = Kind::kFeel;
  std::vector<TypedName> parameters;
  BoxedPtr body;  // may be null
};

struct Conditional {
  BoxedPtr condition, then_branch, else_branch;
};

struct BoxedFilter {
  BoxedPtr in, match;
};

struct BoxedIteration {
  enum class Kind : uint8_t { kFor, kSome, kEvery } kind = Kind::kFor;
  std::string variable;
  BoxedPtr in, body;
};

/// A boxed expression.
struct Boxed {
  std::string type_ref;
  std::variant<Literal, BoxedContext, DecisionTable, Invocation, Relation, BoxedList, BoxedFunction, Conditional,
               BoxedFilter, BoxedIteration>
      form;
};

enum class ElementKind : uint8_t { kInputData, kDecision, kKnowledgeModel, kDecisionService };

/// An element of the decision requirements graph.
struct Element {
  ElementKind kind = ElementKind::kDecision;
  const Model* model = nullptr;
  std::string id;
  std::string name;
  TypedName variable;
  std::vector<std::string> required_inputs, required_decisions, required_knowledge;  // hrefs
  BoxedPtr logic;                                                                    // of a decision; may be null
  BoxedFunction function;                                                            // of a knowledge model
  std::vector<std::string> output_decisions, input_decisions, input_data;            // of a decision service: hrefs
};

struct ItemDefinition {
  std::string name;
  std::string type_ref;
  bool collection = false;
  Tests allowed, constraint;
  std::vector<ItemDefinition> components;
  bool is_function = false;
  std::vector<TypedName> parameters;
  std::string output_type_ref;
};

struct Import {
  std::string name;
  std::string namespace_uri;
  std::string location;
  const Model* model = nullptr;
};

struct Model {
  std::string name;
  std::string namespace_uri;
  std::vector<Import> imports;
  std::vector<ItemDefinition> item_definitions;
  std::vector<std::unique_ptr<Element>> elements;
  std::unordered_map<std::string, const Element*> by_id;
  std::unordered_map<std::string, feel::TypePtr> types;  // by item definition's name

  const Element* find(std::string_view element_name) const;
  /// The element that an href means: "#id", "id", or "namespace#id" of this or an imported model. Null: none.
  const Element* resolve(const std::string& href) const;
  /// The import through which an href leads; null if it stays in this model.
  const Import* import_of(const std::string& href) const;
  /// A type by its reference: built in, own, or "import.name". Null: unknown.
  feel::TypePtr type(const std::string& reference) const;
};

/// Gives the bytes of an imported model by its namespace and, if written, location. Empty: not to be had.
using ImportResolver =
    std::function<std::optional<std::string>(const std::string& namespace_uri, const std::string& location)>;

/// A model with everything it imports. Immutable after loading.
struct Definitions {
  std::vector<std::unique_ptr<Model>> models;  // the root is the first
  const Model& root() const { return *models.front(); }
};

struct LoadError {
  std::string message;
};

/// Bounds on what is accepted.
inline constexpr size_t kModelBytesMax = size_t{32} << 20;
inline constexpr int kBoxedNestingMax = 100;
inline constexpr size_t kModelsMax = 100;

/// Reads a model. FEEL texts that do not parse are kept with their errors and evaluate to null, as DMN wants it.
/// Errors: not XML, no definitions element, beyond the bounds, an import that cannot be had.
std::variant<std::shared_ptr<const Definitions>, LoadError> load(std::string_view bytes,
                                                                 const ImportResolver& resolver = {});
/// The namespace that a model's root element declares. Empty: not a DMN model.
std::optional<std::string> namespace_of(std::string_view bytes);

}  // namespace kaogong::dmn
