// A tree as FEEL text.
#include <string>

#include "engine/feel/parser.h"
#include "engine/feel/scanner.h"

namespace kaogong::feel {
namespace {

// Binding strength, as in the parser; whatever extends to the right as far as it can (if, for, function) is weakest.
constexpr int kOpen = 0, kOr = 1, kAnd = 2, kComparison = 3, kSum = 4, kProduct = 5, kPower = 6, kSign = 7,
              kInstance = 8, kPostfix = 9;

int strength(BinaryOp op) {
  switch (op) {
    case BinaryOp::kOr:
      return kOr;
    case BinaryOp::kAnd:
      return kAnd;
    case BinaryOp::kAdd:
    case BinaryOp::kSub:
      return kSum;
    case BinaryOp::kMul:
    case BinaryOp::kDiv:
      return kProduct;
    case BinaryOp::kPow:
      return kPower;
    default:
      return kComparison;
  }
}

std::string_view symbol(BinaryOp op) {
  switch (op) {
    case BinaryOp::kAdd:
      return "+";
    case BinaryOp::kSub:
      return "-";
    case BinaryOp::kMul:
      return "*";
    case BinaryOp::kDiv:
      return "/";
    case BinaryOp::kPow:
      return "**";
    case BinaryOp::kEq:
      return "=";
    case BinaryOp::kNe:
      return "!=";
    case BinaryOp::kLt:
      return "<";
    case BinaryOp::kLe:
      return "<=";
    case BinaryOp::kGt:
      return ">";
    case BinaryOp::kGe:
      return ">=";
    case BinaryOp::kAnd:
      return "and";
    case BinaryOp::kOr:
      return "or";
  }
  return "";
}

int strength(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::kIf:
    case ExprKind::kFor:
    case ExprKind::kQuantified:
    case ExprKind::kFunction:
    case ExprKind::kUnaryTests:
      return kOpen;
    case ExprKind::kBinary:
      return strength(static_cast<const Binary&>(expr).op);
    case ExprKind::kBetween:
    case ExprKind::kIn:
      return kComparison;
    case ExprKind::kNegate:
      return kSign;
    case ExprKind::kInstanceOf:
      return kInstance;
    default:
      return kPostfix;
  }
}

class Writer {
 public:
  std::string take() { return std::move(out_); }

  void write(const Expr& expr, int at_least) {
    const bool brackets = strength(expr) < at_least;
    if (brackets) out_ += '(';
    write(expr);
    if (brackets) out_ += ')';
  }

 private:
  void write(const Expr& expr);
  void quote(const std::string& text);
  void write_key(const std::string& key);
  void write_type(const TypeExpr& type);
  void write_range(const RangeLiteral& range);
  void write_iterators(const std::vector<Iterator>& iterators);
  void write_test(const UnaryTest& test);
  void write_tests(const std::vector<UnaryTest>& tests);

  std::string out_;
};

void Writer::quote(const std::string& text) {
  out_ += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
        out_ += "\\\"";
        break;
      case '\\':
        out_ += "\\\\";
        break;
      case '\n':
        out_ += "\\n";
        break;
      case '\r':
        out_ += "\\r";
        break;
      case '\t':
        out_ += "\\t";
        break;
      default:
        out_ += c;
    }
  }
  out_ += '"';
}

void Writer::write_key(const std::string& key) {
  Scanner scanner(key);
  bool plain = !scanner.word().empty() && key.back() != ' ';
  while (plain && scanner.position() < key.size()) {
    const std::string_view part = scanner.name_part();
    const char first = scanner.peek();
    const bool symbol = !part.empty() && std::string_view("./-'+*").find(first) != std::string_view::npos;
    const bool space = first == ' ' && scanner.peek(1) != ' ';
    plain = space || (!part.empty() && !symbol);
    scanner.advance(space ? 1 : part.size());
  }
  if (plain) {
    out_ += key;
  } else {
    quote(key);
  }
}

void Writer::write_type(const TypeExpr& type) {
  out_ += type.name;
  if (type.arguments.empty()) return;
  const bool function = type.name == "function";
  out_ += '<';
  const size_t inside = type.arguments.size() - (function ? 1 : 0);
  for (size_t i = 0; i < inside; ++i) {
    if (i > 0) out_ += ", ";
    if (i < type.field_names.size()) out_ += type.field_names[i] + ": ";
    write_type(type.arguments[i]);
  }
  out_ += '>';
  if (function) {
    out_ += " -> ";
    write_type(type.arguments.back());
  }
}

void Writer::write_range(const RangeLiteral& range) {
  if (range.low && range.high) {
    out_ += range.low_closed ? '[' : '(';
    write(*range.low, kSum);
    out_ += "..";
    write(*range.high, kSum);
    out_ += range.high_closed ? ']' : ')';
  } else if (range.high) {
    out_ += range.high_closed ? "(<= " : "(< ";
    write(*range.high, kSum);
    out_ += ')';
  } else if (range.low) {
    out_ += range.low_closed ? "(>= " : "(> ";
    write(*range.low, kSum);
    out_ += ')';
  }
}

void Writer::write_iterators(const std::vector<Iterator>& iterators) {
  for (size_t i = 0; i < iterators.size(); ++i) {
    if (i > 0) out_ += ", ";
    out_ += iterators[i].name + " in ";
    write(*iterators[i].domain, kOr);
    if (iterators[i].range_end) {
      out_ += "..";
      write(*iterators[i].range_end, kOr);
    }
  }
}

void Writer::write_test(const UnaryTest& test) {
  if (test.kind == UnaryTest::Kind::kCompare) {
    out_ += symbol(test.op);
    out_ += ' ';
    write(*test.operand, kSum);
  } else {
    write(*test.operand, kOpen);
  }
}

void Writer::write_tests(const std::vector<UnaryTest>& tests) {
  for (size_t i = 0; i < tests.size(); ++i) {
    if (i > 0) out_ += ", ";
    write_test(tests[i]);
  }
}

void Writer::write(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::kNumber:
      out_ += static_cast<const NumberLiteral&>(expr).text;
      return;
    case ExprKind::kString:
      return quote(static_cast<const StringLiteral&>(expr).value);
    case ExprKind::kBoolean:
      out_ += static_cast<const BooleanLiteral&>(expr).value ? "true" : "false";
      return;
    case ExprKind::kNull:
      out_ += "null";
      return;
    case ExprKind::kTemporal:
      out_ += '@';
      return quote(static_cast<const TemporalLiteral&>(expr).text);
    case ExprKind::kName:
      out_ += static_cast<const NameRef&>(expr).name;
      return;
    case ExprKind::kList: {
      const auto& list = static_cast<const ListLiteral&>(expr);
      out_ += '[';
      for (size_t i = 0; i < list.items.size(); ++i) {
        if (i > 0) out_ += ", ";
        write(*list.items[i], kOpen);
      }
      out_ += ']';
      return;
    }
    case ExprKind::kContext: {
      const auto& context = static_cast<const ContextLiteral&>(expr);
      out_ += '{';
      for (size_t i = 0; i < context.entries.size(); ++i) {
        if (i > 0) out_ += ", ";
        write_key(context.entries[i].key);
        out_ += ": ";
        write(*context.entries[i].value, kOpen);
      }
      out_ += '}';
      return;
    }
    case ExprKind::kRange:
      return write_range(static_cast<const RangeLiteral&>(expr));
    case ExprKind::kNegate:
      out_ += '-';
      return write(*static_cast<const Negate&>(expr).operand, kSign);
    case ExprKind::kBinary: {
      const auto& binary = static_cast<const Binary&>(expr);
      const int level = strength(binary.op);
      write(*binary.left, level);
      out_ += ' ';
      out_ += symbol(binary.op);
      out_ += ' ';
      return write(*binary.right, level + 1);
    }
    case ExprKind::kBetween: {
      const auto& between = static_cast<const Between&>(expr);
      write(*between.value, kComparison);
      out_ += " between ";
      write(*between.low, kSum);
      out_ += " and ";
      return write(*between.high, kSum);
    }
    case ExprKind::kIn: {
      const auto& in = static_cast<const In&>(expr);
      write(*in.value, kComparison);
      const bool range = in.tests.size() == 1 && in.tests[0].kind == UnaryTest::Kind::kEquals &&
                         (in.tests[0].operand->kind == ExprKind::kRange || strength(*in.tests[0].operand) == kPostfix);
      out_ += range ? " in " : " in (";
      write_tests(in.tests);
      if (!range) out_ += ')';
      return;
    }
    case ExprKind::kIf: {
      const auto& node = static_cast<const If&>(expr);
      out_ += "if ";
      write(*node.condition, kOr);
      out_ += " then ";
      write(*node.then_branch, kOr);
      out_ += " else ";
      return write(*node.else_branch, kOpen);
    }
    case ExprKind::kFor: {
      const auto& node = static_cast<const For&>(expr);
      out_ += "for ";
      write_iterators(node.iterators);
      out_ += " return ";
      return write(*node.body, kOpen);
    }
    case ExprKind::kQuantified: {
      const auto& node = static_cast<const Quantified&>(expr);
      out_ += node.every ? "every " : "some ";
      write_iterators(node.iterators);
      out_ += " satisfies ";
      return write(*node.condition, kOpen);
    }
    case ExprKind::kFunction: {
      const auto& node = static_cast<const FunctionLiteral&>(expr);
      out_ += "function(";
      for (size_t i = 0; i < node.parameters.size(); ++i) {
        if (i > 0) out_ += ", ";
        out_ += node.parameters[i].name;
        if (node.parameters[i].type) {
          out_ += ": ";
          write_type(*node.parameters[i].type);
        }
      }
      out_ += node.external ? ") external " : ") ";
      return write(*node.body, kOpen);
    }
    case ExprKind::kCall: {
      const auto& call = static_cast<const Call&>(expr);
      write(*call.callee, kPostfix);
      out_ += '(';
      for (size_t i = 0; i < call.arguments.size(); ++i) {
        if (i > 0) out_ += ", ";
        if (!call.arguments[i].name.empty()) {
          write_key(call.arguments[i].name);
          out_ += ": ";
        }
        write(*call.arguments[i].value, kOpen);
      }
      out_ += ')';
      return;
    }
    case ExprKind::kPath: {
      const auto& path = static_cast<const Path&>(expr);
      write(*path.object, kPostfix);
      out_ += '.';
      out_ += path.name;
      return;
    }
    case ExprKind::kFilter: {
      const auto& filter = static_cast<const Filter&>(expr);
      write(*filter.object, kPostfix);
      out_ += '[';
      write(*filter.predicate, kOpen);
      out_ += ']';
      return;
    }
    case ExprKind::kInstanceOf: {
      const auto& instance = static_cast<const InstanceOf&>(expr);
      write(*instance.value, kSign);
      out_ += " instance of ";
      return write_type(instance.type);
    }
    case ExprKind::kUnaryTests: {
      const auto& tests = static_cast<const UnaryTests&>(expr);
      if (tests.any) {
        out_ += '-';
        return;
      }
      if (tests.negated) out_ += "not(";
      write_tests(tests.tests);
      if (tests.negated) out_ += ')';
      return;
    }
  }
}

}  // namespace

std::string to_text(const Expr& expr) {
  Writer writer;
  writer.write(expr, kOpen);
  return writer.take();
}

}  // namespace kaogong::feel
