// Cohort functions over whole columns: rows are sorted into their groups once, then each group is worked on alone.
#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>
#include <tbb/parallel_sort.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <unordered_map>

#include "engine/plan/execute.h"

namespace kaogong::plan {

namespace {

template <class F>
void for_chunks(size_t rows, size_t chunks, const F& body) {
  tbb::parallel_for(size_t{0}, chunks, [&](size_t c) { body(c, rows * c / chunks, rows * (c + 1) / chunks); });
}

// One loop over a column in its own width.
template <class F>
void with_type(const CohortInput& in, const F& body) {
  if (in.column == nullptr) {
    const Int constant = in.constant;
    body([constant](size_t) { return constant; });
    return;
  }
  switch (in.column->physical) {
    case Physical::kI8:
      body([p = in.column->as<int8_t>()](size_t i) { return p[i]; });
      break;
    case Physical::kI16:
      body([p = in.column->as<int16_t>()](size_t i) { return p[i]; });
      break;
    case Physical::kI32:
      body([p = in.column->as<int32_t>()](size_t i) { return p[i]; });
      break;
    case Physical::kI64:
      body([p = in.column->as<int64_t>()](size_t i) { return p[i]; });
      break;
    case Physical::kI128:
      body([p = in.column->as<Int>()](size_t i) { return p[i]; });
      break;
  }
}

// Writes an output column in its width.
template <class F>
void with_output(column::Column* out, const F& body) {
  switch (out->physical) {
    case Physical::kI32:
      body(out->as<int32_t>());
      break;
    case Physical::kI64:
      body(out->as<int64_t>());
      break;
    default:
      body(out->as<Int>());
      break;
  }
}

struct Groups {
  size_t count = 1;
  std::vector<uint32_t> of;  // empty: all rows in group 0
};

// Numbers the groups 0…count-1.
Groups number_groups(const CohortInput& group, size_t rows) {
  Groups groups;
  if (group.column == nullptr) return groups;
  groups.of.resize(rows);
  const Int span = group.high - group.low + 1;
  if (span <= static_cast<Int>(rows) * 4 + 4096) {
    groups.count = static_cast<size_t>(span);
    with_type(group, [&](auto value) {
      const auto low = static_cast<int64_t>(group.low);
      tbb::parallel_for(tbb::blocked_range<size_t>(0, rows, 1 << 15), [&](const auto& range) {
        for (size_t i = range.begin(); i != range.end(); ++i)
          groups.of[i] = static_cast<uint32_t>(static_cast<int64_t>(value(i)) - low);
      });
    });
    return groups;
  }
  std::unordered_map<int64_t, uint32_t> numbers;
  with_type(group, [&](auto value) {
    for (size_t i = 0; i < rows; ++i)
      groups.of[i] =
          numbers.try_emplace(static_cast<int64_t>(value(i)), static_cast<uint32_t>(numbers.size())).first->second;
  });
  groups.count = std::max<size_t>(1, numbers.size());
  return groups;
}

constexpr size_t kSmallGroup = 192;

template <class Entry>
struct Members {
  std::vector<uint32_t> starts;   // groups + 1
  std::unique_ptr<Entry[]> rows;  // by group, in the population's order within one
};

}  // namespace

struct GroupCache::Numbered {
  CohortInput input;
  Groups groups;
};

GroupCache::GroupCache() = default;
GroupCache::~GroupCache() = default;

namespace {

const Groups& numbered(std::vector<std::unique_ptr<GroupCache::Numbered>>* kept, const CohortInput& group,
                       size_t rows) {
  for (const auto& known : *kept)
    if (known->input.column == group.column && (group.column != nullptr || known->input.constant == group.constant))
      return known->groups;
  kept->push_back(std::make_unique<GroupCache::Numbered>(GroupCache::Numbered{group, number_groups(group, rows)}));
  return kept->back()->groups;
}

class Cohort {
 public:
  Cohort(const Node& node, const std::vector<CohortInput>& args, const column::StringRows& employees,
         const std::vector<uint8_t>& refused, column::Column* out, int threads, GroupCache* cache)
      : node_(node),
        args_(args),
        employees_(employees),
        refused_(refused),
        out_(out),
        rows_(employees.size()),
        chunks_(std::clamp<size_t>(static_cast<size_t>(std::max(threads, 1)), 1, std::max<size_t>(1, rows_ / 4096))),
        groups_(numbered(&cache->kept, args[1], rows_)) {
    // Few rows a group in many groups: one histogram a chunk would cost more than it saves.
    while (chunks_ > 1 && chunks_ * groups_.count > rows_ * 2 + 4096) --chunks_;
  }

  void run() {
    switch (node_.cohort) {
      case CohortKind::kTotal:
        totals();
        break;
      case CohortKind::kHeadcount:
        headcounts();
        break;
      case CohortKind::kHighest:
      case CohortKind::kLowest:
        extremes();
        break;
      case CohortKind::kRank:
        ranks();
        break;
      case CohortKind::kPercentileCount:
        at_most();
        break;
      case CohortKind::kRowNumber:
      case CohortKind::kQuota:
        ordered();
        break;
      case CohortKind::kShare:
        shares();
        break;
      default:
        break;
    }
  }

 private:
  uint32_t group(size_t row) const { return groups_.of.empty() ? 0 : groups_.of[row]; }

  // Whether a row takes part, as a fast test: a byte a row.
  template <class F>
  void with_part(const F& body) const {
    const CohortInput& part = args_[0];
    const uint8_t* refused = refused_.data();
    if (part.column == nullptr) {
      const bool all = part.constant != 0;
      body([=](size_t i) { return all && refused[i] == 0; });
    } else {
      const auto* p = part.column->as<int8_t>();
      body([=](size_t i) { return p[i] != 0 && refused[i] == 0; });
    }
  }

  // Per group: combine(cell, value) over those who take part; then out[row] = cell of the row's group.
  template <class S, class Value, class Combine>
  void reduce(S initial, const Value& value, const Combine& combine) {
    std::vector<std::vector<S>> cells(chunks_);
    with_part([&](auto takes_part) {
      for_chunks(rows_, chunks_, [&](size_t c, size_t begin, size_t end) {
        auto& mine = cells[c];
        mine.assign(groups_.count, initial);
        if (groups_.of.empty()) {
          S cell = initial;
          for (size_t i = begin; i < end; ++i)
            if (takes_part(i)) combine(cell, value(i));
          mine[0] = cell;
        } else {
          const uint32_t* of = groups_.of.data();
          for (size_t i = begin; i < end; ++i)
            if (takes_part(i)) combine(mine[of[i]], value(i));
        }
      });
    });
    for (size_t c = 1; c < chunks_; ++c)
      for (size_t g = 0; g < groups_.count; ++g) combine(cells[0][g], cells[c][g]);
    const auto& result = cells[0];
    with_output(out_, [&](auto* out) {
      using T = std::remove_pointer_t<decltype(out)>;
      for_chunks(rows_, chunks_, [&](size_t, size_t begin, size_t end) {
        for (size_t i = begin; i < end; ++i) out[i] = static_cast<T>(result[group(i)]);
      });
    });
  }

  void totals() {
    with_type(args_[2], [&](auto value) {
      if (node_.low >= INT64_MIN && node_.high <= INT64_MAX)
        reduce<int64_t>(
            0, [&](size_t i) { return static_cast<int64_t>(value(i)); }, [](int64_t& cell, int64_t v) { cell += v; });
      else
        reduce<Int>(
            0, [&](size_t i) { return static_cast<Int>(value(i)); }, [](Int& cell, Int v) { cell += v; });
    });
  }

  void headcounts() {
    reduce<int64_t>(
        0, [](size_t) { return int64_t{1}; }, [](int64_t& cell, int64_t v) { cell += v; });
  }

  void extremes() {
    const bool highest = node_.cohort == CohortKind::kHighest;
    constexpr int64_t kNone = INT64_MIN;
    with_type(args_[2], [&](auto value) {
      const auto none_to_zero = [&] {
        with_output(out_, [&](auto* out) {
          using T = std::remove_pointer_t<decltype(out)>;
          for (size_t i = 0; i < rows_; ++i)
            if (out[i] == static_cast<T>(kNone)) out[i] = 0;
        });
      };
      if (highest)
        reduce<int64_t>(
            kNone, [&](size_t i) { return static_cast<int64_t>(value(i)); },
            [](int64_t& cell, int64_t v) { cell = std::max(cell, v); });
      else
        reduce<int64_t>(
            kNone, [&](size_t i) { return static_cast<int64_t>(value(i)); },
            [](int64_t& cell, int64_t v) { cell = cell == INT64_MIN || (v != INT64_MIN && v < cell) ? v : cell; });
      none_to_zero();
    });
  }

  // Counting sort by group of those who take part; what is stored of a row is `entry(row)`.
  template <class Entry, class MakeEntry>
  Members<Entry> sorted_by_group(const MakeEntry& entry) const {
    Members<Entry> m;
    m.starts.assign(groups_.count + 1, 0);
    std::vector<std::vector<uint32_t>> histogram(chunks_);
    with_part([&](auto takes_part) {
      for_chunks(rows_, chunks_, [&](size_t c, size_t begin, size_t end) {
        auto& mine = histogram[c];
        mine.assign(groups_.count, 0);
        if (groups_.of.empty()) {
          for (size_t i = begin; i < end; ++i) mine[0] += takes_part(i);
        } else {
          for (size_t i = begin; i < end; ++i) mine[groups_.of[i]] += takes_part(i);
        }
      });
      uint32_t sum = 0;
      for (size_t g = 0; g < groups_.count; ++g) {
        m.starts[g] = sum;
        for (auto& h : histogram) {
          const uint32_t n = h[g];
          h[g] = sum;
          sum += n;
        }
      }
      m.starts[groups_.count] = sum;
      m.rows = std::make_unique_for_overwrite<Entry[]>(sum);
      for_chunks(rows_, chunks_, [&](size_t c, size_t begin, size_t end) {
        auto& mine = histogram[c];
        for (size_t i = begin; i < end; ++i)
          if (takes_part(i)) m.rows[mine[group(i)]++] = entry(static_cast<uint32_t>(i));
      });
    });
    return m;
  }
  Members<uint32_t> members() const {
    return sorted_by_group<uint32_t>([](uint32_t row) { return row; });
  }

  // Ranks from values as unsigned distances from the best, so that smaller is better.
  template <class Out>
  void rank_groups(Out* out) {
    const CohortInput& value = args_[2];
    const Int span = value.high - value.low;
    if (groups_.count == 1 && span < (Int{1} << 22)) return rank_by_counting(out);
    with_type(value, [&](auto at) {
      const auto low = static_cast<int64_t>(value.low), high = static_cast<int64_t>(value.high);
      const bool ascending = node_.ascending;
      const auto distance = [=](uint32_t row) {
        const auto v = static_cast<int64_t>(at(row));
        return ascending ? static_cast<uint64_t>(v) - static_cast<uint64_t>(low)
                         : static_cast<uint64_t>(high) - static_cast<uint64_t>(v);
      };
      if (span < INT32_MAX) {
        // The distance and its row in one word, so that the groups are read from front to back.
        rank_packed(out, sorted_by_group<uint64_t>([=](uint32_t row) { return distance(row) << 32 | row; }));
      } else {
        rank_wide(out, members(), distance);
      }
    });
  }

  template <class Out>
  void rank_packed(Out* out, Members<uint64_t> m) {
    const auto rank_small = kernels().rank_small;
    tbb::parallel_for(tbb::blocked_range<size_t>(0, groups_.count, 64), [&](const auto& range) {
      alignas(64) int32_t keys[kSmallGroup + 8], ranks[kSmallGroup + 8];
      for (size_t g = range.begin(); g != range.end(); ++g) {
        uint64_t* entries = m.rows.get() + m.starts[g];
        const size_t n = m.starts[g + 1] - m.starts[g];
        if (n <= kSmallGroup) {
          // Small groups: the rank is one more than how many are better. Pad to whole vectors with "worst".
          for (size_t k = 0; k < n; ++k) keys[k] = static_cast<int32_t>(entries[k] >> 32);
          for (size_t k = n; k < (n + 7) / 8 * 8; ++k) keys[k] = INT32_MAX;
          rank_small(keys, n, n, ranks);
          for (size_t k = 0; k < n; ++k) out[static_cast<uint32_t>(entries[k])] = static_cast<Out>(ranks[k]);
          continue;
        }
        if (n > 100'000) {
          tbb::parallel_sort(entries, entries + n);
        } else {
          std::sort(entries, entries + n);
        }
        uint32_t rank = 0;
        for (size_t k = 0; k < n; ++k) {
          if (k == 0 || entries[k] >> 32 != entries[k - 1] >> 32) rank = static_cast<uint32_t>(k + 1);
          out[static_cast<uint32_t>(entries[k])] = static_cast<Out>(rank);
        }
      }
    });
  }

  template <class Out, class Distance>
  void rank_wide(Out* out, const Members<uint32_t>& m, const Distance& distance) {
    tbb::parallel_for(tbb::blocked_range<size_t>(0, groups_.count, 64), [&](const auto& range) {
      std::vector<std::pair<uint64_t, uint32_t>> entries;
      for (size_t g = range.begin(); g != range.end(); ++g) {
        entries.clear();
        for (uint32_t k = m.starts[g]; k < m.starts[g + 1]; ++k) entries.emplace_back(distance(m.rows[k]), m.rows[k]);
        std::sort(entries.begin(), entries.end());
        uint32_t rank = 0;
        for (size_t k = 0; k < entries.size(); ++k) {
          if (k == 0 || entries[k].first != entries[k - 1].first) rank = static_cast<uint32_t>(k + 1);
          out[entries[k].second] = static_cast<Out>(rank);
        }
      }
    });
  }

  // One group, few different values: count them, then add up from the best.
  template <class Out>
  void rank_by_counting(Out* out) {
    const CohortInput& value = args_[2];
    const auto low = static_cast<int64_t>(value.low);
    const auto cells = static_cast<size_t>(value.high - value.low) + 1;
    std::vector<std::vector<uint32_t>> counts(chunks_);
    with_type(value, [&](auto at) {
      with_part([&](auto takes_part) {
        for_chunks(rows_, chunks_, [&](size_t c, size_t begin, size_t end) {
          counts[c].assign(cells, 0);
          for (size_t i = begin; i < end; ++i)
            if (takes_part(i)) ++counts[c][static_cast<size_t>(static_cast<int64_t>(at(i)) - low)];
        });
        auto& ranks = counts[0];
        uint32_t before = 1;
        for (size_t step = 0; step < cells; ++step) {
          const size_t cell = node_.ascending ? step : cells - 1 - step;
          uint32_t n = 0;
          for (const auto& c : counts) n += c[cell];
          ranks[cell] = before;
          before += n;
        }
        for_chunks(rows_, chunks_, [&](size_t, size_t begin, size_t end) {
          for (size_t i = begin; i < end; ++i)
            out[i] = takes_part(i) ? static_cast<Out>(ranks[static_cast<size_t>(static_cast<int64_t>(at(i)) - low)])
                                   : Out{0};
        });
      });
    });
  }

  void zero() { std::fill_n(out_->data.data(), out_->data.bytes(), std::byte{0}); }

  void ranks() {
    if (groups_.count != 1 || args_[2].high - args_[2].low >= (Int{1} << 22)) zero();
    with_output(out_, [&](auto* out) { rank_groups(out); });
  }

  // How many of the group have at most one's own value.
  void at_most() {
    zero();
    const auto m = members();
    tbb::parallel_for(size_t{0}, groups_.count, [&](size_t g) {
      std::vector<std::pair<int64_t, uint32_t>> sorted;
      for (uint32_t k = m.starts[g]; k < m.starts[g + 1]; ++k)
        sorted.emplace_back(static_cast<int64_t>(args_[2].at(m.rows[k])), m.rows[k]);
      std::sort(sorted.begin(), sorted.end());
      size_t end = 0;
      for (size_t k = 0; k < sorted.size(); ++k) {
        while (end < sorted.size() && sorted[end].first <= sorted[k].first) ++end;
        out_->set(sorted[k].second, static_cast<Int>(end));
      }
    });
  }

  // Best first, ties to the lower employee id: row numbers, and the classes of a quota.
  void ordered() {
    zero();
    const auto m = members();
    tbb::parallel_for(size_t{0}, groups_.count, [&](size_t g) {
      std::vector<std::pair<int64_t, uint32_t>> sorted;
      for (uint32_t k = m.starts[g]; k < m.starts[g + 1]; ++k)
        sorted.emplace_back(static_cast<int64_t>(args_[2].at(m.rows[k])), m.rows[k]);
      std::sort(sorted.begin(), sorted.end(), [&](const auto& a, const auto& b) {
        if (a.first != b.first) return node_.ascending ? a.first < b.first : a.first > b.first;
        return employees_[a.second] < employees_[b.second];
      });
      if (node_.cohort == CohortKind::kRowNumber) {
        for (size_t k = 0; k < sorted.size(); ++k) out_->set(sorted[k].second, static_cast<Int>(k + 1));
        return;
      }
      const auto sizes = largest_remainder(static_cast<Int>(sorted.size()), *node_.table);
      size_t k = 0;
      for (size_t c = 0; c < sizes.size(); ++c)
        for (Int i = 0; i < sizes[c] && k < sorted.size(); ++i) out_->set(sorted[k++].second, static_cast<Int>(c));
    });
  }

  // n places over shares (which add up to their total): floors, then the largest remainders, ties to the earlier class.
  static std::vector<Int> largest_remainder(Int n, const std::vector<Int>& shares) {
    const Int total = std::accumulate(shares.begin(), shares.end(), Int{0});
    std::vector<Int> sizes;
    std::vector<std::pair<Int, size_t>> rests;
    Int given = 0;
    for (size_t c = 0; c < shares.size(); ++c) {
      sizes.push_back(n * shares[c] / total);
      given += sizes.back();
      rests.emplace_back(-(n * shares[c] % total), c);
    }
    std::sort(rests.begin(), rests.end());
    for (size_t i = 0; given < n; ++i, ++given) ++sizes[rests[i % rests.size()].second];
    return sizes;
  }

  // A pool in whole fen by weights: each rounded down, what is left to the largest fractions, ties to the lower id.
  void shares() {
    zero();
    const auto m = members();
    tbb::parallel_for(size_t{0}, groups_.count, [&](size_t g) {
      Int weights = 0, pool = 0;
      for (uint32_t k = m.starts[g]; k < m.starts[g + 1]; ++k) {
        weights += args_[3].at(m.rows[k]);
        pool = std::max(pool, args_[2].at(m.rows[k]));
      }
      if (weights <= 0) return;
      struct Part {
        Int rest;
        uint32_t row;
      };
      std::vector<Part> parts;
      Int given = 0;
      for (uint32_t k = m.starts[g]; k < m.starts[g + 1]; ++k) {
        const Int product = pool * args_[3].at(m.rows[k]);
        out_->set(m.rows[k], product / weights);
        given += product / weights;
        if (product % weights != 0) parts.push_back({product % weights, m.rows[k]});
      }
      std::sort(parts.begin(), parts.end(), [&](const Part& a, const Part& b) {
        return a.rest != b.rest ? a.rest > b.rest : employees_[a.row] < employees_[b.row];
      });
      for (size_t i = 0; given < pool; ++i, ++given) out_->set(parts[i].row, out_->get(parts[i].row) + 1);
    });
  }

  const Node& node_;
  const std::vector<CohortInput>& args_;
  const column::StringRows& employees_;
  const std::vector<uint8_t>& refused_;
  column::Column* out_;
  size_t rows_;
  size_t chunks_;
  const Groups& groups_;
};

}  // namespace

void run_cohort(const Node& node, const std::vector<CohortInput>& args, const column::StringRows& employees,
                const std::vector<uint8_t>& refused, column::Column* out, int threads, GroupCache* cache) {
  Cohort(node, args, employees, refused, out, threads, cache).run();
}

}  // namespace kaogong::plan
