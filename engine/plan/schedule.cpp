#include "engine/plan/schedule.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <set>

namespace kaogong::plan {

namespace {

// Read in place or made again for nothing: never kept whole.
bool is_trivial(const Node* n) { return n->op == Op::kConst || n->op == Op::kLoad || n->op == Op::kLoadValid; }
bool is_barrier(const Node* n) { return n->op == Op::kCohort || n->op == Op::kInterpreted; }

class StageBuilder {
 public:
  StageBuilder(Schedule* schedule, Stage* stage, uint32_t number, const std::vector<uint32_t>& uses)
      : schedule_(schedule), stage_(stage), number_(number), remaining_(uses) {}

  // Operand of a node in this stage; computes it if it has to.
  Operand value(const Node* node) {
    Operand o;
    o.domain = node->domain;
    o.physical = node->physical;
    switch (node->op) {
      case Op::kConst:
        o.kind = Operand::Kind::kConstant;
        o.constant = node->constant;
        return o;
      case Op::kLoad:
        o.kind = Operand::Kind::kColumn;
        o.column = node->column;
        o.physical = node->column->physical;
        return o;
      case Op::kLoadValid:
        if (node->column->valid.bytes() == 0) {
          o.kind = Operand::Kind::kConstant;
          o.constant = 1;
          o.physical = Physical::kI8;
          return o;
        }
        o.kind = Operand::Kind::kValid;
        o.column = node->column;
        return o;
      default:
        break;
    }
    if (node->stage < number_ || is_barrier(node)) {
      if (auto* whole = schedule_->whole[node->id].get(); whole != nullptr) {
        o.kind = Operand::Kind::kWhole;
        o.whole = whole;
        return o;
      }
    }
    const auto found = computed_.find(node);
    if (found != computed_.end()) return found->second;
    compute_arguments(node);
    return computed_[node] = compute(node);
  }

  void fail(const Node* condition) {
    Instruction i;
    i.kind = Instruction::Kind::kFail;
    i.in[0] = vector(condition);
    i.domain = condition->domain;
    i.node = condition;
    stage_->instructions.push_back(std::move(i));
  }

  // A kept node that is only an input column under another name.
  void copy(const Node* node) {
    Instruction i;
    i.kind = Instruction::Kind::kCopy;
    i.in[0] = value(node);
    i.domain = kEmployees;
    i.out.kind = Operand::Kind::kWhole;
    i.out.whole = schedule_->whole[node->id].get();
    i.out.physical = i.out.whole->physical;
    i.out.domain = kEmployees;
    if (i.in[0].kind == Operand::Kind::kConstant) i.in[0] = broadcast(i.in[0].constant, i.out.physical);
    i.kernel = kernels().cast[static_cast<int>(i.in[0].physical)][static_cast<int>(i.out.physical)];
    stage_->instructions.push_back(std::move(i));
  }

 private:
  /// Whether value() has nothing to compute.
  bool is_ready(const Node* node) const {
    return is_trivial(node) || computed_.contains(node) ||
           ((node->stage < number_ || is_barrier(node)) && schedule_->whole[node->id] != nullptr);
  }

  // What compute(root) reads, depth first without recursion: chains of decisions may be long.
  void compute_arguments(const Node* root) {
    std::vector<std::pair<const Node*, size_t>> path = {{root, 0}};
    while (!path.empty()) {
      auto& [node, next] = path.back();
      if (next < node->args.size()) {
        const Node* arg = node->args[next++];
        if (!is_ready(arg)) path.emplace_back(arg, 0);
        continue;
      }
      if (node != root && !computed_.contains(node)) computed_[node] = compute(node);
      path.pop_back();
    }
  }

  /// value(), with constants broadcast.
  Operand vector(const Node* node) {
    const Operand o = value(node);
    return o.kind == Operand::Kind::kConstant ? broadcast(o.constant, o.physical) : o;
  }

  Operand slot(Domain domain, Physical physical) {
    Operand o;
    o.kind = Operand::Kind::kSlot;
    o.domain = domain;
    o.physical = physical;
    // Free slots of the same shape first.
    auto& free = free_[{static_cast<int>(domain.kind), domain.index, static_cast<int>(physical)}];
    if (!free.empty()) {
      o.slot = free.back();
      free.pop_back();
    } else {
      o.slot = static_cast<uint32_t>(stage_->slots.size());
      stage_->slots.push_back({domain.kind, domain.index, physical});
    }
    return o;
  }

  Operand broadcast(Int value, Physical physical) {
    for (size_t i = 0; i < stage_->constants.size(); ++i)
      if (stage_->constants[i] == value && stage_->constant_widths[i] == physical) return constant_operand(i);
    stage_->constants.push_back(value);
    stage_->constant_widths.push_back(physical);
    return constant_operand(stage_->constants.size() - 1);
  }
  Operand constant_operand(size_t index) {
    Operand o;
    o.kind = Operand::Kind::kConstant;
    o.slot = static_cast<uint32_t>(index);
    o.physical = stage_->constant_widths[index];
    o.constant = stage_->constants[index];
    return o;
  }

  // The operand in a width: cast where it differs (and remember the cast), broadcast constants.
  Operand in_width(const Node* node, Physical physical) {
    Operand o = value(node);
    if (o.kind == Operand::Kind::kConstant) return broadcast(o.constant, physical);
    if (o.physical == physical) return o;
    const auto key = std::pair{node, physical};
    if (const auto found = casts_.find(key); found != casts_.end()) return found->second;
    Instruction i;
    i.kernel = kernels().cast[static_cast<int>(o.physical)][static_cast<int>(physical)];
    i.domain = node->domain;
    i.in[0] = o;
    i.out = slot(node->domain, physical);
    stage_->instructions.push_back(i);
    return casts_[key] = i.out;
  }

  Operand output(const Node* node) {
    if (auto* whole = schedule_->whole[node->id].get(); whole != nullptr) {
      Operand o;
      o.kind = Operand::Kind::kWhole;
      o.whole = whole;
      o.domain = node->domain;
      o.physical = node->physical;
      return o;
    }
    return slot(node->domain, node->physical);
  }

  template <class T>
  static std::vector<std::byte> bytes_of(const std::vector<Int>& values, Int clamp_to) {
    std::vector<std::byte> bytes((values.size() + 1) * sizeof(T));
    for (size_t i = 0; i < values.size(); ++i) {
      Int v = values[i];
      if (clamp_to != 0) v = std::min(v, clamp_to);
      const T cell = static_cast<T>(v);
      std::memcpy(bytes.data() + i * sizeof(T), &cell, sizeof(T));
    }
    return bytes;
  }
  static std::vector<std::byte> table_in(const std::vector<Int>& values, Physical physical) {
    switch (physical) {
      case Physical::kI8:
        return bytes_of<int8_t>(values, 0);
      case Physical::kI16:
        return bytes_of<int16_t>(values, 0);
      case Physical::kI32:
        return bytes_of<int32_t>(values, 0);
      case Physical::kI64:
        return bytes_of<int64_t>(values, 0);
      default:
        return bytes_of<Int>(values, 0);
    }
  }

  Operand compute(const Node* node) {
    const Kernels& k = kernels();
    Instruction i;
    i.node = node;
    i.domain = node->domain;
    const int width = static_cast<int>(node->physical);
    const auto widest = [](const Node* a, const Node* b) { return std::max(a->physical, b->physical); };
    switch (node->op) {
      case Op::kExpand:
        i.kind = Instruction::Kind::kExpand;
        i.in[0] = vector(node->args[0]);
        i.kernel = k.expand[static_cast<int>(i.in[0].physical)];
        break;
      case Op::kLinear: {
        i.kind = Instruction::Kind::kLinear;
        i.kernel = k.linear[width];
        i.constant = node->constant;
        i.check_overflow = node->may_overflow;
        // Narrow terms of one coefficient side by side: they are added in 16 bits.
        std::vector<size_t> order(node->args.size());
        for (size_t t = 0; t < order.size(); ++t) order[t] = t;
        std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
          const Node *x = node->args[a], *y = node->args[b];
          if (x->physical != y->physical) return x->physical < y->physical;
          return node->coefficients[a] < node->coefficients[b];
        });
        for (const size_t t : order) {
          Operand o = vector(node->args[t]);
          o.constant = node->coefficients[t];
          i.operands.push_back(o);
        }
        break;
      }
      case Op::kMul: {
        const Physical a = node->args[0]->physical, b = node->args[1]->physical;
        if (node->physical == Physical::kI128 && a <= Physical::kI64 && b <= Physical::kI64) {
          i.in[0] = in_width(node->args[0], Physical::kI64);
          i.in[1] = in_width(node->args[1], Physical::kI64);
          i.kernel = k.mul_wide;
        } else if (node->physical == Physical::kI128) {
          i.in[0] = in_width(node->args[0], node->physical);
          i.in[1] = in_width(node->args[1], node->physical);
          i.kernel = k.mul128;
          i.check_overflow = node->may_overflow;
        } else {  // the loops widen as they go
          int from[2];
          for (size_t side = 0; side < 2; ++side) {
            Operand o = value(node->args[side]);
            if (o.kind == Operand::Kind::kConstant || o.physical > node->physical)
              o = in_width(node->args[side], node->physical);
            from[side] = static_cast<int>(o.physical);
            i.in[side] = o;
          }
          i.kernel = node->physical == Physical::kI32 ? k.mul_to32[from[0]][from[1]] : k.mul_to64[from[0]][from[1]];
        }
        break;
      }
      case Op::kMin:
      case Op::kMax:
        i.in[0] = in_width(node->args[0], node->physical);
        i.in[1] = in_width(node->args[1], node->physical);
        i.kernel = node->op == Op::kMin ? k.min[width] : k.max[width];
        break;
      case Op::kRoundDiv:
      case Op::kFloorDiv:
      case Op::kCeilDiv: {
        const int op = static_cast<int>(node->op) - static_cast<int>(Op::kRoundDiv);
        const Node *n = node->args[0], *d = node->args[1];
        const bool constant = d->op == Op::kConst;
        Physical from = std::max({Physical::kI32, n->physical, d->physical, node->physical});
        if (constant && op == 0 && from == Physical::kI32) {
          const Int most = std::max(n->high, -n->low) + d->constant / 2;
          if (most <= INT32_MAX) {
            i.in[0] = in_width(n, from);
            i.kind = Instruction::Kind::kDivideConstant;
            i.kernel = k.round_constant32;
            i.constant = d->constant;
            i.magic = Magic::of32(static_cast<uint32_t>(d->constant));
            break;
          }
        }
        // Magnitudes plus half a divisor must fit: -2^63 has no magnitude.
        if (from == Physical::kI64 && n->low == INT64_MIN) from = Physical::kI128;
        if (from == Physical::kI32) from = constant ? Physical::kI64 : from;
        if (from == Physical::kI32 && n->low == INT32_MIN) from = Physical::kI64;
        i.in[0] = in_width(n, from);
        const int f = static_cast<int>(from);
        if (constant && from == Physical::kI64 && d->constant <= INT64_MAX) {
          i.kind = Instruction::Kind::kDivideConstant;
          i.kernel = k.divide_constant[op][f][width];
          i.constant = d->constant;
          i.magic = Magic::of(static_cast<uint64_t>(d->constant));
        } else if (constant) {
          i.in[0] = in_width(n, Physical::kI128);
          i.kind = Instruction::Kind::kDivideConstant;
          i.kernel = k.divide_constant[op][4][width];
          i.constant = d->constant;
        } else {
          i.in[1] = in_width(d, from);
          i.kernel = k.divide[op][f][width];
        }
        break;
      }
      case Op::kEq:
      case Op::kNe:
      case Op::kLt:
      case Op::kLe:
      case Op::kGt:
      case Op::kGe: {
        const int op = static_cast<int>(node->op) - static_cast<int>(Op::kEq);
        const Physical wide = widest(node->args[0], node->args[1]);
        i.in[0] = in_width(node->args[0], wide);
        if (node->args[1]->op == Op::kConst) {
          i.constant = node->args[1]->constant;
          i.kernel = k.compare_constant[op][static_cast<int>(wide)];
        } else {
          i.in[1] = in_width(node->args[1], wide);
          i.kernel = k.compare[op][static_cast<int>(wide)];
        }
        break;
      }
      case Op::kAnd:
      case Op::kOr:
        i.in[0] = in_width(node->args[0], Physical::kI8);
        i.in[1] = in_width(node->args[1], Physical::kI8);
        i.kernel = node->op == Op::kAnd ? k.logical_and : k.logical_or;
        break;
      case Op::kNot:
        i.in[0] = in_width(node->args[0], Physical::kI8);
        i.kernel = k.logical_not;
        break;
      case Op::kSelect:
        i.in[0] = in_width(node->args[0], Physical::kI8);
        i.in[1] = in_width(node->args[1], node->physical);
        i.in[2] = in_width(node->args[2], node->physical);
        i.kernel = k.select[width];
        break;
      case Op::kBand: {
        // Thresholds outside the value's own width are always or never reached.
        const Physical from = node->args[0]->physical;
        std::vector<Int> thresholds = *node->table;
        Physical needed = from;
        for (const Int t : thresholds) needed = std::max(needed, width_for(t, t));
        i.kind = Instruction::Kind::kBand;
        i.in[0] = in_width(node->args[0], needed);
        i.table = table_in(thresholds, needed);
        i.table_size = thresholds.size();
        i.kernel = k.band[static_cast<int>(needed)][node->physical == Physical::kI8 ? 0 : 1];
        break;
      }
      case Op::kGather: {
        i.kind = Instruction::Kind::kGather;
        const Node* index = node->args[0];
        const Physical from = index->physical == Physical::kI8 ? Physical::kI8 : Physical::kI32;
        i.in[0] = in_width(index, from);
        i.table = table_in(*node->table, node->physical);
        i.table_size = node->table->size();
        i.constant = index->low < 0 || index->high >= static_cast<Int>(node->table->size());
        i.kernel = k.gather[from == Physical::kI8 ? 0 : 1][width];
        break;
      }
      case Op::kHashFind:
        i.kind = Instruction::Kind::kHashFind;
        for (const Node* arg : node->args) i.operands.push_back(in_width(arg, Physical::kI64));
        break;
      case Op::kSegCount:
        i.kind = Instruction::Kind::kSegmentCount;
        break;
      case Op::kSegSum:
      case Op::kSegMin:
      case Op::kSegMax:
      case Op::kSegDistinct: {
        const Node* child = node->args[0];
        const Domain rows{(node->interpreted & 1) != 0 ? Domain::Kind::kGroup : Domain::Kind::kTable,
                          node->interpreted / 2};
        const bool scatter = node->domain.kind == Domain::Kind::kGroup;
        i.kind = node->op == Op::kSegDistinct ? Instruction::Kind::kDistinct
                 : scatter                    ? Instruction::Kind::kScatter
                                              : Instruction::Kind::kSegment;
        Operand in = value(child);
        if (in.kind == Operand::Kind::kConstant) {
          // A broadcast has the child rows' length only as a slot of theirs: make one.
          in = constant_rows(child->constant, rows, node->op == Op::kSegSum ? child->physical : node->physical);
        }
        if (node->op == Op::kSegMin || node->op == Op::kSegMax) {
          if (in.physical != node->physical) in = in_width(child, node->physical);
          const int w = static_cast<int>(node->physical);
          i.kernel = node->op == Op::kSegMin ? (scatter ? k.scatter_min[w] : k.segment_min[w])
                                             : (scatter ? k.scatter_max[w] : k.segment_max[w]);
        } else if (node->op == Op::kSegSum) {
          const int to = node->physical == Physical::kI128 ? 1 : 0;
          i.check_overflow = node->may_overflow;
          i.kernel = scatter ? k.scatter_sum[static_cast<int>(in.physical)][to]
                             : k.segment_sum[static_cast<int>(in.physical)][to];
        } else {
          if (in.physical != Physical::kI64) in = in_width(child, Physical::kI64);
        }
        i.in[0] = in;
        break;
      }
      case Op::kSegTop:
      case Op::kSegBottom: {
        const bool scatter = node->domain.kind == Domain::Kind::kGroup, bottom = node->op == Op::kSegBottom;
        const Node *n = node->args[0], *d = node->args[1];
        const bool wide = std::max(n->physical, d->physical) == Physical::kI128 || n->low == INT64_MIN;
        const Physical physical = wide ? Physical::kI128 : Physical::kI64;
        i.kind = scatter ? Instruction::Kind::kScatter : Instruction::Kind::kSegment;
        const Domain rows{(node->interpreted & 1) != 0 ? Domain::Kind::kGroup : Domain::Kind::kTable,
                          node->interpreted / 2};
        for (int a = 0; a < 2; ++a)
          i.in[a] = node->args[static_cast<size_t>(a)]->op == Op::kConst
                        ? constant_rows(node->args[static_cast<size_t>(a)]->constant, rows, physical)
                        : in_width(node->args[static_cast<size_t>(a)], physical);
        i.kernel = (scatter ? k.scatter_fraction : k.segment_fraction)[wide ? 1 : 0][bottom ? 1 : 0];
        i.check_overflow = node->may_overflow;
        break;
      }
      case Op::kComplete:
        i.kind = Instruction::Kind::kComplete;
        i.operands.push_back(in_width(node->args[0], Physical::kI64));
        for (size_t a = 1; a < node->args.size(); ++a) i.operands.push_back(in_width(node->args[a], Physical::kI64));
        break;
      case Op::kAddMonths:
      case Op::kMonthEnd:
      case Op::kYear:
      case Op::kMonth:
      case Op::kDay:
        i.kind = Instruction::Kind::kDate;
        i.in[0] = in_width(node->args[0], Physical::kI32);
        if (node->args.size() > 1) i.in[1] = in_width(node->args[1], Physical::kI32);
        break;
      case Op::kNarrow:
        i.in[0] = vector(node->args[0]);
        i.kernel = k.cast[static_cast<int>(i.in[0].physical)][width];
        break;
      default:
        break;
    }
    i.out = output(node);
    const Operand out = i.out;
    stage_->instructions.push_back(std::move(i));
    release(node);
    return out;
  }

  // After its last reader a slot may be used again. Casts keep their own slots until the end of the stage only when the
  // node is read again; so they go with it.
  void release(const Node* node) {
    for (const Node* arg : node->args) {
      if (--remaining_[arg->id] != 0) continue;
      const auto drop = [&](const Operand& o) {
        if (o.kind != Operand::Kind::kSlot) return;
        free_[{static_cast<int>(o.domain.kind), o.domain.index, static_cast<int>(o.physical)}].push_back(o.slot);
      };
      if (const auto found = computed_.find(arg); found != computed_.end()) drop(found->second);
      for (int p = 0; p < 5; ++p)
        if (const auto found = casts_.find({arg, static_cast<Physical>(p)}); found != casts_.end()) drop(found->second);
    }
  }

  Operand constant_rows(Int value, Domain rows, Physical physical) {
    Instruction i;
    i.kind = Instruction::Kind::kLinear;
    i.domain = rows;
    i.constant = value;
    const Physical wide = std::max(physical, Physical::kI32);
    i.kernel = kernels().linear[static_cast<int>(wide)];
    i.out = slot(rows, wide);
    stage_->instructions.push_back(i);
    return i.out;
  }

  Schedule* schedule_;
  Stage* stage_;
  uint32_t number_;
  std::vector<uint32_t> remaining_;
  std::map<const Node*, Operand> computed_;
  std::map<std::pair<const Node*, Physical>, Operand> casts_;
  std::map<std::tuple<int, uint32_t, int>, std::vector<uint32_t>> free_;
};

}  // namespace

Schedule make_schedule(const BoundScheme& bound, const std::vector<const Node*>& roots, const BindInput& input,
                       column::Workspace* workspace) {
  const auto& nodes = bound.graph->nodes();
  Schedule schedule;
  schedule.whole.resize(nodes.size());
  const size_t rows = input.inputs->rows();

  // What is needed at all, and for the last time in which stage.
  std::vector<uint8_t> needed(nodes.size(), 0);
  std::vector<const Node*> open(roots);
  for (const Node* f : bound.failures) open.push_back(f);
  while (!open.empty()) {
    const Node* n = open.back();
    open.pop_back();
    if (needed[n->id]) continue;
    needed[n->id] = 1;
    for (const Node* arg : n->args) open.push_back(arg);
  }
  uint32_t last_stage = 0;
  std::vector<uint8_t> keep(nodes.size(), 0);
  for (const Node& n : nodes) {
    if (!needed[n.id]) continue;
    last_stage = std::max(last_stage, n.stage);
    if (is_barrier(&n)) keep[n.id] = 1;
    for (const Node* arg : n.args)
      if (is_barrier(&n) ? !is_trivial(arg) || arg->op == Op::kLoadValid : !is_trivial(arg) && arg->stage < n.stage)
        keep[arg->id] = 1;
  }
  for (const Node* r : roots) keep[r->id] = 1;
  for (const Node* f : bound.failures)
    if (!is_trivial(f)) needed[f->id] = 1;

  const auto rows_of = [&](Domain d) -> size_t {
    switch (d.kind) {
      case Domain::Kind::kTable:
        return input.inputs->tables[d.index].offsets.empty() ? 0 : input.inputs->tables[d.index].offsets.back();
      case Domain::Kind::kGroup:
        return input.groups[d.index].offsets.empty() ? 0 : input.groups[d.index].offsets.back();
      default:
        return rows;
    }
  };
  for (const Node& n : nodes) {
    if (!keep[n.id]) continue;
    auto column = std::make_unique<column::Column>();
    column->physical = n.physical;
    column->rows = rows_of(n.domain);
    const size_t bytes = column->rows * column::width_of(n.physical);
    column->data = workspace != nullptr ? workspace->take(bytes) : column::Buffer(bytes);
    schedule.whole[n.id] = std::move(column);
  }

  schedule.stages.resize(last_stage + 1);
  for (uint32_t s = 0; s <= last_stage; ++s) {
    Stage& stage = schedule.stages[s];
    // How often each node is read in this stage (kept and trivial ones do not matter).
    std::vector<uint32_t> uses(nodes.size(), 0);
    for (const Node& n : nodes)
      if (needed[n.id] && n.stage == s && !is_barrier(&n))
        for (const Node* arg : n.args) ++uses[arg->id];
    for (const Node* f : bound.failures)
      if (f->stage == s) ++uses[f->id];
    StageBuilder builder(&schedule, &stage, s, uses);
    for (const Node& n : nodes) {
      if (!needed[n.id] || n.stage != s || is_barrier(&n)) continue;
      if (is_trivial(&n)) {
        if (keep[n.id]) builder.copy(&n);
        continue;
      }
      // Only what this stage is for: kept values and failures; the rest is computed when it is read.
      if (keep[n.id]) builder.value(&n);
    }
    for (const Node* f : bound.failures)
      if (f->stage == s) builder.fail(f);
    for (const Node& n : nodes)
      if (needed[n.id] && is_barrier(&n) && n.stage == s + 1) stage.barriers.push_back(&n);
    stage.tables.resize(input.inputs->tables.size());
    stage.groups.resize(input.groups.size());
    const auto touch = [&](Domain d) {
      if (d.kind == Domain::Kind::kTable) stage.tables[d.index] = true;
      if (d.kind == Domain::Kind::kGroup) stage.groups[d.index] = true;
    };
    for (const auto& i : stage.instructions) {
      touch(i.domain);
      touch(i.out.domain);
      for (const auto& o : i.in) touch(o.domain);
      for (const auto& o : i.operands) touch(o.domain);
      if (i.node != nullptr && (i.kind == Instruction::Kind::kSegmentCount || i.kind == Instruction::Kind::kSegment ||
                                i.kind == Instruction::Kind::kScatter || i.kind == Instruction::Kind::kDistinct))
        touch({(i.node->interpreted & 1) != 0 ? Domain::Kind::kGroup : Domain::Kind::kTable, i.node->interpreted / 2});
    }
  }
  return schedule;
}

}  // namespace kaogong::plan
