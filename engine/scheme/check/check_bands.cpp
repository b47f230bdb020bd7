// Bands: their order, gaps, and bands out of the value's range.
#include <functional>

#include "engine/feel/parser.h"
#include "engine/scheme/check/checks.h"
#include "engine/scheme/check/exact.h"
#include "engine/scheme/literal.h"

namespace kaogong::scheme {
namespace {

std::optional<Exact> bound_value(const std::string& text) {
  if (const auto number = parse_exact(text)) return number;
  if (const auto days = parse_date(text)) return static_cast<Exact>(*days) * kOne;
  return std::nullopt;
}

void check_one(const Names& names, const Decision& decision, const RowSource* row, Findings& findings) {
  const Bands& bands = *decision.bands;
  if (bands.rows.empty() || !bands.of) return;
  using Kind = Bands::Kind;
  const bool down = bands.kind == Kind::kAtLeast || bands.kind == Kind::kAbove;
  const bool closed = bands.kind == Kind::kAtLeast || bands.kind == Kind::kUpTo;
  const std::string who = "bands of \"" + decision.name + "\": ";
  const std::string of = feel::to_text(*bands.of.tree);
  const auto add = [&](Severity severity, const char* code, Position at, std::string message, std::string remedy) {
    findings.push_back({severity, code, at, who + std::move(message), std::move(remedy)});
  };

  bool ordered = true;
  for (size_t i = 1; i < bands.rows.size(); ++i) {
    const auto before = bound_value(bands.rows[i - 1].bound), here = bound_value(bands.rows[i].bound);
    if (!before || !here) return;
    if (*before == *here) {
      ordered = false;
      add(Severity::kError, "bands-duplicate", bands.rows[i].at, "the bound " + bands.rows[i].bound + " stands twice",
          "keep one of the two");
    } else if ((*before < *here) == down) {
      ordered = false;
      add(Severity::kError, "bands-order", bands.rows[i].at,
          bands.rows[i].bound + " stands behind " + bands.rows[i - 1].bound + "; the bounds must " +
              (down ? "fall" : "rise"),
          down ? "write the highest bound first" : "write the lowest bound first");
    }
  }
  if (!ordered) return;

  // The value's range, where `of` names a value that declares one.
  std::optional<Exact> least, most;
  const TypeDecl* type = names.type_of(*bands.of.tree, row);
  if (type != nullptr && is_decimal(type->name)) {
    if (type->min) least = exact_from_scaled(*type->min, type->scale);
    if (type->max) most = exact_from_scaled(*type->max, type->scale);
  }
  const auto meets = [&](Exact value, Exact bound) {
    return down ? (closed ? value >= bound : value > bound) : (closed ? value <= bound : value < bound);
  };
  const char* sign = down ? (closed ? " >= " : " > ") : (closed ? " <= " : " < ");
  const auto& nearest_end = down ? least : most;   // the end that the last band reaches towards
  const auto& farthest_end = down ? most : least;  // the end where the first band begins
  bool all_covered = false;
  for (size_t i = 0; i < bands.rows.size(); ++i) {
    const auto bound = bound_value(bands.rows[i].bound);
    if (!bound) return;
    const std::string range = of + sign + bands.rows[i].bound;
    if (farthest_end && !meets(*farthest_end, *bound)) {
      add(Severity::kWarning, "unreachable-band", bands.rows[i].at,
          "no value has " + range + ": \"" + of + "\" is at " + (down ? "most " : "least ") +
              exact_to_text(*farthest_end),
          "remove the band, or correct its bound");
    } else if (all_covered) {
      add(Severity::kWarning, "unreachable-band", bands.rows[i].at,
          "the bands before it take every value: \"" + of + "\" is at " + (down ? "least " : "most ") +
              exact_to_text(*nearest_end),
          "remove the band, or correct the bounds");
    }
    all_covered = all_covered || (nearest_end && meets(*nearest_end, *bound));
  }
  if (!bands.otherwise && !all_covered) {
    const char* opposite = down ? (closed ? " < " : " <= ") : (closed ? " > " : " >= ");
    add(decision.type.nullable ? Severity::kWarning : Severity::kError, "bands-gap", bands.at,
        "no value for " + of + opposite + bands.rows.back().bound, "add else: …");
  }
}

}  // namespace

void check_bands(const Names& names, Findings& findings) {
  const Document& d = names.document();
  const auto all = [&](const std::vector<Decision>& decisions, const RowSource* row) {
    for (const Decision& decision : decisions) {
      if (decision.bands) check_one(names, decision, row, findings);
    }
  };
  all(d.decisions, nullptr);
  for (const Table& table : d.tables) all(table.computed, names.row_source(table.name));
  for (const Lookup& lookup : d.lookups) all(lookup.computed, names.row_source(lookup.name));
  for (const Group& group : d.groups) all(group.computed, names.row_source(group.name));
}

}  // namespace kaogong::scheme
