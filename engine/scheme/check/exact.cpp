#include "engine/scheme/check/exact.h"

#include "engine/scheme/literal.h"

namespace kaogong::scheme {

namespace {

constexpr Exact kMost = static_cast<Exact>(100'000'000'000'000'000) * 1000 * kOne;

}  // namespace

std::optional<Exact> parse_exact(std::string_view text) {
  const auto decimals = decimals_of(text);
  if (!decimals || *decimals > kExactScale || text.size() > 34) return std::nullopt;
  Exact value = 0;
  for (const char c : text) {
    if (c >= '0' && c <= '9') value = value * 10 + (c - '0');
  }
  for (int i = *decimals; i < kExactScale; ++i) {
    value *= 10;
    if (value > kMost) return std::nullopt;
  }
  if (value > kMost) return std::nullopt;
  return text[0] == '-' ? -value : value;
}

std::string exact_to_text(Exact value) {
  const bool negative = value < 0;
  Exact rest = negative ? -value : value;
  std::string digits;
  for (int i = 0; i <= kExactScale || rest > 0; ++i) {
    if (i == kExactScale) digits.insert(0, 1, '.');
    digits.insert(0, 1, static_cast<char>('0' + static_cast<int>(rest % 10)));
    rest /= 10;
  }
  while (digits.back() == '0') digits.pop_back();
  if (digits.back() == '.') digits.pop_back();
  return negative ? "-" + digits : digits;
}

Exact exact_from_scaled(int64_t value, int scale) {
  Exact exact = value;
  for (int i = scale; i < kExactScale; ++i) exact *= 10;
  return exact;
}

namespace {

// 170 * 3: a source's own way of writing a number. Nothing beyond what a literal may be.
std::optional<Exact> computed(const feel::Binary& binary) {
  const auto left = literal_of(*binary.left), right = literal_of(*binary.right);
  if (!left || !right || left->kind != Literal::Kind::kNumber || right->kind != Literal::Kind::kNumber)
    return std::nullopt;
  Exact value = 0;
  bool lost = true;
  if (binary.op == feel::BinaryOp::kAdd) lost = __builtin_add_overflow(left->number, right->number, &value);
  if (binary.op == feel::BinaryOp::kSub) lost = __builtin_sub_overflow(left->number, right->number, &value);
  if (binary.op == feel::BinaryOp::kMul) {
    lost = __builtin_mul_overflow(left->number, right->number, &value) || value % kOne != 0;
    value /= kOne;
  }
  if (lost || value > kMost || value < -kMost) return std::nullopt;
  return value;
}

}  // namespace

std::optional<Literal> literal_of(const feel::Expr& expression) {
  using feel::ExprKind;
  Literal literal;
  switch (expression.kind) {
    case ExprKind::kBinary: {
      const auto value = computed(static_cast<const feel::Binary&>(expression));
      if (!value) return std::nullopt;
      literal.kind = Literal::Kind::kNumber;
      literal.number = *value;
      return literal;
    }
    case ExprKind::kNumber: {
      const auto value = parse_exact(static_cast<const feel::NumberLiteral&>(expression).text);
      if (!value) return std::nullopt;
      literal.kind = Literal::Kind::kNumber;
      literal.number = *value;
      return literal;
    }
    case ExprKind::kNegate: {
      const auto inner = literal_of(*static_cast<const feel::Negate&>(expression).operand);
      if (!inner || inner->kind != Literal::Kind::kNumber) return std::nullopt;
      literal.kind = Literal::Kind::kNumber;
      literal.number = -inner->number;
      return literal;
    }
    case ExprKind::kString:
      literal.kind = Literal::Kind::kText;
      literal.text = static_cast<const feel::StringLiteral&>(expression).value;
      return literal;
    case ExprKind::kBoolean:
      literal.kind = Literal::Kind::kBoolean;
      literal.number = static_cast<const feel::BooleanLiteral&>(expression).value;
      return literal;
    case ExprKind::kNull:
      return literal;
    case ExprKind::kTemporal:
    case ExprKind::kCall: {
      std::string_view text;
      if (expression.kind == ExprKind::kTemporal) {
        text = static_cast<const feel::TemporalLiteral&>(expression).text;
      } else {
        const auto& call = static_cast<const feel::Call&>(expression);
        if (call.callee->kind != ExprKind::kName || static_cast<const feel::NameRef&>(*call.callee).name != "date" ||
            call.arguments.size() != 1 || call.arguments[0].value->kind != ExprKind::kString) {
          return std::nullopt;
        }
        text = static_cast<const feel::StringLiteral&>(*call.arguments[0].value).value;
      }
      const auto days = parse_date(text);
      if (!days) return std::nullopt;
      literal.kind = Literal::Kind::kDate;
      literal.number = static_cast<Exact>(*days) * kOne;
      return literal;
    }
    default:
      return std::nullopt;
  }
}

}  // namespace kaogong::scheme
