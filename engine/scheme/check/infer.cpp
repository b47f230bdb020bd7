#include "engine/scheme/check/infer.h"

#include <algorithm>

#include "engine/scheme/check/exact.h"
#include "engine/scheme/near.h"
#include "engine/scheme/pack.h"

namespace kaogong::scheme {
namespace {

using feel::BinaryOp;
using feel::Expr;
using feel::ExprKind;

template <class T>
const T& as(const Expr& e) {
  return static_cast<const T&>(e);
}

Inferred of_kind(ValueKind kind) { return {kind, ValueKind::kAny, nullptr}; }
Inferred rows_of(const RowSource* row) { return {ValueKind::kList, ValueKind::kRow, row}; }

bool is_scalar(ValueKind kind) {
  return kind == ValueKind::kNumber || kind == ValueKind::kString || kind == ValueKind::kBoolean ||
         kind == ValueKind::kDate;
}

bool is_ordering(BinaryOp op) {
  return op == BinaryOp::kLt || op == BinaryOp::kLe || op == BinaryOp::kGt || op == BinaryOp::kGe;
}

// What FEEL reads of a temporal literal: a date, or one of the kinds that schemes seldom use.
ValueKind kind_of_temporal(std::string_view text) {
  const bool date = text.size() == 10 && text[4] == '-' && text[7] == '-';
  return date ? ValueKind::kDate : ValueKind::kAny;
}

}  // namespace

ValueKind kind_of(const TypeDecl& type) {
  switch (type.name) {
    case TypeName::kString:
      return ValueKind::kString;
    case TypeName::kBoolean:
      return ValueKind::kBoolean;
    case TypeName::kDate:
      return ValueKind::kDate;
    default:
      return ValueKind::kNumber;
  }
}

Inference::Inference(const Names& names, const RowSource* row, const Pack* pack, Report report)
    : names_(names), pack_(pack), report_(std::move(report)) {
  if (row != nullptr) scopes_.push_back({{}, {ValueKind::kRow, ValueKind::kAny, row}, false});
}

Inferred Inference::infer(const Expr& e) {
  switch (e.kind) {
    case ExprKind::kNumber:
      return of_kind(ValueKind::kNumber);
    case ExprKind::kString:
      return of_kind(ValueKind::kString);
    case ExprKind::kBoolean:
      return of_kind(ValueKind::kBoolean);
    case ExprKind::kNull:
      return of_kind(ValueKind::kNull);
    case ExprKind::kTemporal:
      return of_kind(kind_of_temporal(as<feel::TemporalLiteral>(e).text));
    case ExprKind::kName:
      return name(as<feel::NameRef>(e));
    case ExprKind::kList: {
      Inferred list = of_kind(ValueKind::kList), element = of_kind(ValueKind::kNull);
      for (const auto& item : as<feel::ListLiteral>(e).items) element = joined(element, infer(*item));
      list.of = element.kind == ValueKind::kNull ? ValueKind::kAny : element.kind;
      list.row = element.row;
      return list;
    }
    case ExprKind::kContext: {
      const size_t depth = scopes_.size();
      for (const auto& entry : as<feel::ContextLiteral>(e).entries) {
        // A function may call itself by its entry's name.
        if (entry.value->kind == ExprKind::kFunction) scopes_.push_back({entry.key, {}, false});
        scopes_.push_back({entry.key, infer(*entry.value), false});
      }
      scopes_.resize(depth);
      return of_kind(ValueKind::kContext);
    }
    case ExprKind::kRange:
      if (as<feel::RangeLiteral>(e).low) infer(*as<feel::RangeLiteral>(e).low);
      if (as<feel::RangeLiteral>(e).high) infer(*as<feel::RangeLiteral>(e).high);
      return {};
    case ExprKind::kNegate: {
      const Inferred operand = infer(*as<feel::Negate>(e).operand);
      if (is_scalar(operand.kind) && operand.kind != ValueKind::kNumber)
        wrong("type-clash", e.span, std::string(words_of(operand.kind)) + " where a number is needed", "use a number");
      not_null(*as<feel::Negate>(e).operand);
      return operand;
    }
    case ExprKind::kBinary:
      return binary(as<feel::Binary>(e));
    case ExprKind::kBetween: {
      const auto& between = as<feel::Between>(e);
      const Inferred value = infer(*between.value);
      comparable(value, infer(*between.low), e.span);
      comparable(value, infer(*between.high), e.span);
      return of_kind(ValueKind::kBoolean);
    }
    case ExprKind::kIn:
      tests(as<feel::In>(e).tests, infer(*as<feel::In>(e).value));
      return of_kind(ValueKind::kBoolean);
    case ExprKind::kUnaryTests:
      tests(as<feel::UnaryTests>(e).tests, {});
      return of_kind(ValueKind::kBoolean);
    case ExprKind::kIf: {
      const auto& choice = as<feel::If>(e);
      condition(*choice.condition);
      ++guarded_;
      const Inferred then = infer(*choice.then_branch);
      const Inferred otherwise = choice.else_branch ? infer(*choice.else_branch) : of_kind(ValueKind::kNull);
      --guarded_;
      if (is_scalar(then.kind) && is_scalar(otherwise.kind) && then.kind != otherwise.kind)
        wrong("type-clash", e.span,
              "one branch gives " + std::string(words_of(then.kind)) + ", the other " +
                  std::string(words_of(otherwise.kind)),
              "give values of one type");
      return joined(then, otherwise);
    }
    case ExprKind::kFor: {
      const size_t depth = bind(as<feel::For>(e).iterators);
      scopes_.push_back({"partial", of_kind(ValueKind::kList), false});
      const Inferred body = infer(*as<feel::For>(e).body);
      scopes_.resize(depth);
      return {ValueKind::kList, body.kind, body.row};
    }
    case ExprKind::kQuantified: {
      const size_t depth = bind(as<feel::Quantified>(e).iterators);
      condition(*as<feel::Quantified>(e).condition);
      scopes_.resize(depth);
      return of_kind(ValueKind::kBoolean);
    }
    case ExprKind::kFunction: {
      const auto& function = as<feel::FunctionLiteral>(e);
      const size_t depth = scopes_.size();
      for (const auto& parameter : function.parameters) scopes_.push_back({parameter.name, {}, false});
      ++guarded_;
      if (function.body && !function.external) infer(*function.body);
      --guarded_;
      scopes_.resize(depth);
      return of_kind(ValueKind::kFunction);
    }
    case ExprKind::kCall:
      return call(as<feel::Call>(e));
    case ExprKind::kPath:
      return path(as<feel::Path>(e));
    case ExprKind::kFilter:
      return filter(as<feel::Filter>(e));
    case ExprKind::kInstanceOf:
      infer(*as<feel::InstanceOf>(e).value);
      return of_kind(ValueKind::kBoolean);
  }
  return {};
}

Inferred Inference::joined(const Inferred& a, const Inferred& b) const {
  if (a.kind == ValueKind::kNull) return b;
  if (b.kind == ValueKind::kNull) return a;
  if (a.kind != b.kind) return {};
  return {a.kind, a.of == b.of ? a.of : ValueKind::kAny, a.row == b.row ? a.row : nullptr};
}

bool Inference::is_local(std::string_view name) const {
  return std::any_of(scopes_.begin(), scopes_.end(), [&](const Scope& s) { return s.local == name || s.open; });
}

Inferred Inference::history_name(std::string_view name) const {
  for (const HistoryColumn& column : names_.document().history) {
    if (column.name == name) return of_kind(kind_of(column.type));
  }
  return {};
}

Inferred Inference::name(const feel::NameRef& ref) {
  const std::string_view name = ref.name;
  for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
    if (!scope->local.empty()) {
      if (scope->local == name) return scope->value;
    } else if (scope->open) {
      return {};
    } else if (const auto found = scope->value.row->columns.find(name); found != scope->value.row->columns.end()) {
      return of_kind(kind_of(found->second->type));
    }
  }
  if (runs_ > 0 && names_.in_history(name)) return history_name(name);
  if (const Named* named = names_.find(name, nullptr)) return of_kind(kind_of(named->type));
  if (const RowSource* rows = names_.row_source(name)) {
    const PackTable* table = pack_ == nullptr ? nullptr : pack_->table(name);
    return table != nullptr && table->single() ? Inferred{ValueKind::kRow, ValueKind::kAny, rows} : rows_of(rows);
  }
  if ((name == "employee" && pack_ == nullptr) || name == "period") return of_kind(ValueKind::kString);
  if (name == "period_start" || name == "period_end") return of_kind(ValueKind::kDate);
  if (name == "year") return of_kind(ValueKind::kNumber);
  if (name == "this" || name == "?" || names_.in_history(name)) return {};
  if (find_signature(name) != nullptr) return of_kind(ValueKind::kFunction);
  std::vector<std::string_view> known;
  const Document& d = names_.document();
  for (const auto& input : d.inputs) known.emplace_back(input.name);
  for (const auto& parameter : d.parameters) known.emplace_back(parameter.name);
  for (const auto& decision : d.decisions) known.emplace_back(decision.name);
  for (const auto& table : d.tables) known.emplace_back(table.name);
  for (const auto& group : d.groups) known.emplace_back(group.name);
  for (const auto& lookup : d.lookups) known.emplace_back(lookup.name);
  for (const auto& scope : scopes_) {
    if (!scope.local.empty()) {
      known.push_back(scope.local);
    } else if (scope.value.row != nullptr) {
      for (const auto& [column, declared] : scope.value.row->columns) known.push_back(column);
    }
  }
  known.insert(known.end(), {"employee", "period", "period_start", "period_end", "year"});
  std::sort(known.begin(), known.end());
  const std::string near = name.size() < 3 ? std::string() : nearest(name, known);
  wrong("unknown-name", ref.span, "unknown name '" + ref.name + "'",
        near.empty() ? "declare it, or correct the spelling" : "did you mean \"" + near + "\"?");
  return {};
}

void Inference::comparable(const Inferred& left, const Inferred& right, feel::Span span) {
  if (!is_scalar(left.kind) || !is_scalar(right.kind) || left.kind == right.kind) return;
  wrong("type-clash", span, std::string(words_of(left.kind)) + " is compared with " + std::string(words_of(right.kind)),
        "compare values of one type");
}

// What data holds: a decision may be known to have a value although its declared type says less.
const Named* Inference::column_or_input(const Expr& operand) const {
  if (operand.kind != ExprKind::kName) return nullptr;
  const std::string& name = as<feel::NameRef>(operand).name;
  const RowSource* row = nullptr;
  for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
    if (scope->local == name || scope->open) return nullptr;
    if (scope->local.empty() && scope->value.row->columns.contains(name)) {
      row = scope->value.row;
      break;
    }
  }
  if (row != nullptr && row->computed.contains(name)) return nullptr;
  const Named* named = names_.find(name, row);
  return names_.decision(name) == named ? nullptr : named;
}

void Inference::not_null(const Expr& operand) {
  const Named* named = guarded_ > 0 ? nullptr : column_or_input(operand);
  if (named == nullptr || !named->type.nullable) return;
  wrong("possible-null", operand.span, "a value that may be null where a number is needed",
        "test it first (`if x != null then … else …`), or use coalesce(x, …) or required(x)");
}

void Inference::not_zero(const Expr& divisor) {
  const auto literal = literal_of(divisor);
  if (literal && literal->kind == Literal::Kind::kNumber && literal->number == 0) {
    wrong("division-by-zero", divisor.span, "division by zero", "divide by something else");
    return;
  }
  const Named* named = guarded_ > 0 ? nullptr : column_or_input(divisor);
  if (named == nullptr || !is_numeric(named->type.name)) return;
  if (named->type.min.value_or(0) > 0 || named->type.max.value_or(0) < 0) return;
  report_(Severity::kWarning, "division-by-zero", divisor.span, "the divisor can be zero: such rows will be refused",
          "give the divisor a bound (`above: 0`), or test it first");
}

void Inference::condition(const Expr& expression) {
  const Inferred value = infer(expression);
  if (!is_scalar(value.kind) || value.kind == ValueKind::kBoolean) return;
  wrong("type-clash", expression.span, std::string(words_of(value.kind)) + " where a condition is needed",
        "write a comparison");
}

Inferred Inference::binary(const feel::Binary& e) {
  if (e.op == BinaryOp::kAnd || e.op == BinaryOp::kOr) {
    condition(*e.left);
    ++guarded_;
    condition(*e.right);
    --guarded_;
    return of_kind(ValueKind::kBoolean);
  }
  const Inferred left = infer(*e.left), right = infer(*e.right);
  if (e.op == BinaryOp::kEq || e.op == BinaryOp::kNe || is_ordering(e.op)) {
    comparable(left, right, e.span);
    if (is_ordering(e.op)) {
      not_null(*e.left);
      not_null(*e.right);
    }
    return of_kind(ValueKind::kBoolean);
  }
  return arithmetic(e, left, right);
}

Inferred Inference::arithmetic(const feel::Binary& e, const Inferred& left, const Inferred& right) {
  not_null(*e.left);
  not_null(*e.right);
  if (e.op == BinaryOp::kDiv) not_zero(*e.right);
  const auto clash = [&] {
    wrong("type-clash", e.span,
          std::string(words_of(left.kind)) + " and " + std::string(words_of(right.kind)) + " cannot be combined",
          left.kind == ValueKind::kDate || right.kind == ValueKind::kDate
              ? "use add_days, add_months or days_between for dates"
              : "compute with numbers; string(x) makes a text of one");
    return Inferred();
  };
  const auto either = [&](ValueKind kind) { return left.kind == kind || right.kind == kind; };
  if (left.kind == ValueKind::kNumber && right.kind == ValueKind::kNumber) return of_kind(ValueKind::kNumber);
  if (either(ValueKind::kBoolean) && (is_scalar(left.kind) && is_scalar(right.kind))) return clash();
  if (left.kind == ValueKind::kString && right.kind == ValueKind::kString)
    return e.op == BinaryOp::kAdd ? of_kind(ValueKind::kString) : clash();
  if (is_scalar(left.kind) && is_scalar(right.kind) && left.kind != right.kind) return clash();
  return {};
}

void Inference::tests(const std::vector<feel::UnaryTest>& tests, const Inferred& value) {
  for (const auto& test : tests) {
    scopes_.push_back({"?", value, false});
    const Inferred operand = infer(*test.operand);
    scopes_.pop_back();
    if (test.kind == feel::UnaryTest::Kind::kCompare) comparable(value, operand, test.operand->span);
  }
}

size_t Inference::bind(const std::vector<feel::Iterator>& iterators) {
  const size_t depth = scopes_.size();
  for (const feel::Iterator& iterator : iterators) {
    const Inferred domain = infer(*iterator.domain);
    if (iterator.range_end) infer(*iterator.range_end);
    Inferred element;
    if (iterator.range_end) {
      element = {};
    } else if (domain.kind == ValueKind::kList) {
      element = {domain.of, ValueKind::kAny, domain.row};
    }
    scopes_.push_back({iterator.name, element, false});
  }
  return depth;
}

Inferred Inference::filter(const feel::Filter& filter) {
  const Inferred object = infer(*filter.object);
  const size_t depth = scopes_.size();
  const Inferred element =
      object.kind == ValueKind::kList ? Inferred{object.of, ValueKind::kAny, object.row} : Inferred();
  scopes_.push_back({"item", element, false});
  // Rows of unknown columns, and contexts: any name may be one of theirs.
  const bool open = element.kind == ValueKind::kAny || element.kind == ValueKind::kContext ||
                    (element.kind == ValueKind::kRow && element.row == nullptr);
  if (element.row != nullptr || open) scopes_.push_back({{}, element, open});
  ++guarded_;
  const Inferred predicate = infer(*filter.predicate);
  --guarded_;
  scopes_.resize(depth);
  if (predicate.kind == ValueKind::kString || predicate.kind == ValueKind::kDate)
    wrong("type-clash", filter.predicate->span, std::string(words_of(predicate.kind)) + " where a condition is needed",
          "write a comparison");
  if (predicate.kind == ValueKind::kBoolean) return object.kind == ValueKind::kList ? object : Inferred();
  return predicate.kind == ValueKind::kNumber ? element : Inferred();
}

Inferred Inference::path(const feel::Path& path) {
  if (path.object->kind == ExprKind::kName && as<feel::NameRef>(*path.object).name == "this" && !is_local("this")) {
    const Named* named = names_.find(path.name, nullptr);
    return named == nullptr ? Inferred() : of_kind(kind_of(named->type));
  }
  const Inferred object = infer(*path.object);
  if (object.row != nullptr) {
    const auto found = object.row->columns.find(path.name);
    if (found == object.row->columns.end()) {
      std::vector<std::string_view> known;
      for (const auto& [column, declared] : object.row->columns) known.push_back(column);
      std::sort(known.begin(), known.end());
      wrong("unknown-name", path.span, "'" + std::string(object.row->name) + "' has no column '" + path.name + "'",
            suggest(path.name, known, "declare it, or correct the spelling"));
      return {};
    }
    const ValueKind kind = kind_of(found->second->type);
    return object.kind == ValueKind::kList ? Inferred{ValueKind::kList, kind, nullptr} : of_kind(kind);
  }
  if (object.kind == ValueKind::kDate && (path.name == "year" || path.name == "month" || path.name == "day"))
    return of_kind(ValueKind::kNumber);
  if (object.kind == ValueKind::kNumber || object.kind == ValueKind::kBoolean || object.kind == ValueKind::kString) {
    wrong("type-clash", path.span, std::string(words_of(object.kind)) + " has no part '" + path.name + "'",
          "leave it out");
  }
  return {};
}

}  // namespace kaogong::scheme
