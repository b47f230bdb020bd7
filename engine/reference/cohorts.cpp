#include "engine/reference/cohorts.h"

#include <algorithm>
#include <map>

#include "engine/number/number.h"

namespace kaogong::reference {

using feel::Value;
using feel::ValueKind;
using number::Arithmetic;
using number::Number;

namespace {

Number exact(const number::NumberResult& result) {
  if (!result) throw Refusal{worded(std::string(number::to_string(result.error))), {}, {}, {}, 0};
  return result.value;
}
Number plus(const Number& a, const Number& b) { return exact(number::add(a, b, Arithmetic::kExact)); }
Number minus(const Number& a, const Number& b) { return exact(number::subtract(a, b, Arithmetic::kExact)); }
Number times(const Number& a, const Number& b) { return exact(number::multiply(a, b, Arithmetic::kExact)); }
Number over(const Number& a, const Number& b) { return exact(number::divide(a, b, Arithmetic::kExact)); }
Number floor_of(const Number& a) { return exact(number::round(a, 0, number::Rounding::kFloor)); }

struct Member {
  size_t row;
  Number of, by;
  std::string_view id;
};

void sort_best_first(std::vector<Member>* members, bool ascending) {
  std::sort(members->begin(), members->end(), [&](const Member& a, const Member& b) {
    if (a.of != b.of) return ascending ? a.of < b.of : a.of > b.of;
    return a.id < b.id;
  });
}

// Gives out `count` whole pieces by exact claims: each rounded down, what is left to the largest fractions, ties to the
// earlier claim. The claims add up to `count`.
std::vector<int64_t> largest_remainder(const Number& count, const std::vector<Number>& claims) {
  std::vector<int64_t> pieces;
  std::vector<std::pair<Number, size_t>> rests;
  Number left = count;
  for (size_t i = 0; i < claims.size(); ++i) {
    const Number whole = floor_of(claims[i]);
    pieces.push_back(whole.to_int64().value_or(0));
    rests.emplace_back(minus(claims[i], whole), i);
    left = minus(left, whole);
  }
  std::stable_sort(rests.begin(), rests.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  const int64_t rest = left.to_int64().value_or(0);
  for (int64_t i = 0; i < rest && static_cast<size_t>(i) < rests.size(); ++i)
    ++pieces[rests[static_cast<size_t>(i)].second];
  return pieces;
}

std::vector<Value> items_of(const feel::Expr* expr, const Unit& unit, RowEvaluator* evaluator) {
  if (expr == nullptr) throw feel::EvalFailure{{"quota needs shares and labels", {}}};
  const Value list = evaluator->evaluate(*expr, unit);
  if (!list.is(ValueKind::kList)) throw feel::EvalFailure{{"quota needs lists", expr->span}};
  return list.as_list();
}

void quota(const CohortCall& call, std::vector<Member> members, RowEvaluator* evaluator, std::vector<Value>* values) {
  evaluator->start(members[0].row);
  const std::vector<Value> shares = items_of(call.shares, *call.unit, evaluator);
  const std::vector<Value> labels = items_of(call.labels, *call.unit, evaluator);
  Number all;
  for (const Value& share : shares) {
    if (!share.is(ValueKind::kNumber)) throw feel::EvalFailure{{"a share is no number", {}}};
    all = plus(all, share.as_number());
  }
  if (shares.empty() || shares.size() != labels.size() || all != Number(1)) {
    throw feel::EvalFailure{{"the shares of quota do not add up to 1", {}}};
  }
  const Number count(static_cast<int64_t>(members.size()));
  std::vector<Number> claims;
  for (const Value& share : shares) claims.push_back(times(count, share.as_number()));
  const std::vector<int64_t> sizes = largest_remainder(count, claims);
  sort_best_first(&members, call.ascending);
  size_t next = 0;
  for (size_t c = 0; c < sizes.size(); ++c) {
    for (int64_t i = 0; i < sizes[c] && next < members.size(); ++i) (*values)[members[next++].row] = labels[c];
  }
}

void share(std::vector<Member> members, std::vector<Value>* values) {
  std::sort(members.begin(), members.end(), [](const Member& a, const Member& b) { return a.id < b.id; });
  Number weights, pool;
  for (const Member& member : members) {
    weights = plus(weights, member.by);
    pool = std::max(pool, member.of);
  }
  if (weights.is_zero()) return;  // nobody to share it
  const Number fen = floor_of(times(pool, Number(100)));
  std::vector<Number> claims;
  for (const Member& member : members) claims.push_back(over(times(fen, member.by), weights));
  const std::vector<int64_t> pieces = largest_remainder(fen, claims);
  for (size_t i = 0; i < members.size(); ++i) (*values)[members[i].row] = Value(Number::from_scaled(pieces[i], 2));
}

}  // namespace

Refusal nobody_takes_part() { return {{"组内没有可比较的人", "nobody in the group takes part"}, {}, {}, {}, 0}; }

Cohorts::Row Cohorts::read(const CohortCall& call, size_t row, RowEvaluator* evaluator) const {
  Row result;
  evaluator->start(row);
  try {
    bool part = true;
    if (call.among != nullptr) part = evaluator->evaluate(*call.among, *call.unit).is_true();
    if (part && call.of != nullptr) {
      result.of = evaluator->evaluate(*call.of, *call.unit);
      part = !result.of.is_null();
      if (part && !result.of.is(ValueKind::kNumber)) throw Blocked{};
    }
    if (part && call.by != nullptr) {
      result.by = evaluator->evaluate(*call.by, *call.unit);
      if (!result.by.is(ValueKind::kNumber)) throw Blocked{};
    }
    if (call.within != nullptr && (part || is_of_group(call.form))) {
      append_key(evaluator->evaluate(*call.within, *call.unit), &result.group);
    }
    result.state = part ? RowState::kPart : RowState::kOut;
  } catch (const Blocked&) {
    result.state = RowState::kFailed;
  } catch (const Refusal&) {
    result.state = RowState::kFailed;
  } catch (const feel::EvalFailure&) {
    result.state = RowState::kFailed;
  }
  return result;
}

void Cohorts::compute(uint32_t cohort, Result* result) {
  const CohortCall& call = model_.cohorts()[cohort];
  const size_t rows = model_.inputs().rows();
  RowEvaluator evaluator(model_, provider_, this);
  result->values.assign(rows, {});
  result->failed.assign(rows, 1);
  std::map<std::string, std::vector<Member>> groups;
  std::map<std::string, std::vector<size_t>> all;  // those who take no part, too
  for (size_t r = 0; r < rows; ++r) {
    if (refused_[r] != 0) continue;
    Row row = read(call, r, &evaluator);
    if (row.state == RowState::kFailed) continue;
    result->failed[r] = 0;
    if (call.form == Form::kShare) result->values[r] = Value::integer(0);
    if (is_of_group(call.form)) all[row.group].push_back(r);
    if (row.state != RowState::kPart) continue;
    Member member{r, {}, {}, model_.inputs().employees[r]};
    if (row.of.is(ValueKind::kNumber)) member.of = row.of.as_number();
    if (row.by.is(ValueKind::kNumber)) member.by = row.by.as_number();
    groups[row.group].push_back(std::move(member));
  }
  if (is_of_group(call.form)) {
    for (const auto& [group, receivers] : all) {
      const std::vector<Member>& members = groups[group];
      Number total;
      const Number* best = nullptr;
      for (const Member& member : members) {
        total = plus(total, member.of);
        if (best == nullptr || (call.form == Form::kHighest ? member.of > *best : member.of < *best)) best = &member.of;
      }
      const Number count(static_cast<int64_t>(members.size()));
      const bool needs_one = call.form != Form::kTotal && call.form != Form::kHeadcount;
      Value value;
      if (call.form == Form::kTotal) value = Value(total);
      if (call.form == Form::kHeadcount) value = Value(count);
      if (call.form == Form::kAverage && !members.empty()) value = Value(over(total, count));
      if (needs_one && call.form != Form::kAverage && best != nullptr) value = Value(*best);
      for (const size_t row : receivers) {
        result->values[row] = value;
        if (needs_one && members.empty()) result->failed[row] = 2;
      }
    }
    return;
  }
  for (auto& [group, members] : groups) {
    switch (call.form) {
      case Form::kQuota:
        quota(call, members, &evaluator, &result->values);
        break;
      case Form::kShare:
        share(members, &result->values);
        break;
      default: {
        sort_best_first(&members, call.form == Form::kPercentile || call.ascending);
        size_t first_equal = 0;
        for (size_t i = 0; i < members.size(); ++i) {
          if (members[i].of != members[first_equal].of) first_equal = i;
          const size_t place = call.form == Form::kRank ? first_equal : i;
          result->values[members[i].row] = Value::integer(static_cast<int64_t>(place + 1));
        }
        if (call.form != Form::kPercentile) break;
        // Ascending: as many have at most one's own value as the last of one's equals has for its place.
        const Number count(static_cast<int64_t>(members.size()));
        size_t last_equal = members.size();
        for (size_t i = members.size(); i-- > 0;) {
          if (last_equal == members.size() || members[i].of != members[last_equal].of) last_equal = i;
          result->values[members[i].row] = Value(over(Number(static_cast<int64_t>(last_equal + 1)), count));
        }
      }
    }
  }
}

Value Cohorts::value(uint32_t cohort, size_t row) {
  const std::lock_guard<std::recursive_mutex> lock(mutex_);
  Result& result = results_[cohort];
  if (result.state == Result::State::kBusy) throw feel::EvalFailure{{"the value depends on itself", {}}};
  if (result.state == Result::State::kNew) {
    result.state = Result::State::kBusy;
    try {
      compute(cohort, &result);
    } catch (...) {
      result.state = Result::State::kNew;
      throw;
    }
    result.state = Result::State::kDone;
  }
  if (refused_[row] != 0 || result.failed[row] == 1) throw Blocked{};
  if (result.failed[row] == 2) throw nobody_takes_part();
  return result.values[row];
}

}  // namespace kaogong::reference
