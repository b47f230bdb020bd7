// Lookups: a row by its key, and the rows that a filter leaves.
#include <algorithm>

#include "engine/plan/binder.h"

namespace kaogong::plan {

Bound Binder::lookup_call(uint32_t lookup, const feel::Call& expr) {
  const auto& decl = doc_.lookups[lookup];
  if (expr.arguments.size() != decl.key.size())
    throw Wrong{"wrong-arguments", expr.span,
                "'" + decl.name + "' is keyed by " + std::to_string(decl.key.size()) + " columns, " +
                    std::to_string(expr.arguments.size()) + " arguments are given",
                "give one argument a key column"};
  const auto& data = in_.lookups[lookup];
  Node* row = key_row(decl, *data.columns, data.rows, expr, "lookup" + std::to_string(lookup));
  if (!in_.check_only) {
    fail(g_->compare(Op::kLt, row, g_->constant(0)));
    if (const auto& faulty = in_.lookups[lookup].faulty; !faulty.empty()) {
      std::vector<Int> bad(faulty.begin(), faulty.end());
      fail(g_->gather(row, std::move(bad)));
    }
  }
  Bound result;
  result.kind = Bound::Kind::kLookupRow;
  result.lookup = lookup;
  result.num = row;
  return result;
}

Node* Binder::key_row(const scheme::Lookup& decl, const std::vector<column::Column>& columns, size_t rows,
                      const feel::Call& expr, std::string payload, bool* known) {
  std::vector<Node*> keys;
  std::vector<DictionaryPtr> dictionaries;
  std::vector<uint8_t> scales;
  for (size_t k = 0; k < decl.key.size(); ++k) {
    Bound key = with_facts(bind(*expr.arguments[k].value));
    not_null(key, expr.span, "as a key");
    if (known != nullptr) *known = *known && key.num->op == Op::kConst;
    if (key.den != nullptr) throw Unsupported{"a fraction as a key"};
    const auto column =
        std::find_if(decl.columns.begin(), decl.columns.end(), [&](const auto& c) { return c.name == decl.key[k]; });
    const bool is_string = column->type.name == scheme::TypeName::kString;
    if (is_string != (key.kind == Bound::Kind::kString))
      throw Wrong{"type-clash", expr.span, "key '" + decl.key[k] + "' has another type",
                  "give a value of the key column's type"};
    uint8_t scale = 0;
    if (key.kind == Bound::Kind::kNumber) {
      scale = std::max(key.scale, column->type.scale);
      key.num = g_->scale(key.num, power_of_ten(scale - key.scale));
    }
    keys.push_back(key.num);
    require_complete(key.dictionary);
    dictionaries.push_back(key.dictionary);
    scales.push_back(scale);
    payload += ',' + std::to_string(reinterpret_cast<uintptr_t>(key.dictionary.get())) + ':' + std::to_string(scale);
  }
  auto& finder = finders_[payload];
  if (!finder) {
    finder = std::make_shared<Finder>();
    for (size_t row = 0; row < rows; ++row) {
      std::vector<Int> key;
      for (size_t k = 0; k < decl.key.size(); ++k) {
        const auto c = static_cast<size_t>(std::find_if(decl.columns.begin(), decl.columns.end(),
                                                        [&](const auto& x) { return x.name == decl.key[k]; }) -
                                           decl.columns.begin());
        const auto& column = columns[c];
        Int value = column.get(row);
        if (dictionaries[k]) {
          // A key that the argument's column never holds: a code that no row has.
          const int32_t code = dictionaries[k]->find(column.dictionary->at(static_cast<int32_t>(value)));
          value = code >= 0 ? Int{code} : -1 - static_cast<Int>(row);
        } else {
          value = times_power_of_ten(value, scales[k] - decl.columns[c].type.scale);
        }
        key.push_back(value);
      }
      finder->keys.push_back(std::move(key));
    }
    finder->build();
  }
  return g_->hash_find(std::move(keys), finder, payload);
}

Bound Binder::gathered_column(const column::Column& column, const scheme::TypeDecl& type, size_t rows, Node* row) {
  std::vector<Int> values, valid;
  bool nulls = false;
  for (size_t r = 0; r < rows; ++r) {
    values.push_back(column.get(r));
    valid.push_back(!column.is_null(r));
    nulls = nulls || column.is_null(r);
  }
  Bound b = load(column, type, kEmployees);
  b.num = g_->gather(row, std::move(values));
  b.valid = nulls ? g_->gather(row, std::move(valid)) : nullptr;
  return b;
}

Bound Binder::lookup_column(const Bound& row, const std::string& n, feel::Span span) {
  if (row.pack_table != nullptr) return pack_column(*row.pack_table, n, row.num, span);
  const auto& decl = doc_.lookups[row.lookup];
  const auto& data = in_.lookups[row.lookup];
  const scheme::Named* what = nullptr;
  size_t index = 0;
  for (size_t c = 0; c < decl.columns.size(); ++c)
    if (decl.columns[c].name == n) what = &decl.columns[c], index = c;
  for (size_t c = 0; c < decl.computed.size(); ++c)
    if (decl.computed[c].name == n) what = &decl.computed[c], index = decl.columns.size() + c;
  if (what == nullptr)
    throw Wrong{"unknown-name", span, "'" + decl.name + "' has no column '" + n + "'",
                "declare it, or correct the spelling"};
  if (what->type.name == scheme::TypeName::kExact) throw Unsupported{"an unrounded column of a lookup"};
  if (in_.check_only && index >= data.columns->size()) {
    static const column::Column kNothing;
    return load(kNothing, what->type, kEmployees);
  }
  const auto& column = (*data.columns)[index];
  if (in_.check_only && !decl.is_inline) return load(column, what->type, kEmployees);
  return gathered_column(column, what->type, data.rows, row.num);
}

Binder::Picked Binder::pick(uint32_t lookup, const feel::Expr* predicate) {
  const auto& decl = doc_.lookups[lookup];
  const auto& data = in_.lookups[lookup];
  const auto column_of = [&](const std::string& n) {
    return std::find_if(decl.columns.begin(), decl.columns.end(), [&](const auto& c) { return c.name == n; });
  };
  // The predicate must be `a = … and b = …` over string columns, with values that read nothing of the lookup's row.
  std::vector<std::pair<size_t, const feel::Expr*>> keys;
  const auto split = [&](const auto& self, const feel::Expr& e) -> void {
    if (e.kind != feel::ExprKind::kBinary) throw Unsupported{"this filter over a lookup"};
    const auto& binary = static_cast<const feel::Binary&>(e);
    if (binary.op == feel::BinaryOp::kAnd) {
      self(self, *binary.left);
      self(self, *binary.right);
      return;
    }
    if (binary.op != feel::BinaryOp::kEq || binary.left->kind != feel::ExprKind::kName)
      throw Unsupported{"this filter over a lookup"};
    const auto column = column_of(static_cast<const feel::NameRef&>(*binary.left).name);
    if (column == decl.columns.end()) throw Unsupported{"a computed column in a filter"};
    const feel::Expr* value = binary.right.get();
    const bool of_this =
        value->kind == feel::ExprKind::kPath &&
        static_cast<const feel::Path&>(*value).object->kind == feel::ExprKind::kName &&
        static_cast<const feel::NameRef&>(*static_cast<const feel::Path&>(*value).object).name == "this";
    const bool of_employee = value->kind == feel::ExprKind::kName &&
                             column_of(static_cast<const feel::NameRef&>(*value).name) == decl.columns.end() &&
                             std::none_of(decl.computed.begin(), decl.computed.end(), [&](const auto& c) {
                               return c.name == static_cast<const feel::NameRef&>(*value).name;
                             });
    if (value->kind != feel::ExprKind::kString && !of_this && !of_employee)
      throw Unsupported{"this filter over a lookup"};
    keys.emplace_back(static_cast<size_t>(column - decl.columns.begin()), value);
  };
  if (predicate != nullptr) split(split, *predicate);
  std::vector<Node*> nodes;
  std::vector<DictionaryPtr> dictionaries;
  std::string payload = "picked" + std::to_string(lookup);
  for (const auto& [c, e] : keys) {
    Bound key = with_facts(bind(*e));
    if (key.kind != Bound::Kind::kString || decl.columns[c].type.name != scheme::TypeName::kString)
      throw Unsupported{"a filter over a lookup by something else than strings"};
    not_null(key, e->span, "in a filter");
    nodes.push_back(key.num);
    require_complete(key.dictionary);
    dictionaries.push_back(key.dictionary);
    payload += ',' + std::to_string(c) + ':' + std::to_string(reinterpret_cast<uintptr_t>(key.dictionary.get()));
  }
  Picked picked;
  auto finder = std::make_shared<Finder>();
  for (size_t row = 0; row < data.rows; ++row) {
    std::vector<Int> key;
    bool reachable = true;
    for (size_t k = 0; k < keys.size(); ++k) {
      const auto& values = (*data.columns)[keys[k].first];
      if (values.is_null(row)) throw Unsupported{"a filter over a lookup's nulls"};
      const int32_t code = dictionaries[k]->find(values.dictionary->at(static_cast<int32_t>(values.get(row))));
      reachable = reachable && code >= 0;
      key.push_back(code);
    }
    if (!reachable) continue;
    const auto found = std::find(finder->keys.begin(), finder->keys.end(), key);
    const auto at = static_cast<size_t>(found - finder->keys.begin());
    if (found == finder->keys.end()) {
      finder->keys.push_back(key);
      picked.rows.emplace_back();
    }
    picked.rows[at].push_back(row);
  }
  finder->build();
  picked.index =
      nodes.empty() ? g_->constant(picked.rows.empty() ? -1 : 0) : g_->hash_find(std::move(nodes), finder, payload);
  return picked;
}

Binder::Choice Binder::lookup_choice(uint32_t lookup, const feel::Expr* predicate, const std::string& column,
                                     const DictionaryPtr& dictionary) {
  const auto& decl = doc_.lookups[lookup];
  const auto wanted =
      std::find_if(decl.columns.begin(), decl.columns.end(), [&](const auto& c) { return c.name == column; });
  if (wanted == decl.columns.end()) throw Unsupported{"a computed column in a list"};
  const Picked picked = pick(lookup, predicate);
  Choice choice;
  choice.index = picked.index;
  const auto& values = (*in_.lookups[lookup].columns)[static_cast<size_t>(wanted - decl.columns.begin())];
  for (const auto& rows : picked.rows) {
    auto& codes = choice.lists.emplace_back();
    for (const size_t row : rows) {
      const int32_t code = dictionary->find(values.dictionary->at(static_cast<int32_t>(values.get(row))));
      codes.push_back(code >= 0 ? Int{code} : -1 - static_cast<Int>(row));
    }
  }
  return choice;
}

Bound Binder::lookup_rows(uint32_t lookup, const feel::Expr* predicate) {
  const auto& faulty = in_.lookups[lookup].faulty;
  if (std::any_of(faulty.begin(), faulty.end(), [](uint8_t f) { return f != 0; }))
    throw Unsupported{"a list of faulty rows"};
  Picked picked = pick(lookup, predicate);
  Bound list;
  list.kind = Bound::Kind::kLookupList;
  list.lookup = lookup;
  list.num = picked.index;
  list.picked = std::make_shared<const std::vector<std::vector<size_t>>>(std::move(picked.rows));
  return list;
}

Bound Binder::aggregate_lookup(const std::string& function, const Bound& list, feel::Span span) {
  const auto& decl = doc_.lookups[list.lookup];
  const auto& data = in_.lookups[list.lookup];
  std::vector<Int> counts, sums, least, most;
  const bool unknown = in_.check_only && !decl.is_inline;  // its rows come with the data
  const auto gathered = [&](std::vector<Int> values) {
    return values.empty() ? g_->constant(0) : g_->gather(list.num, std::move(values));
  };
  for (const auto& rows : *list.picked) counts.push_back(static_cast<Int>(rows.size()));
  const auto unknown_number = [&](Int low, Int high) {
    return g_->load(&out_.owned_columns.emplace_back(), kEmployees, low, high);
  };
  Node* count = unknown ? unknown_number(0, NaturalBounds::kLookupRows) : gathered(std::move(counts));
  if (function == "count") return number(count, 0);
  if (list.column.empty())
    throw Wrong{"type-clash", span, "'" + function + "' of whole rows", "name a column: " + function + "(rows.column)"};
  const scheme::Named* what = nullptr;
  size_t index = 0;
  for (size_t c = 0; c < decl.columns.size(); ++c)
    if (decl.columns[c].name == list.column) what = &decl.columns[c], index = c;
  for (size_t c = 0; c < decl.computed.size(); ++c)
    if (decl.computed[c].name == list.column) what = &decl.computed[c], index = decl.columns.size() + c;
  if (what == nullptr)
    throw Wrong{"unknown-name", span, "'" + decl.name + "' has no column '" + list.column + "'",
                "declare it, or correct the spelling"};
  if (!scheme::is_numeric(what->type.name) || what->type.name == scheme::TypeName::kExact)
    throw Unsupported{"an aggregate of this column of a lookup"};
  if (function != "sum" && function != "mean" && function != "min" && function != "max")
    throw Unsupported{"this aggregate of a lookup"};
  const bool extreme = function == "min" || function == "max";
  Node* value = nullptr;
  if (unknown) {
    const Bound one = load(index < data.columns->size() ? (*data.columns)[index] : out_.owned_columns.emplace_back(),
                           what->type, kEmployees);
    value = extreme ? one.num
                    : unknown_number(std::min<Int>(0, one.num->low * NaturalBounds::kLookupRows),
                                     std::max<Int>(0, one.num->high * NaturalBounds::kLookupRows));
  } else {
    const auto& column = (*data.columns)[index];
    for (const auto& rows : *list.picked) {
      Int sum = 0;
      for (const size_t row : rows) {
        if (column.is_null(row)) throw Unsupported{"an aggregate of a lookup's nulls"};
        sum += column.get(row);
      }
      const auto [low, high] = std::minmax_element(rows.begin(), rows.end(),
                                                   [&](size_t a, size_t b) { return column.get(a) < column.get(b); });
      sums.push_back(sum);
      least.push_back(column.get(*low));
      most.push_back(column.get(*high));
    }
    value = gathered(std::move(function == "min" ? least : function == "max" ? most : sums));
  }
  Bound result = number(value, what->type.scale);
  if (function == "mean") return divide(std::move(result), number(count, 0), span, true);
  if (extreme) fail(g_->compare(Op::kEq, count, g_->constant(0)));
  return result;
}

}  // namespace kaogong::plan
