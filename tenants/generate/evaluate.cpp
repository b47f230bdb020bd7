#include <algorithm>

#include "tenants/generate/expression.h"

namespace kaogong::generate {

namespace {

Cell scaled(Cell cell, int64_t factor) { return cell == kNull ? kNull : cell * factor; }

}  // namespace

void LookupRows::index() {
  row_of_symbol.clear();
  if (key.size() != 1 || formats[key[0]].kind != Format::Kind::kSymbol) return;
  for (size_t r = 0; r < rows.size(); ++r) {
    const auto symbol = static_cast<size_t>(rows[r][key[0]]);
    if (row_of_symbol.size() <= symbol) row_of_symbol.resize(symbol + 1);
    if (row_of_symbol[symbol] == 0) row_of_symbol[symbol] = static_cast<int32_t>(r + 1);
  }
}

const std::vector<Cell>* LookupRows::find(const Cell* key_cells) const {
  if (!row_of_symbol.empty()) {
    const Cell symbol = key_cells[0];
    if (symbol < 0 || static_cast<size_t>(symbol) >= row_of_symbol.size()) return nullptr;
    const int32_t row = row_of_symbol[static_cast<size_t>(symbol)];
    return row == 0 ? nullptr : &rows[static_cast<size_t>(row - 1)];
  }
  for (const std::vector<Cell>& row : rows) {
    bool same = true;
    for (size_t k = 0; k < key.size(); ++k) same = same && row[key[k]] == key_cells[k];
    if (same) return &row;
  }
  return nullptr;
}

bool holds(const Node& node, const Scope& scope) { return evaluate(node, scope) == 1; }

Cell evaluate(const Node& node, const Scope& scope) {
  const auto child = [&](size_t i) { return evaluate(node.children[i], scope); };
  switch (node.op) {
    case Node::Op::kConstant:
      return node.cell;
    case Node::Op::kInput:
      return scaled(scope.inputs[node.cell], node.factor);
    case Node::Op::kColumn:
      return scaled(scope.columns[node.cell], node.factor);
    case Node::Op::kLookupColumn:
      return scaled(scope.lookup_row[node.cell], node.factor);
    case Node::Op::kEqual:
      return child(0) == child(1) ? 1 : 0;
    case Node::Op::kUnequal:
      return child(0) != child(1) ? 1 : 0;
    case Node::Op::kLess:
      return child(0) < child(1) ? 1 : 0;
    case Node::Op::kLessEqual:
      return child(0) <= child(1) ? 1 : 0;
    case Node::Op::kAnd:
      return child(0) == 1 && child(1) == 1 ? 1 : 0;
    case Node::Op::kOr:
      return child(0) == 1 || child(1) == 1 ? 1 : 0;
    case Node::Op::kNot:
      return child(0) == 1 ? 0 : 1;
    case Node::Op::kIf:
      return child(0) == 1 ? child(1) : child(2);
    case Node::Op::kIn: {
      const Cell value = child(0);
      for (size_t i = 1; i < node.children.size(); ++i) {
        if (child(i) == value) return 1;
      }
      return 0;
    }
    case Node::Op::kAdd:
    case Node::Op::kSubtract:
    case Node::Op::kMultiply: {
      const Cell a = child(0), b = child(1);
      if (a == kNull || b == kNull) return kNull;
      if (node.op == Node::Op::kAdd) return a + b;
      if (node.op == Node::Op::kSubtract) return a - b;
      return static_cast<Cell>(static_cast<__int128>(a) * b / power_of_ten(kDecimals));
    }
    case Node::Op::kFind: {
      Cell key[8];
      const size_t count = std::min<size_t>(node.children.size(), 8);
      for (size_t i = 0; i < count; ++i) key[i] = child(i);
      const std::vector<Cell>* row = count == node.lookup->key.size() ? node.lookup->find(key) : nullptr;
      return row == nullptr ? kNull : scaled((*row)[static_cast<size_t>(node.cell)], node.factor);
    }
    case Node::Op::kList:
    case Node::Op::kFilter:
      break;
  }
  return kNull;
}

void evaluate_list(const Node& node, const Scope& scope, std::vector<Cell>* out) {
  switch (node.op) {
    case Node::Op::kIf:
      evaluate_list(node.children[holds(node.children[0], scope) ? 1 : 2], scope, out);
      return;
    case Node::Op::kList:
      for (const Node& item : node.children) out->push_back(evaluate(item, scope));
      return;
    case Node::Op::kFilter: {
      Scope inner = scope;
      for (const std::vector<Cell>& row : node.lookup->rows) {
        inner.lookup_row = row.data();
        if (node.children.empty() || holds(node.children[0], inner)) {
          out->push_back(row[static_cast<size_t>(node.cell)]);
        }
      }
      return;
    }
    default:
      return;
  }
}

}  // namespace kaogong::generate
