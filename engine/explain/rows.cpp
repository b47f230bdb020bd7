// Lists of rows: which child rows, groups or lookup rows counted, and what was read of each.
#include <algorithm>

#include "engine/explain/builder.h"
#include "engine/feel/parser.h"
#include "engine/feel/walk.h"
#include "engine/scheme/literal.h"

namespace kaogong::explain {

using feel::ExprKind;
using feel::Value;
using feel::ValueKind;

namespace {

// A list's items; one context alone is a list of one.
std::vector<Value> items_of(const std::optional<Value>& value) {
  if (!value) return {};
  if (value->is(ValueKind::kContext)) return {*value};
  return value->is(ValueKind::kList) ? value->as_list() : std::vector<Value>();
}

const void* identity(const Value& value) { return value.is(ValueKind::kContext) ? &value.as_context() : nullptr; }

}  // namespace

bool Builder::find_source(const feel::Expr& tree, const Walk& walk, Source* source) const {
  switch (tree.kind) {
    case ExprKind::kName: {
      source->name = static_cast<const feel::NameRef*>(&tree);
      source->meaning = meaning(source->name->name, walk);
      using NameKind = reference::NameInfo::Kind;
      return source->meaning.kind == Meaning::Kind::kMembers ||
             (source->meaning.kind == Meaning::Kind::kEmployee &&
              (source->meaning.info->kind == NameKind::kChildren || source->meaning.info->kind == NameKind::kLookup));
    }
    case ExprKind::kFilter: {
      const auto& filter = static_cast<const feel::Filter&>(tree);
      if (!find_source(*filter.object, walk, source)) return false;
      source->predicates.push_back(filter.predicate.get());
      return true;
    }
    default:
      return false;
  }
}

void Builder::list(const feel::Expr& tree, Walk& walk) {
  const auto use = [&](const feel::Expr& rows, const Use& what) {
    Source source;
    if (!find_source(rows, walk, &source)) return false;
    const bool lookup = source.meaning.kind == Meaning::Kind::kEmployee &&
                        source.meaning.info->kind == reference::NameInfo::Kind::kLookup;
    lookup ? lookup_rows(rows, source, what, walk) : child_rows(rows, source, what, walk);
    return true;
  };
  switch (tree.kind) {
    case ExprKind::kName:
      // A list that another definition gives.
      if (!use(tree, {})) name(tree, static_cast<const feel::NameRef&>(tree).name, walk);
      return;
    case ExprKind::kPath: {
      const auto& path = static_cast<const feel::Path&>(tree);
      if (!use(*path.object, {&path.name, nullptr, nullptr})) this->walk(*path.object, walk);
      return;
    }
    case ExprKind::kFilter: {
      if (use(tree, {})) return;
      const auto& filter = static_cast<const feel::Filter&>(tree);
      this->walk(*filter.object, walk);
      Walk inner = walk;
      inner.bindings.emplace_back("item", Value());
      inner.worked = nullptr;
      inner.lenient = true;
      this->walk(*filter.predicate, inner);
      return;
    }
    case ExprKind::kFor: {
      const auto& iteration = static_cast<const feel::For&>(tree);
      return this->iteration(iteration.iterators, *iteration.body, walk);
    }
    case ExprKind::kQuantified: {
      const auto& quantified = static_cast<const feel::Quantified&>(tree);
      return iteration(quantified.iterators, *quantified.condition, walk);
    }
    default:
      return this->walk(tree, walk);
  }
}

// The first iterator that goes over rows shows them with the body; the lists of the others stand beside.
void Builder::iteration(const std::vector<feel::Iterator>& iterators, const feel::Expr& body, Walk& walk) {
  Walk inner = walk;
  inner.worked = nullptr;
  inner.whole = nullptr;
  if (iterators.size() == 1 && !iterators[0].range_end) {
    Source source;
    const feel::Expr& domain = *iterators[0].domain;
    if (find_source(domain, inner, &source)) {
      const bool lookup = source.meaning.kind == Meaning::Kind::kEmployee &&
                          source.meaning.info->kind == reference::NameInfo::Kind::kLookup;
      const Use use{nullptr, &iterators[0].name, &body};
      return lookup ? lookup_rows(domain, source, use, inner) : child_rows(domain, source, use, inner);
    }
  }
  for (const feel::Iterator& iterator : iterators) {
    list(*iterator.domain, inner);
    if (iterator.range_end) this->walk(*iterator.range_end, inner);
    inner.bindings.emplace_back(iterator.name, Value());
  }
  this->walk(body, inner);
}

void Builder::child_rows(const feel::Expr& list, const Source& source, const Use& use, Walk& walk) {
  const bool members = source.meaning.kind == Meaning::Kind::kMembers;
  const ChildRow group = members ? source.meaning.walk->at : ChildRow{};
  const uint32_t number = members ? model_.domains()[group.domain].table : source.meaning.info->index;
  const reference::DomainInfo& domain = model_.domains()[number];
  Node node;
  node.kind = Kind::kRows;
  node.name = domain.name;
  node.labels = domain.group != nullptr ? domain.group->labels : model_.tables()[domain.table].decl->labels;
  node.expression = feel::to_text(list);
  // A list's items are the very contexts of all rows: that tells which ones are in it.
  const std::vector<Value> all = items_of(evaluate(*source.name, walk));
  std::unordered_map<const void*, uint32_t> places;
  for (uint32_t i = 0; i < all.size(); ++i) places.emplace(identity(all[i]), i);
  const std::vector<Value> counted = items_of(evaluate(list, walk));
  node.count = counted.size();
  node.of = all.size();
  std::string seen = "rows " + node.expression;
  if (use.column != nullptr) seen += '.' + *use.column;
  if (use.body != nullptr) seen += ": " + feel::to_text(*use.body);
  if (!walk.here->seen.insert(seen).second) return;
  Sink own{&node, {}};
  Sink* shared = walk.at.domain == reference::kNone ? &own : walk.shared;
  std::vector<Node> values;
  std::vector<Node> rows;
  for (const Value& item : counted) {
    const auto place = places.find(identity(item));
    if (place == places.end()) continue;
    const uint32_t row = members ? evaluator_.group_rows(group)[place->second] : place->second;
    rows.push_back(child_row({number, row}, item, source, use, walk, shared));
  }
  // The rows first, then what they read beside them.
  std::move(node.children.begin(), node.children.end(), std::back_inserter(rows));
  node.children = std::move(rows);
  walk.here->node->children.push_back(std::move(node));
}

Node Builder::child_row(ChildRow at, const Value& context, const Source& source, const Use& use, const Walk& walk,
                        Sink* shared) {
  const reference::DomainInfo& domain = model_.domains()[at.domain];
  const reference::TableInfo& table = model_.tables()[domain.table];
  Node row;
  row.kind = Kind::kRow;
  if (domain.group == nullptr) {
    row.file = table.decl->name + ".csv";
    const uint64_t number = evaluator_.child_number(at);
    if (number < table.data->lines.size()) row.line = table.data->lines[number];
  } else {
    row.count = evaluator_.group_rows(at).size();
  }
  std::set<uint32_t> columns;
  Sink sink{&row, {}};
  Walk inner;
  inner.unit = walk.unit;
  inner.at = at;
  inner.outer = &walk;
  inner.here = &sink;
  inner.shared = shared;
  inner.columns = &columns;
  inner.depth = walk.depth;
  inner.lenient = true;
  for (const feel::Expr* predicate : source.predicates) this->walk(*predicate, inner);
  if (use.column != nullptr) {
    if (const auto column = domain.columns.find(*use.column); column != domain.columns.end())
      columns.insert(column->second);
  }
  // What tells the row apart: its group, or its key.
  if (domain.group != nullptr) {
    for (uint32_t c = 0; c < domain.stored.size(); ++c) columns.insert(c);
  } else {
    for (const std::string& key : table.decl->key) columns.insert(domain.columns.at(key));
    for (uint32_t c = 0; columns.empty() && c < domain.stored.size(); ++c) columns.insert(c);
  }
  std::optional<Node> result;
  const bool trivial = use.body != nullptr && use.body->kind == ExprKind::kPath &&
                       static_cast<const feel::Path&>(*use.body).object->kind == ExprKind::kName;
  if (use.body != nullptr) {
    Node& body = result.emplace();
    body.kind = Kind::kColumn;
    body.name = feel::to_text(*use.body);
    Sink body_sink{&body, {}};
    Walk each = walk;
    each.bindings.emplace_back(*use.variable, context);
    each.here = &body_sink;
    each.shared = shared;
    each.variable = use.variable;
    each.variable_domain = at.domain;
    each.variable_columns = &columns;
    each.worked = nullptr;
    if (const auto value = evaluate(*use.body, each)) body.value = show(*value);
    this->walk(*use.body, each);
  }
  // Computed columns may read further columns of the row.
  std::map<uint32_t, Node> done;
  for (bool more = true; more;) {
    more = false;
    for (const uint32_t column : std::set<uint32_t>(columns)) {
      if (done.contains(column)) continue;
      done.emplace(column, child_column(at, column, walk, shared, &columns));
      more = true;
    }
  }
  for (auto& [column, node] : done) row.children.push_back(std::move(node));
  if (result && !trivial) row.children.push_back(std::move(*result));
  return row;
}

Node Builder::child_column(ChildRow at, uint32_t column, const Walk& walk, Sink* shared, std::set<uint32_t>* columns) {
  const reference::DomainInfo& domain = model_.domains()[at.domain];
  const reference::TableInfo& table = model_.tables()[domain.table];
  Node node;
  node.kind = Kind::kColumn;
  const bool stored = column < domain.stored.size();
  const reference::Definition* definition = stored ? nullptr : &domain.computed[column - domain.stored.size()];
  const scheme::Named& decl = stored ? table.decl->columns[domain.stored[column]] : *definition->decl;
  node.name = decl.name;
  node.labels = decl.labels;
  node.type = scheme::type_name(decl.type.name);
  if (scheme::is_decimal(decl.type.name)) node.decimals = decl.type.scale;
  Value value;
  try {
    value = evaluator_.child_column(at, column);
    node.value = show(value, decl.type);
  } catch (const reference::Blocked&) {
  } catch (const reference::Refusal&) {
  } catch (const feel::EvalFailure&) {
  }
  if (stored) {
    node.remark = one_line(decl.remark);
    return node;
  }
  Sink sink{&node, {}};
  Walk inner;
  inner.at = at;
  inner.here = &sink;
  inner.shared = shared;
  inner.columns = columns;
  inner.depth = walk.depth;
  define(*definition, value, inner, &node);
  return node;
}

void Builder::lookup_rows(const feel::Expr& list, const Source& source, const Use& use, Walk& walk) {
  const uint32_t number = source.meaning.info->index;
  const reference::LookupInfo& lookup = model_.lookups()[number];
  Node node;
  node.kind = Kind::kRows;
  node.name = lookup.decl->name;
  node.labels = lookup.decl->labels;
  node.expression = feel::to_text(list);
  std::string seen = "rows " + node.expression;
  if (use.column != nullptr) seen += '.' + *use.column;
  if (!walk.here->seen.insert(seen).second) return;
  const std::vector<Value>& all = lookup.rows;
  std::unordered_map<const void*, size_t> places;
  for (size_t i = 0; i < all.size(); ++i) places.emplace(identity(all[i]), i);
  const std::vector<Value> counted = items_of(evaluate(list, walk));
  node.count = counted.size();
  node.of = all.size();
  Sink own{&node, {}};
  Sink* shared = walk.at.domain == reference::kNone ? &own : walk.shared;
  std::vector<Node> rows;
  for (const Value& item : counted) {
    const auto place = places.find(identity(item));
    if (place == places.end()) continue;
    Node row;
    row.kind = Kind::kRow;
    if (!lookup.decl->is_inline) row.file = lookup.decl->name + ".csv";
    row.line = model_.lookup_line(number, place->second);
    Sink sink{&row, {}};
    Walk inner = walk;
    inner.here = &sink;
    inner.shared = shared;
    inner.worked = nullptr;
    inner.lenient = true;
    for (const auto& entry : item.as_context().entries()) inner.bindings.push_back(entry);
    for (const feel::Expr* predicate : source.predicates) this->walk(*predicate, inner);
    if (use.body != nullptr) {
      inner.bindings.emplace_back(*use.variable, item);
      this->walk(*use.body, inner);
    }
    for (const auto& [name, value] : item.as_context().entries()) {
      const auto& key = lookup.decl->key;
      bool read =
          std::find(key.begin(), key.end(), name) != key.end() || (use.column != nullptr && *use.column == name);
      for (const feel::Expr* predicate : source.predicates) read = read || feel::mentions_name(*predicate, name);
      if (read) row.children.push_back(lookup_column(lookup, name, item));
    }
    if (use.body != nullptr) {
      Node body;
      body.kind = Kind::kColumn;
      body.name = feel::to_text(*use.body);
      if (const auto value = evaluate(*use.body, inner)) body.value = show(*value);
      row.children.push_back(std::move(body));
    }
    rows.push_back(std::move(row));
  }
  std::move(node.children.begin(), node.children.end(), std::back_inserter(rows));
  node.children = std::move(rows);
  walk.here->node->children.push_back(std::move(node));
}

}  // namespace kaogong::explain
