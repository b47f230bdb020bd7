// Decision tables: rules that overlap, values that no rule has, rules that never match.
#include <algorithm>
#include <set>

#include "engine/feel/parser.h"
#include "engine/scheme/check/cells.h"
#include "engine/scheme/check/checks.h"
#include "engine/scheme/check/cover.h"

namespace kaogong::scheme {
namespace {

constexpr uint64_t kSteps = 30'000'000;  // of one table: well under a second
constexpr size_t kShownMax = 10;         // findings of one kind and table

class TableChecker {
 public:
  TableChecker(const Names& names, const Decision& decision, const RowSource* row, Findings& findings)
      : table_(*decision.table),
        who_("table \"" + decision.table->name + "\": "),
        findings_(findings),
        cells_(cells_of(names, table_, row)) {
    budget_.left = kSteps;
  }

  void run(const std::vector<const Decision*>& outputs) {
    outputs_ = outputs;
    if (cells_.too_large) return note_too_large();
    const std::string& hit = table_.hit;
    never_matching();
    if (hit == "U" || hit == "A") overlaps();
    if (hit == "F") covered_by_earlier();
    if (hit == "P") covered_by_priority();
    const bool single = hit == "U" || hit == "A" || hit == "F" || hit == "P";
    const bool folded = hit == "C+" || hit == "C<" || hit == "C>";
    if ((single || folded) && table_.defaults.empty()) gaps(single);
    if (budget_.spent()) note_too_large();
  }

 private:
  void add(Severity severity, const char* code, Position at, std::string message, std::string remedy) {
    findings_.push_back({severity, code, at, who_ + std::move(message), std::move(remedy)});
  }
  void note_too_large() {
    add(Severity::kNote, "table-not-checked", table_.at,
        "it is too large to be checked whole for overlaps and gaps (" + std::to_string(table_.rules.size()) + " rules)",
        "split it, or use a lookup");
  }

  static std::string number(size_t rule) { return std::to_string(rule + 1); }
  std::string line(size_t rule) const { return "in line " + std::to_string(table_.rules[rule].at.line); }

  bool is_empty(size_t rule) const {
    return std::any_of(cells_.rules[rule].begin(), cells_.rules[rule].end(),
                       [](const RuleCells& c) { return !c.opaque && c.cells.empty(); });
  }

  Box box(size_t rule) const {
    Box all;
    for (const RuleCells& c : cells_.rules[rule]) all.push_back(&c.cells);
    return all;
  }

  // ---- Rules that no value matches ----
  void never_matching() {
    size_t shown = 0;
    for (size_t i = 0; i < table_.rules.size() && shown < kShownMax; ++i) {
      for (size_t c = 0; c < cells_.inputs.size(); ++c) {
        const RuleCells& cells = cells_.rules[i][c];
        if (cells.opaque || !cells.cells.empty()) continue;
        add(Severity::kWarning, "unreachable-rule", table_.rules[i].at,
            "rule " + number(i) + " never matches: no value of \"" + cells_.inputs[c].text + "\" passes " +
                table_.rules[i].test_texts[c],
            "correct the test, or remove the rule");
        ++shown;
        break;
      }
    }
  }

  // ---- Overlaps ----
  // Whether two rules can surely match together; where a test cannot be judged, only if both have the same.
  bool overlap(size_t a, size_t b) {
    for (size_t c = 0; c < cells_.inputs.size(); ++c) {
      const RuleCells &x = cells_.rules[a][c], &y = cells_.rules[b][c];
      if (x.opaque || y.opaque) {
        const bool same = x.opaque && y.opaque && table_.rules[a].test_texts[c] == table_.rules[b].test_texts[c];
        const bool any = (!x.opaque && is_any(a, c)) || (!y.opaque && is_any(b, c));
        if (!same && !any) return false;
      } else if (!x.cells.intersects(y.cells)) {
        return false;
      }
    }
    return true;
  }
  bool is_any(size_t rule, size_t input) const {
    return table_.rules[rule].tests[input] != nullptr && table_.rules[rule].tests[input]->any;
  }

  bool same_results(size_t a, size_t b) const {
    const auto &x = table_.rules[a].results, &y = table_.rules[b].results;
    for (size_t i = 0; i < std::min(x.size(), y.size()); ++i) {
      if (x[i] && y[i] && x[i].tree != y[i].tree && feel::to_text(*x[i].tree) != feel::to_text(*y[i].tree))
        return false;
    }
    return true;
  }
  bool literal_results(size_t rule) const {
    return std::all_of(table_.rules[rule].results.begin(), table_.rules[rule].results.end(),
                       [](const Expression& e) { return e && literal_of(*e.tree).has_value(); });
  }

  // A combination of values that both rules match.
  std::string shared_values(size_t a, size_t b) const {
    std::string all;
    for (size_t c = 0; c < cells_.inputs.size(); ++c) {
      const RuleCells &x = cells_.rules[a][c], &y = cells_.rules[b][c];
      if (x.opaque || y.opaque || (is_any(a, c) && is_any(b, c))) continue;
      for (uint32_t cell = 0; cell < cells_.inputs[c].cells.size(); ++cell) {
        if (!x.cells.has(cell) || !y.cells.has(cell)) continue;
        all += (all.empty() ? "" : " and ") + cells_.inputs[c].text + " = " + cells_.inputs[c].witness(cell);
        break;
      }
    }
    return all.empty() ? "every value" : all;
  }

  void overlaps() {
    const bool unique = table_.hit == "U";
    size_t shown = 0;
    for (size_t b = 1; b < table_.rules.size(); ++b) {
      if (is_empty(b)) continue;
      for (size_t a = 0; a < b; ++a) {
        budget_.take(cells_.inputs.size());
        if (budget_.spent()) return;
        if (is_empty(a) || !overlap(a, b)) continue;
        const bool same = same_results(a, b);
        if (!unique && same) continue;
        const bool surely = unique || (literal_results(a) && literal_results(b));
        add(surely ? Severity::kError : Severity::kWarning, "table-overlap", table_.rules[b].at,
            "rule " + number(b) + " and rule " + number(a) + " " + line(a) + " both match " + shared_values(a, b) +
                (same ? ", with the same result" : ", with different results"),
            unique ? "make the tests exclude each other, or choose the hit policy F (the first rule counts)"
                   : "under A all rules that match must give the same result");
        if (++shown == kShownMax) return;
      }
    }
  }

  // ---- Rules that others always take ----
  // Whether rule `by` covers rule `rule` in each input where one of them cannot be judged.
  bool certain_over(size_t by, size_t rule) const {
    for (size_t c = 0; c < cells_.inputs.size(); ++c) {
      if (cells_.rules[by][c].opaque &&
          !(cells_.rules[rule][c].opaque && table_.rules[by].test_texts[c] == table_.rules[rule].test_texts[c])) {
        return false;
      }
    }
    return true;
  }

  void covered(size_t rule, const std::vector<size_t>& by, const char* how, size_t& shown) {
    std::vector<Box> covering;
    std::string lines;
    for (const size_t other : by) {
      budget_.take(cells_.inputs.size());
      if (is_empty(other) || !certain_over(other, rule)) continue;
      covering.push_back(box(other));
    }
    if (covering.empty() || budget_.spent()) return;
    bool reachable = false;
    find_uncovered(cells_.inputs, box(rule), covering, budget_, [&](const auto&) {
      reachable = true;
      return false;
    });
    if (reachable || budget_.spent()) return;
    add(Severity::kWarning, "unreachable-rule", table_.rules[rule].at,
        "rule " + number(rule) + " never counts: " + how + " match wherever it does",
        "move it before them, or remove it");
    ++shown;
  }

  void covered_by_earlier() {
    size_t shown = 0;
    std::vector<size_t> earlier;
    for (size_t i = 0; i < table_.rules.size() && shown < kShownMax && !budget_.spent(); ++i) {
      if (!is_empty(i)) covered(i, earlier, "rules before it", shown);
      earlier.push_back(i);
    }
  }

  // The place of a rule's first result among the values, which are in the order of their priority.
  std::optional<size_t> priority(size_t rule) const {
    const auto& results = table_.rules[rule].results;
    if (results.empty() || !results[0]) return std::nullopt;
    const auto literal = literal_of(*results[0].tree);
    const auto& values = outputs_[0]->type.values;
    if (!literal || literal->kind != Literal::Kind::kText) return std::nullopt;
    const auto found = std::find(values.begin(), values.end(), literal->text);
    if (found == values.end()) return std::nullopt;
    return static_cast<size_t>(found - values.begin());
  }

  void covered_by_priority() {
    if (outputs_.size() != 1) return;
    std::vector<std::optional<size_t>> priorities;
    for (size_t i = 0; i < table_.rules.size(); ++i) priorities.push_back(priority(i));
    size_t shown = 0;
    for (size_t i = 0; i < table_.rules.size() && shown < kShownMax && !budget_.spent(); ++i) {
      if (is_empty(i) || !priorities[i]) continue;
      std::vector<size_t> stronger;
      budget_.take(table_.rules.size());
      for (size_t j = 0; j < table_.rules.size(); ++j) {
        if (priorities[j] && *priorities[j] < *priorities[i]) stronger.push_back(j);
      }
      covered(i, stronger, "rules of higher priority", shown);
    }
  }

  // ---- Gaps ----
  void gaps(bool single) {
    std::vector<CellSet> full;
    for (const TableInput& input : cells_.inputs) full.emplace_back(input.cells.size(), true);
    Box within;
    for (size_t c = 0; c < cells_.inputs.size(); ++c) {
      if (cells_.inputs[c].cells.empty()) {
        // An input of which nothing is known: one cell that every test may take.
        cells_.inputs[c].cells.emplace_back();
        full[c] = CellSet(1, true);
        for (auto& rule : cells_.rules) rule[c].cells = CellSet(1, true);
      }
      within.push_back(&full[c]);
    }
    std::vector<Box> covering;
    for (size_t i = 0; i < table_.rules.size(); ++i) covering.push_back(box(i));
    size_t shown = 0;
    find_uncovered(cells_.inputs, within, covering, budget_, [&](const std::vector<std::vector<uint32_t>>& where) {
      std::string condition, example;
      bool at_edge = false;
      for (size_t c = 0; c < where.size(); ++c) {
        const TableInput& input = cells_.inputs[c];
        if (where[c].size() == input.cells.size()) continue;  // any value of it
        condition += (condition.empty() ? "" : " and ") + input.describe(where[c]);
        example += (example.empty() ? "" : ", ") + input.text + " = " + input.witness(where[c].front());
        // What an expression may give at its far ends is not known here; between its bounds it is.
        const bool all_open = std::all_of(where[c].begin(), where[c].end(),
                                          [&](uint32_t cell) { return input.cells[cell].is_open_ended(); });
        at_edge = at_edge || (all_open && (!input.is_declared || input.kind == TableInput::Kind::kText));
      }
      const bool nullable =
          std::all_of(outputs_.begin(), outputs_.end(), [](const Decision* d) { return d->type.nullable; });
      const bool is_error = single && !nullable && !at_edge;
      add(is_error ? Severity::kError : Severity::kWarning, "table-gap", table_.at,
          "no rule matches " + (condition.empty() ? "some values" : condition) +
              (example.empty() ? "" : "; for example " + example),
          nullable ? "the result is null there: add a rule or a default if it should not be"
                   : "add a rule, or a default");
      return ++shown < kShownMax;
    });
  }

  const DecisionTable& table_;
  const std::string who_;
  Findings& findings_;
  TableCells cells_;
  Budget budget_;
  std::vector<const Decision*> outputs_;
};

}  // namespace

void check_decision_tables(const Names& names, Findings& findings) {
  const Document& d = names.document();
  const auto all = [&](const std::vector<Decision>& decisions, const RowSource* row) {
    std::set<const DecisionTable*> seen;  // shared by its outputs
    for (const Decision& decision : decisions) {
      if (decision.table == nullptr || !seen.insert(decision.table.get()).second) continue;
      std::vector<const Decision*> outputs;
      for (const Decision& other : decisions) {
        if (other.table == decision.table) outputs.push_back(&other);
      }
      TableChecker(names, decision, row, findings).run(outputs);
    }
  };
  all(d.decisions, nullptr);
  for (const Table& table : d.tables) all(table.computed, names.row_source(table.name));
  for (const Lookup& lookup : d.lookups) all(lookup.computed, names.row_source(lookup.name));
  for (const Group& group : d.groups) all(group.computed, names.row_source(group.name));
}

}  // namespace kaogong::scheme
