// What refuses a row beside failed decisions: checks, and the rules of child tables.
#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <tuple>

#include "engine/reference/row_evaluator.h"

namespace kaogong::reference {

using feel::Value;
using feel::ValueKind;

namespace {

constexpr size_t kNamedMax = 5;  // combinations that a fault names; the others are counted

// Numbers in a table's row: its own keys, its rules, its computed columns (1000 …), its checks.
constexpr uint32_t kCheckPlace = 1u << 20;
constexpr uint32_t kNoRow = UINT32_MAX;  // rules about all rows stand behind those of single ones

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  std::string text;
  for (const std::string& part : parts) {
    if (!text.empty()) text += between;
    text += part;
  }
  return text;
}

}  // namespace

void RowEvaluator::run_check(const CheckInfo& check, const feel::Scope& scope, const Site& site, Place place,
                             uint32_t domain, uint32_t row) {
  Cell cell;
  try {
    settle(&cell, site, place, [&] {
      const auto holds = [&](const scheme::Expression& expression) {
        const Value value = evaluate_in(*expression.tree, check.unit, scope);
        if (!value.is(ValueKind::kBoolean)) {
          throw feel::EvalFailure{{"the condition is " + std::string(feel::to_string(value.kind())), {}}};
        }
        return value.as_boolean();
      };
      if (check.decl->when && !holds(check.decl->when)) return Value();
      if (holds(check.decl->require)) return Value();
      Refusal refusal{check.decl->message, check.decl->column, {}, {}, 0};
      if (refusal.error.en.empty()) refusal.error.en = "does not hold: " + check.decl->require.text;
      if (refusal.error.zh.empty()) refusal.error.zh = "不符合条件:" + check.decl->require.text;
      if (!check.decl->column.empty()) {
        // The value that the check is about, as far as it can be had.
        const RowScope names(*this, domain, row);
        if (const auto value = names.find(check.decl->column)) {
          const auto& inputs = model_.document().inputs;
          const auto known = model_.names().find(check.decl->column);
          const bool decision = known != model_.names().end() && known->second.kind == NameInfo::Kind::kDecision;
          const bool input = known != model_.names().end() && known->second.kind == NameInfo::Kind::kInput;
          if (domain == kNone && (decision || input)) {
            refusal.value = shown(*value, decision ? model_.document().decisions[known->second.index].type
                                                   : inputs[known->second.index].type);
          } else if (!value->is(ValueKind::kList)) {
            refusal.value = shown(*value);
          }
        }
      }
      throw refusal;
    });
  } catch (const Blocked&) {  // its fault is noted, here or where it began
  }
}

void RowEvaluator::check_population(bool cohort_only) {
  const auto& checks = model_.checks();
  for (uint32_t c = 0; c < checks.size(); ++c) {
    if (cohort_only && !checks[c].unit.cohort) continue;
    run_check(checks[c], RowScope(*this, kNone, 0), {"population", model_.line_of(row_), {}}, {kChecks, c, 0, 0}, kNone,
              0);
  }
}

void RowEvaluator::check_keys(uint32_t t) {
  const TableInfo& table = model_.tables()[t];
  if (table.key.empty()) return;
  const Children& rows = children(t);
  std::set<std::string> seen;
  for (uint32_t r = 0; r < rows.rows; ++r) {
    std::string key;
    std::vector<std::string> names, values;
    for (const uint32_t column : table.key) {
      const Value value = table.columns[column].at(rows.first + r);
      append_key(value, &key);
      names.push_back(table.decl->columns[column].name);
      values.push_back(shown(value));
    }
    if (seen.insert(std::move(key)).second) continue;
    const Refusal refusal{{"重复的行", "this row is given twice"}, joined(names, ","), joined(values, ","), {}, 0};
    refuse(refusal, child_site(t, r, {}), {kTables, t, r, 0});
  }
}

void RowEvaluator::check_counts(uint32_t t, bool cohort_only) {
  const TableInfo& table = model_.tables()[t];
  const uint32_t rows = children(t).rows;
  const Site site{table.decl->name, 0, {}};
  const std::string count = std::to_string(rows);
  if (!cohort_only && rows < table.decl->min_rows) {
    const std::string least = std::to_string(table.decl->min_rows);
    refuse(
        {{"至少应有" + least + "行,实有" + count + "行", "at least " + least + " rows are needed, there are " + count},
         {},
         count,
         {},
         0},
        site, {kTables, t, kNoRow, 0});
  }
  if (!cohort_only && table.decl->max_rows && rows > *table.decl->max_rows) {
    const std::string most = std::to_string(*table.decl->max_rows);
    refuse({{"至多可有" + most + "行,实有" + count + "行", "at most " + most + " rows are allowed, there are " + count},
            {},
            count,
            {},
            0},
           site, {kTables, t, kNoRow, 1});
  }
  if (rows == 0 || !table.decl->refuse_when || (cohort_only && !table.refuse_when.cohort)) return;
  Cell cell;
  try {
    settle(&cell, child_site(t, 0, {}), {kTables, t, kNoRow, 2}, [&] {
      const Value holds = evaluate_in(*table.decl->refuse_when.tree, table.refuse_when, RowScope(*this, kNone, 0));
      if (!holds.is(ValueKind::kBoolean)) {
        throw feel::EvalFailure{{"the condition is " + std::string(feel::to_string(holds.kind())), {}}};
      }
      if (!holds.as_boolean()) return Value();
      throw Refusal{{"不应有" + table.decl->name + "的行", "no rows of " + table.decl->name + " are allowed here"},
                    {},
                    {},
                    {},
                    0};
    });
  } catch (const Blocked&) {
  }
}

void RowEvaluator::check_complete(uint32_t t, uint32_t rule_index) {
  const TableInfo& table = model_.tables()[t];
  const TableInfo::CompleteInfo& rule = table.complete[rule_index];
  const RowScope scope(*this, kNone, 0);
  const uint32_t place = 10 + rule_index;
  std::vector<std::vector<std::string>> wanted;  // for each column its values
  Cell cell;
  try {
    const Value applies = settle(&cell, {table.decl->name, 0, {}}, {kTables, t, kNoRow, place}, [&] {
      if (rule.decl->when) {
        const Value when = evaluate_in(*rule.decl->when.tree, rule.unit, scope);
        if (!when.is(ValueKind::kBoolean)) {
          throw feel::EvalFailure{{"the condition is " + std::string(feel::to_string(when.kind())), {}}};
        }
        if (!when.as_boolean()) return when;
      }
      for (const scheme::Complete::Each& each : rule.decl->each) {
        auto& values = wanted.emplace_back();
        if (each.all) {
          const auto column = model_.domains()[t].columns.at(each.column);
          values = table.decl->columns[column].type.values;
          continue;
        }
        const Value list = evaluate_in(*each.of.tree, rule.unit, scope);
        if (!list.is(ValueKind::kList)) throw feel::EvalFailure{{"the wanted values are no list", {}}};
        for (const Value& item : list.as_list()) {
          refuse_poison(item);
          std::string text = shown(item);
          if (std::find(values.begin(), values.end(), text) == values.end()) values.push_back(std::move(text));
        }
      }
      return Value::boolean(true);
    });
    if (!applies.is_true()) return;
  } catch (const Blocked&) {
    return;
  }
  // A row that stands twice is the key's fault already where the key says so.
  const bool key_tells = !table.key.empty() && std::all_of(table.key.begin(), table.key.end(), [&](uint32_t column) {
    return std::find(rule.per.begin(), rule.per.end(), column) != rule.per.end() ||
           std::find(rule.each.begin(), rule.each.end(), column) != rule.each.end();
  });
  struct Tuple {
    std::string text;
    std::set<std::vector<std::string>> found;
  };
  std::vector<std::pair<std::string, Tuple>> tuples;
  if (rule.per.empty()) tuples.emplace_back();
  const Children& rows = children(t);
  for (uint32_t r = 0; r < rows.rows; ++r) {
    std::string key;
    std::vector<std::string> per, combination;
    for (const uint32_t column : rule.per) {
      const Value value = table.columns[column].at(rows.first + r);
      append_key(value, &key);
      per.push_back(shown(value));
    }
    auto tuple = std::find_if(tuples.begin(), tuples.end(), [&](const auto& known) { return known.first == key; });
    if (tuple == tuples.end()) tuple = tuples.insert(tuples.end(), {key, {joined(per, ","), {}}});
    const std::string* wrong = nullptr;
    for (size_t e = 0; e < rule.each.size(); ++e) {
      const Value value = table.columns[rule.each[e]].at(rows.first + r);
      combination.push_back(shown(value));
      const bool expected =
          !value.is_null() && std::find(wanted[e].begin(), wanted[e].end(), combination.back()) != wanted[e].end();
      if (!expected && wrong == nullptr) wrong = &rule.decl->each[e].column;
    }
    if (wrong != nullptr) {
      const auto e = static_cast<size_t>(std::find_if(rule.decl->each.begin(), rule.decl->each.end(),
                                                      [&](const auto& each) { return &each.column == wrong; }) -
                                         rule.decl->each.begin());
      refuse({{"不应有此项", "this is not expected here"}, *wrong, combination[e], {}, 0}, child_site(t, r, {}),
             {kTables, t, r, place});
      continue;
    }
    const std::string text = joined(combination, ",");
    if (tuple->second.found.insert(std::move(combination)).second || key_tells) continue;
    refuse({{"重复的项", "this is given twice"}, rule.decl->each.empty() ? "" : rule.decl->each[0].column, text, {}, 0},
           child_site(t, r, {}), {kTables, t, r, place});
  }
  uint64_t combinations = 1;
  for (const auto& values : wanted) combinations *= values.size();
  for (const auto& [key, tuple] : tuples) {
    if (tuple.found.size() == combinations) continue;
    // Names the first few that are missing, in the order of the wanted values.
    std::vector<std::string> named;
    std::vector<size_t> at(wanted.size(), 0);
    for (uint64_t n = 0; n < combinations && named.size() < kNamedMax; ++n) {
      std::vector<std::string> combination;
      for (size_t e = 0; e < wanted.size(); ++e) combination.push_back(wanted[e][at[e]]);
      if (!tuple.found.contains(combination)) named.push_back(joined(combination, "/"));
      for (size_t e = wanted.size(); e-- > 0 && ++at[e] == wanted[e].size();) at[e] = 0;
    }
    const uint64_t missing = combinations - tuple.found.size();
    std::string zh = "缺少" + std::to_string(missing) + "项:" + joined(named, "、");
    std::string en = std::to_string(missing) + " missing: " + joined(named, ", ");
    if (missing > named.size()) {
      zh += "等";
      en += ", …";
    }
    std::vector<std::string> columns;
    const auto& whose = rule.decl->per.empty() ? rule.decl->each : decltype(rule.decl->each){};
    for (const auto& each : whose) columns.push_back(each.column);
    refuse({{std::move(zh), std::move(en)},
            rule.decl->per.empty() ? joined(columns, ",") : joined(rule.decl->per, ","),
            tuple.text,
            {},
            0},
           {table.decl->name, 0, {}}, {kTables, t, kNoRow, place});
  }
}

void RowEvaluator::check_table(uint32_t t, bool cohort_only) {
  const TableInfo& table = model_.tables()[t];
  if (!cohort_only) check_keys(t);
  check_counts(t, cohort_only);
  for (uint32_t c = 0; c < table.complete.size(); ++c) {
    if (!cohort_only || table.complete[c].unit.cohort) check_complete(t, c);
  }
  const uint32_t rows = children(t).rows;
  for (uint32_t r = 0; r < rows; ++r) {
    for (uint32_t c = 0; c < table.checks.size(); ++c) {
      const CheckInfo& check = table.checks[c];
      if (cohort_only && !check.unit.cohort) continue;
      site_domain_ = t;
      run_check(check, RowScope(*this, t, r), child_site(t, r, {}), {kTables, t, r, kCheckPlace + c}, t, r);
      site_domain_ = kNone;
    }
  }
}

std::vector<column::Fault> RowEvaluator::faults(bool cohort_only) {
  check_population(cohort_only);
  for (uint32_t t = 0; t < model_.tables().size(); ++t) check_table(t, cohort_only);
  for (uint32_t d = 0; d < model_.domains().size(); ++d) {
    const DomainInfo& domain = model_.domains()[d];
    for (uint32_t c = 0; c < domain.computed.size(); ++c) {
      if (cohort_only && !domain.computed[c].unit.cohort) continue;
      for (uint32_t r = 0; r < children(d).rows; ++r) {
        try {
          child_value(d, static_cast<uint32_t>(domain.stored.size()) + c, r);
        } catch (const Blocked&) {
        } catch (const feel::EvalFailure&) {  // a circle: noted where it closes
        }
      }
    }
  }
  for (const uint32_t index : model_.order()) {
    if (!cohort_only || model_.decisions()[index].unit.cohort) decision(index);
  }
  std::stable_sort(faults_.begin(), faults_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<column::Fault> result;
  std::set<std::tuple<std::string_view, uint32_t, std::string_view, std::string_view, std::string_view>> said;
  for (const auto& placed : faults_) {
    const column::Fault& fault = placed.second;
    const bool is_new = said.emplace(fault.file, fault.line, fault.column, fault.value, fault.error.en).second;
    if (is_new) result.push_back(fault);
  }
  return result;
}

}  // namespace kaogong::reference
