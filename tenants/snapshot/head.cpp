// The head of a snapshot as bytes.
#include <algorithm>

#include "engine/column/inline_lookups.h"
#include "tenants/snapshot/limits.h"
#include "tenants/snapshot/signature.h"
#include "tenants/snapshot/snapshot.h"

namespace kaogong::snapshot {

namespace {

constexpr std::string_view kMark = "KGs1";

void append_bits(const std::vector<uint8_t>& bits, ByteWriter* out) {
  out->varint(bits.size());
  char* bytes = out->grow((bits.size() + 7) / 8);
  for (size_t i = 0; i < bits.size(); ++i)
    if (bits[i] != 0) bytes[i / 8] = static_cast<char>(bytes[i / 8] | 1 << (i % 8));
}

std::vector<uint8_t> take_bits(ByteReader* in, uint64_t most) {
  const auto count = static_cast<size_t>(in->varint(most));
  const std::string_view bytes = in->take((count + 7) / 8);
  std::vector<uint8_t> bits;
  for (size_t i = 0; i < count && in->ok(); ++i) bits.push_back(static_cast<uint8_t>(bytes[i / 8]) >> (i % 8) & 1);
  return bits;
}

void append_facts(const ChunkFacts& facts, ByteWriter* out) {
  out->text(facts.first_employee);
  out->varint(facts.rows);
  out->varint(facts.enrolled);
  out->varint(facts.refused);
  out->varint(facts.id_bytes);
  out->u8(facts.has_lines ? 1 : 0);
  out->varint(facts.tables.size());
  for (const auto& table : facts.tables) {
    out->varint(table.rows);
    out->u8(table.has_lines ? 1 : 0);
  }
  append_bits(facts.nulls, out);
  out->varint(facts.history.size());
  for (const auto& periods : facts.history) append_bits(periods, out);
  out->append(to_bytes(facts.checksum));
}

ChunkFacts take_facts(ByteReader* in) {
  ChunkFacts facts;
  facts.first_employee = in->text(kIdBytesMax);
  facts.rows = static_cast<uint32_t>(in->varint(kChunkRowsMax));
  facts.enrolled = static_cast<uint32_t>(in->varint(facts.rows));
  facts.refused = static_cast<uint32_t>(in->varint(facts.rows));
  facts.id_bytes = in->varint(uint64_t{facts.rows} * kIdBytesMax);
  facts.has_lines = in->u8() != 0;
  facts.tables.resize(in->varint(std::min<uint64_t>(kColumnsMax, in->left())));
  for (auto& table : facts.tables) {
    table.rows = in->varint(kTableRowsMax);
    table.has_lines = in->u8() != 0;
  }
  facts.nulls = take_bits(in, uint64_t{kColumnsMax} * kColumnsMax);
  facts.history.resize(in->varint(std::min<uint64_t>(kColumnsMax, in->left())));
  for (auto& periods : facts.history) periods = take_bits(in, kHistoryPeriodsMax);
  const std::string_view checksum = in->take(kChecksumBytes);
  if (in->ok()) facts.checksum = checksum_from(checksum);
  if (facts.rows == 0) in->fail();
  return facts;
}

/// A column that stands in the head as a whole.
bool take_whole(ByteReader* in, size_t rows, const scheme::TypeDecl& type, column::Column* column) {
  const PackedColumn packed = take_column(in, rows);
  if (!in->ok() || !fits(packed, type)) return false;
  *column = column::make_column(type);
  column->allocate(rows, packed.nulls != nullptr);
  std::vector<int32_t> codes;
  if (packed.form == StringForm::kValues) {
    codes = merge_strings(packed, column->dictionary.get());
    if (rows != 0 && column->dictionary->size() == 0) column->dictionary->insert("");
  }
  merge_extent(packed, true, column);
  return read_column(packed, codes, column, 0);
}

void append_lookup(const column::LookupTable& lookup, const folder::FileSpec& file, ByteWriter* out) {
  out->varint(lookup.rows);
  for (const uint32_t line : lookup.lines) out->u32(line);
  for (size_t c = 0; c < lookup.columns.size(); ++c)
    append_column(lookup.columns[c], 0, lookup.rows, form_for(file.columns[c].type), nullptr, out);
  uint64_t faulty = 0;
  for (const uint8_t fault : lookup.faulty) faulty += fault;
  out->varint(faulty);
  for (size_t row = 0; row < lookup.faulty.size(); ++row) {
    if (lookup.faulty[row] == 0) continue;
    out->varint(row);
    out->text(lookup.fault_columns[row]);
    out->text(lookup.fault_values[row]);
    out->text(lookup.fault_texts[row].zh);
    out->text(lookup.fault_texts[row].en);
  }
}

bool take_lookup(ByteReader* in, const scheme::Lookup& declared, column::LookupTable* lookup) {
  // A column of one value has no bytes of its own: that there are so many rows is known by their lines.
  lookup->rows = static_cast<size_t>(in->varint(in->left() / sizeof(uint32_t)));
  lookup->lines.resize(lookup->rows);
  for (uint32_t& line : lookup->lines) line = in->u32();
  if (!in->ok()) return false;
  for (const auto& column : declared.columns)
    if (!take_whole(in, lookup->rows, column.type, &lookup->columns.emplace_back())) return false;
  const uint64_t faulty = in->varint(lookup->rows);
  if (faulty == 0) return in->ok();
  lookup->faulty.resize(lookup->rows, 0);
  lookup->fault_texts.resize(lookup->rows);
  lookup->fault_columns.resize(lookup->rows);
  lookup->fault_values.resize(lookup->rows);
  for (uint64_t i = 0; i < faulty && in->ok(); ++i) {
    const auto row = static_cast<size_t>(in->varint(lookup->rows - 1));
    lookup->faulty[row] = 1;
    lookup->fault_columns[row] = in->text(kMessageBytesMax);
    lookup->fault_values[row] = in->text(kMessageBytesMax);
    lookup->fault_texts[row].zh = in->text(kMessageBytesMax);
    lookup->fault_texts[row].en = in->text(kMessageBytesMax);
  }
  return in->ok();
}

bool take_head(ByteReader* in, const scheme::Document& document, UnpackedHead* out) {
  Head& head = out->head;
  folder::FolderInputs& folder = out->folder;
  column::Inputs& inputs = folder.inputs;
  const uint8_t kind = in->u8();
  if (kind > static_cast<uint8_t>(scheme::PeriodKind::kYear)) return false;
  head.period.kind = static_cast<scheme::PeriodKind>(kind);
  head.period.index = static_cast<int32_t>(in->zigzag());
  inputs.period = head.period;
  for (const auto& parameter : document.parameters) {
    inputs.parameters.push_back(column::make_column(parameter.type));
    if (in->u8() != 0 && !take_whole(in, 1, parameter.type, &inputs.parameters.back())) return false;
  }
  for (const auto& lookup : document.lookups) {
    inputs.lookups.emplace_back();
    if (!lookup.is_inline && !take_lookup(in, lookup, &inputs.lookups.back())) return false;
  }
  for (size_t h = 0; h < document.history.size(); ++h) {
    auto& history = inputs.history.emplace_back();
    const uint8_t every = in->u8();
    if (every > static_cast<uint8_t>(scheme::PeriodKind::kYear)) return false;
    history.kind = static_cast<scheme::PeriodKind>(every);
    history.newest = static_cast<int32_t>(in->zigzag());
  }
  const uint64_t warnings = in->varint(in->left());
  for (uint64_t i = 0; i < warnings && in->ok(); ++i) folder.warnings.emplace_back(in->text(kMessageBytesMax));
  if (!take_rejects(in, 0, folder.spec, &folder.rejects)) return false;
  const uint64_t chunks = in->varint(in->left());
  for (uint64_t i = 0; i < chunks && in->ok(); ++i) {
    head.chunks.push_back(take_facts(in));
    const ChunkFacts& facts = head.chunks.back();
    head.rows += facts.rows;
    head.enrolled += facts.enrolled;
    head.refused += facts.refused;
  }
  inputs.enrolled = head.enrolled;
  return in->ok() && in->left() == 0;
}

}  // namespace

std::string pack_head(const folder::FolderInputs& folder, const scheme::Document& document,
                      const std::vector<ChunkFacts>& chunks) {
  const column::Inputs& inputs = folder.inputs;
  ByteWriter out;
  out.append(to_bytes(signature_of(document)));
  out.u8(static_cast<uint8_t>(inputs.period.kind));
  out.zigzag(inputs.period.index);
  for (size_t p = 0; p < inputs.parameters.size(); ++p) {
    const column::Column& value = inputs.parameters[p];
    out.u8(value.rows != 0 ? 1 : 0);
    if (value.rows != 0) append_column(value, 0, 1, form_for(document.parameters[p].type), nullptr, &out);
  }
  for (size_t i = 0; i < document.lookups.size(); ++i)
    if (!document.lookups[i].is_inline)
      append_lookup(inputs.lookups[i], folder.spec.files[folder.spec.lookup(i)], &out);
  for (const auto& history : inputs.history) {
    out.u8(static_cast<uint8_t>(history.kind));
    out.zigzag(history.newest);
  }
  out.varint(folder.warnings.size());
  for (const auto& warning : folder.warnings) out.text(warning);
  uint64_t of_nobody = 0;
  for (const auto& reject : folder.rejects.list) of_nobody += reject.row == folder::kNoRow ? 1 : 0;
  out.varint(of_nobody);
  for (const auto& reject : folder.rejects.list)
    if (reject.row == folder::kNoRow) append_reject(folder.rejects, reject, folder::kNoRow, &out);
  out.varint(chunks.size());
  for (const auto& facts : chunks) append_facts(facts, &out);
  return sealed(kMark, out.bytes(), Compression::kNone);
}

Checksum checksum_of_head(std::string_view head) { return sealed_checksum(head); }

std::optional<UnpackedHead> unpack_head(std::string_view bytes, const scheme::Document& document, std::string* error) {
  std::string why;
  const auto opened = unsealed(kMark, bytes, &why);
  if (!opened) {
    *error = "the head of the snapshot is damaged: " + why;
    return std::nullopt;
  }
  ByteReader in(opened->body);
  const std::string_view signature = in.take(kChecksumBytes);
  UnpackedHead out;
  if (in.ok()) out.head.signature = checksum_from(signature);
  if (!in.ok() || out.head.signature != signature_of(document)) {
    *error = "the snapshot was made for a scheme with other inputs: freeze the period again for this one";
    return std::nullopt;
  }
  out.folder.spec = folder::folder_spec(document);
  if (take_head(&in, document, &out)) return out;
  *error = "the head of the snapshot is damaged: its bytes are no head";
  return std::nullopt;
}

}  // namespace kaogong::snapshot
