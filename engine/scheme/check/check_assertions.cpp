// The assertions that a scheme declares over its parameters and inline lookups.
#include <algorithm>
#include <map>

#include "engine/scheme/check/checks.h"
#include "engine/scheme/check/exact.h"

namespace kaogong::scheme {
namespace {

size_t column_index(const Lookup& lookup, const std::string& name) {
  for (size_t i = 0; i < lookup.columns.size(); ++i) {
    if (lookup.columns[i].name == name) return i;
  }
  return lookup.columns.size();
}

// A row by its key: `organising`, or `set1, kpi2`.
std::string row_name(const Lookup& lookup, size_t row) {
  std::string name;
  for (const std::string& key : lookup.key) {
    const size_t column = column_index(lookup, key);
    if (column < lookup.columns.size()) name += (name.empty() ? "" : ", ") + lookup.rows[row][column];
  }
  return name.empty() ? "row " + std::to_string(row + 1) : name;
}

class AssertionChecker {
 public:
  AssertionChecker(const Document& document, Findings& findings) : document_(document), findings_(findings) {}

  void check(const Assertion& assertion) {
    if (assertion.in.empty()) return parameters(assertion);
    const auto lookup = std::find_if(document_.lookups.begin(), document_.lookups.end(),
                                     [&](const Lookup& l) { return l.name == assertion.in; });
    if (lookup == document_.lookups.end()) return;
    if (!lookup->is_inline) {
      add(Severity::kNote, "assertion-later", assertion.at,
          "the rows of \"" + lookup->name + "\" come with the data: this assertion cannot be checked now",
          "give the rows inline, or write checks in the lookup");
      return;
    }
    switch (assertion.kind) {
      case Assertion::Kind::kAddUp:
        return add_up(assertion, *lookup);
      case Assertion::Kind::kDescend:
        return descend(assertion, *lookup);
      case Assertion::Kind::kReach:
        return reach(assertion, *lookup);
    }
  }

 private:
  void add(Severity severity, std::string code, Position at, std::string message, std::string remedy) {
    findings_.push_back({severity, std::move(code), at, std::move(message), std::move(remedy)});
  }

  const Parameter* parameter(const std::string& name) const {
    for (const Parameter& p : document_.parameters) {
      if (p.name == name) return &p;
    }
    return nullptr;
  }

  // A parameter's default as a number; a note where there is none.
  std::optional<Exact> default_of(const Assertion& assertion, const std::string& name) {
    const Parameter* p = parameter(name);
    const auto value = p && p->default_value ? parse_exact(*p->default_value) : std::nullopt;
    if (!value) {
      add(Severity::kNote, "assertion-later", assertion.at,
          "the parameter \"" + name + "\" has no default that is a number: this assertion cannot be checked now",
          "give it a default, or write a check");
    }
    return value;
  }

  void parameters(const Assertion& assertion) {
    Exact sum = 0;
    std::string parts;
    for (const std::string& name : assertion.of) {
      const auto value = default_of(assertion, name);
      if (!value) return;
      sum += *value;
      parts += (parts.empty() ? "" : " + ") + name + " " + exact_to_text(*value);
    }
    auto target = parse_exact(assertion.to);
    if (!target) target = default_of(assertion, assertion.to);
    if (!target || sum == *target) return;
    add(Severity::kError, "add-up", assertion.at,
        "the parameters add up to " + exact_to_text(sum) + " (" + parts + "), not to " + exact_to_text(*target),
        "correct their defaults");
  }

  void add_up(const Assertion& assertion, const Lookup& lookup) {
    struct Sum {
      Exact sum = 0;
      std::string parts, target;
      size_t first_row = 0, rows = 0;
      bool broken = false;
    };
    std::vector<std::pair<std::string, Sum>> groups;  // in the order of the rows
    std::map<std::string, size_t> index;
    const bool fixed_target = parse_exact(assertion.to).has_value();
    for (size_t row = 0; row < lookup.rows.size(); ++row) {
      const auto& cells = lookup.rows[row];
      std::string name;
      for (const std::string& per : assertion.per) {
        name += (name.empty() ? "" : ", ") + per + " = " + cells[column_index(lookup, per)];
      }
      const auto [found, fresh] = index.emplace(name, groups.size());
      if (fresh) {
        groups.push_back({name, {}});
        groups.back().second.first_row = row;
      }
      Sum& sum = groups[found->second].second;
      for (const std::string& column : assertion.of) {
        const std::string& cell = cells[column_index(lookup, column)];
        const auto value = parse_exact(cell);
        if (!value) continue;  // null
        sum.sum += *value;
        sum.parts += (sum.parts.empty() ? "" : " + ") + row_name(lookup, row) + " " + exact_to_text(*value);
      }
      const std::string target = fixed_target ? assertion.to : cells[column_index(lookup, assertion.to)];
      if (!fresh && target != sum.target && parse_exact(target) != parse_exact(sum.target) && !sum.broken) {
        sum.broken = true;
        add(Severity::kError, "add-up-target", lookup.row_positions[row],
            "\"" + lookup.name + "\": " + assertion.to + " is " + sum.target + " and " + target +
                " in the rows where " + name,
            "write the same in every row of the group");
      }
      sum.target = target;
      ++sum.rows;
    }
    for (const auto& [name, sum] : groups) {
      const auto target = parse_exact(sum.target);
      if (sum.broken || !target || sum.sum == *target) continue;
      std::string columns;
      for (const std::string& column : assertion.of) columns += (columns.empty() ? "" : ", ") + column;
      std::string parts = sum.parts;
      if (parts.size() > 400) parts = parts.substr(0, parts.rfind(" + ", 400)) + " + …";
      add(Severity::kError, "add-up", lookup.row_positions[sum.first_row],
          "\"" + lookup.name + "\": " + columns + " adds up to " + exact_to_text(sum.sum) + " (" + parts + ")" +
              (name.empty() ? "" : " where " + name) + ", not to " + exact_to_text(*target),
          "correct these " + std::to_string(sum.rows) + " rows, or what they should add up to");
    }
  }

  void descend(const Assertion& assertion, const Lookup& lookup) {
    for (size_t row = 0; row < lookup.rows.size(); ++row) {
      std::optional<Exact> above;
      std::string above_name;
      for (const std::string& column : assertion.of) {
        const auto value = parse_exact(lookup.rows[row][column_index(lookup, column)]);
        if (!value) continue;
        if (above && *value > *above) {
          add(Severity::kError, "descend", lookup.row_positions[row],
              "\"" + lookup.name + "\", " + row_name(lookup, row) + ": " + column + " is " + exact_to_text(*value) +
                  ", above " + above_name + ", which is " + exact_to_text(*above),
              "levels must not rise: correct one of the two");
        }
        above = value;
        above_name = column;
      }
    }
  }

  void reach(const Assertion& assertion, const Lookup& lookup) {
    const size_t maximum_column = column_index(lookup, assertion.to);
    for (size_t row = 0; row < lookup.rows.size(); ++row) {
      const auto maximum = parse_exact(lookup.rows[row][maximum_column]);
      if (!maximum) continue;
      std::optional<Exact> highest;
      std::string highest_name;
      for (const std::string& column : assertion.of) {
        const auto value = parse_exact(lookup.rows[row][column_index(lookup, column)]);
        if (value && (!highest || *value > *highest)) {
          highest = value;
          highest_name = column;
        }
      }
      const std::string where = "\"" + lookup.name + "\", " + row_name(lookup, row) + ": ";
      if (!highest || *highest < *maximum) {
        add(Severity::kError, "reach", lookup.row_positions[row],
            where + "no level reaches " + assertion.to + ", " + exact_to_text(*maximum) +
                (highest ? "; the highest, " + highest_name + ", is " + exact_to_text(*highest) : ""),
            "raise the highest level, or lower the maximum");
      } else if (*highest > *maximum) {
        add(Severity::kError, "above-maximum", lookup.row_positions[row],
            where + highest_name + " is " + exact_to_text(*highest) + ", above " + assertion.to + ", " +
                exact_to_text(*maximum),
            "lower the level, or raise the maximum");
      }
    }
  }

  const Document& document_;
  Findings& findings_;
};

}  // namespace

void check_assertions(const Document& document, Findings& findings) {
  AssertionChecker checker(document, findings);
  for (const Assertion& assertion : document.assertions) checker.check(assertion);
}

}  // namespace kaogong::scheme
