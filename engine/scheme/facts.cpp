#include "engine/scheme/facts.h"

#include <map>

#include "engine/feel/parser.h"
#include "engine/scheme/literal.h"
#include "engine/scheme/period.h"

namespace kaogong::scheme {
namespace {

std::string join(const std::vector<std::string>& parts) {
  std::string all;
  for (const std::string& part : parts) all += (all.empty() ? "" : ", ") + part;
  return all;
}

std::string text_of(const Expression& e) { return e ? feel::to_text(*e.tree) : std::string(); }
std::string or_null(const std::string& literal) { return literal.empty() ? "null" : literal; }

class Taker {
 public:
  std::vector<Thing> things;

  Thing& thing(std::string section, std::string name, const Labels& labels, Position at) {
    things.push_back({std::move(section), std::move(name), labels, at, {}});
    return things.back();
  }
  static void fact(Thing& thing, std::string part, std::string text, std::string label = {}) {
    if (!text.empty()) thing.facts.push_back({std::move(part), std::move(label), std::move(text)});
  }

  static void type(Thing& thing, const TypeDecl& type) {
    fact(thing, "type", type_to_text(type));
    if (type.min) fact(thing, "least value", scaled_to_text(*type.min, type.scale));
    if (type.max) fact(thing, "greatest value", scaled_to_text(*type.max, type.scale));
    fact(thing, "values", join(type.values));
    if (type.rounding != Rounding::kHalfUp || type.rounded_to) fact(thing, "rounding", rounding_to_text(type));
  }
  static void said(Thing& thing, const Labels& labels, const std::string& source, const std::string& remark) {
    fact(thing, "Chinese label", labels.zh);
    fact(thing, "English label", labels.en);
    fact(thing, "source", source);
    fact(thing, "remark", remark);
  }
  Thing& named(std::string section, const Named& n, const std::string& prefix = {}) {
    Thing& t = thing(std::move(section), prefix + n.name, n.labels, n.at);
    type(t, n.type);
    if (n.fixed) fact(t, "fixed wage", *n.fixed ? "true" : "false");
    said(t, n.labels, n.source, n.remark);
    return t;
  }

  static void rule(Thing& t, const Decision& d) {
    fact(t, "expression", text_of(d.expr));
    if (d.bands) {
      constexpr const char* kKinds[] = {"at least", "above", "up to", "below"};
      const std::string kind = kKinds[static_cast<size_t>(d.bands->kind)];
      fact(t, "banded value", text_of(d.bands->of));
      for (const auto& row : d.bands->rows) fact(t, "band", or_null(row.value), kind + " " + row.bound);
      if (d.bands->otherwise) fact(t, "band", or_null(*d.bands->otherwise), "else");
    }
    if (d.table) table(t, *d.table, d.table_output);
  }
  static void table(Thing& t, const DecisionTable& table, size_t output) {
    fact(t, "hit policy", table.hit);
    std::vector<std::string> inputs;
    for (const Expression& input : table.inputs) inputs.push_back(text_of(input));
    fact(t, "table inputs", join(inputs));
    std::map<std::string, int> seen;
    std::string order;
    for (const DecisionTable::Rule& rule : table.rules) {
      std::string tests;
      for (const auto& test : rule.tests) tests += (tests.empty() ? "" : " | ") + (test ? feel::to_text(*test) : "");
      if (const int n = ++seen[tests]; n > 1) tests += " (" + std::to_string(n) + ")";
      order += tests + "\n";
      fact(t, "rule", output < rule.results.size() ? text_of(rule.results[output]) : "", tests);
    }
    if (output < table.defaults.size()) fact(t, "rule", text_of(table.defaults[output]), "default");
    if (table.hit == "F" || table.hit == "R" || table.hit == "C") fact(t, "order of rules", order);
  }
  void decision(const std::string& section, const Decision& d, const std::string& prefix = {}) {
    rule(named(section, d, prefix), d);
  }
  void computed(const std::string& owner, const std::vector<Decision>& list) {
    for (const Decision& d : list) decision("computed column", d, owner + ".");
  }
  void checks(const std::string& owner, const std::vector<Check>& list) {
    for (const Check& check : list) {
      const std::string name = (owner.empty() ? "" : owner + ": ") + text_of(check.require);
      Thing& t = thing("check", name, check.message, check.at);
      fact(t, "condition", text_of(check.when));
      fact(t, "column", check.column);
      fact(t, "Chinese message", check.message.zh);
      fact(t, "English message", check.message.en);
    }
  }
};

void take_tables(Taker& taker, const Document& d) {
  for (const Table& table : d.tables) {
    Thing& t = taker.thing("table", table.name, table.labels, table.at);
    Taker::fact(t, "key", join(table.key));
    Taker::fact(t, "least rows", std::to_string(table.min_rows));
    if (table.max_rows) Taker::fact(t, "most rows", std::to_string(*table.max_rows));
    for (const Complete& complete : table.complete) {
      std::string text = complete.per.empty() ? "" : "per " + join(complete.per) + ": ";
      for (const auto& each : complete.each) text += each.column + " " + (each.all ? "all" : text_of(each.of)) + "; ";
      if (complete.when) text += "when " + text_of(complete.when);
      Taker::fact(t, "completeness", text, text);
    }
    Taker::fact(t, "refusal", text_of(table.refuse_when));
    Taker::said(t, table.labels, table.source, table.remark);
    for (const Column& column : table.columns) taker.named("column", column, table.name + ".");
    taker.computed(table.name, table.computed);
    taker.checks(table.name, table.checks);
  }
}

void take_lookups(Taker& taker, const Document& d) {
  for (const Lookup& lookup : d.lookups) {
    Thing& t = taker.thing("lookup", lookup.name, lookup.labels, lookup.at);
    Taker::fact(t, "key", join(lookup.key));
    Taker::fact(t, "rows", lookup.is_inline ? "inline" : "from data");
    Taker::said(t, lookup.labels, lookup.source, lookup.remark);
    for (const Column& column : lookup.columns) taker.named("column", column, lookup.name + ".");
    for (size_t row = 0; row < lookup.rows.size(); ++row) {
      std::string key;
      std::vector<Fact> cells;
      for (size_t i = 0; i < lookup.columns.size(); ++i) {
        const std::string& name = lookup.columns[i].name;
        bool is_key = false;
        for (const std::string& k : lookup.key) is_key = is_key || k == name;
        if (is_key) {
          key += (key.empty() ? "" : ", ") + lookup.rows[row][i];
        } else {
          cells.push_back({"cell", name, or_null(lookup.rows[row][i])});
        }
      }
      taker.thing("lookup row", lookup.name + "[" + key + "]", {}, lookup.row_positions[row]).facts = std::move(cells);
    }
    taker.computed(lookup.name, lookup.computed);
    taker.checks(lookup.name, lookup.checks);
  }
}

void take_assertions(Taker& taker, const Document& d) {
  for (const Assertion& a : d.assertions) {
    constexpr const char* kKinds[] = {"add_up ", "descend ", "reach "};
    std::string text = kKinds[static_cast<size_t>(a.kind)] + join(a.of);
    if (!a.in.empty()) text += " in " + a.in;
    if (!a.per.empty()) text += " per " + join(a.per);
    if (!a.to.empty()) text += " to " + a.to;
    taker.thing("assertion", text, {}, a.at);
  }
}

}  // namespace

std::vector<Thing> things_of(const Document& d) {
  Taker taker;
  Thing& scheme = taker.thing("scheme", "", d.labels, {});
  Taker::fact(scheme, "id", d.id);
  Taker::fact(scheme, "version", std::to_string(d.version));
  Taker::said(scheme, d.labels, d.source_part + (d.source_part.empty() ? "" : " ") + d.source_title, "");
  std::vector<std::string> uses;
  for (const PackUse& use : d.uses) {
    uses.push_back(use.id + (use.version ? " " + std::to_string(*use.version) : ""));
  }
  Taker::fact(scheme, "packs", join(uses));
  std::string periods;
  for (const PeriodKind kind : d.periods) periods += (periods.empty() ? "" : ", ") + std::string(to_text(kind));
  Taker::fact(scheme, "periods", periods);
  Taker::fact(scheme, "outputs", join(d.outputs));
  for (const Input& input : d.inputs) taker.named("input", input);
  take_tables(taker, d);
  take_lookups(taker, d);
  for (const Group& group : d.groups) {
    Thing& t = taker.thing("group", group.name, group.labels, group.at);
    Taker::fact(t, "table", group.of);
    Taker::fact(t, "key", join(group.by));
    Taker::said(t, group.labels, group.source, group.remark);
    taker.computed(group.name, group.computed);
  }
  for (const HistoryColumn& column : d.history) {
    Taker::fact(taker.named("history column", column), "recorded periods", column.every);
  }
  for (const Parameter& parameter : d.parameters) {
    Thing& t = taker.named("parameter", parameter);
    if (parameter.default_value) Taker::fact(t, "default", or_null(*parameter.default_value));
    Taker::fact(t, "default", text_of(parameter.default_expression));
  }
  for (const Decision& decision : d.decisions) taker.decision("decision", decision);
  taker.checks("", d.checks);
  take_assertions(taker, d);
  return std::move(taker.things);
}

}  // namespace kaogong::scheme
