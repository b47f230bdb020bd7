#include "engine/feel/environment.h"

#include <algorithm>

namespace kaogong::feel {

Environment::Binding::Binding(std::string_view n, Value v, bool e, std::shared_ptr<Binding> p)
    : name(n),
      value(std::move(v)),
      entries(e),
      depth(std::max(value.depth(), p ? p->depth : 0)),
      parent(std::move(p)) {}

// A long chain of bindings must not be taken apart by recursion.
Environment::Binding::~Binding() {
  std::shared_ptr<Binding> next = std::move(parent);
  while (next && next.use_count() == 1) {
    std::shared_ptr<Binding> after = std::move(next->parent);
    next = std::move(after);
  }
}

Environment Environment::with(std::string_view name, Value value) const {
  Environment extended(*this);
  extended.bindings_ = std::make_shared<Binding>(name, std::move(value), false, bindings_);
  return extended;
}

Environment Environment::with_entries(Value context) const {
  Environment extended(*this);
  extended.bindings_ = std::make_shared<Binding>(std::string_view(), std::move(context), true, bindings_);
  return extended;
}

const Value* Environment::find_bound(std::string_view name) const {
  for (const Binding* binding = bindings_.get(); binding != nullptr; binding = binding->parent.get()) {
    if (binding->entries) {
      if (const Value* value = binding->value.as_context().find(name)) return value;
    } else if (binding->name == name) {
      return &binding->value;
    }
  }
  return nullptr;
}

std::optional<Value> Environment::find(std::string_view name) const {
  if (const Value* value = find_bound(name)) return *value;
  return root_->find(name);
}

}  // namespace kaogong::feel
