// Functions on contexts (OMG DMN 1.5, 10.3.4.8).
#include <algorithm>

#include "engine/feel/builtins.h"

namespace kaogong::feel {
namespace {

Value get_value(Arguments& arguments) {
  const Context& context = arguments.context(0);
  if (arguments[1].is(ValueKind::kList)) {
    const Value* value = nullptr;
    const Context* inside = &context;
    for (const Value& key : arguments[1].as_list()) {
      if (!key.is(ValueKind::kString)) arguments.refuse("every key must be a string");
      if (inside == nullptr) arguments.refuse("there is no such entry");
      value = inside->find(key.as_string());
      if (value == nullptr) arguments.refuse("there is no entry '" + key.as_string() + "'");
      inside = value->is(ValueKind::kContext) ? &value->as_context() : nullptr;
    }
    if (value == nullptr) arguments.refuse("a key is needed");
    return *value;
  }
  const std::string& key = arguments.string(1);
  if (const Value* value = context.find(key)) return *value;
  return arguments.evaluator.problem(arguments.span, "there is no entry '" + key + "'");
}

Value get_entries(Arguments& arguments) {
  std::vector<Value> entries;
  for (const auto& [key, value] : arguments.context(0).entries()) {
    entries.push_back(arguments.evaluator.make_context({{"key", Value::string(key)}, {"value", value}}));
  }
  return arguments.evaluator.make_list(std::move(entries));
}

Value context_of(Arguments& arguments) {
  std::vector<Context::Entry> entries;
  std::vector<std::string> keys;
  for (const Value& item : arguments.list(0)) {
    if (!item.is(ValueKind::kContext)) arguments.refuse("every entry must be a context of key and value");
    const Value* key = item.as_context().find("key");
    const Value* value = item.as_context().find("value");
    if (key == nullptr || value == nullptr || !key->is(ValueKind::kString)) {
      arguments.refuse("every entry must be a context of key and value");
    }
    keys.push_back(key->as_string());
    entries.emplace_back(key->as_string(), *value);
  }
  std::sort(keys.begin(), keys.end());
  if (std::adjacent_find(keys.begin(), keys.end()) != keys.end()) arguments.refuse("a key stands twice");
  return arguments.evaluator.make_context(std::move(entries));
}

Value put(Evaluator& evaluator, const Context& context, const std::string& key, Value value) {
  std::vector<Context::Entry> entries = context.entries();
  for (Context::Entry& entry : entries) {
    if (entry.first == key) {
      entry.second = std::move(value);
      return evaluator.make_context(std::move(entries));
    }
  }
  entries.emplace_back(key, std::move(value));
  return evaluator.make_context(std::move(entries));
}

Value put_nested(Arguments& arguments, const Context& context, const std::vector<Value>& keys, size_t at) {
  const Evaluator::Depth depth(arguments.evaluator);
  if (!keys[at].is(ValueKind::kString)) arguments.refuse("every key must be a string");
  const std::string& key = keys[at].as_string();
  if (at + 1 == keys.size()) return put(arguments.evaluator, context, key, arguments[2]);
  const Value* inner = context.find(key);
  if (inner == nullptr || !inner->is(ValueKind::kContext)) arguments.refuse("there is no context '" + key + "'");
  return put(arguments.evaluator, context, key, put_nested(arguments, inner->as_context(), keys, at + 1));
}

Value put_key(Arguments& arguments) {
  const Context& context = arguments.context(0);
  return put(arguments.evaluator, context, arguments.string(1), arguments[2]);
}

Value put_keys(Arguments& arguments) {
  const Context& context = arguments.context(0);
  if (!arguments[1].is(ValueKind::kList)) return put_key(arguments);
  const std::vector<Value>& keys = arguments[1].as_list();
  if (keys.empty()) arguments.refuse("a key is needed");
  return put_nested(arguments, context, keys, 0);
}

Value put_key_only(Arguments& arguments) {
  const Context& context = arguments.context(0);
  if (arguments[1].is(ValueKind::kList)) arguments.refuse(1, "a string");
  return put(arguments.evaluator, context, arguments.string(1), arguments[2]);
}

Value merge(Arguments& arguments) {
  std::vector<Context::Entry> entries;
  for (const Value& item : arguments.list(0)) {
    if (!item.is(ValueKind::kContext)) arguments.refuse("every item must be a context");
    const auto& more = item.as_context().entries();
    arguments.evaluator.spend(more.size());
    entries.insert(entries.end(), more.begin(), more.end());
  }
  return arguments.evaluator.make_context(std::move(entries));
}

}  // namespace

void add_context_builtins(BuiltinTable& table) {
  table.add("get value", "m,key", get_value);
  table.add("get value", "context,key", get_value);
  table.add("get entries", "m", get_entries);
  table.add("get entries", "context", get_entries);
  table.add("context", "entries", context_of);
  table.add("context put", "context,keys,value", put_keys);
  table.add("context put", "context,key,value", put_key_only);
  table.add("context merge", "contexts", merge);
}

}  // namespace kaogong::feel
