#include "tenants/runs/diff.h"

#include <algorithm>
#include <array>

#include "engine/number/fixed.h"
#include "engine/scheme/document.h"

namespace kaogong::runs {

namespace {

/// One side: where it stands, and which of its columns each output is.
class Side {
 public:
  explicit Side(const ResultSource& source) : source_(source) { advance_block(); }

  bool at_end() const { return !block_; }
  std::string_view employee() const { return (*block_->employees)[row_]; }
  const std::vector<std::string>* names() const { return block_ ? block_->names : nullptr; }
  uint64_t seen() const { return seen_; }
  void next() {
    ++row_;
    ++seen_;
    skip_refused();
  }
  size_t row() const { return row_; }
  const column::Column* column(size_t output) const {
    const int place = places_[output];
    return place < 0 ? nullptr : &(*block_->columns)[static_cast<size_t>(place)];
  }
  void bind(const std::vector<OutputSummary>& outputs) {
    places_.clear();
    for (const auto& output : outputs) {
      int place = -1;
      for (size_t i = 0; block_ && i < block_->names->size(); ++i)
        if ((*block_->names)[i] == output.name) place = static_cast<int>(i);
      places_.push_back(place);
    }
  }

 private:
  void advance_block() {
    block_ = source_();
    row_ = 0;
    if (block_) skip_refused();
  }
  void skip_refused() {
    while (block_ && row_ < block_->rows() && !block_->has_row(row_)) ++row_;
    while (block_ && row_ >= block_->rows()) {
      block_ = source_();
      row_ = 0;
      while (block_ && row_ < block_->rows() && !block_->has_row(row_)) ++row_;
    }
  }

  const ResultSource& source_;
  std::optional<ResultView> block_;
  size_t row_ = 0;
  uint64_t seen_ = 0;
  std::vector<int> places_;
};

struct Cell {
  bool there = false, number = false;
  __int128 value = 0;
  const column::Column* column = nullptr;
  size_t row = 0;
};

class Comparison {
 public:
  Comparison(const ResultSource& before, const ResultSource& after, const std::vector<VarianceRule>& rules,
             const std::function<void(const EmployeeChange&)>& each)
      : before_(before), after_(after), each_(each) {
    collect(after_);
    collect(before_);
    before_.bind(summary_.outputs);
    after_.bind(summary_.outputs);
    percent_.resize(summary_.outputs.size(), -1);
    for (const auto& rule : rules)
      for (size_t i = 0; i < summary_.outputs.size(); ++i)
        if (summary_.outputs[i].name == rule.output) percent_[i] = rule.percent_hundredths;
  }

  DiffSummary run() {
    while (!before_.at_end() || !after_.at_end()) {
      const int order = before_.at_end() ? 1 : after_.at_end() ? -1 : before_.employee().compare(after_.employee());
      compare(order);
      if (order <= 0) before_.next();
      if (order >= 0) after_.next();
    }
    summary_.before = before_.seen();
    summary_.after = after_.seen();
    return std::move(summary_);
  }

 private:
  void collect(const Side& side) {
    if (side.names() == nullptr) return;
    Side probe = side;  // to read the types of its columns
    for (const auto& name : *side.names()) {
      OutputSummary one;
      one.name = name;
      std::vector<OutputSummary> only = {one};
      probe.bind(only);
      const column::Column& column = *probe.column(0);
      const bool numeric = scheme::is_numeric(column.type);
      const auto same = [&](const OutputSummary& output) { return output.name == name; };
      const auto known = std::find_if(summary_.outputs.begin(), summary_.outputs.end(), same);
      if (known == summary_.outputs.end()) {
        one.numeric = numeric;
        one.scale = numeric ? column.scale : 0;
        summary_.outputs.push_back(std::move(one));
      } else {
        known->numeric = known->numeric && numeric;
        known->scale = known->numeric ? std::max(known->scale, column.scale) : 0;
      }
    }
  }

  Cell cell(const Side& side, bool there, size_t output) const {
    Cell cell;
    cell.column = there ? side.column(output) : nullptr;
    cell.row = side.row();
    if (cell.column == nullptr || cell.column->is_null(cell.row)) return cell;
    cell.there = true;
    cell.value = cell.column->get(cell.row);
    cell.number = summary_.outputs[output].numeric;
    if (cell.number)
      cell.number = fixed::rescale_exact(cell.value, cell.column->scale, summary_.outputs[output].scale, &cell.value);
    return cell;
  }

  static bool same(const Cell& a, const Cell& b) {
    if (a.there != b.there) return false;
    if (!a.there) return true;
    if (a.number && b.number) return a.value == b.value;
    if (a.column->type != b.column->type) return false;
    if (a.column->type != scheme::TypeName::kString) return a.value == b.value && a.column->scale == b.column->scale;
    return a.column->dictionary->at(static_cast<int32_t>(a.value)) ==
           b.column->dictionary->at(static_cast<int32_t>(b.value));
  }

  /// |after - before| > percent of |before|.
  static bool varies(const OutputChange& change, int64_t percent_hundredths) {
    if (!change.has_before || !change.has_after) return false;
    __int128 moved = 0, allowed = 0;
    constexpr int64_t kWhole = 10'000;  // 100 % in hundredths of a percent
    const __int128 before = change.before < 0 ? -change.before : change.before;
    const __int128 delta = change.delta < 0 ? -change.delta : change.delta;
    if (!fixed::mul_checked(delta, __int128{kWhole}, &moved)) return true;
    if (!fixed::mul_checked(before, __int128{percent_hundredths}, &allowed)) return false;
    return moved > allowed;
  }

  /// order < 0: only before; > 0: only after; 0: both.
  void compare(int order) {
    change_.outputs.clear();
    bool warned = false;
    for (size_t i = 0; i < summary_.outputs.size(); ++i) {
      const Cell before = cell(before_, order <= 0, i), after = cell(after_, order >= 0, i);
      if (same(before, after)) continue;
      OutputSummary& total = summary_.outputs[i];
      ++total.changed;
      OutputChange change;
      change.output = static_cast<uint32_t>(i);
      change.has_before = before.there;
      change.has_after = after.there;
      change.before = before.value;
      change.after = after.value;
      if (total.numeric) {
        change.has_delta =
            fixed::sub_checked(after.there ? after.value : 0, before.there ? before.value : 0, &change.delta);
        if (!change.has_delta || !fixed::add_checked(total.delta_sum, change.delta, &total.delta_sum))
          total.overflowed = true;
        if (order == 0 && percent_[i] >= 0 && varies(change, percent_[i])) {
          change.warned = warned = true;
          ++total.warnings;
        }
      }
      if (each_) {
        if (before.there) change.before_text = column::format_value(*before.column, before.row);
        if (after.there) change.after_text = column::format_value(*after.column, after.row);
        change_.outputs.push_back(std::move(change));
      }
      differs_ = true;
    }
    summary_.warned += warned ? 1 : 0;
    if (order == 0 && !differs_) {
      ++summary_.equal;
      return;
    }
    differs_ = false;
    (order == 0 ? summary_.changed : order > 0 ? summary_.added : summary_.removed) += 1;
    if (!each_) return;
    change_.employee = order <= 0 ? before_.employee() : after_.employee();
    change_.kind = order == 0 ? ChangeKind::kChanged : order > 0 ? ChangeKind::kAdded : ChangeKind::kRemoved;
    each_(change_);
  }

  Side before_, after_;
  const std::function<void(const EmployeeChange&)>& each_;
  DiffSummary summary_;
  std::vector<int64_t> percent_;  // of each output; -1: no rule
  EmployeeChange change_;
  bool differs_ = false;
};

}  // namespace

std::string_view to_text(ChangeKind kind) {
  constexpr std::array<std::string_view, 3> kWords = {"changed", "added", "removed"};
  return kWords[static_cast<size_t>(kind)];
}

ResultSource source_of(const ResultView& view) {
  return [view, given = false]() mutable -> std::optional<ResultView> {
    if (given) return std::nullopt;
    given = true;
    return view;
  };
}

DiffSummary diff(const ResultSource& before, const ResultSource& after, const std::vector<VarianceRule>& rules,
                 const std::function<void(const EmployeeChange&)>& each) {
  return Comparison(before, after, rules, each).run();
}

std::string signed_text(__int128 value, uint8_t scale) {
  std::array<char, fixed::kFormatBytesMax> text{};
  const std::string number(text.data(), fixed::format(value, scale, text.data()));
  return value > 0 ? "+" + number : number;
}

}  // namespace kaogong::runs
