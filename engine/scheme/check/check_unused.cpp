// What is declared and used by nothing.
#include <algorithm>
#include <set>
#include <unordered_set>

#include "engine/scheme/check/checks.h"

namespace kaogong::scheme {
namespace {

class Uses {
 public:
  explicit Uses(const Names& names) : names_(names) {
    const Document& d = names.document();
    for (const Decision& decision : d.decisions) all(decision, nullptr, &decision);
    for (const Parameter& parameter : d.parameters) expression(parameter.default_expression, nullptr);
    checks(d.checks, nullptr);
    for (const std::string& name : d.outputs) values_.insert(name);
    for (const Table& table : d.tables) read_table(table);
    for (const Lookup& lookup : d.lookups) {
      const RowSource* row = names.row_source(lookup.name);
      for (const std::string& key : lookup.key) column(row, key);
      for (const Decision& computed : lookup.computed) all(computed, row, &computed);
      checks(lookup.checks, row);
    }
    for (const Group& group : d.groups) {
      values_.insert(group.of);
      for (const std::string& by : group.by) column(names.row_source(group.of), by);
      for (const Decision& computed : group.computed) all(computed, names.row_source(group.name), &computed);
    }
    for (const Assertion& assertion : d.assertions) {
      const RowSource* row = names.row_source(assertion.in);
      for (const auto* list : {&assertion.of, &assertion.per}) {
        for (const std::string& name : *list) row ? column(row, name) : void(values_.insert(name));
      }
      row ? column(row, assertion.to) : void(values_.insert(assertion.to));
    }
  }

  bool value(std::string_view name) const { return values_.contains(name); }
  bool earlier(std::string_view name) const { return earlier_.contains(name); }
  bool column_used(const RowSource* row, std::string_view name) const { return columns_.contains({row, name}); }

 private:
  void read_table(const Table& table) {
    const RowSource* row = names_.row_source(table.name);
    for (const std::string& key : table.key) column(row, key);
    for (const Complete& complete : table.complete) {
      expression(complete.when, nullptr);
      for (const std::string& per : complete.per) column(row, per);
      for (const Complete::Each& each : complete.each) {
        column(row, each.column);
        expression(each.of, nullptr);
      }
    }
    expression(table.refuse_when, row);
    for (const Decision& computed : table.computed) all(computed, row, &computed);
    checks(table.checks, row);
  }

  void column(const RowSource* row, std::string_view name) { columns_.insert({row, name}); }

  void reference(const Reference& reference, const Decision* self) {
    if (reference.row != nullptr) {
      const auto found = reference.row->columns.find(reference.name);
      if (found->second != self) column(reference.row, reference.name);
      return;
    }
    if (names_.in_history(reference.name)) earlier_.insert(reference.name);
    if (!reference.earlier && names_.decision(reference.name) != nullptr && names_.decision(reference.name) == self)
      return;
    if (!reference.earlier) values_.insert(reference.name);
  }

  void all(const Decision& decision, const RowSource* row, const Decision* self) {
    for_each_reference(names_, decision, row, [&](const Reference& r) { reference(r, self); });
  }
  void expression(const Expression& e, const RowSource* row) {
    if (e) for_each_reference(names_, *e.tree, row, [&](const Reference& r) { reference(r, nullptr); });
  }
  void checks(const std::vector<Check>& list, const RowSource* row) {
    for (const Check& check : list) {
      expression(check.require, row);
      expression(check.when, row);
    }
  }

  const Names& names_;
  std::unordered_set<std::string_view> values_, earlier_;
  std::set<std::pair<const RowSource*, std::string_view>> columns_;
};

}  // namespace

void check_unused(const Names& names, Findings& findings) {
  const Document& d = names.document();
  const Uses uses(names);
  const auto warn = [&](Position at, const std::string& what, const std::string& name) {
    findings.push_back({Severity::kWarning, "unused-" + what.substr(what.rfind(' ') + 1), at,
                        "the " + what + " \"" + name + "\" is used by nothing", "use it, or remove it"});
  };
  for (uint32_t p = 0; p < d.packs.size(); ++p) {
    const bool called =
        std::any_of(d.called.begin(), d.called.end(), [&](const PackFunctionId& id) { return id.pack == p; });
    if (!called) warn(d.uses[p].at, "pack", d.uses[p].id);
  }
  for (const Input& input : d.inputs) {
    if (!uses.value(input.name)) warn(input.at, "input", input.name);
  }
  for (const Parameter& parameter : d.parameters) {
    if (!uses.value(parameter.name)) warn(parameter.at, "parameter", parameter.name);
  }
  for (const HistoryColumn& column : d.history) {
    if (!uses.earlier(column.name)) warn(column.at, "history", column.name);
  }
  for (const Decision& decision : d.decisions) {
    if (!uses.value(decision.name)) warn(decision.at, "decision", decision.name);
  }
  const auto columns = [&](const std::string& source, const auto& list, const char* what) {
    const RowSource* row = names.row_source(source);
    for (const auto& column : list) {
      if (!uses.column_used(row, column.name)) warn(column.at, what, source + "." + column.name);
    }
  };
  for (const Table& table : d.tables) {
    // A table that nothing reads is one finding, not one a column.
    if (!uses.value(table.name) && table.checks.empty() && table.complete.empty() && !table.refuse_when) {
      warn(table.at, "table", table.name);
      continue;
    }
    columns(table.name, table.columns, "column");
    columns(table.name, table.computed, "computed column");
  }
  for (const Lookup& lookup : d.lookups) {
    if (!uses.value(lookup.name)) {
      warn(lookup.at, "lookup", lookup.name);
      continue;
    }
    columns(lookup.name, lookup.columns, "column");
    columns(lookup.name, lookup.computed, "computed column");
  }
  for (const Group& group : d.groups) {
    if (!uses.value(group.name)) {
      warn(group.at, "group", group.name);
      continue;
    }
    columns(group.name, group.computed, "computed column");
  }
}

}  // namespace kaogong::scheme
