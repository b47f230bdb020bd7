// Packs: functions put in place of their calls, dated tables as bands and gathers.
#include <algorithm>

#include "engine/column/inline_lookups.h"
#include "engine/plan/binder.h"
#include "engine/scheme/literal.h"
#include "engine/scheme/near.h"
#include "engine/scheme/pack_call.h"
#include "engine/scheme/period.h"

namespace kaogong::plan {

using scheme::TypeName;

namespace {

size_t place_of(const scheme::Lookup& lookup, const std::string& name) {
  const auto found =
      std::find_if(lookup.columns.begin(), lookup.columns.end(), [&](const auto& c) { return c.name == name; });
  return static_cast<size_t>(found - lookup.columns.begin());
}

}  // namespace

std::vector<std::shared_ptr<const BoundPackTable>> bind_pack_tables(const scheme::Pack& pack,
                                                                    std::optional<int32_t> day) {
  std::vector<std::shared_ptr<const BoundPackTable>> tables;
  for (const scheme::PackTable& table : pack.tables) {
    auto bound = std::make_shared<BoundPackTable>();
    bound->in_force = scheme::rows_in_force(table, day);
    bound->columns = column::make_inline(bound->in_force->lookup).columns;
    tables.push_back(std::move(bound));
  }
  return tables;
}

uint32_t Binder::inside_pack() const {
  for (size_t i = scopes_.size(); i-- > 0;) {
    if (scopes_[i].kind == Scope::Kind::kPack) return scopes_[i].index;
  }
  return scheme::kNoPack;
}

std::optional<Bound> Binder::pack_call(const feel::Call& expr) {
  const uint32_t inside = inside_pack();
  if (const auto id = scheme::called_function(doc_, *expr.callee, inside)) return pack_function(*id, expr);
  if (inside != scheme::kNoPack && expr.callee->kind == feel::ExprKind::kName) {
    const scheme::Pack& pack = *doc_.packs[inside];
    if (const auto* table = pack.table(static_cast<const feel::NameRef&>(*expr.callee).name)) {
      return pack_table_call(*in_.packs[inside][static_cast<size_t>(table - pack.tables.data())], expr);
    }
  }
  const std::string dotted = scheme::dotted_name(*expr.callee);
  if (dotted.empty()) return std::nullopt;
  const std::string first = dotted.substr(0, dotted.find('.'));
  const uint32_t named = scheme::pack_of(doc_, dotted);
  if (named == scheme::kNoPack) {
    if (scoped_name(first)) return std::nullopt;  // something else that is called
    throw Wrong{"unknown-pack", expr.span, "'" + dotted + "' is no function of a pack that is used here",
                inside == scheme::kNoPack ? "add the pack to uses: […]" : "a pack calls its own functions only"};
  }
  const std::string name = dotted.substr(doc_.packs[named]->id.size() + 1);
  std::vector<std::string_view> known;
  for (const scheme::PackFunction& function : doc_.packs[named]->functions) known.emplace_back(function.name);
  throw Wrong{"unknown-function", expr.span, "the pack " + doc_.packs[named]->id + " has no function '" + name + "'",
              scheme::suggest(name, known, "see kaogong pack show " + doc_.packs[named]->id)};
}

Bound Binder::pack_function(scheme::PackFunctionId id, const feel::Call& expr) {
  const scheme::Pack& pack = *doc_.packs[id.pack];
  const scheme::PackFunction& function = pack.functions[id.function];
  const std::string name = scheme::full_name(pack, function);
  const scheme::PackArguments arranged = scheme::arrange_arguments(function, name, expr);
  if (!arranged.error.empty()) throw Wrong{"wrong-arguments", expr.span, arranged.error, arranged.remedy};
  std::vector<Bound> arguments;
  for (size_t i = 0; i < arranged.values.size(); ++i) {
    const scheme::PackParameter& parameter = function.parameters[i];
    const feel::Expr* given = arranged.values[i];
    Bound value = given != nullptr ? with_facts(bind(*given)) : literal(parameter.type, *parameter.default_value);
    if (lenient_ && value.valid != nullptr && !parameter.type.nullable)
      throw Unsupported{"a value that may be null as an argument inside a filter"};
    try {
      arguments.push_back(conform(std::move(value), parameter, given != nullptr ? given->span : expr.span));
    } catch (const Wrong& wrong) {
      throw Wrong{wrong.code, wrong.span, "parameter of '" + name + "': " + wrong.message, wrong.remedy};
    }
  }
  // The function sees nothing of where it is called, but what is known here stays known.
  std::vector<Scope> scopes = std::move(scopes_);
  const bool lenient = lenient_, outermost = !pack_site_;
  const auto* const expression = expression_;
  if (outermost) pack_site_ = PackSite{expression_, expr.span, name};
  const auto restore = [&] {
    scopes_ = std::move(scopes);
    lenient_ = lenient;
    expression_ = expression;
    if (outermost) pack_site_.reset();
  };
  lenient_ = false;
  try {
    Bound result = pack_body(id, std::move(arguments));
    restore();
    return result;
  } catch (const Wrong& wrong) {
    restore();
    throw Wrong{wrong.code, expr.span, "in '" + name + "': " + wrong.message, wrong.remedy};
  } catch (const Unsupported& unsupported) {
    restore();
    throw Unsupported{"'" + name + "': " + unsupported.reason};
  }
}

Bound Binder::pack_body(scheme::PackFunctionId id, std::vector<Bound> arguments) {
  const scheme::PackFunction& function = doc_.packs[id.pack]->functions[id.function];
  scopes_.clear();
  scopes_.push_back({Scope::Kind::kPack, id.pack, {}, {}, 0});
  for (size_t i = 0; i < arguments.size(); ++i)
    scopes_.push_back({Scope::Kind::kName, 0, function.parameters[i].name, std::move(arguments[i]), 0});
  for (const scheme::Decision& step : function.steps)
    scopes_.push_back({Scope::Kind::kName, 0, step.name, define(step, false), 0});
  const auto facts = facts_;
  Node* const path = path_;
  for (const scheme::Check& check : function.checks) {
    if (check.when) {
      expression_ = &check.when;
      Node* when = bind_condition(*check.when.tree);
      assume(when);
      path_ = g_->logical_and(path, when);
    }
    expression_ = &check.require;
    fail(g_->logical_not(bind_condition(*check.require.tree)));
    facts_ = facts;
    path_ = path;
  }
  return define(function.result, false);
}

std::optional<Bound> Binder::pack_name(uint32_t pack, const std::string& n) {
  if (const auto* table = doc_.packs[pack]->table(n)) {
    Bound b;
    b.pack_table = in_.packs[pack][static_cast<size_t>(table - doc_.packs[pack]->tables.data())].get();
    b.kind = table->single() ? Bound::Kind::kLookupRow : Bound::Kind::kLookup;
    b.num = g_->constant(0);
    return b;
  }
  return calendar_name(n);
}

Bound Binder::pack_column(const BoundPackTable& table, const std::string& n, Node* row, feel::Span span) {
  const scheme::Lookup& lookup = table.in_force->lookup;
  const size_t place = place_of(lookup, n);
  if (place == lookup.columns.size())
    throw Wrong{"unknown-name", span, "'" + lookup.name + "' has no column '" + n + "'",
                "declare it, or correct the spelling"};
  const scheme::TypeDecl& type = lookup.columns[place].type;
  Bound b = gathered_column(table.columns[place], type, lookup.rows.size(), row);
  if (in_.check_only && type.nullable && b.valid == nullptr) {
    // Another edition may have nulls.
    auto& blank = blank_pack_columns_[&table.columns[place]];
    if (blank == nullptr) blank = &out_.owned_columns.emplace_back();
    b.valid = g_->load_valid(blank, kEmployees);
  }
  return b;
}

Bound Binder::pack_table_call(const BoundPackTable& table, const feel::Call& expr) {
  const scheme::TableInForce& in_force = *table.in_force;
  const scheme::PackTable& decl = *in_force.table;
  const scheme::Lookup& lookup = in_force.lookup;
  const size_t wanted = decl.key.size() + (decl.bands ? 1 : 0);
  for (const auto& argument : expr.arguments)
    if (!argument.name.empty()) throw Unsupported{"named arguments of a table"};
  if (expr.arguments.size() != wanted)
    throw Wrong{"wrong-arguments", expr.span,
                "'" + decl.name + "' is read by " + std::to_string(wanted) + " arguments, " +
                    std::to_string(expr.arguments.size()) + " are given",
                "give one a key column, then the value that is banded"};
  Node* row = g_->constant(0);
  if (!decl.key.empty()) {
    // Of several rows of one key the finder gives the first.
    bool known = true;
    row = key_row(lookup, table.columns, lookup.rows.size(), expr,
                  "pack" + std::to_string(reinterpret_cast<uintptr_t>(&table)), &known);
    if (in_.check_only && known && row->constant < 0)
      throw Wrong{"unknown-key", expr.span, "'" + decl.name + "' has no such key",
                  "correct the key, or give a pack that has it"};
    if (in_.check_only && !known) {  // any of the rows
      auto& any = any_row_[&table];
      if (any == nullptr) any = &out_.owned_columns.emplace_back();
      row = g_->load(any, kEmployees, 0, static_cast<Int>(lookup.rows.size()) - 1);
    }
    if (!in_.check_only) fail(g_->compare(Op::kLt, row, g_->constant(0)));
  }
  if (decl.bands) row = pack_band(table, row, with_facts(bind(*expr.arguments.back().value)), expr.span);
  Bound result;
  result.kind = Bound::Kind::kLookupRow;
  result.pack_table = &table;
  result.num = row;
  return result;
}

// The row of the band that `of` is in, among the rows of one key, of which `first` is the first.
Node* Binder::pack_band(const BoundPackTable& table, Node* first, Bound of, feel::Span span) {
  const scheme::TableInForce& in_force = *table.in_force;
  const scheme::PackTable& decl = *in_force.table;
  const size_t place = place_of(in_force.lookup, decl.bound);
  const column::Column& bounds = table.columns[place];
  const bool dates = bounds.type == TypeName::kDate;
  not_null(of, span, "in bands");
  if (of.kind != (dates ? Bound::Kind::kDate : Bound::Kind::kNumber))
    throw Wrong{"type-clash", span, "the bands of '" + decl.name + "' are read by a value of another type",
                "give a value of the type of the column '" + decl.bound + "'"};
  const int scale = std::max<int>(of.scale, bounds.scale);
  const Int factor = power_of_ten(scale - bounds.scale);
  Node* x = g_->scale(of.num, power_of_ten(scale - of.scale));
  using Kind = scheme::Bands::Kind;
  const Kind kind = *decl.bands;
  const bool downwards = kind == Kind::kAtLeast || kind == Kind::kAbove;
  // Each row's own bound is passed where the value is on the bound's far side; an open one's never (upwards) or always.
  const bool strictly = kind == Kind::kAbove || kind == Kind::kUpTo;
  size_t most = 0;
  for (const auto& group : in_force.groups) most = std::max<size_t>(most, group.count);
  Node* passed = g_->constant(0);
  if (in_force.groups.size() == 1 && of.den == nullptr) {
    std::vector<Int> thresholds;
    Int always = 0;
    for (uint32_t r = 0; r < in_force.groups[0].count; ++r) {
      if (!bounds.is_null(r)) {
        thresholds.push_back(bounds.get(r) * factor + (strictly ? 1 : 0));  // x > b is x >= b + 1
      } else {
        always += downwards;
      }
    }
    passed = g_->linear(always, {{1, g_->band(x, std::move(thresholds))}});
  } else {
    for (size_t j = 0; j < most; ++j) {
      std::vector<Int> threshold(in_force.lookup.rows.size(), 0), there = threshold, always = threshold;
      for (const auto& group : in_force.groups) {
        if (j >= group.count) continue;
        const size_t r = group.first + j;
        if (bounds.is_null(r)) {
          always[group.first] = downwards;
        } else {
          there[group.first] = 1;
          threshold[group.first] = bounds.get(r) * factor;
        }
      }
      Node* bound = g_->gather(first, std::move(threshold));
      if (of.den != nullptr) bound = g_->mul(of.den, bound);
      Node* beyond =
          g_->logical_and(g_->gather(first, std::move(there)), g_->compare(strictly ? Op::kGt : Op::kGe, x, bound));
      passed = g_->linear(0, {{1, passed}, {1, beyond}, {1, g_->gather(first, std::move(always))}});
    }
  }
  std::vector<Int> counts(in_force.lookup.rows.size(), 0);
  for (const auto& group : in_force.groups) counts[group.first] = group.count;
  Node* local = downwards ? g_->linear(-1, {{1, passed}}) : passed;
  Node* none = downwards ? g_->compare(Op::kLt, local, g_->constant(0))
                         : g_->compare(Op::kGe, local, g_->gather(first, std::move(counts)));
  if (!in_.check_only) fail(none);
  return g_->add(first, local);
}

std::vector<scheme::Finding> Binder::check_functions() {
  for (uint32_t p = 0; p < doc_.packs.size(); ++p) {
    const scheme::Pack& pack = *doc_.packs[p];
    for (uint32_t f = 0; f < pack.functions.size(); ++f) {
      Frame frame = enter_definition(kEmployees);
      try {
        std::vector<Bound> arguments;
        for (const scheme::PackParameter& parameter : pack.functions[f].parameters) {
          scheme::TypeDecl type = parameter.type;
          if (type.name == TypeName::kExact) {
            type.name = TypeName::kNumber;
            type.scale = 6;
          }
          column::Column& column = out_.owned_columns.emplace_back(column::make_column(type));
          arguments.push_back(load(column, type, kEmployees));
        }
        pack_body({p, f}, std::move(arguments));
      } catch (const Wrong& wrong) {
        report(wrong);
      } catch (const Unsupported& unsupported) {
        scheme::Finding note;
        note.severity = scheme::Severity::kNote;
        note.code = "row-by-row";
        note.at = pack.functions[f].at;
        note.message = "what calls '" + pack.functions[f].name + "' is computed row by row: " + unsupported.reason;
        note.remedy = "leave it, or write it otherwise where speed matters";
        out_.findings.push_back(std::move(note));
      }
      leave_definition(std::move(frame));
    }
  }
  return std::move(out_.findings);
}

std::vector<scheme::Finding> bind_pack_functions(const BindInput& input) { return Binder(input).check_functions(); }

}  // namespace kaogong::plan
