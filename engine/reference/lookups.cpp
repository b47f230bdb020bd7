// Lookups: rows as contexts, with their computed columns. A lookup's rows are a population of their own to its computed
// columns and checks, so the same evaluation serves them.
#include <algorithm>

#include "engine/column/inline_lookups.h"
#include "engine/reference/model.h"
#include "engine/reference/reference.h"

namespace kaogong::reference {

using feel::Value;

LookupRows compute_lookup(const scheme::Document& document, const column::Inputs& inputs, size_t lookup) {
  const scheme::Lookup& decl = document.lookups[lookup];
  const bool given = lookup < inputs.lookups.size() && !inputs.lookups[lookup].columns.empty();
  const column::LookupTable made = given ? column::LookupTable{} : column::make_inline(decl);
  const column::LookupTable& table = given ? inputs.lookups[lookup] : made;
  LookupRows result;
  result.faults.resize(table.rows);
  for (size_t r = 0; r < table.rows && r < table.faulty.size(); ++r) {
    if (table.faulty[r] == 0) continue;
    column::Fault fault;
    fault.file = decl.name;
    fault.line = r < table.lines.size() ? table.lines[r] : 0;
    if (r < table.fault_columns.size()) fault.column = table.fault_columns[r];
    if (r < table.fault_values.size()) fault.value = table.fault_values[r];
    if (r < table.fault_texts.size()) fault.error = table.fault_texts[r];
    if (fault.error.en.empty()) fault.error = {"该行有误", "this row is faulty"};
    result.faults[r] = std::move(fault);
  }
  scheme::Document rows;
  rows.id = document.id;
  rows.periods = document.periods;
  rows.inputs = decl.columns;
  rows.parameters = document.parameters;
  rows.uses = document.uses;
  rows.packs = document.packs;
  rows.called = document.called;
  rows.decisions = decl.computed;
  rows.checks = decl.checks;
  for (const scheme::Decision& computed : decl.computed) rows.outputs.push_back(computed.name);

  column::Inputs population;
  population.period = inputs.period;
  population.enrolled = inputs.enrolled;
  for (const column::Column& column : table.columns) population.inputs.push_back(column::copied(column));
  for (const column::Column& column : inputs.parameters) population.parameters.push_back(column::copied(column));
  for (size_t r = 0; r < table.rows; ++r) {
    std::string id = std::to_string(r);
    population.employees.push_back(id.insert(0, 10 - id.size(), '0'));  // ties go to the earlier row
    population.lines.push_back(r < table.lines.size() ? table.lines[r] : 0);
  }
  for (const column::Column& column : population.inputs) result.columns.push_back(column::copied(column));
  result.exact.resize(result.columns.size());
  if (decl.computed.empty() && decl.checks.empty()) return result;
  std::vector<uint8_t> refused(table.rows, 0);
  for (size_t r = 0; r < table.rows; ++r) refused[r] = result.faults[r].has_value();
  ReferenceResult computed = run_reference(rows, population, std::move(refused));
  result.failure = std::move(computed.failure);
  for (column::Column& column : computed.columns) result.columns.push_back(std::move(column));
  for (std::vector<Value>& values : computed.exact) result.exact.push_back(std::move(values));
  for (column::Fault& fault : computed.faults) {
    auto& place = result.faults[fault.row];
    if (place) continue;
    if (fault.file == "population") fault.file = decl.name;
    place = std::move(fault);
  }
  return result;
}

void Model::make_lookups() {
  for (size_t l = 0; l < doc_.lookups.size(); ++l) make_lookup(static_cast<uint32_t>(l));
}

void Model::make_lookup(uint32_t index) {
  const scheme::Lookup& decl = doc_.lookups[index];
  LookupInfo info;
  info.decl = &decl;
  const LookupRows rows = compute_lookup(doc_, in_, index);
  if (!rows.failure.empty()) failure_ = rows.failure;
  std::vector<std::string> names;
  for (const scheme::Column& column : decl.columns) names.push_back(column.name);
  for (const scheme::Decision& computed : decl.computed) names.push_back(computed.name);
  std::vector<ColumnReader> columns;
  for (const column::Column& column : rows.columns) columns.emplace_back(column);
  std::vector<size_t> keys;
  for (const std::string& key : decl.key) {
    for (size_t c = 0; c < decl.columns.size(); ++c) {
      if (decl.columns[c].name == key) keys.push_back(c);
    }
  }
  info.faulty.resize(rows.faults.size());
  const auto refusal_of = [](const column::Fault& fault) {
    return std::make_shared<const Refusal>(Refusal{fault.error, fault.column, fault.value, fault.file, fault.line});
  };
  std::vector<std::string> key_of(rows.faults.size());
  for (size_t r = 0; r < rows.faults.size(); ++r) {
    if (rows.faults[r]) info.faulty[r] = refusal_of(*rows.faults[r]);
    std::string text;
    for (const size_t c : keys) {
      const Value value = columns[c].at(r);
      append_key(value, &key_of[r]);
      text += (text.empty() ? "" : ",") + shown(value);
    }
    const auto [first, fresh] = info.index.try_emplace(key_of[r], static_cast<uint32_t>(r));
    if (fresh) continue;
    // A key that stands twice: whoever reads it is refused, and the later row is named.
    column::Fault fault;
    fault.file = decl.name;
    fault.line = lookup_line(index, r);
    fault.column = decl.key.empty() ? "" : decl.key[0];
    fault.value = text;
    fault.error = {"重复的键", "this key stands twice"};
    if (info.faulty[r] == nullptr) info.faulty[r] = refusal_of(fault);
    if (info.faulty[first->second] == nullptr) info.faulty[first->second] = info.faulty[r];
  }
  for (size_t r = 0; r < rows.faults.size(); ++r) {
    std::vector<std::pair<std::string, Value>> entries;
    Value poison;
    if (info.faulty[r] != nullptr) poison = Value::function(std::make_shared<Poison>(*info.faulty[r]));
    for (size_t c = 0; c < names.size(); ++c) {
      const bool is_key = std::find(keys.begin(), keys.end(), c) != keys.end();
      Value value = poison;
      if (info.faulty[r] == nullptr || is_key) value = rows.exact[c].empty() ? columns[c].at(r) : rows.exact[c][r];
      entries.emplace_back(names[c], std::move(value));
    }
    info.rows.push_back(Value::context(std::move(entries)));
  }
  info.list = Value::list(info.rows);
  lookups_.push_back(std::move(info));
}

uint32_t Model::lookup_line(uint32_t lookup, size_t row) const {
  if (lookup < in_.lookups.size() && !in_.lookups[lookup].columns.empty()) {
    const auto& lines = in_.lookups[lookup].lines;
    return row < lines.size() ? lines[row] : 0;
  }
  const auto& positions = doc_.lookups[lookup].row_positions;
  return row < positions.size() ? positions[row].line : 0;
}

}  // namespace kaogong::reference
