#include "tests/tenants/snapshot/same_inputs.h"

#include <algorithm>

namespace kaogong::snapshot {

namespace {

bool all_null(const column::Column& column) {
  for (size_t row = 0; row < column.rows; ++row)
    if (!column.is_null(row)) return false;
  return true;
}

std::string compare(const std::string& name, const column::Column& a, const column::Column& b) {
  if (a.type != b.type || a.scale != b.scale || a.physical != b.physical) return name + ": another type";
  if (a.rows != b.rows) return name + ": " + std::to_string(a.rows) + " and " + std::to_string(b.rows) + " rows";
  if ((a.dictionary == nullptr) != (b.dictionary == nullptr)) return name + ": a dictionary";
  for (size_t row = 0; row < a.rows; ++row) {
    if (a.is_null(row) != b.is_null(row) || column::format_value(a, row) != column::format_value(b, row))
      return name + ", row " + std::to_string(row) + ": '" + column::format_value(a, row) + "' and '" +
             column::format_value(b, row) + "'";
  }
  if (a.valid.bytes() != b.valid.bytes()) return name + ": nulls";
  return {};
}

std::string compare_lookups(const std::string& name, const column::LookupTable& a, const column::LookupTable& b) {
  if (a.rows != b.rows || a.lines != b.lines || a.faulty != b.faulty || a.fault_columns != b.fault_columns ||
      a.fault_values != b.fault_values || a.columns.size() != b.columns.size())
    return name + ": rows";
  for (size_t i = 0; i < a.fault_texts.size(); ++i)
    if (a.fault_texts[i].zh != b.fault_texts[i].zh || a.fault_texts[i].en != b.fault_texts[i].en)
      return name + ": what is wrong";
  for (size_t c = 0; c < a.columns.size(); ++c)
    if (auto text = compare(name + " column " + std::to_string(c), a.columns[c], b.columns[c]); !text.empty())
      return text;
  return {};
}

std::string compare_history(const std::string& name, const column::HistoryColumnData& a,
                            const column::HistoryColumnData& b) {
  if (a.kind != b.kind || a.newest != b.newest) return name + ": periods";
  for (size_t p = 0; p < std::max(a.by_period.size(), b.by_period.size()); ++p) {
    const column::Column nothing;
    const auto& x = p < a.by_period.size() ? a.by_period[p] : nothing;
    const auto& y = p < b.by_period.size() ? b.by_period[p] : nothing;
    if (all_null(x) && all_null(y)) continue;
    if (auto text = compare(name + " period " + std::to_string(p), x, y); !text.empty()) return text;
  }
  return {};
}

std::string rejects_of(const folder::FolderInputs& folder) {
  std::vector<folder::Reject> list = folder.rejects.list;
  std::stable_sort(list.begin(), list.end(), [](const auto& x, const auto& y) { return x.row < y.row; });
  std::string text;
  for (const auto& r : list) {
    text += std::to_string(r.row) + " " + std::to_string(r.file) + ":" + std::to_string(r.line) + " " +
            std::to_string(r.column) + " " + std::string(folder.rejects.value(r)) + " " +
            std::string(folder.rejects.employee(r)) + " " +
            folder::error_text(r, folder.rejects.value(r), folder.spec.files[r.file]).en + "\n";
  }
  return text;
}

}  // namespace

std::string difference(const folder::FolderInputs& a, const folder::FolderInputs& b) {
  const column::Inputs &x = a.inputs, &y = b.inputs;
  if (!(x.period == y.period) || x.enrolled != y.enrolled) return "period or enrolled";
  if (x.rows() != y.rows()) return "rows";
  for (size_t row = 0; row < x.rows(); ++row)
    if (x.employees[row] != y.employees[row]) return "employee " + std::to_string(row);
  if (x.lines != y.lines) return "lines";
  if (a.refused != b.refused) return "refused";
  if (a.warnings != b.warnings) return "warnings";
  if (rejects_of(a) != rejects_of(b)) return "rejects: " + rejects_of(a) + "and " + rejects_of(b);
  if (x.inputs.size() != y.inputs.size() || x.tables.size() != y.tables.size() ||
      x.lookups.size() != y.lookups.size() || x.history.size() != y.history.size() ||
      x.parameters.size() != y.parameters.size())
    return "number of columns";
  std::string text;
  for (size_t c = 0; c < x.inputs.size() && text.empty(); ++c)
    text = compare("input " + std::to_string(c), x.inputs[c], y.inputs[c]);
  for (size_t t = 0; t < x.tables.size() && text.empty(); ++t) {
    const std::string name = "table " + std::to_string(t);
    if (x.tables[t].offsets != y.tables[t].offsets) return name + ": offsets";
    if (x.tables[t].lines != y.tables[t].lines) return name + ": lines";
    for (size_t c = 0; c < x.tables[t].columns.size() && text.empty(); ++c)
      text = compare(name + " column " + std::to_string(c), x.tables[t].columns[c], y.tables[t].columns[c]);
  }
  for (size_t i = 0; i < x.lookups.size() && text.empty(); ++i)
    text = compare_lookups("lookup " + std::to_string(i), x.lookups[i], y.lookups[i]);
  for (size_t h = 0; h < x.history.size() && text.empty(); ++h)
    text = compare_history("history " + std::to_string(h), x.history[h], y.history[h]);
  for (size_t p = 0; p < x.parameters.size() && text.empty(); ++p)
    text = compare("parameter " + std::to_string(p), x.parameters[p], y.parameters[p]);
  return text;
}

InMemory pack_in_memory(const folder::FolderInputs& folder, const scheme::Document& document, Compression compression) {
  InMemory packed;
  pack_chunks(folder, document, compression, [&](size_t, PackedChunk chunk) {
    packed.chunks.push_back(std::move(chunk.bytes));
    packed.facts.push_back(std::move(chunk.facts));
    return true;
  });
  packed.head = pack_head(folder, document, packed.facts);
  return packed;
}

std::optional<folder::FolderInputs> unpack_in_memory(const InMemory& packed, const scheme::Document& document,
                                                     std::string* error) {
  const auto give = [&](size_t place, std::string*) { return std::optional<std::string>(packed.chunks[place]); };
  return unpack(packed.head, document, give, error);
}

}  // namespace kaogong::snapshot
