// The functions that schemes have beyond FEEL, and those that are stricter than FEEL's.
#include <algorithm>

#include "engine/feel/compare.h"
#include "engine/feel/parser.h"
#include "engine/reference/cohorts.h"
#include "engine/reference/row_evaluator.h"
#include "engine/scheme/period.h"

namespace kaogong::reference {

using feel::Evaluator;
using feel::Span;
using feel::Value;
using feel::ValueKind;
using number::Number;

namespace {

constexpr int64_t kShiftMax = 1'000'000;  // days or months that a date may be moved by

std::vector<Value> evaluate_all(const feel::Call& call, Evaluator& evaluator, const feel::Environment& scope) {
  std::vector<Value> values;
  values.reserve(call.arguments.size());
  for (const feel::Argument& argument : call.arguments) values.push_back(evaluator.evaluate(*argument.value, scope));
  return values;
}

void need(const feel::Call& call, size_t least, size_t most, const Evaluator& evaluator) {
  if (call.arguments.size() < least || call.arguments.size() > most) {
    evaluator.fail(call.span, "wrong number of arguments");
  }
}

const Number& number_of(const Value& value, Span span, const Evaluator& evaluator) {
  refuse_poison(value);
  if (!value.is(ValueKind::kNumber)) {
    evaluator.fail(span, "cannot compute with " + std::string(feel::to_string(value.kind())));
  }
  return value.as_number();
}

const feel::Date& date_of(const Value& value, Span span, const Evaluator& evaluator) {
  refuse_poison(value);
  if (!value.is(ValueKind::kDate)) {
    evaluator.fail(span, "cannot compute with " + std::string(feel::to_string(value.kind())));
  }
  return value.as_date();
}

int64_t whole_of(const Value& value, Span span, const Evaluator& evaluator) {
  const auto whole = number_of(value, span, evaluator).to_int64();
  if (!whole) evaluator.fail(span, "not a whole number");
  return *whole;
}

int64_t shift_of(const Value& value, Span span, const Evaluator& evaluator) {
  const int64_t shift = whole_of(value, span, evaluator);
  if (shift > kShiftMax || shift < -kShiftMax) evaluator.fail(span, "the date is out of range");
  return shift;
}

Value date_value(const std::optional<feel::Date>& date, Span span, const Evaluator& evaluator) {
  if (!date) evaluator.fail(span, "the date is out of range");
  return Value(*date);
}

Value rounded(const Value& value, const Value* decimals, number::Rounding mode, Span span, Evaluator& evaluator) {
  int64_t scale = 0;
  if (decimals != nullptr) scale = whole_of(*decimals, span, evaluator);
  if (scale < -30 || scale > 30) evaluator.fail(span, "too many decimals");
  return evaluator.wrap(number::round(number_of(value, span, evaluator), static_cast<int>(scale), mode), span);
}

Value aggregate(Form form, const std::vector<Value>& values, Span span, Evaluator& evaluator) {
  const bool list = values.size() == 1 && values[0].is(ValueKind::kList);
  const std::vector<Value>& items = list ? values[0].as_list() : values;
  evaluator.spend(items.size());
  if (form == Form::kCount) {
    if (!list) evaluator.fail(span, "count needs a list");
    return Value::integer(static_cast<int64_t>(items.size()));
  }
  if (form == Form::kSum || form == Form::kMean) {
    Value sum = Value::integer(0);
    for (const Value& item : items) {
      number_of(item, span, evaluator);
      sum = evaluator.add(sum, item, span);
    }
    if (form == Form::kSum) return sum;
    if (items.empty()) throw Refusal{{"没有可平均的值", "the mean of nothing"}, {}, {}, {}, 0};
    return evaluator.divide(sum, Value::integer(static_cast<int64_t>(items.size())), span);
  }
  if (items.empty()) {
    if (form == Form::kMin) throw Refusal{{"没有可取最小的值", "the least of nothing"}, {}, {}, {}, 0};
    throw Refusal{{"没有可取最大的值", "the greatest of nothing"}, {}, {}, {}, 0};
  }
  Value best = items[0];
  for (const Value& item : items) {
    refuse_poison(item);
    if (evaluator.compare(form == Form::kMin ? feel::BinaryOp::kLt : feel::BinaryOp::kGt, item, best, span).is_true()) {
      best = item;
    }
  }
  if (items.size() == 1) evaluator.compare(feel::BinaryOp::kLe, best, best, span);  // refuses what has no order
  return best;
}

// What a fault is about: the name that an argument is, or its text.
std::string subject(const feel::Expr& expr) {
  if (expr.kind == feel::ExprKind::kName) return static_cast<const feel::NameRef&>(expr).name;
  if (expr.kind == feel::ExprKind::kCall) {  // required(previous(x)) is about x
    const auto& call = static_cast<const feel::Call&>(expr);
    if (!call.arguments.empty() && call.arguments[0].value->kind == feel::ExprKind::kName) {
      return static_cast<const feel::NameRef&>(*call.arguments[0].value).name;
    }
  }
  return feel::to_text(expr);
}

}  // namespace

std::optional<Value> RowEvaluator::call(const feel::Call& call, Evaluator& evaluator, const feel::Environment& scope) {
  const CallInfo* info = model_.call(call);
  if (info == nullptr) return std::nullopt;
  if (is_cohort(info->form)) return cohort(*info, call, evaluator, scope);
  if (info->form == Form::kPackFunction) return pack_call(*info, call, evaluator, scope);
  for (const feel::Argument& argument : call.arguments) {
    if (!argument.name.empty()) return std::nullopt;  // FEEL's own, with its own parameters
  }
  const Span span = call.span;
  switch (info->form) {
    case Form::kLookup:
      return lookup_row(*info, call, evaluator, scope);
    case Form::kPackTable: {
      const PackTableInfo& table = model_.packs()[info->pack].tables[info->part];
      return table.rows[pack_row(*info, evaluate_all(call, evaluator, scope), span)];
    }
    case Form::kPrevious:
    case Form::kLast:
    case Form::kEarlier:
    case Form::kYearToDate:
    case Form::kWithin:
      return history(*info, call, evaluator, scope);
    case Form::kStreak:
    case Form::kLongestRun:
      return runs(*info, call, evaluator, scope);
    case Form::kEnrolled:
      return Value::integer(static_cast<int64_t>(model_.inputs().enrolled));
    case Form::kRequired: {
      need(call, 1, 1, evaluator);
      Value value = evaluator.evaluate(*call.arguments[0].value, scope);
      if (!value.is_null()) return value;
      const std::string name = subject(*call.arguments[0].value);
      throw Refusal{{"缺少" + name, name + " is missing"}, name, {}, {}, 0};
    }
    case Form::kCoalesce: {
      for (const feel::Argument& argument : call.arguments) {
        Value value = evaluator.evaluate(*argument.value, scope);
        if (!value.is_null()) return value;
      }
      return Value();
    }
    default:
      break;
  }
  const std::vector<Value> values = evaluate_all(call, evaluator, scope);
  for (const Value& value : values) refuse_poison(value);
  const auto argument = [&](size_t i) -> const Value& { return values[i]; };
  switch (info->form) {
    case Form::kClamp: {
      need(call, 3, 3, evaluator);
      const Number &x = number_of(argument(0), span, evaluator), &low = number_of(argument(1), span, evaluator),
                   &high = number_of(argument(2), span, evaluator);
      return Value(std::min(std::max(x, low), high));
    }
    case Form::kMonthEnd:
      need(call, 1, 1, evaluator);
      return Value(feel::month_end(date_of(argument(0), span, evaluator)));
    case Form::kMonthEndAfter:
      need(call, 1, 1, evaluator);
      return date_value(feel::month_end_after(date_of(argument(0), span, evaluator)), span, evaluator);
    case Form::kAddMonths:
      need(call, 2, 2, evaluator);
      return date_value(feel::add_months(date_of(argument(0), span, evaluator), shift_of(argument(1), span, evaluator)),
                        span, evaluator);
    case Form::kAddDays:
      need(call, 2, 2, evaluator);
      return date_value(feel::add_days(date_of(argument(0), span, evaluator), shift_of(argument(1), span, evaluator)),
                        span, evaluator);
    case Form::kDaysBetween:
      need(call, 2, 2, evaluator);
      return Value::integer(
          feel::days_between(date_of(argument(0), span, evaluator), date_of(argument(1), span, evaluator)));
    case Form::kCeiling:
    case Form::kFloor:
    case Form::kRoundTo: {
      need(call, 1, 2, evaluator);
      const auto mode = info->form == Form::kCeiling ? number::Rounding::kCeiling
                        : info->form == Form::kFloor ? number::Rounding::kFloor
                                                     : number::Rounding::kHalfUp;
      return rounded(argument(0), values.size() == 2 ? &argument(1) : nullptr, mode, span, evaluator);
    }
    case Form::kAbs:
      need(call, 1, 1, evaluator);
      if (!argument(0).is(ValueKind::kNumber)) return std::nullopt;  // durations
      return Value(number::absolute(argument(0).as_number()));
    case Form::kModulo:
      need(call, 2, 2, evaluator);
      return evaluator.wrap(number::modulo(number_of(argument(0), span, evaluator),
                                           number_of(argument(1), span, evaluator), number::Arithmetic::kExact),
                            span);
    case Form::kNot:
      need(call, 1, 1, evaluator);
      if (argument(0).is_null()) return Value();
      if (!argument(0).is(ValueKind::kBoolean)) evaluator.fail(span, "'not' needs a boolean");
      return Value::boolean(!argument(0).as_boolean());
    default:
      return aggregate(info->form, values, span, evaluator);
  }
}

Value RowEvaluator::lookup_row(const CallInfo& info, const feel::Call& call, Evaluator& evaluator,
                               const feel::Environment& scope) {
  const LookupInfo& lookup = model_.lookups()[info.lookup];
  const size_t keys = lookup.decl->key.size();
  need(call, keys, keys, evaluator);
  std::string key, text;
  bool null = false;
  for (const feel::Argument& argument : call.arguments) {
    const Value value = evaluator.evaluate(*argument.value, scope);
    refuse_poison(value);
    append_key(value, &key);
    if (!text.empty()) text += '/';
    text += shown(value);
    null = null || value.is_null();
  }
  if (null) evaluator.fail(call.span, "cannot look up null in " + lookup.decl->name);
  const auto found = lookup.index.find(key);
  if (found != lookup.index.end()) {
    if (const auto& fault = lookup.faulty[found->second]) throw Refusal(*fault);
    return lookup.rows[found->second];
  }
  Refusal refusal{{lookup.decl->name + "中没有\"" + text + "\"", "there is no '" + text + "' in " + lookup.decl->name},
                  {},
                  text,
                  {},
                  0};
  // The fault belongs to the column that was looked up, in its own file.
  for (const feel::Argument& argument : call.arguments) {
    if (argument.value->kind != feel::ExprKind::kName) continue;
    const std::string& name = static_cast<const feel::NameRef&>(*argument.value).name;
    if (site_domain_ != kNone && model_.domains()[site_domain_].columns.contains(name)) {
      refusal.column = name;
      break;
    }
    const auto known = model_.names().find(name);
    if (known == model_.names().end() || known->second.kind != NameInfo::Kind::kInput || !has_row_) continue;
    refusal.column = name;
    refusal.file = "population";
    refusal.line = model_.line_of(row_);
    break;
  }
  throw refusal;
}

Value RowEvaluator::cohort(const CallInfo& info, const feel::Call& call, Evaluator& evaluator,
                           const feel::Environment& scope) {
  if (site_domain_ != kNone) evaluator.fail(call.span, "child rows are not compared with other employees'");
  // One's own arguments first: what is wrong with them is one's own fault.
  const CohortCall& cohort = model_.cohorts()[info.cohort];
  bool part = true;
  if (cohort.among != nullptr) {
    const Value among = evaluator.evaluate(*cohort.among, scope);
    if (!among.is(ValueKind::kBoolean)) evaluator.fail(cohort.among->span, "the condition is null");
    part = among.as_boolean();
  }
  if (part) {
    if (cohort.of != nullptr) {
      const Value of = evaluator.evaluate(*cohort.of, scope);
      if (of.is_null()) {
        part = false;
      } else if (number_of(of, cohort.of->span, evaluator).is_negative() && cohort.form == Form::kShare) {
        evaluator.fail(cohort.of->span, "the pool is negative");
      }
    }
    if (part && cohort.by != nullptr &&
        number_of(evaluator.evaluate(*cohort.by, scope), cohort.by->span, evaluator).is_negative()) {
      evaluator.fail(cohort.by->span, "the weight is negative");
    }
  }
  if (cohort.within != nullptr && (part || is_of_group(cohort.form)) &&
      evaluator.evaluate(*cohort.within, scope).is_null()) {
    evaluator.fail(cohort.within->span, "the group is null");
  }
  if (cohorts_ == nullptr) throw Blocked{};
  return cohorts_->value(info.cohort, row_);
}

Value RowEvaluator::history_value(uint32_t column, int64_t lag) const {
  const auto& lags = model_.history()[column];
  if (lag < 0 || static_cast<size_t>(lag) >= lags.size() || !has_row_) return {};
  const ColumnReader& reader = lags[static_cast<size_t>(lag)];
  return reader.column()->rows == 0 ? Value() : reader.at(row_);
}

Value RowEvaluator::history(const CallInfo& info, const feel::Call& call, Evaluator& evaluator,
                            const feel::Environment& scope) {
  need(call, 1, 2, evaluator);
  const feel::Expr& name = *call.arguments[0].value;
  std::optional<uint32_t> column;
  if (name.kind == feel::ExprKind::kName) column = model_.history_index(static_cast<const feel::NameRef&>(name).name);
  if (!column) evaluator.fail(name.span, "'" + feel::to_text(name) + "' is not a column of history");
  if (*column >= model_.inputs().history.size()) return info.form == Form::kPrevious ? Value() : Value::list({});
  const column::HistoryColumnData& data = model_.inputs().history[*column];
  const scheme::Period period = model_.inputs().period;
  const bool finer = data.kind != period.kind;
  const int32_t inside = scheme::months_of(period.kind) / std::max(1, scheme::months_of(data.kind));
  if (info.form == Form::kPrevious) {
    if (finer) evaluator.fail(call.span, "'previous' of a column recorded by another kind of period");
    return history_value(*column, 0);
  }
  std::vector<Value> list;
  const auto add_recorded = [&](int64_t lag) {
    Value value = history_value(*column, lag);
    if (!value.is_null()) list.push_back(std::move(value));
  };
  switch (info.form) {
    case Form::kLast: {
      need(call, 2, 2, evaluator);
      const int64_t count = whole_of(evaluator.evaluate(*call.arguments[1].value, scope), call.span, evaluator);
      if (count < 0 || count > 600) evaluator.fail(call.span, "'last' takes 0 to 600 periods");
      for (int64_t lag = 0; lag < count; ++lag) list.push_back(history_value(*column, lag));
      break;
    }
    case Form::kEarlier:
      // What lies inside the run's own period is not earlier.
      for (auto lag = static_cast<int64_t>(data.by_period.size()) - 1; lag >= (finer ? inside : 0); --lag)
        add_recorded(lag);
      break;
    case Form::kYearToDate: {
      const scheme::Period year{scheme::PeriodKind::kYear, scheme::year_of(period)};
      const int32_t first = scheme::first_within(year, data.kind).index;
      const int32_t newest = finer ? scheme::first_within(period, data.kind).index - 1 : period.index - 1;
      for (int32_t p = first; p <= newest; ++p) add_recorded(data.newest - p);
      break;
    }
    default:  // within
      for (int32_t lag = inside - 1; lag >= 0; --lag) list.push_back(history_value(*column, lag));
  }
  return evaluator.make_list(std::move(list));
}

Value RowEvaluator::runs(const CallInfo& info, const feel::Call& call, Evaluator& evaluator,
                         const feel::Environment& scope) {
  need(call, 1, 1, evaluator);
  const feel::Expr& condition = *call.arguments[0].value;
  const Evaluator::Lenient lenient(evaluator);
  const auto holds = [&](const feel::Environment& period) {
    const Value value = evaluator.evaluate(condition, period);
    if (!value.is(ValueKind::kBoolean) && !value.is_null())
      evaluator.fail(condition.span, "the condition is no boolean");
    return value.is_true();
  };
  // A period of which nothing is recorded is missing: the condition fails.
  const auto held = [&](int64_t lag) {
    feel::Environment period = scope;
    bool recorded = info.history.empty();
    for (const uint32_t column : info.history) {
      Value value = history_value(column, lag);
      recorded = recorded || !value.is_null();
      period = period.with(model_.document().history[column].name, std::move(value));
    }
    return recorded && holds(period);
  };
  if (info.form == Form::kStreak) {
    if (!holds(scope)) return Value::integer(0);
    size_t deepest = 0;
    for (const column::HistoryColumnData& data : model_.inputs().history)
      deepest = std::max(deepest, data.by_period.size());
    int64_t run = 1;
    for (size_t lag = 0; lag < deepest && held(static_cast<int64_t>(lag)); ++lag) ++run;
    return Value::integer(run);
  }
  const scheme::Period period = model_.inputs().period;
  scheme::PeriodKind kind = period.kind;
  for (const column::HistoryColumnData& data : model_.inputs().history) {
    if (data.kind != period.kind) kind = data.kind;
  }
  int64_t run = 0, best = 0;
  for (int64_t lag = scheme::months_of(period.kind) / std::max(1, scheme::months_of(kind)) - 1; lag >= 0; --lag) {
    run = held(lag) ? run + 1 : 0;
    best = std::max(best, run);
  }
  return Value::integer(best);
}

}  // namespace kaogong::reference
