// Functions and dated tables of packs.
#include "engine/feel/compare.h"
#include "engine/reference/row_evaluator.h"
#include "engine/reference/unit_maker.h"
#include "engine/scheme/literal.h"
#include "engine/scheme/period.h"

namespace kaogong::reference {

using feel::Value;
using feel::ValueKind;

namespace {

PackTableInfo make_table(const scheme::PackTable& table, int32_t day) {
  PackTableInfo info;
  info.in_force = scheme::rows_in_force(table, day);
  const scheme::Lookup& lookup = info.in_force->lookup;
  for (const auto& row : lookup.rows) {
    std::vector<std::pair<std::string, Value>> entries;
    for (size_t c = 0; c < lookup.columns.size(); ++c) {
      Value value = literal(lookup.columns[c].type, row[c]);
      if (table.bands && lookup.columns[c].name == table.bound) info.bounds.push_back(value);
      entries.emplace_back(lookup.columns[c].name, std::move(value));
    }
    info.rows.push_back(Value::context(std::move(entries)));
  }
  info.list = Value::list(info.rows);
  for (uint32_t g = 0; g < info.in_force->groups.size(); ++g) {
    const Value& row = info.rows[info.in_force->groups[g].first];
    std::string key;
    for (const std::string& name : table.key) append_key(*row.as_context().find(name), &key);
    info.groups.emplace(std::move(key), g);
  }
  return info;
}

scheme::Labels behind(const std::string& zh, const std::string& en, const scheme::Labels& error) {
  return {zh + ":" + error.zh, en + ": " + error.en};
}

// Runs a part of a function; what is wrong in it is said with its place.
template <class Run>
Value part_of(const std::string& function, const std::string& zh, const std::string& en, Run run) {
  try {
    return run();
  } catch (const feel::EvalFailure& failure) {
    throw Refusal{behind(function + zh, function + en, worded(failure.error.message)), {}, {}, {}, 0};
  } catch (Refusal& refusal) {
    if (refusal.file.empty()) refusal.error = behind(function + zh, function + en, refusal.error);
    throw;
  }
}

}  // namespace

void Model::make_packs() {
  const int32_t day = scheme::last_day(in_.period);
  packs_.resize(doc_.packs.size());
  for (uint32_t p = 0; p < packs_.size(); ++p) {
    PackInfo& info = packs_[p];
    info.decl = doc_.packs[p].get();
    for (const scheme::PackTable& table : info.decl->tables) info.tables.push_back(make_table(table, day));
    info.functions.resize(info.decl->functions.size());
    for (uint32_t f = 0; f < info.functions.size(); ++f) {
      PackFunctionInfo& function = info.functions[f];
      function.decl = &info.decl->functions[f];
      function.name = scheme::full_name(*info.decl, *function.decl);
      for (const scheme::PackParameter& parameter : function.decl->parameters) {
        function.defaults.push_back(parameter.default_value ? literal(parameter.type, *parameter.default_value)
                                                            : Value());
      }
      for (const scheme::Decision& step : function.decl->steps) function.steps.push_back(make_definition(step));
      function.result = make_definition(function.decl->result);
      const auto finish = [&](Definition& definition) {
        UnitMaker maker(*this, p);
        maker.add(*definition.decl);
        maker.finish(&definition.unit);
        definition.table_outputs = {&definition.decl->type};
      };
      for (Definition& step : function.steps) finish(step);
      finish(function.result);
      for (const scheme::Check& check : function.decl->checks) {
        CheckInfo& made = function.checks.emplace_back();
        made.decl = &check;
        UnitMaker maker(*this, p);
        maker.add(check.when);
        maker.add(check.require);
        maker.finish(&made.unit);
      }
    }
  }
}

std::optional<Value> RowEvaluator::PackScope::find(std::string_view name) const {
  const PackInfo& pack = owner_.model_.packs()[pack_];
  if (const scheme::PackTable* table = pack.decl->table(name)) {
    const PackTableInfo& info = pack.tables[static_cast<size_t>(table - pack.decl->tables.data())];
    return table->single() && !info.rows.empty() ? info.rows.front() : info.list;
  }
  using Kind = NameInfo::Kind;
  for (const auto& [word, kind] : {std::pair{"period", Kind::kPeriod}, std::pair{"period_start", Kind::kPeriodStart},
                                   std::pair{"period_end", Kind::kPeriodEnd}, std::pair{"year", Kind::kYear}}) {
    if (name == word) return owner_.calendar(kind);
  }
  return std::nullopt;
}

uint32_t RowEvaluator::pack_row(const CallInfo& info, const std::vector<Value>& arguments, feel::Span span) const {
  const PackInfo& pack = model_.packs()[info.pack];
  const PackTableInfo& table = pack.tables[info.part];
  const scheme::PackTable& decl = *table.in_force->table;
  const auto fail = [&](const std::string& why) -> void { throw feel::EvalFailure{{why, span}}; };
  if (arguments.size() != decl.key.size() + (decl.bands ? 1 : 0)) fail("wrong number of arguments");
  std::string key, text;
  for (size_t i = 0; i < decl.key.size(); ++i) {
    refuse_poison(arguments[i]);
    if (arguments[i].is_null()) fail("cannot look up null in " + decl.name);
    append_key(arguments[i], &key);
    text += (text.empty() ? "" : "/") + shown(arguments[i]);
  }
  const std::string day = scheme::date_to_text(scheme::last_day(model_.inputs().period));
  const auto found = table.groups.find(key);
  if (found == table.groups.end()) {
    throw Refusal{{pack.decl->id + "的" + decl.name + "中没有\"" + text + "\"(" + day + "有效)",
                   "there is no '" + text + "' in " + decl.name + " of " + pack.decl->id + " in force on " + day},
                  {},
                  text,
                  {},
                  0};
  }
  const scheme::TableInForce::Group group = table.in_force->groups[found->second];
  if (!decl.bands) return group.first;
  const Value& of = arguments.back();
  refuse_poison(of);
  if (of.is_null()) fail("cannot look up null in " + decl.name);
  const auto band = scheme::find_band(
      *decl.bands, group.first, group.count, [&](uint32_t row) -> std::optional<std::strong_ordering> {
        if (table.bounds[row].is_null()) return std::nullopt;
        const auto order = feel::order(of, table.bounds[row], feel::builtin_zones());
        if (!order) fail("cannot order " + std::string(feel::to_string(of.kind())) + " and the bounds");
        return *order;
      });
  if (!band) {
    throw Refusal{{"不在" + pack.decl->id + "的" + decl.name + "的任何档次内",
                   "in no band of " + decl.name + " of " + pack.decl->id},
                  {},
                  shown(of),
                  {},
                  0};
  }
  return *band;
}

Value RowEvaluator::pack_call(const CallInfo& info, const feel::Call& call, feel::Evaluator& evaluator,
                              const feel::Environment& scope) {
  const PackFunctionInfo& function = model_.packs()[info.pack].functions[info.part];
  if (!info.pack_arguments.error.empty()) evaluator.fail(call.span, info.pack_arguments.error);
  const PackScope root(*this, info.pack);
  feel::Environment local(root);
  for (size_t i = 0; i < function.decl->parameters.size(); ++i) {
    const scheme::PackParameter& parameter = function.decl->parameters[i];
    const feel::Expr* argument = info.pack_arguments.values[i];
    const Value given = argument == nullptr ? function.defaults[i] : evaluator.evaluate(*argument, scope);
    local = local.with(parameter.name, part_of(function.name, "的" + parameter.name, ", " + parameter.name,
                                               [&] { return conform(given, parameter.type); }));
  }
  for (const Definition& step : function.steps) {
    const std::string& name = step.decl->name;
    local = local.with(name, part_of(function.name, "的" + name, ", " + name,
                                     [&] { return conform(define(step, local), step.decl->type); }));
  }
  for (const CheckInfo& check : function.checks) {
    part_of(function.name, "", "", [&]() -> Value {
      const auto holds = [&](const scheme::Expression& expression) {
        const Value value = evaluate_in(*expression.tree, check.unit, local);
        if (!value.is(ValueKind::kBoolean)) {
          throw feel::EvalFailure{{"the condition is " + std::string(feel::to_string(value.kind())), {}}};
        }
        return value.as_boolean();
      };
      if ((check.decl->when && !holds(check.decl->when)) || holds(check.decl->require)) return {};
      Refusal refusal{check.decl->message, {}, {}, {}, 0};
      if (refusal.error.en.empty()) refusal.error.en = "does not hold: " + check.decl->require.text;
      if (refusal.error.zh.empty()) refusal.error.zh = "不符合条件:" + check.decl->require.text;
      if (!check.decl->column.empty()) refusal.value = shown(local.find(check.decl->column).value_or(Value()));
      throw refusal;
    });
  }
  return part_of(function.name, "", "",
                 [&] { return conform(define(function.result, local), function.decl->result.type); });
}

}  // namespace kaogong::reference
