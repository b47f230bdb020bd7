#include "tenants/snapshot/chunk.h"

#include <algorithm>
#include <cstdlib>
#include <numeric>

#include "tenants/snapshot/limits.h"

namespace kaogong::snapshot {

namespace {

constexpr std::string_view kMark = "KGc1";
enum class LinesForm : uint8_t { kNone, kByEmployee, kByRow };

/// The lines of child rows: one number an employee where they are consecutive, as they mostly are.
void append_child_lines(const column::ChildTable& table, size_t begin, size_t end, ByteWriter* out) {
  if (table.lines.empty()) return out->u8(static_cast<uint8_t>(LinesForm::kNone));
  std::vector<uint32_t> before(end - begin, 0);
  bool consecutive = true;
  for (size_t i = begin; i < end && consecutive; ++i) {
    const uint64_t first = table.offsets[i], last = table.offsets[i + 1];
    if (first == last) continue;
    before[i - begin] = table.lines[first] - 1;
    for (uint64_t row = first; row < last && consecutive; ++row)
      consecutive = table.lines[row] == table.lines[first] + (row - first);
  }
  if (consecutive) {
    out->u8(static_cast<uint8_t>(LinesForm::kByEmployee));
    append_counts(before.data(), before.size(), out);
  } else {
    out->u8(static_cast<uint8_t>(LinesForm::kByRow));
    append_counts(table.lines.data() + table.offsets[begin], table.offsets[end] - table.offsets[begin], out);
  }
}

bool has_value(const column::Column& column, size_t begin, size_t end) {
  if (column.rows == 0) return false;
  if (column.valid.bytes() == 0) return true;
  const std::byte* valid = column.valid.data();
  return std::find(valid + begin, valid + end, std::byte{1}) != valid + end;
}

}  // namespace

RejectsByRow::RejectsByRow(const folder::Rejects& rejects) : rejects_(rejects) {
  for (size_t i = 0; i < rejects.list.size(); ++i)
    if (rejects.list[i].row != folder::kNoRow) order_.push_back(static_cast<uint32_t>(i));
  std::stable_sort(order_.begin(), order_.end(),
                   [&](uint32_t a, uint32_t b) { return rejects.list[a].row < rejects.list[b].row; });
}

std::pair<const uint32_t*, const uint32_t*> RejectsByRow::of(size_t begin, size_t end) const {
  const auto at = [&](size_t row) {
    return std::lower_bound(order_.data(), order_.data() + order_.size(), row,
                            [&](uint32_t place, size_t wanted) { return rejects_.list[place].row < wanted; });
  };
  return {at(begin), at(end)};
}

PackedChunk pack_chunk(const folder::FolderInputs& folder, const scheme::Document& document,
                       const RejectsByRow& rejects, size_t begin, size_t end, Compression compression) {
  const column::Inputs& inputs = folder.inputs;
  const size_t rows = end - begin;
  ByteWriter out;
  out.varint(rows);
  append_ids(
      rows, [&](size_t i) { return inputs.employees[begin + i]; }, &out);
  const uint8_t* refused = folder.refused.data() + begin;
  const bool any_refused = std::any_of(refused, refused + rows, [](uint8_t r) { return r != 0; });
  out.u8(any_refused ? 1 : 0);
  if (any_refused) {
    char* bits = out.grow((rows + 7) / 8);
    for (size_t i = 0; i < rows; ++i)
      if (refused[i] != 0) bits[i / 8] = static_cast<char>(bits[i / 8] | 1 << (i % 8));
  }
  out.u8(inputs.lines.empty() ? 0 : 1);
  if (!inputs.lines.empty()) append_counts(inputs.lines.data() + begin, rows, &out);
  for (size_t c = 0; c < inputs.inputs.size(); ++c)
    append_column(inputs.inputs[c], begin, end, form_for(document.inputs[c].type), nullptr, &out);
  for (size_t t = 0; t < inputs.tables.size(); ++t) {
    const column::ChildTable& table = inputs.tables[t];
    std::vector<uint32_t> sizes(rows);
    for (size_t i = 0; i < rows; ++i)
      sizes[i] = static_cast<uint32_t>(table.offsets[begin + i + 1] - table.offsets[begin + i]);
    append_counts(sizes.data(), rows, &out);
    append_child_lines(table, begin, end, &out);
    for (size_t c = 0; c < table.columns.size(); ++c)
      append_column(table.columns[c], table.offsets[begin], table.offsets[end],
                    form_for(document.tables[t].columns[c].type), nullptr, &out);
  }
  for (size_t h = 0; h < inputs.history.size(); ++h) {
    const auto& periods = inputs.history[h].by_period;
    std::vector<uint8_t> present;
    for (const auto& period : periods) present.push_back(has_value(period, begin, end) ? 1 : 0);
    while (!present.empty() && present.back() == 0) present.pop_back();
    out.varint(present.size());
    for (size_t p = 0; p < present.size(); ++p) {
      out.u8(present[p]);
      if (present[p] != 0) append_column(periods[p], begin, end, form_for(document.history[h].type), nullptr, &out);
    }
  }
  const auto [from, to] = rejects.of(begin, end);
  out.varint(static_cast<uint64_t>(to - from));
  for (const uint32_t* place = from; place != to; ++place) {
    const folder::Reject& reject = folder.rejects.list[*place];
    append_reject(folder.rejects, reject, reject.row - static_cast<uint32_t>(begin), &out);
  }
  PackedChunk chunk;
  chunk.bytes = sealed(kMark, out.bytes(), compression);
  ChunkView view;
  if (!parse_chunk(out.bytes(), document, folder.spec, &view)) std::abort();  // what was just written
  chunk.facts = facts_of(sealed_checksum(chunk.bytes), view);
  return chunk;
}

bool parse_chunk(std::string_view body, const scheme::Document& document, const folder::FolderSpec& spec,
                 ChunkView* view) {
  ByteReader in(body);
  const auto rows = static_cast<size_t>(in.varint(kChunkRowsMax));
  if (!in.ok() || rows == 0) return false;
  view->rows = rows;
  view->ids = take_ids(&in, rows, kIdBytesMax);
  if (in.u8() != 0) view->refused = in.take((rows + 7) / 8).data();
  if (in.u8() != 0) view->lines = take_counts(&in, rows);
  const auto column = [&](size_t count, const scheme::TypeDecl& type, std::vector<PackedColumn>* out) {
    out->push_back(take_column(&in, count));
    return in.ok() && fits(out->back(), type);
  };
  for (const auto& input : document.inputs)
    if (!column(rows, input.type, &view->inputs)) return false;
  for (const auto& declared : document.tables) {
    auto& table = view->tables.emplace_back();
    const Counts sizes = take_counts(&in, rows);
    table.sizes.resize(rows);
    if (!in.ok() || !sizes.read(table.sizes.data())) return false;
    table.rows = std::accumulate(table.sizes.begin(), table.sizes.end(), uint64_t{0});
    if (table.rows > kTableRowsMax) return false;
    const uint8_t form = in.u8();
    if (form == static_cast<uint8_t>(LinesForm::kByEmployee)) table.first_lines = take_counts(&in, rows);
    if (form == static_cast<uint8_t>(LinesForm::kByRow)) table.lines = take_counts(&in, table.rows);
    if (!in.ok() || form > static_cast<uint8_t>(LinesForm::kByRow)) return false;
    for (const auto& of : declared.columns)
      if (!column(table.rows, of.type, &table.columns)) return false;
  }
  for (const auto& declared : document.history) {
    auto& periods = view->history.emplace_back();
    const uint64_t count = in.varint(kHistoryPeriodsMax);
    for (uint64_t p = 0; p < count && in.ok(); ++p) {
      auto& period = periods.emplace_back();
      period.present = in.u8() != 0;
      if (!period.present) continue;
      period.column = take_column(&in, rows);
      if (!in.ok() || !fits(period.column, declared.type)) return false;
    }
  }
  return take_rejects(&in, rows, spec, &view->rejects) && in.ok() && in.left() == 0;
}

ChunkFacts facts_of(const Checksum& checksum, const ChunkView& view) {
  ChunkFacts facts;
  facts.first_employee = std::string(view.ids.prefix) + std::string(view.ids.rest(0));
  facts.rows = static_cast<uint32_t>(view.rows);
  for (size_t i = 0; i < view.rows; ++i) {
    const std::string_view rest = view.ids.rest(i);
    if (rest.size() + view.ids.prefix.size() != 0 && (i == 0 || rest != view.ids.rest(i - 1))) ++facts.enrolled;
    if (view.refused != nullptr) facts.refused += static_cast<uint8_t>(view.refused[i / 8]) >> (i % 8) & 1;
  }
  facts.id_bytes = view.ids.bytes_total();
  facts.has_lines = view.lines.has_value();
  for (const auto& column : view.inputs) facts.nulls.push_back(column.nulls != nullptr ? 1 : 0);
  for (const auto& table : view.tables) {
    facts.tables.push_back({table.rows, table.lines || table.first_lines});
    for (const auto& column : table.columns) facts.nulls.push_back(column.nulls != nullptr ? 1 : 0);
  }
  for (const auto& periods : view.history) {
    auto& present = facts.history.emplace_back();
    for (const auto& period : periods) present.push_back(period.present ? 1 : 0);
  }
  facts.checksum = checksum;
  return facts;
}

bool view_chunk(std::string_view bytes, const ChunkFacts& facts, const scheme::Document& document,
                const folder::FolderSpec& spec, ChunkView* view, std::string* error) {
  auto opened = unsealed(kMark, bytes, error);
  if (!opened) return false;
  view->unsealed = std::move(*opened);
  if (view->unsealed.checksum != facts.checksum) {
    *error = "they are of another snapshot";
    return false;
  }
  if (parse_chunk(view->unsealed.body, document, spec, view) && facts_of(facts.checksum, *view) == facts) return true;
  *error = "what they hold does not belong to the scheme's inputs";
  return false;
}

void append_reject(const folder::Rejects& from, const folder::Reject& reject, uint32_t row, ByteWriter* out) {
  out->varint(row);
  out->varint(reject.line);
  out->u8(static_cast<uint8_t>(reject.kind));
  out->varint(reject.file);
  out->varint(reject.column);
  out->varint(reject.detail);
  out->varint(reject.detail2);
  out->text(from.value(reject));
  out->text(from.employee(reject));
}

bool take_rejects(ByteReader* in, uint64_t rows, const folder::FolderSpec& spec, folder::Rejects* rejects) {
  constexpr size_t kRejectBytesMin = 9;
  const uint64_t count = in->varint(in->left() / kRejectBytesMin);
  for (uint64_t i = 0; i < count && in->ok(); ++i) {
    folder::Reject reject;
    reject.row = static_cast<uint32_t>(in->varint(UINT32_MAX));
    reject.line = static_cast<uint32_t>(in->varint(UINT32_MAX));
    const uint8_t kind = in->u8();
    reject.kind = static_cast<folder::RejectKind>(kind);
    reject.file = static_cast<uint16_t>(in->varint(UINT16_MAX));
    reject.column = static_cast<uint16_t>(in->varint(UINT16_MAX));
    reject.detail = static_cast<uint32_t>(in->varint(UINT32_MAX));
    reject.detail2 = static_cast<uint32_t>(in->varint(UINT32_MAX));
    const std::string_view value = in->text(UINT16_MAX), employee = in->text(UINT16_MAX);
    // What the sentence for it looks at must be there.
    const bool in_order = rows == 0 ? reject.row == folder::kNoRow
                                    : reject.row < rows && (i == 0 || reject.row >= rejects->list.back().row);
    const bool known = in->ok() && in_order && kind <= static_cast<uint8_t>(folder::RejectKind::kUnknownEmployee) &&
                       reject.file < spec.files.size() &&
                       (reject.column < spec.files[reject.file].columns.size() ||
                        (reject.column == folder::kNoColumn && reject.kind == folder::RejectKind::kMalformedRow));
    if (!known) return false;
    reject.value_at = rejects->texts.size();
    reject.value_size = static_cast<uint16_t>(value.size());
    reject.employee_size = static_cast<uint16_t>(employee.size());
    rejects->texts.append(value).append(employee);
    rejects->list.push_back(reject);
  }
  return in->ok();
}

}  // namespace kaogong::snapshot
