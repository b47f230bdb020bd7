// Calls: aggregates, cohorts, history, dates, numbers.
#include <algorithm>
#include <array>

#include "engine/plan/binder.h"
#include "engine/scheme/pack_call.h"

namespace kaogong::plan {

namespace {

bool is_one_of(const std::string& name, std::initializer_list<const char*> names) {
  return std::any_of(names.begin(), names.end(), [&](const char* n) { return name == n; });
}

const feel::Argument* named(const feel::Call& call, const char* name) {
  for (const auto& argument : call.arguments)
    if (argument.name == name) return &argument;
  return nullptr;
}

}  // namespace

Bound Binder::call(const feel::Call& expr) {
  if (auto value = pack_call(expr)) return *value;
  if (expr.callee->kind != feel::ExprKind::kName) throw Unsupported{"a call of a computed function"};
  const std::string& function = static_cast<const feel::NameRef&>(*expr.callee).name;
  const bool in_pack = inside_pack() != scheme::kNoPack;
  if (const auto lookup = lookup_index_.find(function); lookup != lookup_index_.end() && !in_pack)
    return lookup_call(lookup->second, expr);
  if (in_pack && is_one_of(function, {"rank", "row_number", "total", "average", "highest", "lowest", "headcount",
                                      "percentile", "quota", "share", "enrolled", "previous", "last", "earlier",
                                      "year_to_date", "within", "streak", "longest_run"}))
    throw Wrong{"not-in-packs", expr.span, "'" + function + "' looks at other employees or periods",
                "compute it in the scheme and pass it as an argument"};
  if (is_one_of(function, {"rank", "row_number", "total", "average", "highest", "lowest", "headcount", "percentile",
                           "quota", "share"}))
    return cohort_call(function, expr);
  if (is_one_of(function, {"previous", "last", "earlier", "year_to_date", "within", "streak", "longest_run"}))
    return history_call(function, expr);
  if (is_one_of(function, {"month_end", "month_end_after", "add_months", "add_days", "days_between"}))
    return date_call(function, expr);
  if (is_one_of(function,
                {"concatenate", "append", "string", "substring", "matches", "replace", "sort", "flatten", "index of"}))
    throw Unsupported{"the function " + function};
  for (const auto& argument : expr.arguments)
    if (!argument.name.empty()) throw Unsupported{"named arguments of " + function};
  const auto arity = [&](size_t least, size_t most) {
    if (expr.arguments.size() < least || expr.arguments.size() > most)
      throw Wrong{"wrong-arguments", expr.span,
                  "'" + function + "' has " + std::to_string(expr.arguments.size()) + " arguments",
                  "give it " + std::to_string(least)};
  };
  const auto argument = [&](size_t i) { return with_facts(bind(*expr.arguments[i].value)); };

  if (function == "enrolled")
    return number(g_->constant(static_cast<Int>(in_.check_only ? 1 : in_.inputs->enrolled)), 0);
  if (function == "required") {
    arity(1, 1);
    Bound value = argument(0);
    if (value.kind == Bound::Kind::kNull) throw Wrong{"possible-null", expr.span, "required(null)", "name a value"};
    if (value.valid != nullptr) {
      fail(g_->logical_not(value.valid));
      value.valid = nullptr;
    }
    return value;
  }
  if (function == "coalesce") {
    arity(1, 64);
    Bound value = argument(0);
    for (size_t i = 1; i < expr.arguments.size(); ++i) {
      if (value.kind == Bound::Kind::kNull) {
        value = argument(i);
      } else if (value.valid != nullptr) {
        Node* there = value.valid;
        Node* const path = path_;
        path_ = g_->logical_and(path_, g_->logical_not(there));
        Bound next = argument(i);
        path_ = path;
        value.valid = nullptr;
        Bound chosen = select(there, value, next, expr.span);
        // Null only where both are.
        chosen.valid = next.kind == Bound::Kind::kNull ? there
                       : next.valid == nullptr         ? nullptr
                                                       : g_->logical_or(there, next.valid);
        value = std::move(chosen);
      }
    }
    return value;
  }
  if (function == "clamp") {
    arity(3, 3);
    Bound value = minimum_or_maximum(true, argument(0), argument(1), expr.span);
    return minimum_or_maximum(false, std::move(value), argument(2), expr.span);
  }
  if (function == "abs") {
    arity(1, 1);
    Bound value = required_number(argument(0), expr.span);
    Bound negative = value;
    negative.num = g_->scale(value.num, -1);
    return minimum_or_maximum(true, std::move(value), std::move(negative), expr.span);
  }
  if (is_one_of(function, {"floor", "ceiling", "round_to", "round half up", "decimal"})) {
    if (function == "decimal") throw Unsupported{"the function decimal"};  // half-even
    arity(1, 2);
    Bound value = required_number(argument(0), expr.span);
    Int decimals = expr.arguments.size() == 2 ? constant_of(argument(1), expr.span, "the number of decimals") : 0;
    if (decimals < 0 || decimals > 18) throw Unsupported{"this number of decimals"};
    const int more = value.scale - static_cast<int>(decimals);  // digits that are given up; below 0: zeros that come on
    const Int divisor = power_of_ten(more), factor = power_of_ten(-more);
    Node* den = value.den == nullptr ? g_->constant(divisor) : g_->scale(value.den, divisor);
    const Op op = function == "floor" ? Op::kFloorDiv : function == "ceiling" ? Op::kCeilDiv : Op::kRoundDiv;
    return number(g_->divide(op, g_->scale(value.num, factor), den), static_cast<uint8_t>(decimals));
  }
  if (function == "not") {
    arity(1, 1);
    return boolean(g_->logical_not(bind_condition(*expr.arguments[0].value)));
  }
  if (function == "distinct values") {
    arity(1, 1);
    Bound list = argument(0);
    if (list.kind != Bound::Kind::kChildList || !list.value) throw Unsupported{"distinct values of a list"};
    list.distinct = true;
    return list;
  }
  if (is_one_of(function, {"sum", "count", "mean", "min", "max", "all", "any"})) {
    if (expr.arguments.size() == 1) {
      Bound list = argument(0);
      if (list.kind == Bound::Kind::kLookupList) return aggregate_lookup(function, list, expr.span);
      if (list.kind == Bound::Kind::kLookup) throw Unsupported{"an aggregate of whole rows"};
      if (list.kind != Bound::Kind::kList && list.kind != Bound::Kind::kChildList) {
        Bound one;
        one.kind = Bound::Kind::kList;
        one.list.push_back({std::move(list), nullptr});
        return aggregate(function, one, expr.span);
      }
      return aggregate(function, list, expr.span);
    }
    arity(1, 1'000);
    Bound list;
    list.kind = Bound::Kind::kList;
    for (size_t i = 0; i < expr.arguments.size(); ++i) list.list.push_back({argument(i), nullptr});
    return aggregate(function, list, expr.span);
  }
  if (function == "modulo") {  // by a constant above 0: what is left of whole multiples
    arity(2, 2);
    const Bound dividend = required_number(argument(0), expr.span), divisor = required_number(argument(1), expr.span);
    if (dividend.den != nullptr || divisor.den != nullptr || dividend.scale != divisor.scale ||
        divisor.num->op != Op::kConst || divisor.num->constant <= 0)
      throw Unsupported{"modulo of these operands"};
    Node* times = g_->divide(Op::kFloorDiv, dividend.num, divisor.num);
    return number(g_->sub(dividend.num, g_->scale(times, divisor.num->constant)), dividend.scale);
  }
  throw Unsupported{"the function " + function};
}

Bound Binder::aggregate(const std::string& function, const Bound& list, feel::Span span) {
  return list.kind == Bound::Kind::kChildList ? aggregate_rows(function, list, span)
                                              : aggregate_list(function, list, span);
}

Bound Binder::aggregate_list(const std::string& function, const Bound& list, feel::Span span) {
  Node* count = g_->constant(0);
  for (const auto& element : list.list)
    count = g_->add(count, element.present == nullptr ? g_->constant(1) : element.present);
  if (function == "count") return number(count, 0);
  if (function == "all" || function == "any") throw Unsupported{"all() or any() of a list"};
  if (function == "sum" || function == "mean") {
    Bound sum = number(g_->constant(0), 0);
    for (const auto& element : list.list) {
      const auto facts = facts_;
      if (element.present != nullptr) assume(element.present);
      Bound value = required_number(with_facts(element.value), span);
      facts_ = facts;
      if (element.present != nullptr) value.num = g_->select(element.present, value.num, g_->constant(0));
      sum = arithmetic(feel::BinaryOp::kAdd, std::move(sum), std::move(value), span);
    }
    if (function == "sum") return sum;
    return divide(std::move(sum), number(count, 0), span, true);
  }
  if (list.list.empty()) {
    fail(g_->constant(1));
    return number(g_->constant(0), 0);
  }
  // min, max
  Bound best;
  Node* any = nullptr;  // whether one was seen; null pointer: certainly
  bool first = true;
  for (const auto& element : list.list) {
    const auto facts = facts_;
    if (element.present != nullptr) assume(element.present);
    Bound value = with_facts(element.value);
    facts_ = facts;
    if (value.kind == Bound::Kind::kDate) {
      not_null(value, span, "in min or max");
      if (element.present != nullptr) throw Unsupported{"min or max of a filtered list of dates"};
      if (first) {
        best = value;
      } else {
        best.num = function == "max" ? g_->max(best.num, value.num) : g_->min(best.num, value.num);
      }
      first = false;
      continue;
    }
    value = required_number(std::move(value), span);
    if (first) {
      best = value;
      any = element.present;
    } else {
      Bound chosen = minimum_or_maximum(function == "max", best, value, span);
      if (element.present != nullptr) chosen = select(element.present, chosen, best, span);
      if (any != nullptr) {
        chosen = select(any, chosen, value, span);
        any = element.present == nullptr ? nullptr : g_->logical_or(any, element.present);
      }
      best = std::move(chosen);
    }
    first = false;
  }
  if (any != nullptr) fail(g_->logical_not(any));
  return best;
}

Bound Binder::aggregate_rows(const std::string& function, const Bound& list, feel::Span span) {
  const Domain rows = list.rows;
  // Inside a group's definition its table's rows belong to the group; elsewhere rows belong to the employee.
  const Domain parent =
      domain_.kind == Domain::Kind::kGroup && rows.kind == Domain::Kind::kTable ? domain_ : kEmployees;
  if (domain_.kind == Domain::Kind::kTable) {
    // Inside a child row: the value is the employee's, the same for each of its rows.
  }
  const Int most = rows_max(rows, parent);
  const auto expanded = [&](Node* n) { return n->domain.kind == Domain::Kind::kScalar ? n : g_->expand(n, rows); };
  if (function == "count" && !list.distinct) {
    Node* n = list.filter == nullptr ? g_->aggregate(Op::kSegCount, nullptr, rows, parent, most)
                                     : g_->aggregate(Op::kSegSum, expanded(list.filter), rows, parent, most);
    return number(n, 0);
  }
  if (!list.value)
    throw Wrong{"type-clash", span, "'" + function + "' of whole rows", "name a column: " + function + "(rows.column)"};
  const auto facts = facts_;
  if (list.filter != nullptr) assume(list.filter);
  Bound value = with_facts(*list.value);
  facts_ = facts;
  if (function == "count") {
    if (list.filter != nullptr) throw Unsupported{"distinct values of filtered rows"};
    if (value.den != nullptr || value.valid != nullptr) throw Unsupported{"distinct values of fractions or nulls"};
    return number(g_->aggregate(Op::kSegDistinct, expanded(value.num), rows, parent, most), 0);
  }
  if (list.distinct) throw Unsupported{"an aggregate of distinct values"};
  if (function == "all" || function == "any") throw Unsupported{"all() or any() of rows"};
  if (value.kind == Bound::Kind::kDate && (function == "min" || function == "max"))
    throw Unsupported{"min or max of dates"};
  value = required_number(std::move(value), span);
  const bool fractions = value.den != nullptr && value.den->op != Op::kConst;
  if (fractions && function != "sum" && function != "mean") throw Unsupported{function + " of fractions over rows"};
  Node* count = list.filter == nullptr ? g_->aggregate(Op::kSegCount, nullptr, rows, parent, most)
                                       : g_->aggregate(Op::kSegSum, expanded(list.filter), rows, parent, most);
  // A group has rows; an employee has them where the table asks for one (else the row is refused for that).
  const auto& base = rows.kind == Domain::Kind::kTable ? doc_.tables[rows.index]
                                                       : doc_.tables[table_index_.at(doc_.groups[rows.index].of)];
  if (list.filter == nullptr && (parent.kind == Domain::Kind::kGroup || base.min_rows > 0))
    count = g_->max(count, g_->constant(1));
  if (function == "sum" || function == "mean") {
    Node* masked = list.filter == nullptr ? value.num : g_->select(list.filter, value.num, g_->constant(0));
    Bound sum = number(nullptr, value.scale);
    if (fractions) {
      const auto [top, bottom] = g_->sum_of_fractions(expanded(masked), expanded(value.den), rows, parent, most);
      sum.num = top;
      sum.den = bottom;
    } else {
      sum.num = g_->aggregate(Op::kSegSum, expanded(masked), rows, parent, most);
      sum.den = value.den;
    }
    const auto one = bounds_of(value, value.scale);
    if (one && one->first > -Graph::kLimit / (most + 1) && one->second < Graph::kLimit / (most + 1))
      set_quotient(&sum, std::pair{std::min<Int>(0, one->first * most), std::max<Int>(0, one->second * most)});
    if (function == "sum") return sum;
    Bound mean = divide(std::move(sum), number(count, 0), span, true);
    if (mean.scale == value.scale) set_quotient(&mean, one);
    return mean;
  }
  fail(g_->compare(Op::kEq, count, g_->constant(0)));
  Node* masked =
      list.filter == nullptr
          ? value.num
          : g_->select(list.filter, value.num, g_->constant(function == "min" ? value.num->high : value.num->low));
  Bound result = number(
      g_->aggregate(function == "min" ? Op::kSegMin : Op::kSegMax, expanded(masked), rows, parent, most), value.scale);
  result.den = value.den;
  return result;
}

Bound Binder::iterate(const feel::For& expr) {
  if (expr.iterators.size() != 1 || expr.iterators[0].range_end) throw Unsupported{"this `for`"};
  Bound domain = bind(*expr.iterators[0].domain);
  if (domain.kind == Bound::Kind::kList) {
    Bound result;
    result.kind = Bound::Kind::kList;
    for (auto& element : domain.list) {
      if (element.present != nullptr) throw Unsupported{"a `for` over a filtered list"};
      scopes_.push_back({Scope::Kind::kName, 0, expr.iterators[0].name, element.value, 0});
      result.list.push_back({bind(*expr.body), nullptr});
      scopes_.pop_back();
    }
    return result;
  }
  if (domain.kind != Bound::Kind::kChildList) throw Unsupported{"a `for` over something else than rows"};
  Bound row;
  if (domain.value) {
    row = *domain.value;
  } else {
    row.kind = Bound::Kind::kChildRow;
    row.rows = domain.rows;
  }
  const auto facts = facts_;
  Node* const path = path_;
  if (domain.filter != nullptr) {
    assume(domain.filter);
    path_ = g_->logical_and(path_, domain.filter);
  }
  scopes_.push_back({Scope::Kind::kName, 0, expr.iterators[0].name, row, 0});
  row_of_.push_back(domain.rows);
  Bound value = with_facts(bind(*expr.body));
  row_of_.pop_back();
  scopes_.pop_back();
  facts_ = facts;
  path_ = path;
  if (value.kind == Bound::Kind::kList || value.kind == Bound::Kind::kChildList) throw Unsupported{"nested lists"};
  domain.value = std::make_shared<Bound>(std::move(value));
  return domain;
}

Bound Binder::cohort_call(const std::string& function, const feel::Call& expr) {
  if (domain_.kind != Domain::Kind::kEmployee)
    throw Wrong{"wrong-place", expr.span, "'" + function + "' compares employees; here a child row is computed",
                "move it to a decision"};
  out_.uses_cohort = true;
  const auto* of = named(expr, function == "headcount" ? "among" : "of");
  for (const auto& argument : expr.arguments)
    if (!is_one_of(argument.name, {"of", "within", "among", "order", "by", "shares", "labels"}))
      throw Wrong{"wrong-arguments", expr.span, "'" + function + "' has no argument '" + argument.name + "'",
                  "its arguments are named: of, within, among"};
  if (of == nullptr && function != "headcount")
    throw Wrong{"wrong-arguments", expr.span, "'" + function + "' needs of: …",
                "write " + function + "(of: value, within: group)"};
  // Takes part: where `among` holds and `of` is not null.
  Node* part = nullptr;
  Node* const path = path_;
  Gathered* const gathered = gathered_;
  Node* const outer_path = outer_path_;
  const auto facts = facts_, outer_facts = outer_facts_;
  Gathered own;
  outer_path_ = g_->logical_and(outer_path_, path_);
  outer_facts_.insert(facts_.begin(), facts_.end());
  gathered_ = &own;
  path_ = nullptr;
  facts_.clear();
  if (const auto* among = named(expr, "among")) part = bind_condition(*among->value);
  if (part != nullptr) {
    assume(part);
    path_ = part;
  }
  Bound value;
  if (function != "headcount") {
    value = with_facts(bind(*of->value));
    if (value.kind == Bound::Kind::kNull) throw Wrong{"type-clash", expr.span, "of: null", "name a number"};
    if (value.valid != nullptr) {
      part = g_->logical_and(part, value.valid);
      value.valid = nullptr;
    }
    value = required_number(std::move(value), expr.span);
    if (value.den != nullptr) throw Unsupported{"a cohort function of an unrounded quotient"};
    if (value.num->high > INT64_MAX || value.num->low < INT64_MIN)
      throw Unsupported{"a cohort function of more than 64 bits"};
  }
  // The weight is asked of who takes part, the group of everybody who is given the group's value.
  if (part != nullptr) {
    assume(part);
    path_ = part;
  }
  Bound weight;
  if (function == "share") {
    const auto* by = named(expr, "by");
    if (by == nullptr)
      throw Wrong{"wrong-arguments", expr.span, "'share' needs by: …",
                  "write share(of: pool, by: weight, within: team)"};
    weight = required_number(with_facts(bind(*by->value)), expr.span);
    if (weight.den != nullptr || weight.num->high > INT64_MAX || weight.num->low < INT64_MIN)
      throw Unsupported{"this weight"};
  }
  if (is_one_of(function, {"total", "average", "highest", "lowest", "headcount"})) {
    facts_.clear();
    path_ = nullptr;
  }
  Node* group = nullptr;
  if (const auto* within = named(expr, "within")) {
    Bound key = with_facts(bind(*within->value));
    not_null(key, expr.span, "in within:");
    if (key.den != nullptr) throw Unsupported{"a fraction in within:"};
    group = key.num;
  }
  path_ = path;
  outer_path_ = outer_path;
  facts_ = facts;
  outer_facts_ = outer_facts;
  gathered_ = gathered;
  if (gathered_ != nullptr) {
    gathered_->cohort = true;
    for (Node* condition : own.conditions) gather(condition);
  }
  if (function == "share") fail(g_->logical_and(part, g_->compare(Op::kLt, weight.num, g_->constant(0))));
  // Whose arguments fail takes no part; who is at fault for it is refused in the end.
  Node* failed = any_of_employee(own.conditions);
  Node* takes_part = failed == nullptr ? part : g_->logical_and(part, g_->logical_not(failed));
  if (failed != nullptr) out_.left_out.push_back(failed);

  const auto node = [&](CohortKind kind, std::vector<Node*> more, const std::vector<Int>& table, Int low, Int high,
                        bool ascending = false) {
    // args: part, group, then the rest; constants stand for "all".
    std::vector<Node*> args{takes_part ? takes_part : g_->constant(1), group ? group : g_->constant(0)};
    args.insert(args.end(), more.begin(), more.end());
    return g_->cohort(kind, std::move(args), ascending, table, low, high);
  };
  const Int rows = in_.check_only ? NaturalBounds::kPopulation : static_cast<Int>(in_.inputs->rows());
  bool ascending = false;
  if (const auto* order = named(expr, "order")) {
    if (order->value->kind != feel::ExprKind::kString)
      throw Wrong{"wrong-arguments", expr.span, "order: must be a literal", "write \"ascending\" or \"descending\""};
    ascending = static_cast<const feel::StringLiteral&>(*order->value).value == "ascending";
  }
  Bound result;
  Node* count = nullptr;
  const auto total_bounds = [&](Int low, Int high) {
    return std::pair{std::min<Int>(0, low * rows), std::max<Int>(0, high * rows)};
  };
  if (function == "rank" || function == "row_number") {
    result = number(node(function == "rank" ? CohortKind::kRank : CohortKind::kRowNumber, {value.num}, {}, 0,
                         std::max<Int>(rows, 1), ascending),
                    0);
    result.valid = part;
  } else if (function == "total") {
    const auto [low, high] = total_bounds(value.num->low, value.num->high);
    result = number(node(CohortKind::kTotal, {value.num}, {}, low, high), value.scale);
    // Not null for a row that takes no part: it is the group's.
  } else if (function == "average") {
    const auto [low, high] = total_bounds(value.num->low, value.num->high);
    Bound sum = number(node(CohortKind::kTotal, {value.num}, {}, low, high), value.scale);
    count = node(CohortKind::kHeadcount, {}, {}, 0, std::max<Int>(rows, 1));
    result = divide(std::move(sum), number(count, 0), expr.span);
  } else if (function == "highest" || function == "lowest") {
    result = number(node(function == "highest" ? CohortKind::kHighest : CohortKind::kLowest, {value.num}, {},
                         std::min<Int>(0, value.num->low), std::max<Int>(0, value.num->high)),
                    value.scale);
    count = node(CohortKind::kHeadcount, {}, {}, 0, std::max<Int>(rows, 1));
    fail(g_->compare(Op::kEq, count, g_->constant(0)));
  } else if (function == "headcount") {
    result = number(node(CohortKind::kHeadcount, {}, {}, 0, std::max<Int>(rows, 1)), 0);
  } else if (function == "percentile") {
    Bound below = number(node(CohortKind::kPercentileCount, {value.num}, {}, 0, std::max<Int>(rows, 1)), 0);
    Node* all = g_->max(node(CohortKind::kHeadcount, {}, {}, 0, std::max<Int>(rows, 1)), g_->constant(1));
    result = divide(std::move(below), number(all, 0), expr.span);
    result.valid = part;
  } else if (function == "share") {
    const Int high = std::max<Int>(0, value.num->high);
    fail(g_->logical_and(part, g_->compare(Op::kLt, value.num, g_->constant(0))));
    if (value.scale > 2) throw Unsupported{"a pool with more than two decimals"};
    const Int to_fen = power_of_ten(2 - value.scale);
    result = number(node(CohortKind::kShare, {g_->scale(value.num, to_fen), weight.num}, {}, 0, high * to_fen), 2);
  } else {  // quota
    const auto *shares = named(expr, "shares"), *labels = named(expr, "labels");
    if (shares == nullptr || labels == nullptr || shares->value->kind != feel::ExprKind::kList ||
        labels->value->kind != feel::ExprKind::kList)
      throw Wrong{"wrong-arguments", expr.span, "'quota' needs shares: […] and labels: […]",
                  "give two literal lists of one length"};
    const Bound parts = bind(*shares->value), names = bind(*labels->value);
    std::vector<Int> table;
    uint8_t scale = 0;
    for (const auto& p : parts.list) scale = std::max(scale, p.value.scale);
    const Int one = power_of_ten(scale);
    Int sum = 0;
    for (const auto& p : parts.list) {
      if (p.value.kind != Bound::Kind::kNumber || p.value.num->op != Op::kConst)
        throw Unsupported{"shares that are not literals"};
      const Int share = times_power_of_ten(p.value.num->constant, scale - p.value.scale);
      table.push_back(share);
      sum += share;
    }
    if (sum != one) throw Wrong{"weights", expr.span, "the shares of 'quota' do not add up to 1", "correct them"};
    if (parts.list.size() != names.list.size() || parts.list.empty())
      throw Wrong{"wrong-arguments", expr.span, "'quota' has as many labels as shares", "correct the lists"};
    auto dictionary = std::make_shared<column::Dictionary>();
    std::vector<Int> codes;
    for (const auto& label : names.list) {
      if (label.value.kind != Bound::Kind::kString) throw Unsupported{"labels that are not strings"};
      codes.push_back(dictionary->insert(label.value.dictionary->at(0)));
    }
    result.kind = Bound::Kind::kString;
    result.dictionary = dictionary;
    result.num = g_->gather(node(CohortKind::kQuota, {value.num}, table, 0, static_cast<Int>(table.size()) - 1),
                            std::move(codes));
    result.valid = part;
  }
  record_cohort(expr, result, count);
  return result;
}

void Binder::record_cohort(const feel::Call& call, const Bound& result, Node* count) {
  for (auto& known : out_.cohorts) {
    if (known.call != &call) continue;
    known.ambiguous = known.ambiguous || known.result.num != result.num || known.result.den != result.den ||
                      known.result.valid != result.valid;
    return;
  }
  out_.cohorts.push_back({&call, result, count});
}

Bound Binder::history_call(const std::string& function, const feel::Call& expr) {
  const bool condition = function == "streak" || function == "longest_run";
  if (expr.arguments.empty())
    throw Wrong{"wrong-arguments", expr.span, "'" + function + "' needs an argument", "name a column of history"};
  const auto period = in_.inputs->period;
  if (condition) {
    // How far back anything is recorded, over all columns of history that may be meant.
    size_t deepest = 0;
    std::optional<scheme::PeriodKind> finer;
    for (size_t h = 0; h < doc_.history.size(); ++h) {
      const auto& data = in_.inputs->history[h];
      if (data.kind != period.kind) finer = data.kind;
      deepest = std::max(deepest, data.by_period.size());
    }
    const bool lenient = lenient_;
    const auto held = [&](int64_t lag) {
      scopes_.push_back({Scope::Kind::kHistory, 0, {}, {}, lag});
      lenient_ = true;
      Node* holds = bind_condition(*expr.arguments[0].value);
      lenient_ = lenient;
      scopes_.pop_back();
      if (lag < 0) return holds;
      // A period with nothing recorded holds nothing, whatever the condition makes of nulls.
      Node* recorded = g_->constant(0);
      for (uint32_t h = 0; h < doc_.history.size(); ++h) {
        const Bound value = history_value(h, static_cast<size_t>(lag));
        recorded = g_->logical_or(recorded, value.valid == nullptr ? g_->constant(1) : value.valid);
      }
      return g_->logical_and(recorded, holds);
    };
    if (function == "streak") {
      Node* holds = held(-1);
      Node* run = holds;
      Node* all = holds;
      for (size_t lag = 0; lag < deepest; ++lag) {
        all = g_->logical_and(all, held(static_cast<int64_t>(lag)));
        if (all->op == Op::kConst && all->constant == 0) break;
        run = g_->add(run, all);
      }
      return number(run, 0);
    }
    // Oldest to newest over the periods inside this one: run = holds ? run + 1 : 0.
    const auto kind = finer.value_or(period.kind);
    const int32_t inside = scheme::months_of(period.kind) / scheme::months_of(kind);
    Node* run = g_->constant(0);
    Node* best = g_->constant(0);
    for (int32_t i = inside - 1; i >= 0; --i) {
      Node* holds = held(i);
      run = g_->select(holds, g_->add(run, g_->constant(1)), g_->constant(0));
      best = g_->max(best, run);
    }
    return number(best, 0);
  }
  if (expr.arguments[0].value->kind != feel::ExprKind::kName)
    throw Wrong{"wrong-arguments", expr.span, "'" + function + "' takes the name of a column of history", "name one"};
  const auto& n = static_cast<const feel::NameRef&>(*expr.arguments[0].value).name;
  const auto found = history_index_.find(n);
  if (found == history_index_.end())
    throw Wrong{"unknown-name", expr.arguments[0].value->span, "'" + n + "' is not declared under history",
                "declare it there"};
  const auto& data = in_.inputs->history[found->second];
  const bool finer = data.kind != period.kind;
  if (function == "previous") {
    if (finer)
      throw Wrong{"wrong-arguments", expr.span, "'previous' of a column recorded by another kind of period",
                  "use within()"};
    return history_value(found->second, 0);
  }
  Bound list;
  list.kind = Bound::Kind::kList;
  const auto recorded = [&](size_t i) {  // an element that is in the list only where it is recorded
    Bound value = history_value(found->second, i);
    Node* present = value.valid == nullptr ? nullptr : value.valid;
    if (present != nullptr && present->op == Op::kConst && present->constant == 0) return;
    value.valid = nullptr;
    list.list.push_back({std::move(value), present});
  };
  if (function == "last") {
    if (expr.arguments.size() != 2)
      throw Wrong{"wrong-arguments", expr.span, "'last' needs the number of periods", "write last(x, 12)"};
    const Int count = constant_of(bind(*expr.arguments[1].value), expr.span, "the number of periods");
    if (count < 0 || count > 600)
      throw Wrong{"wrong-arguments", expr.span, "'last' takes 0 to 600 periods", "correct the number"};
    for (Int i = 0; i < count; ++i)
      list.list.push_back({history_value(found->second, static_cast<size_t>(i)), nullptr});
  } else if (function == "earlier") {
    // Entries that lie inside the run's own period are not earlier.
    const int32_t inside = finer ? scheme::months_of(period.kind) / scheme::months_of(data.kind) : 0;
    for (size_t i = data.by_period.size(); i-- > static_cast<size_t>(inside);) recorded(i);
  } else if (function == "year_to_date") {
    const int32_t first = scheme::first_within({scheme::PeriodKind::kYear, scheme::year_of(period)}, data.kind).index;
    const int32_t newest = finer ? scheme::first_within(period, data.kind).index - 1 : period.index - 1;
    for (int32_t p = first; p <= newest; ++p) recorded(static_cast<size_t>(data.newest - p));
  } else {  // within
    const int32_t inside = scheme::months_of(period.kind) / scheme::months_of(data.kind);
    for (int32_t i = inside - 1; i >= 0; --i)
      list.list.push_back({history_value(found->second, static_cast<size_t>(i)), nullptr});
  }
  return list;
}

Bound Binder::date_call(const std::string& function, const feel::Call& expr) {
  const size_t wanted = function == "month_end" || function == "month_end_after" ? 1 : 2;
  if (expr.arguments.size() != wanted)
    throw Wrong{"wrong-arguments", expr.span,
                "'" + function + "' has " + std::to_string(expr.arguments.size()) + " arguments",
                "give it " + std::to_string(wanted)};
  const auto date = [&](size_t i) {
    Bound b = with_facts(bind(*expr.arguments[i].value));
    not_null(b, expr.span, "where a date is needed");
    if (b.kind != Bound::Kind::kDate)
      throw Wrong{"type-clash", expr.span, "'" + function + "' needs a date", "give a date"};
    return b.num;
  };
  const auto whole = [&](size_t i) {
    Bound b = required_number(with_facts(bind(*expr.arguments[i].value)), expr.span);
    if (b.den != nullptr || b.scale != 0) throw Unsupported{"a fraction of a day or month"};
    if (b.num->low < -120'000 || b.num->high > 120'000) throw Unsupported{"an unbounded number of days or months"};
    return b.num;
  };
  Bound result;
  result.kind = Bound::Kind::kDate;
  if (function == "month_end") {
    result.num = g_->date(Op::kMonthEnd, date(0));
  } else if (function == "month_end_after") {
    result.num = g_->date(Op::kMonthEnd, g_->add(date(0), g_->constant(1)));
  } else if (function == "add_months") {
    result.num = g_->date(Op::kAddMonths, date(0), whole(1));
  } else if (function == "add_days") {
    result.num = g_->add(date(0), whole(1));
  } else {
    return number(g_->sub(date(1), date(0)), 0);
  }
  return result;
}

}  // namespace kaogong::plan
