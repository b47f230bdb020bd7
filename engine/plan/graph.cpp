#include "engine/plan/graph.h"

#include <algorithm>
#include <cstring>

#include "engine/feel/civil.h"

namespace kaogong::plan {

Physical width_for(Int low, Int high) {
  if (low >= INT8_MIN && high <= INT8_MAX) return Physical::kI8;
  if (low >= INT16_MIN && high <= INT16_MAX) return Physical::kI16;
  if (low >= INT32_MIN && high <= INT32_MAX) return Physical::kI32;
  if (low >= INT64_MIN && high <= INT64_MAX) return Physical::kI64;
  return Physical::kI128;
}

Int power_of_ten(int exponent) { return times_power_of_ten(1, exponent); }

Int times_power_of_ten(Int value, int exponent) {
  while (exponent-- > 0)
    if (__builtin_mul_overflow(value, Int{10}, &value)) throw Unsupported{"a number of more than 128 bits"};
  return value;
}

Int greatest_common_divisor(Int a, Int b) {
  while (b != 0) {
    const Int rest = a % b;
    a = b;
    b = rest;
  }
  return a < 0 ? -a : a;
}

namespace {

constexpr Int kLow = -Graph::kLimit, kHigh = Graph::kLimit;
// A sum that is a term of a sum joins it up to this size: a chain of sums, each of all before it, would take memory and
// time with the square of its length.
constexpr size_t kFlattenedTermsMax = 512;

// Interval arithmetic that saturates at ±kLimit; *over says that it had to.
Int saturate(Int value, bool* over) {
  if (value < kLow) return *over = true, kLow;
  if (value > kHigh) return *over = true, kHigh;
  return value;
}
Int mul_saturated(Int a, Int b, bool* over) {
  Int result;
  if (__builtin_mul_overflow(a, b, &result)) return *over = true, (a < 0) == (b < 0) ? kHigh : kLow;
  return saturate(result, over);
}
Int add_saturated(Int a, Int b, bool* over) {
  Int result;
  if (__builtin_add_overflow(a, b, &result)) return *over = true, a > 0 ? kHigh : kLow;
  return saturate(result, over);
}

Int round_half_up(Int numerator, Int denominator) {
  const Int quotient = numerator / denominator, rest = numerator % denominator;
  const Int magnitude = rest < 0 ? -rest : rest;
  if (magnitude >= denominator - magnitude) return quotient + (numerator < 0 ? -1 : 1);
  return quotient;
}
Int floor_div(Int numerator, Int denominator) {
  const Int quotient = numerator / denominator;
  return numerator % denominator < 0 ? quotient - 1 : quotient;
}
Int ceil_div(Int numerator, Int denominator) {
  const Int quotient = numerator / denominator;
  return numerator % denominator > 0 ? quotient + 1 : quotient;
}

Int divide_constants(Op op, Int n, Int d) {
  if (d == 0) return 0;
  return op == Op::kRoundDiv ? round_half_up(n, d) : op == Op::kFloorDiv ? floor_div(n, d) : ceil_div(n, d);
}

bool compare_constants(Op op, Int a, Int b) {
  switch (op) {
    case Op::kEq:
      return a == b;
    case Op::kNe:
      return a != b;
    case Op::kLt:
      return a < b;
    case Op::kLe:
      return a <= b;
    case Op::kGt:
      return a > b;
    default:
      return a >= b;
  }
}

// Sums and products are computed in at least 32 bits; results of other operations keep their narrow width.
Physical arithmetic_width(Int low, Int high) { return std::max(width_for(low, high), Physical::kI32); }

void append(std::string* key, const void* bytes, size_t size) { key->append(static_cast<const char*>(bytes), size); }
template <class T>
void append(std::string* key, const T& value) {
  append(key, &value, sizeof value);
}

}  // namespace

void Finder::build() {
  buckets.clear();
  dense.clear();
  low.clear();
  size.clear();
  if (keys.empty()) return;
  const size_t width = keys[0].size();
  Int cells = 1;
  for (size_t k = 0; k < width; ++k) {
    Int least = keys[0][k], most = keys[0][k];
    for (const auto& key : keys) {
      least = std::min(least, key[k]);
      most = std::max(most, key[k]);
    }
    const Int span = most - least + 1;
    cells = span > (Int{1} << 22) || cells > (Int{1} << 22) ? Int{1} << 60 : cells * span;
    low.push_back(static_cast<int64_t>(least));
    size.push_back(static_cast<int64_t>(std::min<Int>(span, INT64_MAX)));
  }
  if (cells <= (Int{1} << 22) && cells <= static_cast<Int>(keys.size()) * 64 + 4096) {
    dense.assign(static_cast<size_t>(cells), -1);
    for (size_t row = 0; row < keys.size(); ++row) {
      Int cell = 0;
      for (size_t k = 0; k < width; ++k) cell = cell * size[k] + (keys[row][k] - low[k]);
      if (dense[static_cast<size_t>(cell)] < 0) dense[static_cast<size_t>(cell)] = static_cast<int32_t>(row);
    }
    return;
  }
  for (size_t row = 0; row < keys.size(); ++row) {
    uint64_t hash = 1469598103934665603ull;
    for (const Int k : keys[row]) hash = (hash ^ static_cast<uint64_t>(k)) * 1099511628211ull;
    buckets[hash].push_back(static_cast<int32_t>(row));
  }
}

int32_t Finder::find(std::span<const Int> key) const {
  if (!dense.empty()) {
    Int cell = 0;
    for (size_t k = 0; k < key.size(); ++k) {
      const Int offset = key[k] - low[k];
      if (offset < 0 || offset >= size[k]) return -1;
      cell = cell * size[k] + offset;
    }
    return dense[static_cast<size_t>(cell)];
  }
  uint64_t hash = 1469598103934665603ull;
  for (const Int k : key) hash = (hash ^ static_cast<uint64_t>(k)) * 1099511628211ull;
  const auto found = buckets.find(hash);
  if (found == buckets.end()) return -1;
  for (const int32_t row : found->second)
    if (std::equal(key.begin(), key.end(), keys[static_cast<size_t>(row)].begin())) return row;
  return -1;
}

Node* Graph::make(Node node) {
  std::string key;
  append(&key, node.op);
  append(&key, node.domain.kind);
  append(&key, node.domain.index);
  append(&key, node.constant);
  append(&key, node.column);
  append(&key, node.cohort);
  append(&key, node.ascending);
  append(&key, node.interpreted);
  for (const Node* arg : node.args) append(&key, arg->id);
  append(&key, '|');
  for (const Int& c : node.coefficients) append(&key, c);
  append(&key, '|');
  if (node.table)
    for (const Int& v : *node.table) append(&key, v);
  key += node.payload_key;
  if (const auto found = shared_.find(key); found != shared_.end()) return found->second;
  for (const Node* arg : node.args) {
    node.stage = std::max(node.stage, arg->stage);
    node.late = node.late || arg->late;
  }
  node.late = node.late || node.op == Op::kCohort;
  if (node.op == Op::kCohort || node.op == Op::kInterpreted) ++node.stage;
  node.id = static_cast<uint32_t>(nodes_.size());
  nodes_.push_back(std::move(node));
  return shared_[key] = &nodes_.back();
}

uint32_t Graph::settle_stages() {
  uint32_t last_early = 0;
  for (const Node& n : nodes_)
    if (!n.late) last_early = std::max(last_early, n.stage);
  if (last_early == 0) return 0;
  for (Node& n : nodes_) {
    if (!n.late) continue;
    n.stage = n.op == Op::kCohort ? last_early : 0;
    for (const Node* arg : n.args) n.stage = std::max(n.stage, arg->stage);
    if (n.op == Op::kCohort || n.op == Op::kInterpreted) ++n.stage;
  }
  return last_early;
}

Domain Graph::common(const Node* a, const Node* b) const {
  // The finest: child rows before groups before employees before constants.
  const auto depth = [](const Node* n) {
    switch (n->domain.kind) {
      case Domain::Kind::kScalar:
        return 0;
      case Domain::Kind::kEmployee:
        return 1;
      case Domain::Kind::kGroup:
        return 2;
      default:
        return 3;
    }
  };
  return depth(a) >= depth(b) ? a->domain : b->domain;
}

Node* Graph::adapt(Node* node, Domain domain) {
  if (node->domain == domain || node->domain.kind == Domain::Kind::kScalar) return node;
  return expand(node, domain);
}

Node* Graph::constant(Int value) {
  Node node;
  node.op = Op::kConst;
  node.constant = node.low = node.high = value;
  node.physical = width_for(value, value);
  return make(std::move(node));
}

Node* Graph::load(const column::Column* column, Domain domain, Int low, Int high) {
  if (low == high) return constant(low);
  Node node;
  node.op = Op::kLoad;
  node.domain = domain;
  node.column = column;
  node.low = low;
  node.high = high;
  node.physical = column->physical;
  return make(std::move(node));
}

Node* Graph::load_valid(const column::Column* column, Domain domain) {
  Node node;
  node.op = Op::kLoadValid;
  node.domain = domain;
  node.column = column;
  node.high = 1;
  node.physical = Physical::kI8;
  return make(std::move(node));
}

Node* Graph::expand(Node* arg, Domain domain) {
  if (arg->domain == domain || arg->domain.kind == Domain::Kind::kScalar) return arg;
  Node node;
  node.op = Op::kExpand;
  node.domain = domain;
  node.args = {arg};
  node.low = arg->low;
  node.high = arg->high;
  node.physical = arg->physical;
  return make(std::move(node));
}

Node* Graph::linear(Int constant_part, std::vector<std::pair<Int, Node*>> terms) {
  // Flatten nested sums, merge equal operands, drop zeros: 0.2 * s1 + 0.2 * s2 + … becomes one node.
  std::vector<std::pair<Int, Node*>> flat;
  bool over = false;  // the result may leave the range: checked at run time
  bool lost = false;  // the constants themselves did
  const auto push = [&](Int coefficient, Node* arg) {
    for (auto& [c, n] : flat)
      if (n == arg) {
        c = add_saturated(c, coefficient, &lost);
        return;
      }
    flat.emplace_back(coefficient, arg);
  };
  for (auto& [coefficient, arg] : terms) {
    if (coefficient == 0) continue;
    if (arg->op == Op::kConst) {
      constant_part = add_saturated(constant_part, mul_saturated(coefficient, arg->constant, &lost), &lost);
    } else if (arg->op == Op::kLinear && !arg->may_overflow && arg->args.size() <= kFlattenedTermsMax) {
      constant_part = add_saturated(constant_part, mul_saturated(coefficient, arg->constant, &lost), &lost);
      for (size_t i = 0; i < arg->args.size(); ++i)
        push(mul_saturated(coefficient, arg->coefficients[i], &lost), arg->args[i]);
    } else {
      push(coefficient, arg);
    }
  }
  if (lost) throw Unsupported{"constants beyond 128 bits"};
  std::erase_if(flat, [](const auto& term) { return term.first == 0; });
  if (flat.empty()) return constant(constant_part);
  if (flat.size() == 1 && flat[0].first == 1 && constant_part == 0) return flat[0].second;
  Node node;
  node.op = Op::kLinear;
  for (const auto& [c, n] : flat) node.domain = common(&node, n);
  Int low = constant_part, high = constant_part;
  for (auto& [c, n] : flat) {
    n = adapt(n, node.domain);
    const Int x = mul_saturated(c, n->low, &over), y = mul_saturated(c, n->high, &over);
    low = add_saturated(low, std::min(x, y), &over);
    high = add_saturated(high, std::max(x, y), &over);
    node.args.push_back(n);
    node.coefficients.push_back(c);
  }
  node.constant = constant_part;
  node.low = low;
  node.high = high;
  node.may_overflow = over;
  // Partial sums must fit, too: they do when every prefix's range does; use the sum of magnitudes.
  Int magnitude = constant_part < 0 ? -constant_part : constant_part;
  bool wide = false;
  for (size_t i = 0; i < node.args.size(); ++i) {
    const Int x = mul_saturated(node.coefficients[i], node.args[i]->low, &wide);
    const Int y = mul_saturated(node.coefficients[i], node.args[i]->high, &wide);
    magnitude = add_saturated(magnitude, std::max(x < 0 ? -x : x, y < 0 ? -y : y), &wide);
  }
  node.physical = over ? Physical::kI128 : arithmetic_width(-magnitude, magnitude);
  return make(std::move(node));
}

Node* Graph::mul(Node* a, Node* b) {
  if (a->op == Op::kConst && b->op != Op::kConst) std::swap(a, b);
  if (b->op == Op::kConst) return linear(0, {{b->constant, a}});
  // Common factors are taken out, so that the product is narrow and a division behind it has less to do:
  // x * (1000 * y) / 10^6 is x * y / 1000.
  for (Node** side : {&a, &b}) {
    Node* n = *side;
    Int factor = 1;
    if (n->op == Op::kLinear && !n->may_overflow && n->args.size() == 1 && n->constant == 0) {
      factor = n->coefficients[0];
      *side = n->args[0];
    } else if (n->op == Op::kGather) {
      factor = 0;
      for (const Int v : *n->table) factor = greatest_common_divisor(factor, v);
      if (factor <= 1) continue;
      std::vector<Int> table;
      for (const Int v : *n->table) table.push_back(v / factor);
      *side = gather(n->args[0], std::move(table));
    }
    if (factor != 1) return scale(mul(a, b), factor);
  }
  if (a->id > b->id) std::swap(a, b);
  Node node;
  node.op = Op::kMul;
  node.domain = common(a, b);
  node.args = {adapt(a, node.domain), adapt(b, node.domain)};
  bool over = false;
  const Int corners[4] = {mul_saturated(a->low, b->low, &over), mul_saturated(a->low, b->high, &over),
                          mul_saturated(a->high, b->low, &over), mul_saturated(a->high, b->high, &over)};
  node.low = *std::min_element(corners, corners + 4);
  node.high = *std::max_element(corners, corners + 4);
  node.may_overflow = over;
  node.physical = over ? Physical::kI128 : arithmetic_width(node.low, node.high);
  return make(std::move(node));
}

Node* Graph::min(Node* a, Node* b) {
  if (a->high <= b->low) return a;
  if (b->high <= a->low) return b;
  Node node;
  node.op = Op::kMin;
  node.domain = common(a, b);
  node.args = {adapt(a, node.domain), adapt(b, node.domain)};
  node.low = std::min(a->low, b->low);
  node.high = std::min(a->high, b->high);
  node.physical = width_for(std::min(a->low, b->low), std::max(a->high, b->high));
  return make(std::move(node));
}

Node* Graph::max(Node* a, Node* b) {
  if (a->low >= b->high) return a;
  if (b->low >= a->high) return b;
  Node node;
  node.op = Op::kMax;
  node.domain = common(a, b);
  node.args = {adapt(a, node.domain), adapt(b, node.domain)};
  node.low = std::max(a->low, b->low);
  node.high = std::max(a->high, b->high);
  node.physical = width_for(std::min(a->low, b->low), std::max(a->high, b->high));
  return make(std::move(node));
}

Node* Graph::divide(Op op, Node* numerator, Node* denominator) {
  if (denominator->op == Op::kConst) {
    if (denominator->constant == 1) return numerator;
    if (numerator->op == Op::kConst) return constant(divide_constants(op, numerator->constant, denominator->constant));
    // Take out what every term of a sum shares with the divisor: (100 * x + 50) / 1000 is (2 * x + 1) / 20.
    if (numerator->op == Op::kLinear && !numerator->may_overflow && denominator->constant > 1) {
      Int divisor = greatest_common_divisor(denominator->constant, numerator->constant);
      for (const Int c : numerator->coefficients) divisor = greatest_common_divisor(divisor, c);
      if (divisor > 1) {
        std::vector<std::pair<Int, Node*>> terms;
        for (size_t i = 0; i < numerator->args.size(); ++i)
          terms.emplace_back(numerator->coefficients[i] / divisor, numerator->args[i]);
        return divide(op, linear(numerator->constant / divisor, std::move(terms)),
                      constant(denominator->constant / divisor));
      }
    }
  }
  Node node;
  node.op = op;
  node.domain = common(numerator, denominator);
  node.args = {adapt(numerator, node.domain), adapt(denominator, node.domain)};
  const Int least = std::max<Int>(1, denominator->low);
  const Int most = std::max<Int>(least, denominator->high);
  const Int corners[5] = {divide_constants(op, numerator->low, least), divide_constants(op, numerator->low, most),
                          divide_constants(op, numerator->high, least), divide_constants(op, numerator->high, most),
                          denominator->low <= 0 ? 0 : divide_constants(op, numerator->high, most)};
  node.low = *std::min_element(corners, corners + 5);
  node.high = *std::max_element(corners, corners + 5);
  node.physical = arithmetic_width(node.low, node.high);
  return make(std::move(node));
}

Node* Graph::compare(Op op, Node* a, Node* b) {
  if (a->op == Op::kConst && b->op == Op::kConst) return constant(compare_constants(op, a->constant, b->constant));
  if (a->op == Op::kConst) {  // constants stand on the right
    std::swap(a, b);
    op = op == Op::kLt ? Op::kGt : op == Op::kLe ? Op::kGe : op == Op::kGt ? Op::kLt : op == Op::kGe ? Op::kLe : op;
  }
  // Ranges that do not meet decide at once.
  if (a->high < b->low) return constant(op == Op::kLt || op == Op::kLe || op == Op::kNe);
  if (a->low > b->high) return constant(op == Op::kGt || op == Op::kGe || op == Op::kNe);
  if (a->high <= b->low && op == Op::kLe) return constant(1);
  if (a->high <= b->low && op == Op::kGt) return constant(0);
  if (a->low >= b->high && op == Op::kGe) return constant(1);
  if (a->low >= b->high && op == Op::kLt) return constant(0);
  Node node;
  node.op = op;
  node.domain = common(a, b);
  node.args = {adapt(a, node.domain), adapt(b, node.domain)};
  node.high = 1;
  node.physical = Physical::kI8;
  return make(std::move(node));
}

Node* Graph::logical_and(Node* a, Node* b) {
  if (a == nullptr || a == b) return b;
  if (b == nullptr) return a;
  if (a->op == Op::kConst) return a->constant != 0 ? b : a;
  if (b->op == Op::kConst) return b->constant != 0 ? a : b;
  Node node;
  node.op = Op::kAnd;
  node.domain = common(a, b);
  node.args = {adapt(a, node.domain), adapt(b, node.domain)};
  node.high = 1;
  node.physical = Physical::kI8;
  return make(std::move(node));
}

Node* Graph::logical_or(Node* a, Node* b) {
  if (a == b) return a;
  if (a->op == Op::kConst) return a->constant != 0 ? a : b;
  if (b->op == Op::kConst) return b->constant != 0 ? b : a;
  Node node;
  node.op = Op::kOr;
  node.domain = common(a, b);
  node.args = {adapt(a, node.domain), adapt(b, node.domain)};
  node.high = 1;
  node.physical = Physical::kI8;
  return make(std::move(node));
}

Node* Graph::logical_not(Node* a) {
  if (a->op == Op::kConst) return constant(a->constant == 0);
  if (a->op == Op::kNot) return a->args[0];
  Node node;
  node.op = Op::kNot;
  node.domain = a->domain;
  node.args = {a};
  node.high = 1;
  node.physical = Physical::kI8;
  return make(std::move(node));
}

Node* Graph::select(Node* condition, Node* a, Node* b) {
  if (condition->op == Op::kConst) return condition->constant != 0 ? a : b;
  if (a == b) return a;
  if (condition->op == Op::kNot) return select(condition->args[0], b, a);
  if (a->op == Op::kConst && b->op == Op::kConst && a->constant == 1 && b->constant == 0) return condition;
  if (a->op == Op::kConst && b->op == Op::kConst && a->constant == 0 && b->constant == 1) return logical_not(condition);
  Node node;
  node.op = Op::kSelect;
  node.domain = common(a, b);
  if (node.domain.kind == Domain::Kind::kScalar || condition->domain.kind != Domain::Kind::kScalar) {
    Node probe;
    probe.domain = node.domain;
    node.domain = common(&probe, condition);
  }
  node.args = {adapt(condition, node.domain), adapt(a, node.domain), adapt(b, node.domain)};
  node.low = std::min(a->low, b->low);
  node.high = std::max(a->high, b->high);
  node.physical = width_for(node.low, node.high);
  return make(std::move(node));
}

Node* Graph::band(Node* value, std::vector<Int> thresholds) {
  if (value->op == Op::kConst)
    return constant(std::upper_bound(thresholds.begin(), thresholds.end(), value->constant) - thresholds.begin());
  Node node;
  node.op = Op::kBand;
  node.domain = value->domain;
  node.args = {value};
  node.high = static_cast<Int>(thresholds.size());
  node.physical = node.high <= INT8_MAX ? Physical::kI8 : Physical::kI32;
  node.table = std::make_shared<const std::vector<Int>>(std::move(thresholds));
  return make(std::move(node));
}

Node* Graph::gather(Node* index, std::vector<Int> table) {
  const auto at = [&](Int i) {
    return i >= 0 && i < static_cast<Int>(table.size()) ? table[static_cast<size_t>(i)] : 0;
  };
  if (index->op == Op::kConst) return constant(at(index->constant));
  if (table.empty()) return constant(0);
  if (index->op == Op::kGather) {  // a lookup behind a lookup: one table
    std::vector<Int> composed;
    for (const Int inner : *index->table) composed.push_back(at(inner));
    const Node* inner = index->args[0];
    const bool inside = inner->low >= 0 && inner->high < static_cast<Int>(composed.size());
    if (inside || at(0) == 0) return gather(index->args[0], std::move(composed));
  }
  Node node;
  node.op = Op::kGather;
  node.domain = index->domain;
  node.args = {index};
  node.low = *std::min_element(table.begin(), table.end());
  node.high = *std::max_element(table.begin(), table.end());
  if (index->low < 0 || index->high >= static_cast<Int>(table.size())) {
    node.low = std::min<Int>(node.low, 0);
    node.high = std::max<Int>(node.high, 0);
  }
  if (node.low == node.high) return constant(node.low);
  node.physical = width_for(node.low, node.high);
  node.table = std::make_shared<const std::vector<Int>>(std::move(table));
  return make(std::move(node));
}

Node* Graph::hash_find(std::vector<Node*> keys, std::shared_ptr<Finder> finder, const std::string& payload_key) {
  Node node;
  node.op = Op::kHashFind;
  for (const Node* key : keys) node.domain = common(&node, key);
  if (node.domain.kind == Domain::Kind::kScalar) {
    std::vector<Int> values;
    for (const Node* key : keys) values.push_back(key->constant);
    return constant(finder->find(values));
  }
  if (!finder->dense.empty()) {
    // Few cells: position = sum of offsets, guarded where a key may lie outside.
    Node* cell = constant(0);
    Node* outside = constant(0);
    for (size_t k = 0; k < keys.size(); ++k) {
      cell = linear(-Int{finder->low[k]}, {{finder->size[k], cell}, {1, keys[k]}});
      outside = logical_or(outside, compare(Op::kLt, keys[k], constant(finder->low[k])));
      outside = logical_or(outside, compare(Op::kGe, keys[k], constant(Int{finder->low[k]} + finder->size[k])));
    }
    std::vector<Int> rows(finder->dense.begin(), finder->dense.end());
    if (outside->op == Op::kConst) return outside->constant != 0 ? constant(-1) : gather(cell, std::move(rows));
    // Outside: cell 0 of a table that begins with "none".
    rows.insert(rows.begin(), -1);
    Node* guarded = select(outside, constant(0), linear(1, {{1, cell}}));
    Node* inside = narrow(guarded, 0, static_cast<Int>(rows.size()) - 1);
    return gather(inside, std::move(rows));
  }
  for (Node* key : keys) node.args.push_back(adapt(key, node.domain));
  node.low = -1;
  node.high = static_cast<Int>(finder->keys.size());
  node.physical = Physical::kI32;
  node.finder = std::move(finder);
  node.payload_key = payload_key;
  return make(std::move(node));
}

Node* Graph::aggregate(Op op, Node* child, Domain child_domain, Domain parent, Int rows_max) {
  Node node;
  node.op = op;
  node.domain = parent;
  node.interpreted = child_domain.index * 2 + (child_domain.kind == Domain::Kind::kGroup);  // which child rows
  if (child != nullptr) node.args = {child->domain.kind == Domain::Kind::kScalar ? child : adapt(child, child_domain)};
  bool over = false;
  switch (op) {
    case Op::kSegCount:
    case Op::kSegDistinct:
      node.high = rows_max;
      break;
    case Op::kSegSum:
      node.low = std::min<Int>(0, mul_saturated(child->low, rows_max, &over));
      node.high = std::max<Int>(0, mul_saturated(child->high, rows_max, &over));
      break;
    default:
      node.low = std::min<Int>(0, child->low);
      node.high = std::max<Int>(0, child->high);
  }
  node.may_overflow = over;
  node.physical = op == Op::kSegSum ? std::max(Physical::kI64, width_for(node.low, node.high))
                  : op == Op::kSegCount || op == Op::kSegDistinct ? Physical::kI64
                                                                  : child->physical;
  return make(std::move(node));
}

Graph::Fraction Graph::sum_of_fractions(Node* num, Node* den, Domain child_domain, Domain parent, Int rows_max) {
  Node bottom;
  bottom.op = Op::kSegBottom;
  bottom.domain = parent;
  bottom.interpreted = child_domain.index * 2 + (child_domain.kind == Domain::Kind::kGroup);
  bottom.args = {adapt(num, child_domain), adapt(den, child_domain)};
  bottom.physical = Physical::kI128;
  bottom.low = 1;
  // At most the product of all denominators.
  bottom.high = 1;
  for (Int i = 0; i < rows_max && den->high > 1 && !bottom.may_overflow; ++i)
    bottom.high = mul_saturated(bottom.high, den->high, &bottom.may_overflow);
  Node top = bottom;
  top.op = Op::kSegTop;
  const Int magnitude = std::max(num->high, -num->low);
  bool over = bottom.may_overflow;
  const Int most = mul_saturated(mul_saturated(magnitude, std::max<Int>(rows_max, 1), &over), bottom.high, &over);
  top.low = num->low < 0 ? -most : 0;
  top.high = num->high > 0 ? most : 0;
  top.may_overflow = bottom.may_overflow = over;
  return {make(std::move(top)), make(std::move(bottom))};
}

Node* Graph::complete(Node* alternative, std::vector<Node*> columns, std::shared_ptr<CompleteSpec> spec,
                      const std::string& key) {
  Node node;
  node.op = Op::kComplete;
  node.domain = kEmployees;
  node.args = {alternative};
  node.args.insert(node.args.end(), columns.begin(), columns.end());
  node.high = 1;
  node.physical = Physical::kI8;
  node.complete = std::move(spec);
  node.payload_key = key;
  return make(std::move(node));
}

Node* Graph::date(Op op, Node* day, Node* months) {
  if (day->op == Op::kConst && (months == nullptr || months->op == Op::kConst)) {
    const auto days = static_cast<int32_t>(day->constant);
    if (op == Op::kMonthEnd) return constant(feel::civil::month_end<int32_t>(days));
    if (op == Op::kAddMonths)
      return constant(feel::civil::add_months<int32_t>(days, static_cast<int32_t>(months->constant)));
    const auto civil = feel::civil::civil_from_days<int32_t>(days);
    return constant(op == Op::kYear ? civil.year : op == Op::kMonth ? civil.month : civil.day);
  }
  Node node;
  node.op = op;
  node.domain = months != nullptr ? common(day, months) : day->domain;
  node.args = {adapt(day, node.domain)};
  if (months != nullptr) node.args.push_back(adapt(months, node.domain));
  switch (op) {
    case Op::kAddMonths:
    case Op::kMonthEnd:
      node.low = INT32_MIN;
      node.high = INT32_MAX;
      break;
    case Op::kYear:
      node.low = -32768;
      node.high = 32767;
      break;
    default:
      node.low = 1;
      node.high = 31;
  }
  node.physical = width_for(node.low, node.high);
  return make(std::move(node));
}

Node* Graph::cohort(CohortKind kind, std::vector<Node*> args, bool ascending, const std::vector<Int>& table, Int low,
                    Int high) {
  Node node;
  node.op = Op::kCohort;
  node.domain = kEmployees;
  node.args = std::move(args);
  node.cohort = kind;
  node.ascending = ascending;
  node.low = low;
  node.high = high;
  node.physical = std::max(Physical::kI32, width_for(low, high));
  node.table = std::make_shared<const std::vector<Int>>(table);
  return make(std::move(node));
}

Node* Graph::narrow(Node* a, Int low, Int high) {
  if (a->low >= low && a->high <= high) return a;
  Node node;
  node.op = Op::kNarrow;
  node.domain = a->domain;
  node.args = {a};
  node.low = std::max(a->low, low);
  node.high = std::min(a->high, high);
  if (node.low > node.high) node.low = low, node.high = high;
  node.physical = width_for(node.low, node.high);
  return make(std::move(node));
}

Node* Graph::interpreted(uint32_t decision, const std::vector<Node*>& after, Int low, Int high, Physical physical,
                         uint32_t part) {
  Node node;
  node.op = Op::kInterpreted;
  node.domain = kEmployees;
  node.args = after;
  node.interpreted = decision * 2 + part;  // part 0: value, 1: validity
  node.low = low;
  node.high = high;
  node.physical = physical;
  return make(std::move(node));
}

}  // namespace kaogong::plan
