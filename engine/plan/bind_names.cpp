// Names, paths and filters: what an expression reads.
#include <algorithm>

#include "engine/plan/binder.h"
#include "engine/scheme/pack_call.h"

namespace kaogong::plan {

using scheme::TypeName;

namespace {

Bound::Kind kind_of(TypeName type) {
  switch (type) {
    case TypeName::kString:
      return Bound::Kind::kString;
    case TypeName::kBoolean:
      return Bound::Kind::kBoolean;
    case TypeName::kDate:
      return Bound::Kind::kDate;
    default:
      return Bound::Kind::kNumber;
  }
}

template <class T>
std::pair<Int, Int> scan(const column::Column& column) {
  const T* data = column.as<T>();
  T low = data[0], high = data[0];
  for (size_t i = 1; i < column.rows; ++i) {
    low = std::min(low, data[i]);
    high = std::max(high, data[i]);
  }
  return {low, high};
}

std::pair<Int, Int> scan_range(const column::Column& column) {
  if (column.rows == 0) return {0, 0};
  switch (column.physical) {
    case Physical::kI8:
      return scan<int8_t>(column);
    case Physical::kI16:
      return scan<int16_t>(column);
    case Physical::kI32:
      return scan<int32_t>(column);
    case Physical::kI64:
      return scan<int64_t>(column);
    default:
      return scan<Int>(column);
  }
}

}  // namespace

namespace {

Int natural(const scheme::TypeDecl& type) {
  Int most = 1'000'000'000;  // money, count, number
  if (type.name == TypeName::kScore) most = 1'000'000;
  if (type.name == TypeName::kRate || type.name == TypeName::kFactor) most = 1'000;
  return times_power_of_ten(most, type.scale);
}

}  // namespace

// A declared bound on one side widens the other where it lies beyond it.
Int NaturalBounds::least(const scheme::TypeDecl& type) {
  if (type.min) return *type.min;
  return type.max ? std::min(-natural(type), Int{*type.max} - natural(type)) : -natural(type);
}
Int NaturalBounds::most(const scheme::TypeDecl& type) {
  if (type.max) return *type.max;
  return type.min ? std::max(natural(type), Int{*type.min} + natural(type)) : natural(type);
}

Bound Binder::load(const column::Column& column, const scheme::TypeDecl& type, Domain domain) {
  Bound b;
  b.kind = kind_of(type.name);
  b.scale = type.scale;
  b.dictionary = column.dictionary;
  if (b.kind == Bound::Kind::kString && !b.dictionary) b.dictionary = literal_dictionary("");
  // The declared range where there is one (readers hold to it), else what the data shows; when only checking, what an
  // amount can sensibly be.
  auto [found, fresh] = ranges_.try_emplace(&column);
  if (fresh) {
    auto& range = found->second;
    if (type.name == TypeName::kBoolean) {
      range = {0, 1};
    } else if (type.name == TypeName::kString) {
      range = {0, std::max<Int>(b.dictionary->size(), 1) - 1};
      if (in_.check_only && type.values.empty()) range = {0, INT32_MAX};
    } else if (type.name == TypeName::kDate) {
      range = {-719162, 2932896};  // years 1 to 9999
    } else if (type.min && type.max) {
      range = {*type.min, *type.max};
    } else if (in_.check_only) {
      range = {NaturalBounds::least(type), NaturalBounds::most(type)};
    } else if (column.low <= column.high) {
      range = {column.low, column.high};
    } else {
      range = scan_range(column);
    }
    if (scheme::is_numeric(type.name) && column.low <= column.high) {
      // Known to whoever made the column.
      range.first = std::max<Int>(range.first, column.low);
      range.second = std::min<Int>(range.second, column.high);
      if (range.first > range.second) range = {column.low, column.high};
    }
    if (!column.valid.bytes() || column.rows == 0) {
      // nothing to widen
    } else {
      range.first = std::min<Int>(range.first, 0);  // nulls are stored as 0
      range.second = std::max<Int>(range.second, 0);
    }
  }
  b.num = g_->load(&column, domain, found->second.first, found->second.second);
  const bool nullable = in_.check_only ? type.nullable : column.valid.bytes() != 0;
  if (nullable) b.valid = g_->load_valid(&column, domain);
  // A declared nullable without any null in the data keeps its type: the same rules hold whatever the data.
  return b;
}

std::optional<Domain> Binder::child_domain(const std::string& n) const {
  if (const auto t = table_index_.find(n); t != table_index_.end()) return Domain{Domain::Kind::kTable, t->second};
  if (const auto g = group_index_.find(n); g != group_index_.end()) return Domain{Domain::Kind::kGroup, g->second};
  return std::nullopt;
}

Int Binder::rows_max(Domain child, Domain parent) const {
  if (in_.check_only) {
    const auto& table = child.kind == Domain::Kind::kTable ? doc_.tables[child.index]
                                                           : doc_.tables[table_index_.at(doc_.groups[child.index].of)];
    return table.max_rows ? Int{*table.max_rows} : NaturalBounds::kChildRows;
  }
  if (child.kind == Domain::Kind::kGroup) return static_cast<Int>(in_.groups[child.index].rows_max);
  (void)parent;
  const auto& offsets = in_.inputs->tables[child.index].offsets;
  uint64_t most = 0;
  for (size_t i = 1; i < offsets.size(); ++i) most = std::max(most, offsets[i] - offsets[i - 1]);
  return static_cast<Int>(most);
}

Bound Binder::child_rows(Domain rows) {
  Bound b;
  b.kind = Bound::Kind::kChildList;
  b.rows = rows;
  return b;
}

Bound Binder::name(const std::string& n, feel::Span span) {
  if (auto b = scoped_name(n)) return *b;
  throw Wrong{"unknown-name", span, "unknown name '" + n + "'", "declare it, or correct the spelling"};
}

std::optional<Bound> Binder::scoped_name(const std::string& n) {
  for (size_t i = scopes_.size(); i-- > 0;) {
    const Scope& scope = scopes_[i];
    switch (scope.kind) {
      case Scope::Kind::kName:
        if (scope.name == n) return scope.value;
        break;
      case Scope::Kind::kItem:
        if (n == "item") return scope.value;
        break;
      case Scope::Kind::kTable:
        if (auto b = row_column({Domain::Kind::kTable, scope.index}, n)) return b;
        break;
      case Scope::Kind::kGroup:
        if (doc_.groups[scope.index].of == n) return child_rows({Domain::Kind::kTable, table_index_.at(n)});
        if (auto b = row_column({Domain::Kind::kGroup, scope.index}, n)) return b;
        break;
      case Scope::Kind::kHistory:
        if (const auto h = history_index_.find(n); h != history_index_.end() && scope.lag >= 0)
          return history_value(h->second, static_cast<size_t>(scope.lag));
        break;
      case Scope::Kind::kEmployee:
        if (auto b = employee_name(n)) return b;
        break;
      case Scope::Kind::kPack:
        return pack_name(scope.index, n);
    }
  }
  return std::nullopt;
}

std::optional<Bound> Binder::calendar_name(const std::string& n) {
  Bound b;
  if (n == "period_start" || n == "period_end") {
    b.kind = Bound::Kind::kDate;
    b.num = g_->constant(n == "period_start" ? scheme::first_day(in_.inputs->period)
                                             : scheme::last_day(in_.inputs->period));
    return b;
  }
  if (n == "year") return number(g_->constant(scheme::year_of(in_.inputs->period)), 0);
  if (n == "period") {
    b.kind = Bound::Kind::kString;
    b.num = g_->constant(0);
    b.dictionary = literal_dictionary(scheme::to_text(in_.inputs->period));
    return b;
  }
  return std::nullopt;
}

std::optional<Bound> Binder::employee_name(const std::string& n) {
  if (const auto i = input_index_.find(n); i != input_index_.end()) {
    Bound b = load(in_.inputs->inputs[i->second], doc_.inputs[i->second].type, kEmployees);
    // A nullable input whose data has no null: still null-typed for the checker, but nothing to do here.
    return b;
  }
  if (const auto d = decision_index_.find(n); d != decision_index_.end()) return decision(d->second);
  if (const auto p = parameter_index_.find(n); p != parameter_index_.end()) return parameter(p->second);
  if (const auto child = child_domain(n)) return child_rows(*child);
  if (auto b = calendar_name(n)) return b;
  if (n == "employee") throw Unsupported{"the employee's id in an expression"};
  return std::nullopt;
}

Bound Binder::parameter(uint32_t index) {
  const auto& p = doc_.parameters[index];
  const auto& column = in_.inputs->parameters[index];
  if (in_.check_only && column.rows == 0) {
    // Not given: anything its type allows.
    return load(column, p.type, kEmployees);
  }
  if (column.rows == 0) {
    const scheme::Expression* const outer = expression_;
    Frame frame = enter_definition(kEmployees);
    Bound value;
    scheme::Decision as_decision;
    as_decision.name = p.name;
    as_decision.type = p.type;
    try {
      if (p.default_value) {
        value = conform(literal(p.type, *p.default_value), as_decision, {});
      } else if (p.default_expression) {
        expression_ = &p.default_expression;
        value = conform(bind(*p.default_expression.tree), as_decision, {});
      } else {
        throw Wrong{"parameter-missing", {}, "parameter '" + p.name + "' is not given", "add it to parameters.csv"};
      }
    } catch (...) {
      leave_definition(std::move(frame));
      throw;
    }
    leave_definition(std::move(frame));
    expression_ = outer;
    return value;
  }
  Bound b;
  b.kind = kind_of(p.type.name);
  b.scale = p.type.scale;
  b.dictionary = column.dictionary;
  b.num = g_->constant(column.get(0));
  if (column.is_null(0)) b.valid = g_->constant(0);
  return b;
}

std::optional<Bound> Binder::row_column(Domain rows, const std::string& n) {
  if (rows.kind == Domain::Kind::kTable) {
    const auto& table = doc_.tables[rows.index];
    for (size_t c = 0; c < table.columns.size(); ++c)
      if (table.columns[c].name == n)
        return load(in_.inputs->tables[rows.index].columns[c], table.columns[c].type, rows);
    for (uint32_t c = 0; c < table.computed.size(); ++c)
      if (table.computed[c].name == n) return computed(rows, c);
    return std::nullopt;
  }
  const auto& group = doc_.groups[rows.index];
  for (size_t c = 0; c < group.by.size(); ++c) {
    if (group.by[c] != n) continue;
    const auto& base = doc_.tables[table_index_.at(group.of)];
    for (const auto& column : base.columns)
      if (column.name == n) return load(in_.groups[rows.index].keys[c], column.type, rows);
  }
  for (uint32_t c = 0; c < group.computed.size(); ++c)
    if (group.computed[c].name == n) return computed(rows, c);
  return std::nullopt;
}

Bound Binder::history_value(uint32_t column, size_t lag_index) {
  const auto& data = in_.inputs->history[column];
  if (in_.check_only) {
    // Nothing is known but its type, and that it may be missing.
    auto& blank = blank_history_[column];
    if (blank == nullptr) {
      blank = &out_.owned_columns.emplace_back();
      blank->dictionary = std::make_shared<column::Dictionary>(doc_.history[column].type.values);
    }
    Bound b = load(*blank, doc_.history[column].type, kEmployees);
    b.valid = g_->load_valid(blank, kEmployees);
    return b;
  }
  if (lag_index >= data.by_period.size() || data.by_period[lag_index].rows == 0) {
    Bound b;
    b.kind = kind_of(doc_.history[column].type.name);
    b.scale = doc_.history[column].type.scale;
    b.num = g_->constant(0);
    b.valid = g_->constant(0);
    if (b.kind == Bound::Kind::kString) b.dictionary = literal_dictionary("");
    return b;
  }
  Bound b = load(data.by_period[lag_index], doc_.history[column].type, kEmployees);
  return b;
}

Bound Binder::path(const feel::Path& expr) {
  if (expr.object->kind == feel::ExprKind::kName && static_cast<const feel::NameRef&>(*expr.object).name == "this" &&
      inside_pack() == scheme::kNoPack) {
    if (auto b = employee_name(expr.name)) return *b;
    throw Wrong{"unknown-name", expr.span, "unknown name '" + expr.name + "'", "declare it, or correct the spelling"};
  }
  const Bound object = bind(*expr.object);
  switch (object.kind) {
    case Bound::Kind::kLookupList: {
      if (!object.column.empty()) throw Unsupported{"a path into a list of values"};
      Bound list = object;
      list.column = expr.name;
      return list;
    }
    case Bound::Kind::kDate: {
      const Op part = expr.name == "year"    ? Op::kYear
                      : expr.name == "month" ? Op::kMonth
                      : expr.name == "day"   ? Op::kDay
                                             : Op::kConst;
      if (part == Op::kConst) throw Unsupported{"this part of a date"};
      return number(g_->date(part, not_null(object, expr.span, "where a date is needed")), 0);
    }
    case Bound::Kind::kLookupRow:
      return lookup_column(object, expr.name, expr.span);
    case Bound::Kind::kLookup: {
      // A column of all rows of a pack's table.
      Bound list;
      list.kind = Bound::Kind::kList;
      for (size_t r = 0; r < object.pack_table->in_force->lookup.rows.size(); ++r) {
        list.list.push_back(
            {pack_column(*object.pack_table, expr.name, g_->constant(static_cast<Int>(r)), expr.span), nullptr});
      }
      return list;
    }
    case Bound::Kind::kChildRow: {
      if (auto b = row_column(object.rows, expr.name)) return *b;
      throw Wrong{"unknown-name", expr.span, "the rows have no column '" + expr.name + "'",
                  "declare it, or correct the spelling"};
    }
    case Bound::Kind::kChildList: {
      if (object.value) throw Unsupported{"a path into a list of values"};
      Bound list = object;
      const auto facts = facts_;
      Node* const path = path_;
      if (list.filter != nullptr) {
        assume(list.filter);
        path_ = g_->logical_and(path_, list.filter);
      }
      auto b = row_column(object.rows, expr.name);
      if (b) *b = with_facts(*b);
      facts_ = facts;
      path_ = path;
      if (!b)
        throw Wrong{"unknown-name", expr.span, "the rows have no column '" + expr.name + "'",
                    "declare it, or correct the spelling"};
      list.value = std::make_shared<Bound>(std::move(*b));
      return list;
    }
    default:
      throw Unsupported{"a path"};
  }
}

Bound Binder::filter(const feel::Filter& expr) {
  if (expr.object->kind == feel::ExprKind::kName &&
      lookup_index_.contains(static_cast<const feel::NameRef&>(*expr.object).name) && inside_pack() == scheme::kNoPack)
    return lookup_rows(lookup_index_.at(static_cast<const feel::NameRef&>(*expr.object).name), expr.predicate.get());
  Bound object = bind(*expr.object);
  const bool lenient = lenient_;
  if (object.kind == Bound::Kind::kChildList && !object.value) {
    scopes_.push_back({object.rows.kind == Domain::Kind::kTable ? Scope::Kind::kTable : Scope::Kind::kGroup,
                       object.rows.index,
                       {},
                       {},
                       0});
    const auto facts = facts_;
    Node* const path = path_;
    if (object.filter != nullptr) {
      assume(object.filter);
      path_ = g_->logical_and(path_, object.filter);
    }
    lenient_ = true;
    row_of_.push_back(object.rows);
    Node* condition = bind_condition(*expr.predicate);
    row_of_.pop_back();
    lenient_ = lenient;
    facts_ = facts;
    path_ = path;
    scopes_.pop_back();
    object.filter = g_->logical_and(object.filter, condition);
    return object;
  }
  if (object.kind == Bound::Kind::kList) {
    Bound result;
    result.kind = Bound::Kind::kList;
    lenient_ = true;
    for (auto& element : object.list) {
      scopes_.push_back({Scope::Kind::kItem, 0, {}, element.value, 0});
      const auto predicate = bind(*expr.predicate);
      scopes_.pop_back();
      if (predicate.kind != Bound::Kind::kBoolean) {
        lenient_ = lenient;
        throw Unsupported{"a list index"};
      }
      Node* holds = g_->logical_and(predicate.valid, predicate.num);
      if (holds->op == Op::kConst && holds->constant == 0) continue;
      result.list.push_back({element.value, g_->logical_and(element.present, holds)});
    }
    lenient_ = lenient;
    // The filter's condition is what is known of the elements that are left.
    for (auto& element : result.list) {
      const auto facts = facts_;
      assume(element.present);
      element.value = with_facts(element.value);
      facts_ = facts;
    }
    return result;
  }
  throw Unsupported{"a filter"};
}

}  // namespace kaogong::plan
