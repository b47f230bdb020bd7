#include "engine/feel/type.h"

#include <algorithm>

#include "engine/feel/closure.h"
#include "engine/feel/evaluator.h"

namespace kaogong::feel {
namespace {

TypePtr make(Type::Kind kind, ValueKind scalar, std::string name) {
  auto type = std::make_shared<Type>();
  type->kind = kind;
  type->scalar = scalar;
  type->name = std::move(name);
  type->any_function = kind == Type::Kind::kFunction;
  return type;
}

bool satisfies(const Value& value, const Type& type, Evaluator& evaluator) {
  static const EmptyScope kNoNames;
  for (const auto& tests : type.allowed) {
    if (!evaluator.evaluate_tests(*tests, value, Environment(kNoNames)).is_true()) return false;
  }
  return true;
}

bool conforms_function(const Value& value, const Type& type, Evaluator& evaluator);

/// Whether every value of `type` is one of `wanted`.
bool type_conforms(const Type& type, const Type& wanted) {
  if (wanted.kind == Type::Kind::kAny) return true;
  if (type.kind == Type::Kind::kScalar && type.scalar == ValueKind::kNull) return true;
  if (type.kind != wanted.kind) return false;
  const auto inner = [](const TypePtr& a, const TypePtr& b) { return !b || (a && type_conforms(*a, *b)); };
  switch (type.kind) {
    case Type::Kind::kAny:
      return true;
    case Type::Kind::kScalar:
      return type.scalar == wanted.scalar;
    case Type::Kind::kList:
    case Type::Kind::kRange:
      return inner(type.element, wanted.element);
    case Type::Kind::kContext:
      return std::all_of(wanted.fields.begin(), wanted.fields.end(), [&](const auto& field) {
        return std::any_of(type.fields.begin(), type.fields.end(), [&](const auto& own) {
          return own.first == field.first && inner(own.second, field.second);
        });
      });
    case Type::Kind::kFunction:
      if (wanted.any_function) return true;
      if (type.any_function || type.parameters.size() != wanted.parameters.size()) return false;
      for (size_t i = 0; i < type.parameters.size(); ++i) {
        if (!inner(wanted.parameters[i], type.parameters[i])) return false;
      }
      return inner(type.result, wanted.result);
  }
  return false;
}

bool conforms_function(const Value& value, const Type& type, Evaluator& evaluator) {
  if (type.any_function) return true;
  const Function& function = value.as_function();
  const auto* closure = dynamic_cast<const Closure*>(&function);
  const std::optional<size_t> arity = function.arity();
  if (arity && *arity != type.parameters.size()) return false;
  if (closure == nullptr) return true;
  for (size_t i = 0; i < type.parameters.size(); ++i) {
    const auto& parameter = closure->node().parameters[i];
    if (!parameter.type) continue;
    const TypePtr own = evaluator.resolve(*parameter.type);
    if (!own || !type_conforms(*type.parameters[i], *own)) return false;
  }
  return true;
}

}  // namespace

TypePtr builtin_type(std::string_view name) {
  static const std::vector<std::pair<std::string_view, TypePtr>> kTypes = [] {
    using T = Type::Kind;
    using V = ValueKind;
    std::vector<std::pair<std::string_view, TypePtr>> types;
    const auto scalar = [&](std::string_view key, V kind) {
      types.emplace_back(key, make(T::kScalar, kind, std::string(to_string(kind))));
    };
    types.emplace_back("Any", make(T::kAny, V::kNull, "Any"));
    types.emplace_back("any", make(T::kAny, V::kNull, "Any"));
    scalar("Null", V::kNull);
    scalar("null", V::kNull);
    scalar("number", V::kNumber);
    scalar("string", V::kString);
    scalar("boolean", V::kBoolean);
    scalar("date", V::kDate);
    scalar("time", V::kTime);
    for (const char* key : {"date and time", "dateTime", "date time"}) scalar(key, V::kDateTime);
    for (const char* key : {"days and time duration", "day and time duration", "dayTimeDuration"}) {
      scalar(key, V::kDaysTimeDuration);
    }
    for (const char* key : {"years and months duration", "year and month duration", "yearMonthDuration"}) {
      scalar(key, V::kYearsMonthsDuration);
    }
    types.emplace_back("list", make(T::kList, V::kList, "list"));
    types.emplace_back("context", make(T::kContext, V::kContext, "context"));
    types.emplace_back("range", make(T::kRange, V::kRange, "range"));
    types.emplace_back("function", make(T::kFunction, V::kFunction, "function"));
    return types;
  }();
  for (const auto& [key, type] : kTypes) {
    if (key == name) return type;
  }
  return nullptr;
}

TypePtr list_of(TypePtr element) {
  auto list = std::make_shared<Type>();
  list->kind = Type::Kind::kList;
  list->name = "list<" + element->name + ">";
  list->element = std::move(element);
  return list;
}

namespace {

/// Whether the value is of the type; with `constraints` also whether it obeys them, at every level.
bool conforms(const Value& value, const Type& type, Evaluator& evaluator, bool constraints) {
  const Evaluator::Depth depth(evaluator);
  evaluator.spend(1);
  if (value.is_null()) return type.kind == Type::Kind::kScalar && type.scalar == ValueKind::kNull;
  const auto inner = [&](const Value& one, const Type& of) {
    return one.is_null() || conforms(one, of, evaluator, constraints);
  };
  switch (type.kind) {
    case Type::Kind::kAny:
      break;
    case Type::Kind::kScalar:
      if (!value.is(type.scalar)) return false;
      break;
    case Type::Kind::kList:
      if (!value.is(ValueKind::kList)) return false;
      if (type.element) {
        for (const Value& item : value.as_list()) {
          if (!inner(item, *type.element)) return false;
        }
      }
      break;
    case Type::Kind::kContext:
      if (!value.is(ValueKind::kContext)) return false;
      for (const auto& [key, field] : type.fields) {
        const Value* entry = value.as_context().find(key);
        if (entry == nullptr || !inner(*entry, *field)) return false;
      }
      break;
    case Type::Kind::kRange:
      if (!value.is(ValueKind::kRange)) return false;
      if (type.element) {
        const Range& range = value.as_range();
        if ((range.has_low && !inner(range.low, *type.element)) ||
            (range.has_high && !inner(range.high, *type.element))) {
          return false;
        }
      }
      break;
    case Type::Kind::kFunction:
      if (!value.is(ValueKind::kFunction) || !conforms_function(value, type, evaluator)) return false;
      break;
  }
  return !constraints || satisfies(value, type, evaluator);
}

}  // namespace

bool instance_of(const Value& value, const Type& type, Evaluator& evaluator) {
  return conforms(value, type, evaluator, false);
}

std::optional<Value> coerce(const Value& value, const Type& type, Evaluator& evaluator) {
  const Evaluator::Depth depth(evaluator);
  if (value.is_null() || type.kind == Type::Kind::kAny) {
    if (!value.is_null() && !satisfies(value, type, evaluator)) return std::nullopt;
    return value;
  }
  if (conforms(value, type, evaluator, true)) return value;
  if (type.kind == Type::Kind::kScalar && type.scalar == ValueKind::kDateTime && value.is(ValueKind::kDate)) {
    Value converted = at_midnight_utc(value.as_date());
    if (satisfies(converted, type, evaluator)) return converted;
    return std::nullopt;
  }
  if (type.kind == Type::Kind::kList) {
    if (!value.is(ValueKind::kList)) {
      if (type.element) {
        const std::optional<Value> item = coerce(value, *type.element, evaluator);
        if (!item) return std::nullopt;
        Value list = evaluator.make_list({*item});
        if (!satisfies(list, type, evaluator)) return std::nullopt;
        return list;
      }
      return evaluator.make_list({value});
    }
    std::vector<Value> items;
    for (const Value& item : value.as_list()) {
      std::optional<Value> converted = type.element ? coerce(item, *type.element, evaluator) : item;
      if (!converted) return std::nullopt;
      items.push_back(std::move(*converted));
    }
    Value list = evaluator.make_list(std::move(items));
    if (!satisfies(list, type, evaluator)) return std::nullopt;
    return list;
  }
  if (value.is(ValueKind::kList) && value.as_list().size() == 1 && !value.as_list()[0].is(ValueKind::kList)) {
    return coerce(value.as_list()[0], type, evaluator);
  }
  if (type.kind == Type::Kind::kContext && value.is(ValueKind::kContext)) {
    std::vector<Context::Entry> entries = value.as_context().entries();
    for (const auto& field : type.fields) {
      const auto place =
          std::find_if(entries.begin(), entries.end(), [&](const auto& e) { return e.first == field.first; });
      if (place == entries.end()) return std::nullopt;
      std::optional<Value> converted = coerce(place->second, *field.second, evaluator);
      if (!converted) return std::nullopt;
      place->second = std::move(*converted);
    }
    Value context = evaluator.make_context(std::move(entries));
    if (!satisfies(context, type, evaluator)) return std::nullopt;
    return context;
  }
  return std::nullopt;
}

}  // namespace kaogong::feel
