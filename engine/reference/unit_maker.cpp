#include "engine/reference/unit_maker.h"

#include <algorithm>

#include "engine/feel/walk.h"

namespace kaogong::reference {
namespace {

const std::unordered_map<std::string_view, Form>& forms() {
  static const std::unordered_map<std::string_view, Form> kForms = {
      {"rank", Form::kRank},
      {"row_number", Form::kRowNumber},
      {"total", Form::kTotal},
      {"average", Form::kAverage},
      {"highest", Form::kHighest},
      {"lowest", Form::kLowest},
      {"headcount", Form::kHeadcount},
      {"percentile", Form::kPercentile},
      {"quota", Form::kQuota},
      {"share", Form::kShare},
      {"enrolled", Form::kEnrolled},
      {"previous", Form::kPrevious},
      {"last", Form::kLast},
      {"earlier", Form::kEarlier},
      {"year_to_date", Form::kYearToDate},
      {"within", Form::kWithin},
      {"streak", Form::kStreak},
      {"longest_run", Form::kLongestRun},
      {"required", Form::kRequired},
      {"coalesce", Form::kCoalesce},
      {"clamp", Form::kClamp},
      {"month_end", Form::kMonthEnd},
      {"month_end_after", Form::kMonthEndAfter},
      {"add_months", Form::kAddMonths},
      {"add_days", Form::kAddDays},
      {"days_between", Form::kDaysBetween},
      {"ceiling", Form::kCeiling},
      {"floor", Form::kFloor},
      {"round_to", Form::kRoundTo},
      {"abs", Form::kAbs},
      {"modulo", Form::kModulo},
      {"sum", Form::kSum},
      {"count", Form::kCount},
      {"mean", Form::kMean},
      {"min", Form::kMin},
      {"max", Form::kMax},
      {"not", Form::kNot},
  };
  return kForms;
}

const feel::Expr* named(const feel::Call& call, std::string_view name) {
  for (const feel::Argument& argument : call.arguments) {
    if (argument.name == name) return argument.value.get();
  }
  return nullptr;
}

}  // namespace

void UnitMaker::add(const feel::Expr& tree) {
  if (tree.kind == feel::ExprKind::kName) names_.insert(static_cast<const feel::NameRef&>(tree).name);
  if (tree.kind == feel::ExprKind::kPath) {
    const auto& path = static_cast<const feel::Path&>(tree);
    names_.insert(path.name);
    if (path.object->kind == feel::ExprKind::kName && static_cast<const feel::NameRef&>(*path.object).name == "this") {
      this_names_.insert(path.name);
    }
  }
  if (tree.kind == feel::ExprKind::kCall) add_call(static_cast<const feel::Call&>(tree));
  feel::for_each_child(tree, [this](const feel::Expr& child) { add(child); });
}

void UnitMaker::add(const scheme::Decision& decision) {
  add(decision.expr);
  if (decision.bands) add(decision.bands->of);
  if (!decision.table) return;
  for (const scheme::Expression& input : decision.table->inputs) add(input);
  for (const scheme::DecisionTable::Rule& rule : decision.table->rules) {
    for (const auto& tests : rule.tests) {
      if (tests) add(*tests);
    }
    for (const scheme::Expression& result : rule.results) add(result);
  }
  for (const scheme::Expression& value : decision.table->defaults) add(value);
}

// A function or a table of a pack.
bool UnitMaker::add_pack_call(const feel::Call& call) {
  CallInfo info;
  if (const auto id = scheme::called_function(model_.doc_, *call.callee, inside_)) {
    const scheme::Pack& pack = *model_.doc_.packs[id->pack];
    const scheme::PackFunction& function = pack.functions[id->function];
    info.form = Form::kPackFunction;
    info.pack = id->pack;
    info.part = id->function;
    info.pack_arguments = scheme::arrange_arguments(function, scheme::full_name(pack, function), call);
  } else if (inside_ != scheme::kNoPack && call.callee->kind == feel::ExprKind::kName) {
    const scheme::Pack& pack = *model_.doc_.packs[inside_];
    const scheme::PackTable* table = pack.table(static_cast<const feel::NameRef&>(*call.callee).name);
    if (table == nullptr) return false;
    info.form = Form::kPackTable;
    info.pack = inside_;
    info.part = static_cast<uint32_t>(table - pack.tables.data());
  } else {
    return false;
  }
  model_.calls_.try_emplace(&call, std::move(info));
  return true;
}

void UnitMaker::add_call(const feel::Call& call) {
  if (add_pack_call(call)) return;
  if (call.callee->kind != feel::ExprKind::kName) return;
  const std::string& name = static_cast<const feel::NameRef&>(*call.callee).name;
  CallInfo info;
  if (const auto known = model_.names_.find(name);
      inside_ == scheme::kNoPack && known != model_.names_.end() && known->second.kind == NameInfo::Kind::kLookup) {
    info.lookup = known->second.index;
  } else if (const auto form = forms().find(name); form != forms().end()) {
    info.form = form->second;
  } else {
    return;
  }
  if (inside_ != scheme::kNoPack && info.form >= Form::kRank && info.form <= Form::kLongestRun) return;
  if (is_cohort(info.form)) {
    info.cohort = static_cast<uint32_t>(model_.cohorts_.size());
    CohortCall cohort;
    cohort.call = &call;
    cohort.form = info.form;
    cohort.of = named(call, "of");
    cohort.within = named(call, "within");
    cohort.among = named(call, "among");
    cohort.by = named(call, "by");
    cohort.shares = named(call, "shares");
    cohort.labels = named(call, "labels");
    const feel::Expr* order = named(call, "order");
    cohort.ascending = order != nullptr && order->kind == feel::ExprKind::kString &&
                       static_cast<const feel::StringLiteral&>(*order).value == "ascending";
    if (const auto [at, fresh] = model_.calls_.try_emplace(&call, info); fresh) {
      model_.cohorts_.push_back(cohort);
      cohorts_.push_back(info.cohort);
    } else {
      cohorts_.push_back(at->second.cohort);  // a table that several decisions share
    }
    return;
  }
  if ((info.form == Form::kStreak || info.form == Form::kLongestRun) && !call.arguments.empty()) {
    for (const auto& [column, index] : model_.history_names_) {
      if (feel::mentions_name(*call.arguments[0].value, column)) info.history.push_back(index);
    }
    std::sort(info.history.begin(), info.history.end());
  }
  model_.calls_.try_emplace(&call, std::move(info));
}

void UnitMaker::finish(Unit* unit) {
  unit->this_names.assign(this_names_.begin(), this_names_.end());
  std::sort(unit->this_names.begin(), unit->this_names.end());
  unit->projections.assign(model_.domains_.size(), kNone);
  for (uint32_t d = 0; d < model_.domains_.size(); ++d) {
    const DomainInfo& domain = model_.domains_[d];
    if (!names_.contains(domain.name)) continue;
    Projection projection;
    projection.domain = d;
    std::string key = std::to_string(d);
    for (uint32_t c = 0; c < domain.column_names.size(); ++c) {
      if (!names_.contains(domain.column_names[c])) continue;
      projection.columns.push_back(c);
      key += ',' + std::to_string(c);
    }
    const auto [at, fresh] =
        model_.projection_index_.try_emplace(key, static_cast<uint32_t>(model_.projections_.size()));
    if (fresh) model_.projections_.push_back(std::move(projection));
    unit->projections[d] = at->second;
  }
  for (const std::string& name : names_) {
    const auto known = model_.names_.find(name);
    if (known != model_.names_.end() && known->second.kind == NameInfo::Kind::kDecision) {
      unit->decisions.push_back(known->second.index);
    }
  }
  std::sort(unit->decisions.begin(), unit->decisions.end());
  unit->cohort = !cohorts_.empty();
  for (const uint32_t cohort : cohorts_) {
    if (model_.cohorts_[cohort].unit == nullptr) model_.cohorts_[cohort].unit = unit;
  }
}

}  // namespace kaogong::reference
