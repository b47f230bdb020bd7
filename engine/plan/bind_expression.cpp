// Expressions: operators, conditions, tests.
#include <algorithm>

#include "engine/plan/binder.h"
#include "engine/scheme/literal.h"

namespace kaogong::plan {

namespace {

constexpr int kScaleMax = 30;
constexpr uint64_t kBindStepsMax = 10'000'000;  // of a scheme; lists of lists, and packs in packs, multiply

Op op_of(feel::BinaryOp op) {
  switch (op) {
    case feel::BinaryOp::kLt:
      return Op::kLt;
    case feel::BinaryOp::kLe:
      return Op::kLe;
    case feel::BinaryOp::kGt:
      return Op::kGt;
    case feel::BinaryOp::kGe:
      return Op::kGe;
    case feel::BinaryOp::kNe:
      return Op::kNe;
    default:
      return Op::kEq;
  }
}

const char* kind_name(Bound::Kind kind) {
  switch (kind) {
    case Bound::Kind::kNull:
      return "null";
    case Bound::Kind::kNumber:
      return "a number";
    case Bound::Kind::kBoolean:
      return "a boolean";
    case Bound::Kind::kString:
      return "a string";
    case Bound::Kind::kDate:
      return "a date";
    case Bound::Kind::kLookupRow:
      return "a row of a lookup";
    case Bound::Kind::kChildRow:
      return "a row";
    case Bound::Kind::kLookup:
      return "a table";
    default:
      return "a list";
  }
}

}  // namespace

Bound Binder::number(Node* num, uint8_t scale) const {
  Bound b;
  b.kind = Bound::Kind::kNumber;
  b.num = num;
  b.scale = scale;
  return b;
}

Bound Binder::boolean(Node* num) const {
  Bound b;
  b.kind = Bound::Kind::kBoolean;
  b.num = num;
  return b;
}

void Binder::fail(Node* condition) {
  Node* where = where_evaluated(condition);
  if (where->op == Op::kConst && where->constant == 0) return;
  if (gathered_ != nullptr) gathered_->conditions.push_back(where);
  out_.failures.push_back(g_->logical_and(outer_path_, where));
}

void Binder::gather(Node* condition) {
  if (gathered_ != nullptr) gathered_->conditions.push_back(where_evaluated(condition));
}

// Nothing fails in what is not evaluated: off the path, and what is said of each row where there are none.
Node* Binder::where_evaluated(Node* condition) {
  Node* where = g_->logical_and(path_, condition);
  const auto of_rows = [](const Node* n) {
    return n->domain.kind == Domain::Kind::kTable || n->domain.kind == Domain::Kind::kGroup;
  };
  if (of_rows(where) || (where->op == Op::kConst && where->constant == 0)) return where;
  for (const Domain rows : row_of_)
    where = g_->logical_and(
        where, g_->compare(Op::kGt, g_->aggregate(Op::kSegCount, nullptr, rows, kEmployees, rows_max(rows, kEmployees)),
                           g_->constant(0)));
  return where;
}

bool Binder::known_outside(const Node* valid) const {
  if (outer_facts_.contains(valid)) return true;
  if (valid->op != Op::kAnd && valid->op != Op::kOr) return false;
  const auto known = [&](const Node* arg) { return outer_facts_.contains(arg); };
  return valid->op == Op::kAnd ? std::all_of(valid->args.begin(), valid->args.end(), known)
                               : std::any_of(valid->args.begin(), valid->args.end(), known);
}

Node* Binder::any_of_employee(const std::vector<Node*>& conditions) {
  Node* any = g_->constant(0);
  for (Node* c : conditions) {
    if (c->domain.kind == Domain::Kind::kTable || c->domain.kind == Domain::Kind::kGroup)
      c = g_->aggregate(Op::kSegMax, c, c->domain, kEmployees, rows_max(c->domain, kEmployees));
    any = g_->logical_or(any, c);
  }
  return any->op == Op::kConst && any->constant == 0 ? nullptr : any;
}

void Binder::assume(Node* condition) {
  facts_.insert(condition);
  if (condition->op == Op::kAnd)
    for (Node* arg : condition->args) assume(arg);
  if (condition->op == Op::kNot) assume_not(condition->args[0]);
  // An employee's fact holds for each of the employee's rows.
  if (condition->op == Op::kExpand) assume(condition->args[0]);
}

void Binder::assume_not(Node* condition) {
  if (condition->op == Op::kOr)
    for (Node* arg : condition->args) assume_not(arg);
  if (condition->op == Op::kNot) assume(condition->args[0]);
  if (condition->op == Op::kExpand) assume_not(condition->args[0]);
}

Bound Binder::with_facts(Bound value) const {
  if (value.valid != nullptr) {
    if (facts_.contains(value.valid) || (value.valid->op == Op::kExpand && facts_.contains(value.valid->args[0]))) {
      value.valid = nullptr;
    } else if (value.valid->op == Op::kConst && value.valid->constant == 1) {
      value.valid = nullptr;
    } else if (value.valid->op == Op::kAnd) {
      bool all = true;
      for (const Node* arg : value.valid->args) all = all && facts_.contains(arg);
      if (all) value.valid = nullptr;
    } else if (value.valid->op == Op::kOr) {
      for (const Node* arg : value.valid->args)
        if (facts_.contains(arg)) {
          value.valid = nullptr;
          break;
        }
    }
  }
  return value;
}

Node* Binder::not_null(const Bound& value, feel::Span span, const char* where) {
  if (value.kind == Bound::Kind::kNull)
    throw Wrong{"possible-null", span, std::string("null ") + where, "use a value, or test with `if … != null`"};
  if (value.valid != nullptr && !lenient_)
    refuse_null(value.valid, {"possible-null", span, std::string("a value that may be null ") + where,
                              "test it first (`if x != null then … else …`), or use coalesce(x, …) or required(x)"});
  return value.num;
}

// What the checker saw to be never null is so as long as values keep within what they are declared to be; where one
// does not, the row is refused.
void Binder::refuse_null(Node* valid, Wrong wrong) {
  if (known_outside(valid)) {
    gather(g_->logical_not(valid));
  } else if (in_.check_only) {
    throw wrong;
  } else {
    fail(g_->logical_not(valid));
  }
}

Bound Binder::required_number(Bound value, feel::Span span) {
  if (value.kind == Bound::Kind::kList || value.kind == Bound::Kind::kChildList)
    throw Wrong{"type-clash", span, "a list where a number is needed", "use sum(), count(), mean(), min() or max()"};
  if (value.kind != Bound::Kind::kNumber && value.kind != Bound::Kind::kNull)
    throw Wrong{"type-clash", span, std::string(kind_name(value.kind)) + " where a number is needed", "use a number"};
  value.num = not_null(value, span, "where a number is needed");
  return value;
}

Bound Binder::bind_expression(const scheme::Expression& expression) {
  const auto* outer = expression_;
  expression_ = &expression;
  Bound result = bind(*expression.tree);
  expression_ = outer;
  return result;
}

Node* Binder::bind_condition(const feel::Expr& expr) {
  const Bound b = with_facts(bind(expr));
  if (b.kind != Bound::Kind::kBoolean)
    throw Wrong{"type-clash", expr.span, std::string(kind_name(b.kind)) + " where a condition is needed",
                "write a comparison"};
  if (b.valid != nullptr) {
    if (lenient_) return g_->logical_and(b.valid, b.num);
    refuse_null(b.valid, {"possible-null", expr.span, "a condition that may be null", "test the value for null first"});
  }
  return b.num;
}

Bound Binder::bind(const feel::Expr& expr) {
  using feel::ExprKind;
  if (++steps_ > kBindStepsMax) throw Unsupported{"a scheme whose expressions repeat others too often"};
  switch (expr.kind) {
    case ExprKind::kNumber: {
      const auto& text = static_cast<const feel::NumberLiteral&>(expr).text;
      Int value = 0;
      int scale = 0;
      bool point = false;
      for (const char c : text) {
        if (c == '.') {
          point = true;
        } else if (c < '0' || c > '9') {
          throw Unsupported{"a number with an exponent"};
        } else {
          if (value > (Int{1} << 100)) throw Unsupported{"a number of more than 30 digits"};
          value = value * 10 + (c - '0');
          scale += point;
        }
      }
      while (scale > 0 && value % 10 == 0) value /= 10, --scale;
      return number(g_->constant(value), static_cast<uint8_t>(scale));
    }
    case ExprKind::kString: {
      Bound b;
      b.kind = Bound::Kind::kString;
      b.num = g_->constant(0);
      b.dictionary = literal_dictionary(static_cast<const feel::StringLiteral&>(expr).value);
      return b;
    }
    case ExprKind::kBoolean:
      return boolean(g_->constant(static_cast<const feel::BooleanLiteral&>(expr).value));
    case ExprKind::kNull:
      return {};
    case ExprKind::kName:
      return with_facts(name(static_cast<const feel::NameRef&>(expr).name, expr.span));
    case ExprKind::kNegate: {
      Bound a = required_number(with_facts(bind(*static_cast<const feel::Negate&>(expr).operand)), expr.span);
      a.num = g_->scale(a.num, -1);
      return a;
    }
    case ExprKind::kBinary:
      return binary(static_cast<const feel::Binary&>(expr));
    case ExprKind::kBetween: {
      const auto& between = static_cast<const feel::Between&>(expr);
      const Bound value = bind(*between.value);
      Node* low = ordering(feel::BinaryOp::kGe, value, bind(*between.low), expr.span).num;
      return boolean(g_->logical_and(low, ordering(feel::BinaryOp::kLe, value, bind(*between.high), expr.span).num));
    }
    case ExprKind::kIn: {
      const auto& in = static_cast<const feel::In&>(expr);
      const Bound value = bind(*in.value);
      if (value.valid != nullptr && !lenient_) not_null(value, expr.span, "in `in`");
      Node* any = g_->constant(0);
      for (const auto& t : in.tests) any = g_->logical_or(any, test(t, value, expr.span));
      return boolean(any);
    }
    case ExprKind::kIf: {
      const auto& branch = static_cast<const feel::If&>(expr);
      Node* condition = bind_condition(*branch.condition);
      const auto facts = facts_;
      Node* const path = path_;
      if (condition->op == Op::kConst && !in_.check_only)
        return bind(condition->constant != 0 ? *branch.then_branch : *branch.else_branch);
      assume(condition);
      path_ = g_->logical_and(path, condition);
      Bound then_value = bind(*branch.then_branch);
      facts_ = facts;
      Node* otherwise = g_->logical_not(condition);
      facts_.insert(otherwise);
      assume_not(condition);
      path_ = g_->logical_and(path, otherwise);
      Bound else_value = bind(*branch.else_branch);
      facts_ = facts;
      path_ = path;
      return select(condition, std::move(then_value), std::move(else_value), expr.span);
    }
    case ExprKind::kPath:
      return with_facts(path(static_cast<const feel::Path&>(expr)));
    case ExprKind::kFilter:
      return filter(static_cast<const feel::Filter&>(expr));
    case ExprKind::kCall:
      return with_facts(call(static_cast<const feel::Call&>(expr)));
    case ExprKind::kFor:
      return iterate(static_cast<const feel::For&>(expr));
    case ExprKind::kList: {
      Bound list;
      list.kind = Bound::Kind::kList;
      for (const auto& item : static_cast<const feel::ListLiteral&>(expr).items)
        list.list.push_back({bind(*item), nullptr});
      return list;
    }
    case ExprKind::kTemporal: {
      const auto day = scheme::parse_date(static_cast<const feel::TemporalLiteral&>(expr).text);
      if (!day) throw Unsupported{"a time or a duration"};
      Bound b;
      b.kind = Bound::Kind::kDate;
      b.num = g_->constant(*day);
      return b;
    }
    default:
      throw Unsupported{"this kind of expression"};
  }
}

Bound Binder::binary(const feel::Binary& expr) {
  using feel::BinaryOp;
  if (expr.op == BinaryOp::kAnd || expr.op == BinaryOp::kOr) {
    Node* left = bind_condition(*expr.left);
    const auto facts = facts_;
    Node* const path = path_;
    if (expr.op == BinaryOp::kAnd) {
      assume(left);
      path_ = g_->logical_and(path, left);
    } else {
      assume_not(left);
      facts_.insert(g_->logical_not(left));
      path_ = g_->logical_and(path, g_->logical_not(left));
    }
    Node* right = bind_condition(*expr.right);
    facts_ = facts;
    path_ = path;
    return boolean(expr.op == BinaryOp::kAnd ? g_->logical_and(left, right) : g_->logical_or(left, right));
  }
  Bound a = with_facts(bind(*expr.left));
  Bound b = with_facts(bind(*expr.right));
  switch (expr.op) {
    case BinaryOp::kEq:
    case BinaryOp::kNe:
      return equality(expr.op == BinaryOp::kNe, std::move(a), std::move(b), expr.span);
    case BinaryOp::kLt:
    case BinaryOp::kLe:
    case BinaryOp::kGt:
    case BinaryOp::kGe:
      return ordering(expr.op, std::move(a), std::move(b), expr.span);
    default:
      return arithmetic(expr.op, std::move(a), std::move(b), expr.span);
  }
}

std::optional<std::pair<Int, Int>> Binder::bounds_of(const Bound& value, uint8_t scale) {
  const auto floor_div = [](Int n, Int d) { return n / d - (n % d < 0); };
  const auto ceil_div = [](Int n, Int d) { return n / d + (n % d > 0); };
  Int low = value.num->low, high = value.num->high;
  if (value.den != nullptr && value.quotient.num == value.num && value.quotient.den == value.den) {
    low = value.quotient.low;
    high = value.quotient.high;
  } else if (value.den != nullptr) {  // where it counts, the divisor is 1 at least
    const Int least = std::max<Int>(1, value.den->low), most = std::max(least, value.den->high);
    low = floor_div(low, low < 0 ? least : most);
    high = ceil_div(high, high > 0 ? least : most);
  }
  if (value.scale > scale) {
    const Int factor = power_of_ten(value.scale - scale);
    return std::pair{floor_div(low, factor), ceil_div(high, factor)};
  }
  const Int factor = power_of_ten(scale - value.scale);
  if (__builtin_mul_overflow(low, factor, &low) || __builtin_mul_overflow(high, factor, &high)) return std::nullopt;
  if (low < -Graph::kLimit || high > Graph::kLimit) return std::nullopt;
  return std::pair{low, high};
}

void Binder::set_quotient(Bound* value, const std::optional<std::pair<Int, Int>>& bounds) {
  if (value->den == nullptr || !bounds) return;
  value->quotient = {value->num, value->den, bounds->first, bounds->second};
}

namespace {

using Bounds = std::optional<std::pair<Int, Int>>;

// The least and the greatest of all sums, of all products; nothing: beyond 128 bits.
Bounds sum(const std::pair<Int, Int>& a, const std::pair<Int, Int>& b) {
  Int low = 0, high = 0;
  if (__builtin_add_overflow(a.first, b.first, &low) || __builtin_add_overflow(a.second, b.second, &high))
    return std::nullopt;
  return std::pair{low, high};
}

Bounds product(const Bounds& a, const Bounds& b) {
  if (!a || !b) return std::nullopt;
  Int least = 0, most = 0;
  bool first = true;
  for (const Int x : {a->first, a->second})
    for (const Int y : {b->first, b->second}) {
      Int p = 0;
      if (__builtin_mul_overflow(x, y, &p)) return std::nullopt;
      least = first ? p : std::min(least, p);
      most = first ? p : std::max(most, p);
      first = false;
    }
  return std::pair{least, most};
}

}  // namespace

Bound Binder::arithmetic(feel::BinaryOp op, Bound a, Bound b, feel::Span span) {
  using feel::BinaryOp;
  if (a.kind == Bound::Kind::kDate || b.kind == Bound::Kind::kDate || a.kind == Bound::Kind::kString ||
      b.kind == Bound::Kind::kString) {
    if (a.kind == Bound::Kind::kNumber || b.kind == Bound::Kind::kNumber)
      throw Wrong{"type-clash", span,
                  std::string(kind_name(a.kind)) + " and " + kind_name(b.kind) + " cannot be combined",
                  a.kind == Bound::Kind::kDate || b.kind == Bound::Kind::kDate
                      ? "use add_days, add_months or days_between for dates"
                      : "compute with numbers; string(x) makes a text of one"};
    throw Unsupported{"arithmetic of dates or strings"};
  }
  Node* valid = lenient_ && (a.valid || b.valid) ? g_->logical_and(a.valid, b.valid) : nullptr;
  a = required_number(std::move(a), span);
  b = required_number(std::move(b), span);
  Bound result;
  switch (op) {
    case BinaryOp::kMul:
      if (a.scale + b.scale > kScaleMax) throw Unsupported{"more than 30 decimals"};
      result = number(g_->mul(a.num, b.num), static_cast<uint8_t>(a.scale + b.scale));
      result.den = a.den == nullptr ? b.den : b.den == nullptr ? a.den : g_->mul(a.den, b.den);
      set_quotient(&result, product(bounds_of(a, a.scale), bounds_of(b, b.scale)));
      break;
    case BinaryOp::kDiv:
      result = divide(std::move(a), std::move(b), span);
      break;
    case BinaryOp::kAdd:
    case BinaryOp::kSub: {
      const Int sign = op == BinaryOp::kAdd ? 1 : -1;
      const uint8_t scale = std::max(a.scale, b.scale);
      const Int fa = power_of_ten(scale - a.scale), fb = sign * power_of_ten(scale - b.scale);
      Node *x = a.num, *y = b.num;
      result.den = a.den;
      if (a.den != b.den) {
        if (a.den != nullptr && b.den != nullptr && a.den->op == Op::kConst && b.den->op == Op::kConst) {
          const Int divisor = greatest_common_divisor(a.den->constant, b.den->constant);
          const Int times = b.den->constant / divisor;
          Int common = 0;
          if (__builtin_mul_overflow(a.den->constant, times, &common) || common > Graph::kLimit)
            throw Unsupported{"a sum of fractions of too many denominators"};
          x = g_->scale(x, times);
          y = g_->scale(y, a.den->constant / divisor);
          result.den = g_->constant(common);
        } else {
          if (b.den != nullptr) x = g_->mul(x, b.den);
          if (a.den != nullptr) y = g_->mul(y, a.den);
          result.den = a.den == nullptr ? b.den : b.den == nullptr ? a.den : g_->mul(a.den, b.den);
        }
      }
      Node* den = result.den;
      result = number(g_->linear(0, {{fa, x}, {fb, y}}), scale);
      result.den = den;
      const auto first = bounds_of(a, scale), second = bounds_of(b, scale);
      if (first && second)
        set_quotient(&result, sign > 0 ? sum(*first, *second) : sum(*first, {-second->second, -second->first}));
      break;
    }
    default:
      throw Unsupported{"exponentiation"};
  }
  result.valid = valid;
  return result;
}

Bound Binder::divide(Bound a, Bound b, feel::Span span, bool mean) {
  // (an / ad / 10^as) / (bn / bd / 10^bs) = (an * bd * 10^bs) / (ad * bn * 10^as), with a positive divisor.
  if (b.num->op == Op::kConst && b.num->constant == 0) {
    if (in_.check_only) throw Wrong{"division-by-zero", span, "division by zero", "divide by something else"};
    fail(g_->constant(1));  // with this data it is 0 for everybody
    return number(g_->constant(0), 0);
  }
  // What a condition around the division has made sure of.
  const bool positive = facts_.contains(g_->compare(Op::kGt, b.num, g_->constant(0)));
  if (b.num->low <= 0 && b.num->high >= 0 && !positive) {
    if (in_.check_only && path_ == nullptr && outer_path_ == nullptr && !mean)
      report(scheme::Severity::kWarning, "division-by-zero", span, "the divisor can be zero: such rows will be refused",
             "give the divisor a bound (`above: 0`), or test it first");
    fail(g_->compare(Op::kEq, b.num, g_->constant(0)));
  }
  // With a divisor that is above 0, the quotient's bounds are those of the dividend's over the divisor's ends.
  const auto dividend = bounds_of(a, a.scale), divisor = bounds_of(b, b.scale);
  Node* numerator = b.den == nullptr ? a.num : g_->mul(a.num, b.den);
  Node* denominator = a.den == nullptr ? b.num : g_->mul(a.den, b.num);
  // Where the condition does not hold, the quotient does not count, and no loop minds its divisor.
  if (denominator->low < 0 && !(positive && a.den == nullptr)) {
    Node* negative = g_->compare(Op::kLt, denominator, g_->constant(0));
    numerator = g_->select(negative, g_->scale(numerator, -1), numerator);
    denominator = g_->max(denominator, g_->scale(denominator, -1));
  }
  int scale = a.scale - b.scale;
  if (scale < 0) {
    numerator = g_->scale(numerator, power_of_ten(-scale));
    scale = 0;
  }
  Bound result = number(numerator, static_cast<uint8_t>(scale));
  result.den = denominator;
  if (denominator->op == Op::kConst && denominator->constant == 1) result.den = nullptr;
  if (dividend && divisor && divisor->first >= 0 && b.den == nullptr) {
    // In units: dividend / divisor * 10^(b.scale - a.scale + scale).
    const Int factor = power_of_ten(b.scale - a.scale + scale);
    const auto scaled = product(dividend, std::pair{factor, factor});
    if (scaled) {
      const Int least = std::max<Int>(1, divisor->first), most = std::max(least, divisor->second);
      const auto floor_div = [](Int n, Int d) { return n / d - (n % d < 0); };
      set_quotient(&result, std::pair{floor_div(scaled->first, scaled->first < 0 ? least : most),
                                      -floor_div(-scaled->second, scaled->second > 0 ? least : most)});
    }
  }
  return result;
}

Node* Binder::compare_numbers(Op op, const Bound& a, const Bound& b) {
  const uint8_t scale = std::max(a.scale, b.scale);
  Node* x = g_->scale(a.num, power_of_ten(scale - a.scale));
  Node* y = g_->scale(b.num, power_of_ten(scale - b.scale));
  if (a.den != b.den) {
    if (b.den != nullptr) x = g_->mul(x, b.den);
    if (a.den != nullptr) y = g_->mul(y, a.den);
  }
  return g_->compare(op, x, y);
}

Bound Binder::equality(bool negated, Bound a, Bound b, feel::Span span) {
  if (a.kind == Bound::Kind::kNull) std::swap(a, b);
  if (b.kind == Bound::Kind::kNull) {
    if (a.kind == Bound::Kind::kList || a.kind == Bound::Kind::kChildList)
      throw Unsupported{"a list compared with null"};
    Node* is_null = a.kind == Bound::Kind::kNull ? g_->constant(1)
                    : a.valid == nullptr         ? g_->constant(0)
                                                 : g_->logical_not(a.valid);
    return boolean(negated ? g_->logical_not(is_null) : is_null);
  }
  if (a.kind != b.kind)
    throw Wrong{"type-clash", span, std::string(kind_name(a.kind)) + " is compared with " + kind_name(b.kind),
                "compare values of one type"};
  Node* same = nullptr;
  switch (a.kind) {
    case Bound::Kind::kNumber:
      same = compare_numbers(Op::kEq, a, b);
      break;
    case Bound::Kind::kString: {
      if (a.num->op == Op::kConst) std::swap(a, b);
      Node* y = align_string(b, a.dictionary);
      same = g_->compare(Op::kEq, a.num, y);
      break;
    }
    case Bound::Kind::kBoolean:
    case Bound::Kind::kDate:
      same = g_->compare(Op::kEq, a.num, b.num);
      break;
    default:
      throw Unsupported{"a comparison of lists"};
  }
  if (a.valid != nullptr || b.valid != nullptr) {
    Node* both = g_->logical_and(a.valid, b.valid);
    same = g_->logical_and(both, same);
    if (a.valid != nullptr && b.valid != nullptr)
      same = g_->logical_or(same, g_->logical_and(g_->logical_not(a.valid), g_->logical_not(b.valid)));
    if (lenient_) {  // a null compares to nothing
      Bound result = boolean(g_->logical_and(both, negated ? g_->logical_not(same) : same));
      return result;
    }
  }
  return boolean(negated ? g_->logical_not(same) : same);
}

Bound Binder::ordering(feel::BinaryOp op, Bound a, Bound b, feel::Span span) {
  a = with_facts(std::move(a));
  b = with_facts(std::move(b));
  if (lenient_ && (a.kind == Bound::Kind::kNull || b.kind == Bound::Kind::kNull)) return boolean(g_->constant(0));
  not_null(a, span, "in a comparison");
  not_null(b, span, "in a comparison");
  if (a.kind != b.kind)
    throw Wrong{"type-clash", span, std::string(kind_name(a.kind)) + " is compared with " + kind_name(b.kind),
                "compare values of one type"};
  Node* result = nullptr;
  if (a.kind == Bound::Kind::kNumber) {
    result = compare_numbers(op_of(op), a, b);
  } else if (a.kind == Bound::Kind::kDate) {
    result = g_->compare(op_of(op), a.num, b.num);
  } else {
    throw Unsupported{"an ordering of strings or booleans"};
  }
  if (a.valid != nullptr || b.valid != nullptr) result = g_->logical_and(g_->logical_and(a.valid, b.valid), result);
  return boolean(result);
}

Bound Binder::select(Node* condition, Bound a, Bound b, feel::Span span) {
  if (a.kind == Bound::Kind::kNull && b.kind == Bound::Kind::kNull) return {};
  if (a.kind == Bound::Kind::kNull || b.kind == Bound::Kind::kNull) {
    const bool first = a.kind == Bound::Kind::kNull;
    Bound value = first ? std::move(b) : std::move(a);
    Node* there = first ? g_->logical_not(condition) : condition;
    value.valid = g_->logical_and(value.valid, there);
    return value;
  }
  if (a.kind != b.kind)
    throw Wrong{"type-clash", span,
                std::string("one branch is ") + kind_name(a.kind) + ", the other " + kind_name(b.kind),
                "give both branches one type"};
  if (a.kind == Bound::Kind::kString) unify(&a, &b);
  if (a.kind == Bound::Kind::kList || a.kind == Bound::Kind::kChildList || a.kind == Bound::Kind::kLookupList)
    throw Unsupported{"a choice between lists"};
  Bound result = a;
  Bounds first, second;
  if (a.kind == Bound::Kind::kNumber) {
    result.scale = std::max(a.scale, b.scale);
    first = bounds_of(a, result.scale);
    second = bounds_of(b, result.scale);
    a.num = g_->scale(a.num, power_of_ten(result.scale - a.scale));
    b.num = g_->scale(b.num, power_of_ten(result.scale - b.scale));
    if (a.den != b.den)
      result.den = g_->select(condition, a.den ? a.den : g_->constant(1), b.den ? b.den : g_->constant(1));
  }
  result.num = g_->select(condition, a.num, b.num);
  if (first && second)
    set_quotient(&result, std::pair{std::min(first->first, second->first), std::max(first->second, second->second)});
  result.valid = nullptr;
  if (a.valid != b.valid || a.valid != nullptr)
    result.valid = g_->select(condition, a.valid ? a.valid : g_->constant(1), b.valid ? b.valid : g_->constant(1));
  if (result.valid != nullptr && result.valid->op == Op::kConst && result.valid->constant == 1) result.valid = nullptr;
  return result;
}

Bound Binder::minimum_or_maximum(bool maximum, Bound a, Bound b, feel::Span span) {
  a = required_number(with_facts(std::move(a)), span);
  b = required_number(with_facts(std::move(b)), span);
  if (a.den == nullptr && b.den == nullptr) {
    const uint8_t scale = std::max(a.scale, b.scale);
    Node* x = g_->scale(a.num, power_of_ten(scale - a.scale));
    Node* y = g_->scale(b.num, power_of_ten(scale - b.scale));
    return number(maximum ? g_->max(x, y) : g_->min(x, y), scale);
  }
  const uint8_t scale = std::max(a.scale, b.scale);
  const auto x = bounds_of(a, scale), y = bounds_of(b, scale);
  Node* first = compare_numbers(maximum ? Op::kGe : Op::kLe, a, b);
  Bound result = select(first, std::move(a), std::move(b), span);
  if (x && y)
    set_quotient(&result, maximum ? std::pair{std::max(x->first, y->first), std::max(x->second, y->second)}
                                  : std::pair{std::min(x->first, y->first), std::min(x->second, y->second)});
  return result;
}

Node* Binder::in_range(const feel::RangeLiteral& range, const Bound& value, feel::Span span) {
  Node* result = g_->constant(1);
  if (range.low)
    result = g_->logical_and(
        result,
        ordering(range.low_closed ? feel::BinaryOp::kGe : feel::BinaryOp::kGt, value, bind(*range.low), span).num);
  if (range.high)
    result = g_->logical_and(
        result,
        ordering(range.high_closed ? feel::BinaryOp::kLe : feel::BinaryOp::kLt, value, bind(*range.high), span).num);
  return result;
}

Node* Binder::test(const feel::UnaryTest& t, const Bound& value, feel::Span span) {
  if (t.uses_placeholder) throw Unsupported{"a test with ?"};
  // A null is matched by `null` and `-` only.
  Bound tested = with_facts(value);
  const bool null_test = t.kind == feel::UnaryTest::Kind::kEquals && t.operand->kind == feel::ExprKind::kNull;
  if (null_test) return equality(false, tested, {}, span).num;
  if (tested.kind == Bound::Kind::kNull) return g_->constant(0);
  Node* valid = tested.valid;
  tested.valid = nullptr;
  Node* result = nullptr;
  if (t.kind == feel::UnaryTest::Kind::kCompare) {
    Bound operand = bind(*t.operand);
    result = t.op == feel::BinaryOp::kEq || t.op == feel::BinaryOp::kNe
                 ? equality(t.op == feel::BinaryOp::kNe, tested, operand, span).num
                 : ordering(t.op, tested, operand, span).num;
  } else if (t.operand->kind == feel::ExprKind::kRange) {
    result = in_range(static_cast<const feel::RangeLiteral&>(*t.operand), tested, span);
  } else {
    const Bound operand = bind(*t.operand);
    if (operand.kind == Bound::Kind::kList) {
      result = g_->constant(0);
      for (const auto& element : operand.list) {
        Node* same = equality(false, tested, element.value, span).num;
        result = g_->logical_or(result, g_->logical_and(element.present, same));
      }
    } else if (operand.kind == Bound::Kind::kChildList) {
      throw Unsupported{"membership in child rows"};
    } else if (operand.kind == Bound::Kind::kBoolean && tested.kind != Bound::Kind::kBoolean) {
      result = operand.num;
    } else {
      result = equality(false, tested, operand, span).num;
    }
  }
  return g_->logical_and(valid, result);
}

Node* Binder::tests_hold(const feel::UnaryTests& tests, const Bound& value) {
  if (tests.any) return g_->constant(1);
  Node* any = g_->constant(0);
  for (const auto& t : tests.tests) any = g_->logical_or(any, test(t, value, tests.span));
  return tests.negated ? g_->logical_not(any) : any;
}

DictionaryPtr Binder::literal_dictionary(const std::string& value) {
  auto& dictionary = literals_[value];
  if (!dictionary) dictionary = std::make_shared<column::Dictionary>(std::vector<std::string>{value});
  return dictionary;
}

void Binder::require_complete(const DictionaryPtr& dictionary) const {
  if (growing_.contains(dictionary.get())) throw Unsupported{"a text that is only known once it is computed"};
}

Node* Binder::align_string(const Bound& value, const DictionaryPtr& to) {
  if (value.dictionary == to) return value.num;
  require_complete(value.dictionary);
  require_complete(to);
  std::vector<Int> codes;
  codes.reserve(static_cast<size_t>(value.dictionary->size()));
  for (int32_t code = 0; code < value.dictionary->size(); ++code) codes.push_back(to->find(value.dictionary->at(code)));
  // A code outside the table (a null's 0 in an empty dictionary) must not match: shift by one, 0 means none.
  for (Int& code : codes) ++code;
  return g_->linear(-1, {{1, g_->gather(value.num, std::move(codes))}});
}

void Binder::unify(Bound* a, Bound* b) {
  if (a->dictionary == b->dictionary) return;
  require_complete(a->dictionary);
  require_complete(b->dictionary);
  auto& both = unions_[{a->dictionary.get(), b->dictionary.get()}];
  if (!both) {
    both = std::make_shared<column::Dictionary>();
    for (const auto* side : {a, b})
      for (int32_t code = 0; code < side->dictionary->size(); ++code) both->insert(side->dictionary->at(code));
  }
  for (auto* side : {a, b}) {
    side->num = align_string(*side, both);
    side->dictionary = both;
  }
}

Int Binder::constant_of(const Bound& value, feel::Span span, const char* what) const {
  if (value.kind != Bound::Kind::kNumber || value.num->op != Op::kConst || value.den != nullptr || value.scale != 0)
    throw Wrong{"type-clash", span, std::string(what) + " must be a whole number known in advance", "write a literal"};
  return value.num->constant;
}

}  // namespace kaogong::plan
