// Where names are looked up.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "engine/feel/value.h"

namespace kaogong::feel {

/// What a host offers to an expression. Read-only.
class Scope {
 public:
  virtual ~Scope() = default;
  /// Empty: the name is unknown here (a known name without a value is Value(), null).
  virtual std::optional<Value> find(std::string_view name) const = 0;
};

/// A scope without names.
class EmptyScope final : public Scope {
 public:
  std::optional<Value> find(std::string_view) const override { return std::nullopt; }
};

/// A host's scope and what the expression itself has bound since. Immutable and cheap to copy; with…() returns an
/// extended one. The root scope and the names' characters must outlive it (names are those of syntax trees or models).
class Environment final : public Scope {
 public:
  explicit Environment(const Scope& root) : root_(&root) {}

  Environment with(std::string_view name, Value value) const;
  /// Brings the entries of a context (kind kContext) as names.
  Environment with_entries(Value context) const;

  /// Inner bindings first.
  std::optional<Value> find(std::string_view name) const override;
  /// Looks at bindings only, not at the root scope.
  const Value* find_bound(std::string_view name) const;
  /// How deep the bound values nest.
  uint32_t depth() const { return bindings_ ? bindings_->depth : 0; }

 private:
  struct Binding {
    Binding(std::string_view n, Value v, bool e, std::shared_ptr<Binding> p);
    Binding(const Binding&) = delete;
    Binding& operator=(const Binding&) = delete;
    ~Binding();
    std::string_view name;
    Value value;
    bool entries;
    uint32_t depth;
    std::shared_ptr<Binding> parent;
  };

  const Scope* root_;
  std::shared_ptr<Binding> bindings_;
};

}  // namespace kaogong::feel
