#include "engine/plan/execute.h"

#include <tbb/blocked_range.h>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/global_control.h>
#include <tbb/info.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <atomic>
#include <cstring>

#include "engine/feel/civil.h"

namespace kaogong::plan {

namespace {

constexpr size_t kMorselRows = 2048;
constexpr size_t kMorselChildren = 16384;

// Why a row failed, as bits.
constexpr uint8_t kCondition = 1, kOverflowed = 2;

struct Span {
  size_t begin = 0, end = 0;
  size_t size() const { return end - begin; }
};

// The vectors of one thread, kept between morsels.
struct Scratch {
  std::vector<column::Buffer> slots, constants;
  std::vector<size_t> constant_rows;
  std::vector<std::vector<uint32_t>> parents;  // of tables, then groups: local employee of each child row
  column::Buffer overflow;
  std::vector<Term> terms;
};

class StageRun {
 public:
  StageRun(const Stage& stage, const BindInput& input, std::vector<uint8_t>* failed)
      : stage_(stage), in_(input), failed_(failed) {
    // Who repeats a parent's value or blames a parent's row needs to know the parents.
    expanded_tables_.resize(input.inputs->tables.size(), false);
    expanded_groups_.resize(input.groups.size(), false);
    for (const auto& i : stage.instructions) {
      if (i.kind != Instruction::Kind::kExpand && i.kind != Instruction::Kind::kFail && !i.check_overflow) continue;
      if (i.domain.kind == Domain::Kind::kTable) expanded_tables_[i.domain.index] = true;
      if (i.domain.kind == Domain::Kind::kGroup) expanded_groups_[i.domain.index] = true;
    }
  }

  void morsel(Span rows, Scratch* scratch) {
    rows_ = rows;
    Span widest = rows;
    const auto& tables = in_.inputs->tables;
    std::vector<Span> table_spans(tables.size()), group_spans(in_.groups.size());
    for (size_t t = 0; t < tables.size(); ++t)
      if (stage_.tables[t] || needs_table(t))
        table_spans[t] = {tables[t].offsets[rows.begin], tables[t].offsets[rows.end]};
    for (size_t g = 0; g < in_.groups.size(); ++g)
      group_spans[g] = {in_.groups[g].offsets[rows.begin], in_.groups[g].offsets[rows.end]};
    const auto span_of = [&](Domain d) {
      if (d.kind == Domain::Kind::kTable) return table_spans[d.index];
      if (d.kind == Domain::Kind::kGroup) return group_spans[d.index];
      return rows;
    };
    for (const auto& s : table_spans) widest = s.size() > widest.size() ? s : widest;
    for (const auto& s : group_spans) widest = s.size() > widest.size() ? s : widest;

    scratch->slots.resize(std::max(scratch->slots.size(), stage_.slots.size()));
    for (size_t s = 0; s < stage_.slots.size(); ++s) {
      const Domain d{stage_.slots[s].domain_kind, stage_.slots[s].domain_index};
      const size_t bytes = span_of(d).size() * column::width_of(stage_.slots[s].physical);
      if (scratch->slots[s].bytes() < bytes) scratch->slots[s].resize(bytes);
    }
    scratch->constants.resize(stage_.constants.size());
    scratch->constant_rows.resize(stage_.constants.size(), 0);
    for (size_t c = 0; c < stage_.constants.size(); ++c) {
      if (scratch->constant_rows[c] >= widest.size() && widest.size() != 0) continue;
      column::Column fill;
      fill.physical = stage_.constant_widths[c];
      fill.allocate(widest.size(), false);
      for (size_t i = 0; i < widest.size(); ++i) fill.set(i, stage_.constants[c]);
      scratch->constants[c] = std::move(fill.data);
      scratch->constant_rows[c] = widest.size();
    }
    scratch->parents.resize(tables.size() + in_.groups.size());
    const auto fill_parents = [&](std::vector<uint32_t>* parents, const std::vector<uint64_t>& offsets) {
      parents->resize(offsets[rows.end] - offsets[rows.begin]);
      for (size_t r = rows.begin; r < rows.end; ++r)
        std::fill(parents->begin() + static_cast<ptrdiff_t>(offsets[r] - offsets[rows.begin]),
                  parents->begin() + static_cast<ptrdiff_t>(offsets[r + 1] - offsets[rows.begin]),
                  static_cast<uint32_t>(r - rows.begin));
    };
    for (size_t t = 0; t < expanded_tables_.size(); ++t)
      if (expanded_tables_[t]) fill_parents(&scratch->parents[t], tables[t].offsets);
    for (size_t g = 0; g < expanded_groups_.size(); ++g)
      if (expanded_groups_[g]) fill_parents(&scratch->parents[tables.size() + g], in_.groups[g].offsets);
    if (scratch->overflow.bytes() < widest.size()) scratch->overflow.resize(widest.size());

    const auto address = [&](const Operand& o) -> std::byte* {
      const size_t width = column::width_of(o.physical);
      switch (o.kind) {
        case Operand::Kind::kSlot:
          return scratch->slots[o.slot].data();
        case Operand::Kind::kColumn:
          return const_cast<std::byte*>(o.column->data.data()) + span_of(o.domain).begin * width;
        case Operand::Kind::kValid:
          return const_cast<std::byte*>(o.column->valid.data()) + span_of(o.domain).begin;
        case Operand::Kind::kConstant:
          return o.slot < scratch->constants.size() ? scratch->constants[o.slot].data() : nullptr;
        case Operand::Kind::kWhole:
          return o.whole->data.data() + span_of(o.domain).begin * width;
        default:
          return nullptr;
      }
    };

    for (const auto& i : stage_.instructions) {
      const Span span = span_of(i.domain);
      KernelArgs k;
      k.n = span.size();
      if (k.n == 0 && i.kind != Instruction::Kind::kScatter) continue;
      k.out = address(i.out);
      k.a = address(i.in[0]);
      k.b = address(i.in[1]);
      k.c = address(i.in[2]);
      k.constant = i.constant;
      if (i.check_overflow) {
        std::memset(scratch->overflow.data(), 0, k.n);
        k.overflow = reinterpret_cast<uint8_t*>(scratch->overflow.data());
      }
      switch (i.kind) {
        case Instruction::Kind::kKernel:
        case Instruction::Kind::kCopy:
          i.kernel(k);
          break;
        case Instruction::Kind::kLinear:
          scratch->terms.clear();
          for (const auto& o : i.operands) scratch->terms.push_back({address(o), o.physical, o.constant});
          k.terms = scratch->terms.data();
          k.term_count = scratch->terms.size();
          i.kernel(k);
          break;
        case Instruction::Kind::kDivideConstant:
          k.magic = &i.magic;
          i.kernel(k);
          break;
        case Instruction::Kind::kBand:
        case Instruction::Kind::kGather:
          k.table = i.table.data();
          k.table_size = i.table_size;
          i.kernel(k);
          break;
        case Instruction::Kind::kExpand:
          expand(i, span, group_spans, scratch, &k);
          break;
        case Instruction::Kind::kSegment:
        case Instruction::Kind::kSegmentCount:
        case Instruction::Kind::kDistinct:
          segment(i, rows, &k);
          break;
        case Instruction::Kind::kScatter: {
          const uint32_t table = i.node->interpreted / 2;
          k.children = table_spans[table].size();
          k.parents = in_.groups[i.domain.index].group_of.data() + table_spans[table].begin;
          k.parent_base = span.begin;
          i.kernel(k);
          break;
        }
        case Instruction::Kind::kHashFind:
          find(i, address, k.n, static_cast<int32_t*>(k.out));
          break;
        case Instruction::Kind::kComplete:
          complete(i, address, rows, static_cast<int8_t*>(k.out));
          break;
        case Instruction::Kind::kDate:
          date(i, k);
          break;
        case Instruction::Kind::kFail: {
          if (i.in[0].kind == Operand::Kind::kConstant) {
            if (i.in[0].constant != 0)
              for (size_t r = rows.begin; r < rows.end; ++r) (*failed_)[r] |= kCondition;
            break;
          }
          fail(static_cast<const uint8_t*>(k.a), kCondition, i.domain, span, rows, *scratch);
          break;
        }
      }
      if (i.check_overflow) fail(k.overflow, kOverflowed, i.domain, span, rows, *scratch);
    }
  }

 private:
  bool needs_table(size_t t) const {
    for (const auto& group : in_.document->groups)
      if (group.of == in_.document->tables[t].name) return true;
    return false;
  }

  void fail(const uint8_t* flags, uint8_t why, Domain domain, Span span, Span rows, const Scratch& scratch) {
    if (std::memchr(flags, 1, span.size()) == nullptr) return;
    const size_t tables = in_.inputs->tables.size();
    for (size_t i = 0; i < span.size(); ++i) {
      if (flags[i] == 0) continue;
      size_t row = i;
      if (domain.kind == Domain::Kind::kTable) row = scratch.parents[domain.index][i];
      if (domain.kind == Domain::Kind::kGroup) row = scratch.parents[tables + domain.index][i];
      (*failed_)[rows.begin + row] |= why;
    }
  }

  void expand(const Instruction& i, Span span, const std::vector<Span>& groups, Scratch* scratch, KernelArgs* k) {
    const Domain from = i.node->args[0]->domain;
    if (from.kind == Domain::Kind::kGroup) {  // a group's value for its child rows
      k->parents = in_.groups[from.index].group_of.data() + span.begin;
      k->parent_base = groups[from.index].begin;
    } else {
      const size_t index =
          i.domain.kind == Domain::Kind::kTable ? i.domain.index : in_.inputs->tables.size() + i.domain.index;
      k->parents = scratch->parents[index].data();
    }
    i.kernel(*k);
  }

  void segment(const Instruction& i, Span rows, KernelArgs* k) {
    const bool of_groups = (i.node->interpreted & 1) != 0;
    const uint32_t index = i.node->interpreted / 2;
    if (i.domain.kind == Domain::Kind::kGroup) {  // count of a group's rows
      const auto& group = in_.groups[i.domain.index];
      auto* out = static_cast<int64_t*>(k->out);
      const uint64_t first = group.offsets[rows.begin];
      std::fill_n(out, k->n, 0);
      const auto& offsets = in_.inputs->tables[index].offsets;
      for (uint64_t c = offsets[rows.begin]; c < offsets[rows.end]; ++c) ++out[group.group_of[c] - first];
      return;
    }
    const auto& offsets = of_groups ? in_.groups[index].offsets : in_.inputs->tables[index].offsets;
    k->offsets = offsets.data() + rows.begin;
    k->base = offsets[rows.begin];
    if (i.kind == Instruction::Kind::kSegmentCount) {
      auto* out = static_cast<int64_t*>(k->out);
      for (size_t r = 0; r < k->n; ++r) out[r] = static_cast<int64_t>(k->offsets[r + 1] - k->offsets[r]);
    } else if (i.kind == Instruction::Kind::kDistinct) {
      const auto* a = static_cast<const int64_t*>(k->a);
      auto* out = static_cast<int64_t*>(k->out);
      std::vector<int64_t> seen;
      for (size_t r = 0; r < k->n; ++r) {
        seen.assign(a + (k->offsets[r] - k->base), a + (k->offsets[r + 1] - k->base));
        std::sort(seen.begin(), seen.end());
        out[r] = std::unique(seen.begin(), seen.end()) - seen.begin();
      }
    } else {
      i.kernel(*k);
    }
  }

  template <class Address>
  void find(const Instruction& i, const Address& address, size_t n, int32_t* out) {
    std::vector<const int64_t*> keys;
    for (const auto& o : i.operands) keys.push_back(reinterpret_cast<const int64_t*>(address(o)));
    std::vector<Int> key(keys.size());
    for (size_t r = 0; r < n; ++r) {
      for (size_t c = 0; c < keys.size(); ++c) key[c] = keys[c][r];
      out[r] = i.node->finder->find(key);
    }
  }

  template <class Address>
  void complete(const Instruction& i, const Address& address, Span rows, int8_t* out) {
    const CompleteSpec& spec = *i.node->complete;
    const auto* alternative = reinterpret_cast<const int64_t*>(address(i.operands[0]));
    std::vector<const int64_t*> columns;
    for (size_t c = 1; c < i.operands.size(); ++c)
      columns.push_back(reinterpret_cast<const int64_t*>(address(i.operands[c])));
    const auto& offsets = in_.inputs->tables[spec.table].offsets;
    const uint64_t base = offsets[rows.begin];
    std::vector<std::vector<int64_t>> pers;  // distinct `per` tuples of the employee, in order of appearance
    std::vector<uint8_t> seen;
    for (size_t r = 0; r < rows.size(); ++r) {
      const uint64_t begin = offsets[rows.begin + r] - base, end = offsets[rows.begin + r + 1] - base;
      const int64_t which = alternative[r];
      if (which == -2) {
        out[r] = 0;
        continue;
      }
      if (which < 0 || which >= static_cast<int64_t>(spec.alternatives.size())) {
        out[r] = begin != end;
        continue;
      }
      const auto& values = spec.alternatives[static_cast<size_t>(which)].values;
      size_t combinations = 1;
      for (const auto& v : values) combinations *= v.size();
      bool bad = false;
      pers.clear();
      seen.clear();
      size_t found = 0;
      if (spec.per == 0) {
        pers.emplace_back();
        seen.resize(combinations, 0);
      }
      for (uint64_t c = begin; c < end && !bad; ++c) {
        size_t cell = 0;
        for (size_t e = 0; e < spec.each; ++e) {
          const Int code = columns[e][c];
          const auto at = std::lower_bound(values[e].begin(), values[e].end(), code);
          if (at == values[e].end() || *at != code) {
            bad = true;
            break;
          }
          cell = cell * values[e].size() + static_cast<size_t>(at - values[e].begin());
        }
        if (bad) break;
        size_t p = 0;
        if (spec.per != 0) {
          const auto same = [&](const std::vector<int64_t>& tuple) {
            for (size_t q = 0; q < spec.per; ++q)
              if (tuple[q] != columns[spec.each + q][c]) return false;
            return true;
          };
          // Rows of one tuple usually stand together: look from the end.
          p = pers.size();
          while (p > 0 && !same(pers[p - 1])) --p;
          if (p == 0) {
            auto& tuple = pers.emplace_back();
            for (size_t q = 0; q < spec.per; ++q) tuple.push_back(columns[spec.each + q][c]);
            seen.resize(pers.size() * combinations, 0);
            p = pers.size();
          }
          --p;
        }
        uint8_t& flag = seen[p * combinations + cell];
        bad = flag != 0;
        flag = 1;
        ++found;
      }
      out[r] = bad || found != pers.size() * combinations;
    }
  }

  static void date(const Instruction& i, const KernelArgs& k) {
    const auto* a = static_cast<const int32_t*>(k.a);
    const auto* b = static_cast<const int32_t*>(k.b);
    for (size_t r = 0; r < k.n; ++r) {
      switch (i.node->op) {
        case Op::kAddMonths:
          static_cast<int32_t*>(k.out)[r] = feel::civil::add_months<int32_t>(a[r], b[r]);
          break;
        case Op::kMonthEnd:
          static_cast<int32_t*>(k.out)[r] = feel::civil::month_end<int32_t>(a[r]);
          break;
        case Op::kYear:
          static_cast<int16_t*>(k.out)[r] = static_cast<int16_t>(feel::civil::civil_from_days<int32_t>(a[r]).year);
          break;
        case Op::kMonth:
          static_cast<int8_t*>(k.out)[r] = static_cast<int8_t>(feel::civil::civil_from_days<int32_t>(a[r]).month);
          break;
        default:
          static_cast<int8_t*>(k.out)[r] = static_cast<int8_t>(feel::civil::civil_from_days<int32_t>(a[r]).day);
          break;
      }
    }
  }

  const Stage& stage_;
  const BindInput& in_;
  std::vector<uint8_t>* failed_;
  std::vector<bool> expanded_tables_, expanded_groups_;
  Span rows_;
};

// Morsel borders: at most kMorselRows employees, and as few child rows as fit the cache.
std::vector<size_t> borders(const Stage& stage, const BindInput& input, size_t morsel_rows) {
  const size_t rows = input.inputs->rows();
  const size_t most = morsel_rows == 0 ? kMorselRows : morsel_rows;
  std::vector<size_t> result{0};
  while (result.back() < rows) {
    size_t end = std::min(rows, result.back() + most);
    for (size_t t = 0; t < input.inputs->tables.size(); ++t) {
      if (!stage.tables[t]) continue;
      const auto& offsets = input.inputs->tables[t].offsets;
      const auto limit =
          std::upper_bound(offsets.begin() + static_cast<ptrdiff_t>(result.back()),
                           offsets.begin() + static_cast<ptrdiff_t>(end) + 1, offsets[result.back()] + kMorselChildren);
      end = std::max(result.back() + 1, std::min(end, static_cast<size_t>(limit - offsets.begin()) - 1));
    }
    result.push_back(end);
  }
  return result;
}

}  // namespace

struct Executor::Inside {
  Inside(Schedule* s, const BindInput& in, const std::vector<uint8_t>& r, const ExecuteOptions& o)
      : schedule(s),
        input(in),
        refused(r),
        options(o),
        threads(o.threads > 0 ? o.threads : tbb::this_task_arena::max_concurrency()),
        allowed(tbb::global_control::max_allowed_parallelism,
                static_cast<size_t>(std::max(threads, tbb::info::default_concurrency()))),
        arena(threads),
        rows(in.inputs->rows()),
        total(rows * s->stages.size()),
        failed(rows, 0),
        groups(std::make_unique<GroupCache>()) {}

  Schedule* schedule;
  const BindInput& input;
  const std::vector<uint8_t>& refused;
  const ExecuteOptions& options;
  int threads;
  tbb::global_control allowed;  // more threads than cores are allowed: the same bytes come out
  tbb::task_arena arena;
  size_t rows;
  uint64_t total;
  std::atomic<uint64_t> done{0};
  std::vector<uint8_t> failed;
  std::unique_ptr<GroupCache> groups;
};

Executor::Executor(Schedule* schedule, const BindInput& input, const std::vector<uint8_t>& refused,
                   const ExecuteOptions& options)
    : inside_(std::make_unique<Inside>(schedule, input, refused, options)) {}
Executor::~Executor() = default;

std::vector<Flagged> Executor::run_stage(uint32_t s) {
  Inside& in = *inside_;
  const Stage& stage = in.schedule->stages[s];
  std::vector<Flagged> flagged;
  if (in.rows == 0 || stage.instructions.empty()) return flagged;
  const auto cut = borders(stage, in.input, in.options.morsel_rows);
  tbb::enumerable_thread_specific<Scratch> scratch;
  const auto progress = [&] {
    if (in.options.progress) in.options.progress(std::min(in.done.load(), in.total), in.total);
  };
  const auto body = [&](const tbb::blocked_range<size_t>& range) {
    StageRun run(stage, in.input, &in.failed);
    for (size_t m = range.begin(); m != range.end(); ++m) {
      run.morsel({cut[m], cut[m + 1]}, &scratch.local());
      in.done.fetch_add(cut[m + 1] - cut[m], std::memory_order_relaxed);
    }
  };
  if (in.threads == 1) {
    // In pieces, so that progress is told between them.
    for (size_t m = 0; m + 1 < cut.size(); m += 64) {
      body(tbb::blocked_range<size_t>(m, std::min(m + 64, cut.size() - 1)));
      progress();
    }
  } else {
    in.arena.execute([&] { tbb::parallel_for(tbb::blocked_range<size_t>(0, cut.size() - 1), body); });
    progress();
  }
  // Nearly always there is nothing: whole words are looked at.
  for (size_t r = 0; r < in.rows; ++r) {
    uint64_t word = 0;
    if (r + sizeof word <= in.rows) {
      std::memcpy(&word, in.failed.data() + r, sizeof word);
      if (word == 0) {
        r += sizeof word - 1;
        continue;
      }
    }
    if (in.failed[r] == 0) continue;
    if (in.refused[r] == 0) flagged.push_back({static_cast<uint32_t>(r), (in.failed[r] & kOverflowed) != 0});
    in.failed[r] = 0;
  }
  return flagged;
}

void Executor::run_barriers(uint32_t s, Interpreter* interpreter) {
  Inside& in = *inside_;
  for (const Node* barrier : in.schedule->stages[s].barriers) {
    column::Column* out = in.schedule->whole[barrier->id].get();
    if (barrier->op == Op::kInterpreted) {
      in.arena.execute([&] { interpreter->interpret(*barrier, s, out); });
      continue;
    }
    std::vector<CohortInput> args;
    for (const Node* arg : barrier->args) {
      CohortInput input;
      input.low = arg->low;
      input.high = arg->high;
      if (arg->op == Op::kConst) {
        input.constant = arg->constant;
      } else if (arg->op == Op::kLoad) {
        input.column = arg->column;
      } else {
        input.column = in.schedule->whole[arg->id].get();
      }
      args.push_back(input);
    }
    in.arena.execute(
        [&] { run_cohort(*barrier, args, in.input.inputs->employees, in.refused, out, in.threads, in.groups.get()); });
  }
}

void Executor::forget_groups() { inside_->groups = std::make_unique<GroupCache>(); }

void Executor::in_parallel(size_t n, size_t grain, const std::function<void(size_t, size_t)>& body) {
  inside_->arena.execute([&] {
    tbb::parallel_for(tbb::blocked_range<size_t>(0, n, grain),
                      [&](const auto& range) { body(range.begin(), range.end()); });
  });
}

}  // namespace kaogong::plan
