#include "engine/reference/model.h"

#include <algorithm>

#include "engine/column/inline_lookups.h"
#include "engine/feel/evaluator.h"
#include "engine/reference/row_evaluator.h"
#include "engine/reference/unit_maker.h"
#include "engine/scheme/period.h"

namespace kaogong::reference {

using feel::Value;

Model::Model(const scheme::Document& document, const column::Inputs& inputs) : doc_(document), in_(inputs) {
  resolve_names();
  read_columns();
  failure_ = scheme::missing_rows(doc_, scheme::last_day(in_.period));
  if (!failure_.empty()) return;
  make_packs();
  make_definitions();
  order_decisions();
  make_parameters();
  if (failure_.empty()) make_lookups();
}

void Model::resolve_names() {
  using Kind = NameInfo::Kind;
  names_ = {
      {"employee", {Kind::kEmployee, 0}},    {"period", {Kind::kPeriod, 0}}, {"period_start", {Kind::kPeriodStart, 0}},
      {"period_end", {Kind::kPeriodEnd, 0}}, {"year", {Kind::kYear, 0}},     {"this", {Kind::kThis, 0}}};
  // The first meaning of a name holds; the loader refuses names that are given twice.
  const auto name_all = [this](const auto& list, Kind kind, uint32_t first) {
    for (uint32_t i = 0; i < list.size(); ++i) names_.insert_or_assign(list[i].name, NameInfo{kind, first + i});
  };
  name_all(doc_.lookups, Kind::kLookup, 0);
  name_all(doc_.groups, Kind::kChildren, static_cast<uint32_t>(doc_.tables.size()));
  name_all(doc_.tables, Kind::kChildren, 0);
  name_all(doc_.parameters, Kind::kParameter, 0);
  name_all(doc_.decisions, Kind::kDecision, 0);
  name_all(doc_.inputs, Kind::kInput, 0);
  for (uint32_t i = 0; i < doc_.history.size(); ++i) history_names_.emplace(doc_.history[i].name, i);

  for (uint32_t t = 0; t < doc_.tables.size(); ++t) {
    DomainInfo domain;
    domain.name = doc_.tables[t].name;
    domain.table = t;
    for (uint32_t c = 0; c < doc_.tables[t].columns.size(); ++c) {
      domain.stored.push_back(c);
      domain.column_names.push_back(doc_.tables[t].columns[c].name);
    }
    for (const scheme::Decision& computed : doc_.tables[t].computed) domain.column_names.push_back(computed.name);
    domains_.push_back(std::move(domain));
  }
  for (const scheme::Group& group : doc_.groups) {
    DomainInfo domain;
    domain.name = group.name;
    domain.group = &group;
    for (uint32_t t = 0; t < doc_.tables.size(); ++t) {
      if (doc_.tables[t].name == group.of) domain.table = t;
    }
    const scheme::Table& table = doc_.tables[domain.table];
    for (const std::string& by : group.by) {
      for (uint32_t c = 0; c < table.columns.size(); ++c) {
        if (table.columns[c].name != by) continue;
        domain.stored.push_back(c);
        domain.column_names.push_back(by);
      }
    }
    for (const scheme::Decision& computed : group.computed) domain.column_names.push_back(computed.name);
    domains_.push_back(std::move(domain));
  }
  for (DomainInfo& domain : domains_) {
    for (uint32_t c = 0; c < domain.column_names.size(); ++c) domain.columns.try_emplace(domain.column_names[c], c);
  }
}

void Model::read_columns() {
  for (const column::Column& column : in_.inputs) input_columns_.emplace_back(column);
  for (uint32_t t = 0; t < doc_.tables.size(); ++t) {
    TableInfo table;
    table.decl = &doc_.tables[t];
    if (t < in_.tables.size() && in_.tables[t].offsets.size() > in_.rows()) table.data = &in_.tables[t];
    if (table.data != nullptr) {
      for (const column::Column& column : table.data->columns) table.columns.emplace_back(column);
    }
    for (const std::string& key : table.decl->key) table.key.push_back(domains_[t].columns.at(key));
    tables_.push_back(std::move(table));
  }
  for (const column::HistoryColumnData& data : in_.history) {
    auto& lags = history_.emplace_back();
    for (const column::Column& column : data.by_period) lags.emplace_back(column);
  }
  history_.resize(doc_.history.size());
}

Definition Model::make_definition(const scheme::Decision& decl) {
  Definition definition;
  definition.decl = &decl;
  if (decl.bands) {
    BandsInfo bands;
    for (const scheme::Bands::Row& row : decl.bands->rows) {
      // Bounds are decimals or dates, whatever the decision's own type is.
      Value bound;
      if (const auto date = feel::parse_date(row.bound)) {
        bound = Value(*date);
      } else if (const auto number = number::Number::parse(row.bound, number::Arithmetic::kExact)) {
        bound = Value(*number);
      }
      bands.rows.push_back({bound, literal(decl.type, row.value)});
    }
    bands.has_otherwise = decl.bands->otherwise.has_value();
    if (bands.has_otherwise) bands.otherwise = literal(decl.type, *decl.bands->otherwise);
    definition.bands = std::move(bands);
  }
  return definition;
}

void Model::make_definitions() {
  for (const scheme::Decision& decision : doc_.decisions) decisions_.push_back(make_definition(decision));
  for (DomainInfo& domain : domains_) {
    const auto& computed = domain.group != nullptr ? domain.group->computed : doc_.tables[domain.table].computed;
    for (const scheme::Decision& column : computed) domain.computed.push_back(make_definition(column));
  }
  for (const scheme::Check& check : doc_.checks) checks_.push_back({&check, {}});
  for (TableInfo& table : tables_) {
    const auto& columns = domains_[static_cast<size_t>(&table - tables_.data())].columns;
    for (const scheme::Check& check : table.decl->checks) table.checks.push_back({&check, {}});
    for (const scheme::Complete& rule : table.decl->complete) {
      TableInfo::CompleteInfo info;
      info.decl = &rule;
      for (const std::string& per : rule.per) info.per.push_back(columns.at(per));
      for (const scheme::Complete::Each& each : rule.each) info.each.push_back(columns.at(each.column));
      table.complete.push_back(std::move(info));
    }
  }
  // From here on nothing moves: cohort calls refer to units.
  const auto make_all = [this](std::vector<Definition>& definitions) {
    for (Definition& definition : definitions) {
      UnitMaker maker(*this);
      maker.add(*definition.decl);
      maker.finish(&definition.unit);
      if (!definition.decl->table) continue;
      for (const scheme::DecisionTable* table = definition.decl->table.get(); const Definition& other : definitions) {
        if (other.decl->table.get() != table) continue;
        definition.table_outputs.resize(
            std::max<size_t>(definition.table_outputs.size(), other.decl->table_output + 1));
        definition.table_outputs[other.decl->table_output] = &other.decl->type;
      }
    }
  };
  make_all(decisions_);
  for (DomainInfo& domain : domains_) make_all(domain.computed);
  const auto make_checks = [this](std::vector<CheckInfo>& checks) {
    for (CheckInfo& check : checks) {
      UnitMaker maker(*this);
      maker.add(check.decl->when);
      maker.add(check.decl->require);
      maker.finish(&check.unit);
    }
  };
  make_checks(checks_);
  for (TableInfo& table : tables_) {
    make_checks(table.checks);
    for (TableInfo::CompleteInfo& rule : table.complete) {
      UnitMaker maker(*this);
      maker.add(rule.decl->when);
      for (const scheme::Complete::Each& each : rule.decl->each) maker.add(each.of);
      maker.finish(&rule.unit);
    }
    UnitMaker maker(*this);
    maker.add(table.decl->refuse_when);
    maker.finish(&table.refuse_when);
  }
}

// Adds to every unit what it reads through child rows and through other decisions.
void Model::order_decisions() {
  // What a domain's columns read: any of its computed columns counts, to be on the safe side.
  std::vector<std::vector<uint32_t>> read_by(domains_.size());
  std::vector<uint8_t> cohort_in(domains_.size(), 0);
  for (bool changed = true; changed;) {
    changed = false;
    for (size_t d = 0; d < domains_.size(); ++d) {
      const size_t before = read_by[d].size() + cohort_in[d];
      std::vector<uint32_t> all = read_by[d];
      const auto take = [&](size_t other) {
        all.insert(all.end(), read_by[other].begin(), read_by[other].end());
        cohort_in[d] |= cohort_in[other];
      };
      for (const Definition& computed : domains_[d].computed) {
        all.insert(all.end(), computed.unit.decisions.begin(), computed.unit.decisions.end());
        cohort_in[d] |= static_cast<uint8_t>(computed.unit.cohort);
        for (size_t other = 0; other < domains_.size(); ++other) {
          if (computed.unit.projections[other] != kNone) take(other);
        }
      }
      if (domains_[d].group != nullptr) take(domains_[d].table);
      std::sort(all.begin(), all.end());
      all.erase(std::unique(all.begin(), all.end()), all.end());
      read_by[d] = std::move(all);
      changed = changed || before != read_by[d].size() + cohort_in[d];
    }
  }
  const auto extend = [&](Unit& unit, size_t own_domain) {
    for (size_t d = 0; d < domains_.size(); ++d) {
      if (unit.projections[d] == kNone && d != own_domain) continue;
      unit.decisions.insert(unit.decisions.end(), read_by[d].begin(), read_by[d].end());
      unit.cohort = unit.cohort || cohort_in[d] != 0;
    }
    std::sort(unit.decisions.begin(), unit.decisions.end());
    unit.decisions.erase(std::unique(unit.decisions.begin(), unit.decisions.end()), unit.decisions.end());
  };
  for (Definition& decision : decisions_) extend(decision.unit, kNone);

  // Depth first, without recursion: chains may be long. A cycle is cut where it closes; evaluation reports it.
  std::vector<uint8_t> state(decisions_.size(), 0);
  std::vector<std::pair<uint32_t, size_t>> stack;
  for (uint32_t root = 0; root < decisions_.size(); ++root) {
    if (state[root] != 0) continue;
    state[root] = 1;
    stack.emplace_back(root, 0);
    while (!stack.empty()) {
      const uint32_t at = stack.back().first;
      const auto& needs = decisions_[at].unit.decisions;
      if (stack.back().second == needs.size()) {
        order_.push_back(at);
        state[at] = 2;
        stack.pop_back();
        continue;
      }
      const uint32_t next = needs[stack.back().second++];
      if (state[next] != 0) continue;
      state[next] = 1;
      stack.emplace_back(next, 0);
    }
  }
  // Names are taken generously (a column may share a decision's name), so the order may have been cut at circles that
  // are none: repeat until nothing changes.
  for (bool changed = true; changed;) {
    changed = false;
    for (const uint32_t at : order_) {
      Unit& unit = decisions_[at].unit;
      if (unit.cohort) continue;
      for (const uint32_t need : unit.decisions) unit.cohort = unit.cohort || decisions_[need].unit.cohort;
      changed = changed || unit.cohort;
    }
  }
  const auto inherit = [&](Unit& unit, size_t own_domain) {
    extend(unit, own_domain);
    for (const uint32_t need : unit.decisions) unit.cohort = unit.cohort || decisions_[need].unit.cohort;
  };
  for (size_t d = 0; d < domains_.size(); ++d) {
    for (Definition& computed : domains_[d].computed) inherit(computed.unit, kNone);
  }
  for (CheckInfo& check : checks_) inherit(check.unit, kNone);
  for (size_t t = 0; t < tables_.size(); ++t) {
    for (CheckInfo& check : tables_[t].checks) inherit(check.unit, t);
    for (TableInfo::CompleteInfo& rule : tables_[t].complete) inherit(rule.unit, kNone);
    inherit(tables_[t].refuse_when, kNone);
  }
}

void Model::make_parameters() {
  parameters_.resize(doc_.parameters.size());
  const auto fail = [this](const scheme::Parameter& parameter, const std::string& why) {
    if (failure_.empty()) failure_ = "parameter '" + parameter.name + "' " + why;
  };
  for (size_t p = 0; p < doc_.parameters.size(); ++p) {
    const scheme::Parameter& parameter = doc_.parameters[p];
    if (p < in_.parameters.size() && in_.parameters[p].rows != 0) {
      parameters_[p] = to_value(in_.parameters[p], 0);
    } else if (parameter.default_value) {
      parameters_[p] = literal(parameter.type, *parameter.default_value);
    } else if (!parameter.default_expression) {
      fail(parameter, "is not given and has no default: add it to parameters.csv");
      continue;
    } else {
      continue;
    }
    if (parameters_[p].is_null() && !parameter.type.nullable) fail(parameter, "is null");
  }
  // Expressions may name parameters that stand before them.
  for (size_t p = 0; p < doc_.parameters.size(); ++p) {
    const scheme::Parameter& parameter = doc_.parameters[p];
    if (!parameter.default_expression || (p < in_.parameters.size() && in_.parameters[p].rows != 0)) continue;
    Unit unit;
    UnitMaker maker(*this);
    maker.add(parameter.default_expression);
    maker.finish(&unit);
    RowEvaluator evaluator(*this, nullptr, nullptr);
    std::string why;
    if (const auto value = evaluator.constant(*parameter.default_expression.tree, unit, parameter.type, &why)) {
      parameters_[p] = *value;
    } else {
      fail(parameter, "has a default that cannot be computed: " + why);
    }
  }
}

const CallInfo* Model::call(const feel::Call& call) const {
  const auto found = calls_.find(&call);
  return found == calls_.end() ? nullptr : &found->second;
}

std::optional<uint32_t> Model::history_index(std::string_view name) const {
  const auto found = history_names_.find(name);
  if (found == history_names_.end()) return std::nullopt;
  return found->second;
}

uint32_t Model::line_of(size_t row) const {
  return in_.lines.empty() ? static_cast<uint32_t>(row) + 2 : in_.lines[row];
}

}  // namespace kaogong::reference
