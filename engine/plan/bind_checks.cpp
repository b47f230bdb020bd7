// What refuses a row: checks, and the rules of child tables.
#include <algorithm>

#include "engine/plan/binder.h"
#include "engine/scheme/check/check.h"

namespace kaogong::plan {

void Binder::definitions_in_order() {
  for (const auto& definition : scheme::definition_order(doc_)) {
    const std::string rows(definition.rows);
    const auto place = [&](const std::vector<scheme::Decision>& all) {
      return static_cast<uint32_t>(definition.decision - all.data());
    };
    try {
      if (rows.empty()) {
        decision(place(doc_.decisions));
      } else if (const auto t = table_index_.find(rows); t != table_index_.end()) {
        computed({Domain::Kind::kTable, t->second}, place(doc_.tables[t->second].computed));
      } else if (const auto g = group_index_.find(rows); g != group_index_.end()) {
        computed({Domain::Kind::kGroup, g->second}, place(doc_.groups[g->second].computed));
      }
    } catch (const Wrong&) {  // of a decision: said; of a column: said where it is used or checked
    } catch (const Unsupported&) {
    }
  }
}

BoundScheme Binder::run() {
  definitions_in_order();
  for (uint32_t i = 0; i < doc_.decisions.size(); ++i) {
    try {
      decision(i);
    } catch (const Wrong& wrong) {
      report(wrong);
    }
  }
  checks();
  for (uint32_t t = 0; t < doc_.tables.size(); ++t) table_rules(t);
  for (uint32_t g = 0; g < doc_.groups.size(); ++g) {
    for (uint32_t c = 0; c < doc_.groups[g].computed.size(); ++c) {
      try {
        computed({Domain::Kind::kGroup, g}, c);
      } catch (const Wrong& wrong) {
        report(wrong);
      } catch (const Unsupported&) {  // its users are interpreted
      }
    }
  }
  out_.last_early_stage = g_->settle_stages();
  return std::move(out_);
}

void Binder::checks() {
  for (const auto& check : doc_.checks) {
    Frame frame = enter_definition(kEmployees);
    try {
      if (check.when) {
        expression_ = &check.when;
        path_ = bind_condition(*check.when.tree);
        assume(path_);
      }
      expression_ = &check.require;
      fail(g_->logical_not(bind_condition(*check.require.tree)));
    } catch (const Wrong& wrong) {
      report(wrong);
    } catch (const Unsupported&) {
      out_.rows_by_reference = true;
    }
    leave_definition(std::move(frame));
  }
}

void Binder::table_rules(uint32_t t) {
  const auto& table = doc_.tables[t];
  const Domain rows{Domain::Kind::kTable, t};
  const auto guarded = [&](Domain domain, const auto& body) {
    Frame frame = enter_definition(domain);
    try {
      body();
    } catch (const Wrong& wrong) {
      report(wrong);
    } catch (const Unsupported&) {
      out_.rows_by_reference = true;
    }
    leave_definition(std::move(frame));
  };
  Node* count = g_->aggregate(Op::kSegCount, nullptr, rows, kEmployees, rows_max(rows, kEmployees));
  if (table.min_rows > 0) fail(g_->compare(Op::kLt, count, g_->constant(table.min_rows)));
  if (table.max_rows) fail(g_->compare(Op::kGt, count, g_->constant(*table.max_rows)));
  if (table.refuse_when)
    guarded(kEmployees, [&] {
      expression_ = &table.refuse_when;
      Node* refused = bind_condition(*table.refuse_when.tree);
      fail(g_->logical_and(refused, g_->compare(Op::kGt, count, g_->constant(0))));
    });
  for (uint32_t c = 0; c < table.computed.size(); ++c) guarded(kEmployees, [&] { computed(rows, c); });
  for (const auto& check : table.checks)
    guarded(rows, [&] {
      if (check.when) {
        expression_ = &check.when;
        path_ = bind_condition(*check.when.tree);
        assume(path_);
      }
      expression_ = &check.require;
      fail(g_->logical_not(bind_condition(*check.require.tree)));
    });
  for (uint32_t c = 0; c < table.complete.size(); ++c) guarded(kEmployees, [&] { complete(t, c); });
}

Binder::Choice Binder::choice_of(const feel::Expr& expr, const DictionaryPtr& dictionary) {
  using feel::ExprKind;
  if (expr.kind == ExprKind::kList) {
    Choice choice;
    choice.index = g_->constant(0);
    auto& codes = choice.lists.emplace_back();
    for (const auto& item : static_cast<const feel::ListLiteral&>(expr).items) {
      if (item->kind != ExprKind::kString) throw Unsupported{"a list of something else than strings"};
      const int32_t code = dictionary->find(static_cast<const feel::StringLiteral&>(*item).value);
      codes.push_back(code >= 0 ? Int{code} : -1 - static_cast<Int>(codes.size()));  // negative: no row can have it
    }
    return choice;
  }
  if (expr.kind == ExprKind::kIf) {
    const auto& branch = static_cast<const feel::If&>(expr);
    Node* condition = bind_condition(*branch.condition);
    Choice a = choice_of(*branch.then_branch, dictionary), b = choice_of(*branch.else_branch, dictionary);
    const auto shift = static_cast<Int>(a.lists.size());
    // -1 must stay -1 when the second branch's indices are shifted behind the first's.
    Node* missing = g_->compare(Op::kLt, b.index, g_->constant(0));
    Node* shifted = g_->select(missing, g_->constant(-1), g_->linear(shift, {{1, b.index}}));
    a.index = g_->select(condition, a.index, shifted);
    a.lists.insert(a.lists.end(), b.lists.begin(), b.lists.end());
    return a;
  }
  if (expr.kind == ExprKind::kPath) {
    const auto& path = static_cast<const feel::Path&>(expr);
    const feel::Expr* object = path.object.get();
    const feel::Expr* predicate = nullptr;
    if (object->kind == ExprKind::kFilter) {
      predicate = static_cast<const feel::Filter&>(*object).predicate.get();
      object = static_cast<const feel::Filter&>(*object).object.get();
    }
    if (object->kind == ExprKind::kName)
      if (const auto l = lookup_index_.find(static_cast<const feel::NameRef&>(*object).name); l != lookup_index_.end())
        return lookup_choice(l->second, predicate, path.name, dictionary);
  }
  throw Unsupported{"this list"};
}

void Binder::complete(uint32_t t, uint32_t rule_index) {
  const auto& table = doc_.tables[t];
  const auto& rule = table.complete[rule_index];
  const Domain rows{Domain::Kind::kTable, t};
  if (in_.check_only) {
    // Only the types are of interest.
    if (rule.when) {
      expression_ = &rule.when;
      bind_condition(*rule.when.tree);
    }
    return;
  }
  auto spec = std::make_shared<CompleteSpec>();
  spec->table = t;
  spec->each = rule.each.size();
  spec->per = rule.per.size();
  Node* applies = nullptr;
  if (rule.when) {
    expression_ = &rule.when;
    applies = bind_condition(*rule.when.tree);
    assume(applies);
  }
  Node* index = g_->constant(0);
  spec->alternatives.push_back({});
  std::vector<Node*> columns;
  for (const auto& each : rule.each) {
    const Bound column = *row_column(rows, each.column);
    if (column.kind != Bound::Kind::kString) throw Unsupported{"completeness of something else than strings"};
    Choice choice;
    if (each.all) {
      choice.index = g_->constant(0);
      auto& codes = choice.lists.emplace_back();
      const auto decl = std::find_if(table.columns.begin(), table.columns.end(),
                                     [&](const auto& c) { return c.name == each.column; });
      for (const auto& v : decl->type.values) codes.push_back(column.dictionary->find(v));
    } else {
      expression_ = &each.of;
      choice = choice_of(*each.of.tree, column.dictionary);
    }
    // index' = index * n + choice, or -1 where the choice is none
    std::vector<CompleteSpec::Alternative> combined;
    for (const auto& before : spec->alternatives)
      for (const auto& list : choice.lists) {
        combined.push_back(before);
        combined.back().values.push_back(list);
        std::sort(combined.back().values.back().begin(), combined.back().values.back().end());
      }
    if (combined.size() > 10'000) throw Unsupported{"too many alternatives of completeness"};
    Node* none = g_->logical_or(g_->compare(Op::kLt, choice.index, g_->constant(0)),
                                g_->compare(Op::kLt, index, g_->constant(0)));
    index = g_->select(none, g_->constant(-1),
                       g_->linear(0, {{static_cast<Int>(choice.lists.size()), index}, {1, choice.index}}));
    spec->alternatives = std::move(combined);
    columns.push_back(column.num);
  }
  for (const auto& per : rule.per) columns.push_back(row_column(rows, per)->num);
  if (applies != nullptr) index = g_->select(applies, index, g_->constant(-2));
  for (auto& c : columns) c = g_->expand(c, rows);
  path_ = nullptr;
  fail(g_->complete(index, std::move(columns), std::move(spec),
                    "complete" + std::to_string(t) + ',' + std::to_string(rule_index)));
}

}  // namespace kaogong::plan
