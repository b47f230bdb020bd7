#include "tenants/runs/history_depth.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <string_view>

#include "engine/feel/walk.h"
#include "engine/scheme/check/references.h"

namespace kaogong::runs {

namespace {

using scheme::Expression;

/// Calls `each` for every expression of the document.
void for_all_expressions(const scheme::Document& document, const std::function<void(const Expression&)>& each) {
  const auto some = [&](const Expression& expression) {
    if (expression) each(expression);
  };
  const auto decisions = [&](const std::vector<scheme::Decision>& list) {
    for (const auto& decision : list) scheme::for_each_expression(decision, some);
  };
  const auto checks = [&](const std::vector<scheme::Check>& list) {
    for (const auto& check : list) {
      some(check.require);
      some(check.when);
    }
  };
  decisions(document.decisions);
  checks(document.checks);
  for (const auto& table : document.tables) {
    decisions(table.computed);
    checks(table.checks);
    some(table.refuse_when);
    for (const auto& complete : table.complete) {
      some(complete.when);
      for (const auto& part : complete.each) some(part.of);
    }
  }
  for (const auto& lookup : document.lookups) {
    decisions(lookup.computed);
    checks(lookup.checks);
  }
  for (const auto& group : document.groups) decisions(group.computed);
  for (const auto& parameter : document.parameters) some(parameter.default_expression);
}

void for_all_calls(const feel::Expr& expr, const std::function<void(std::string_view, const feel::Call&)>& each) {
  if (expr.kind == feel::ExprKind::kCall) {
    const auto& call = static_cast<const feel::Call&>(expr);
    if (call.callee->kind == feel::ExprKind::kName) each(static_cast<const feel::NameRef&>(*call.callee).name, call);
  }
  feel::for_each_child(expr, [&](const feel::Expr& child) { for_all_calls(child, each); });
}

/// The periods that `last(x, n)` reads: n where it is written out.
int32_t last_count(const feel::Call& call) {
  if (call.arguments.size() < 2 || call.arguments[1].value->kind != feel::ExprKind::kNumber) return kHistoryPeriodsMax;
  const std::string& text = static_cast<const feel::NumberLiteral&>(*call.arguments[1].value).text;
  int32_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole ? std::clamp(count, 0, kHistoryPeriodsMax) : kHistoryPeriodsMax;
}

}  // namespace

std::vector<HistoryReach> history_reach(const scheme::Document& document, scheme::Period run) {
  std::vector<HistoryReach> reaches;
  std::vector<int32_t> inside;  // periods of the column's kind inside the run's own
  for (const auto& column : document.history) {
    HistoryReach& reach = reaches.emplace_back();
    reach.kind = column.every.empty() ? run.kind : scheme::parse_period_kind(column.every).value_or(run.kind);
    const int32_t run_months = scheme::months_of(run.kind), months = scheme::months_of(reach.kind);
    inside.push_back(months < run_months ? run_months / months : 0);
    reach.newest = inside.back() > 0 ? scheme::first_within(run, reach.kind).index + inside.back() - 1
                                     : run.index * run_months / months - 1;
  }
  bool streak = false;
  const auto call = [&](std::string_view function, const feel::Call& expr) {
    if (function == "streak" || function == "longest_run") {
      streak = true;
      return;
    }
    if (expr.arguments.empty() || expr.arguments[0].value->kind != feel::ExprKind::kName) return;
    const auto& name = static_cast<const feel::NameRef&>(*expr.arguments[0].value).name;
    for (size_t h = 0; h < reaches.size(); ++h) {
      if (document.history[h].name != name) continue;
      HistoryReach& reach = reaches[h];
      int32_t count = 0;
      if (function == "previous") {
        count = 1;
      } else if (function == "last") {
        count = last_count(expr);
      } else if (function == "earlier") {
        count = kHistoryPeriodsMax;
      } else if (function == "within") {
        count = inside[h];
      } else if (function == "year_to_date") {
        const scheme::Period year{scheme::PeriodKind::kYear, scheme::year_of(run)};
        count = reach.newest - scheme::first_within(year, reach.kind).index + 1;
      }
      reach.count = std::max(reach.count, count);
    }
  };
  for_all_expressions(document, [&](const Expression& expression) { for_all_calls(*expression.tree, call); });
  for (size_t h = 0; h < reaches.size(); ++h) {
    HistoryReach& reach = reaches[h];
    if (streak && reach.count < kHistoryPeriodsMax) {
      // A streak asks of each period whether anything at all is recorded, whichever columns its condition names.
      reach.while_unbroken = true;
      reach.count_at_least = reach.count;
      reach.count = kHistoryPeriodsMax;
    }
    if (inside[h] > 0) {  // as in a data folder: of finer periods only those inside the run's own
      reach.count = std::min(reach.count, inside[h]);
      reach.while_unbroken = false;
    }
  }
  return reaches;
}

}  // namespace kaogong::runs
