// Fuzz target: packed bytes that have a right checksum and anything behind it. What is accepted can be read, and packs
// into bytes that give the same again.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "engine/column/inline_lookups.h"
#include "engine/scheme/load.h"
#include "tenants/snapshot/limits.h"
#include "tenants/snapshot/page.h"
#include "tenants/snapshot/signature.h"
#include "tenants/snapshot/snapshot.h"

using namespace kaogong;

namespace {

constexpr const char* kScheme = R"(
kaogong: 1
id: fuzz
version: 1
labels: {zh: 测试, en: Fuzz}
periods: [month]
inputs:
  wage: {type: money, min: 0}
  level: {type: count, min: 1, max: 3}
  grade: {type: string, values: [A, B, C], nullable: true}
  department: {type: string, nullable: true}
  hired: {type: date, nullable: true}
  leader: {type: boolean}
tables:
  ratings:
    columns: {rater: {type: string}, points: {type: number, decimals: 1, min: 0, max: 10}}
lookups:
  departments: {key: [department], columns: {department: {type: string}, net: {type: money}}}
history:
  score: {type: score}
  note: {type: string, nullable: true}
parameters:
  minimum: {type: money, default: 0}
  base: {type: string, default: own}
decisions:
  pay: {type: money, expr: wage}
outputs: [pay]
)";

void must(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

std::string all_of(const folder::FolderInputs& folder) {
  const auto& inputs = folder.inputs;
  std::string text;
  for (size_t row = 0; row < inputs.rows(); ++row) {
    text += std::string(inputs.employees[row]) + (folder.refused[row] != 0 ? '!' : '.');
    for (const auto& column : inputs.inputs) text += "," + column::format_value(column, row);
    for (const auto& table : inputs.tables)
      for (auto child = table.offsets[row]; child < table.offsets[row + 1]; ++child)
        for (const auto& column : table.columns) text += ";" + column::format_value(column, child);
    // A period in which everything is null is none.
    for (const auto& history : inputs.history)
      for (size_t p = 0; p < history.by_period.size(); ++p)
        if (history.by_period[p].rows != 0 && !history.by_period[p].is_null(row))
          text += "|" + std::to_string(p) + "=" + column::format_value(history.by_period[p], row);
  }
  for (const auto& reject : folder.rejects.list)
    text += folder::error_text(reject, folder.rejects.value(reject), folder.spec.files[reject.file]).en;
  return text;
}

void try_page(std::string_view body) {
  std::string error;
  const auto page = snapshot::Page::parse(body);
  if (!page) return;
  for (size_t row = 0; row < page->rows() && row < 100; ++row) {
    page->find(page->employee(row));
    for (size_t c = 0; c < page->columns(); ++c) column::format_value(page->value(c, row), 0);
  }
  if (page->rows() * page->columns() > 100'000) return;
  const std::string bytes = snapshot::sealed("KGp1", std::string(body), snapshot::Compression::kNone);
  const auto rows = snapshot::read_pages({bytes, bytes}, &error);
  if (!rows) return;
  for (const auto& column : rows->columns)
    for (size_t row = 0; row < column.rows; ++row) column::format_value(column, row);
}

void try_chunk(const scheme::Document& document, const folder::FolderSpec& spec, std::string_view body) {
  const std::string bytes = snapshot::sealed("KGc1", std::string(body), snapshot::Compression::kZstd);
  snapshot::ChunkView view;
  if (!snapshot::parse_chunk(body, document, spec, &view)) return;
  folder::FolderInputs outside;
  outside.spec = spec;
  outside.inputs.period = *scheme::parse_period("2026-10");
  outside.inputs.parameters.resize(document.parameters.size());
  outside.inputs.lookups.resize(document.lookups.size());
  outside.inputs.history.resize(document.history.size());
  // A lookup has its columns, be they empty.
  for (const auto& column : document.lookups[0].columns)
    outside.inputs.lookups[0].columns.push_back(column::make_column(column.type));
  const std::string head =
      snapshot::pack_head(outside, document, {snapshot::facts_of(snapshot::sealed_checksum(bytes), view)});
  const auto give = [&](size_t, std::string*) { return std::optional<std::string>(bytes); };
  std::string error;
  snapshot::UnpackOptions options;
  options.bytes_max = 64 << 20;
  const auto folder = snapshot::unpack(head, document, give, &error, options);
  if (!folder) return;
  const std::string text = all_of(*folder);
  std::vector<std::string> chunks;
  std::vector<snapshot::ChunkFacts> facts;
  snapshot::pack_chunks(*folder, document, snapshot::Compression::kNone, [&](size_t, snapshot::PackedChunk chunk) {
    chunks.push_back(std::move(chunk.bytes));
    facts.push_back(std::move(chunk.facts));
    return true;
  });
  const std::string head_again = snapshot::pack_head(*folder, document, facts);
  const auto give_again = [&](size_t place, std::string*) { return std::optional<std::string>(chunks[place]); };
  const auto again = snapshot::unpack(head_again, document, give_again, &error, options);
  must(again.has_value(), error.c_str());
  must(all_of(*again) == text, "packed again it is something else");
}

void try_head(const scheme::Document& document, std::string_view body) {
  const std::string bytes = snapshot::sealed(
      "KGs1", snapshot::to_bytes(snapshot::signature_of(document)) + std::string(body), snapshot::Compression::kNone);
  std::string error;
  const auto give = [](size_t, std::string* why) -> std::optional<std::string> {
    *why = "there is none";
    return std::nullopt;
  };
  snapshot::UnpackOptions options;
  options.bytes_max = 64 << 20;
  const auto folder = snapshot::unpack(bytes, document, give, &error, options);
  if (folder) all_of(*folder);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const scheme::Document document = *scheme::load(kScheme).document;
  static const folder::FolderSpec spec = folder::folder_spec(document);
  if (size < 1 || size > 1 << 16) return 0;
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 4) {
    case 0:
      try_page(body);
      break;
    case 1:
      try_chunk(document, spec, body);
      break;
    case 2:
      try_head(document, body);
      break;
    default: {
      std::string error;
      snapshot::unsealed("KGp1", body, &error);
    }
  }
  return 0;
}
