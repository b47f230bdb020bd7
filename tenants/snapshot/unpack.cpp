// A snapshot back into columns: chunks are checked and decoded by many threads, each straight into its place.
#include <tbb/parallel_pipeline.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>

#include "engine/column/inline_lookups.h"
#include "tenants/snapshot/snapshot.h"

namespace kaogong::snapshot {

namespace {

/// What all chunks are written into.
class Unpacking {
 public:
  Unpacking(UnpackedHead head, const scheme::Document& document)
      : document_(document), chunks_(std::move(head.head.chunks)), folder_(std::move(head.folder)) {}

  const std::vector<ChunkFacts>& chunks() const { return chunks_; }
  const folder::FolderSpec& spec() const { return folder_.spec; }
  bool consistent() const;
  uint64_t bytes_needed() const;
  void allocate();
  /// In order: strings get their codes, columns their extents.
  struct Placed {
    ChunkView view;
    size_t place = 0;
    std::vector<std::vector<int32_t>> codes;  // of each column, in the order of the chunk's
  };
  void merge(Placed* placed);
  /// Many at a time, each another chunk. False: a value that cannot be.
  bool fill(const Placed& placed);
  folder::FolderInputs finish();

 private:
  const scheme::Document& document_;
  const std::vector<ChunkFacts> chunks_;
  folder::FolderInputs folder_;
  std::vector<uint64_t> first_rows_, first_id_bytes_;
  std::vector<std::vector<uint64_t>> first_child_rows_;  // by table
};

bool Unpacking::consistent() const {
  size_t columns = document_.inputs.size();
  for (const auto& table : document_.tables) columns += table.columns.size();
  uint64_t rows = 0;
  std::vector<uint64_t> child_rows(document_.tables.size(), 0);
  for (const ChunkFacts& facts : chunks_) {
    if (facts.tables.size() != document_.tables.size() || facts.nulls.size() != columns ||
        facts.history.size() != document_.history.size() || facts.has_lines != chunks_.front().has_lines)
      return false;
    rows += facts.rows;
    for (size_t t = 0; t < facts.tables.size(); ++t) {
      child_rows[t] += facts.tables[t].rows;
      if (facts.tables[t].has_lines != chunks_.front().tables[t].has_lines) return false;
    }
  }
  return rows < folder::kNoRow &&
         std::all_of(child_rows.begin(), child_rows.end(), [](uint64_t n) { return n < folder::kNoRow; });
}

/// Calls `body` for each input and child column: its declaration, which table's it is (kNone: an input), rows of all
/// chunks.
template <class Body>
void for_columns(const scheme::Document& document, const std::vector<ChunkFacts>& chunks, const Body& body) {
  uint64_t rows = 0;
  for (const auto& facts : chunks) rows += facts.rows;
  size_t place = 0;
  const auto nulls = [&] {
    const size_t at = place++;
    return std::any_of(chunks.begin(), chunks.end(), [&](const ChunkFacts& facts) { return facts.nulls[at] != 0; });
  };
  for (const auto& input : document.inputs) body(input.type, SIZE_MAX, rows, nulls());
  for (size_t t = 0; t < document.tables.size(); ++t) {
    uint64_t child_rows = 0;
    for (const auto& facts : chunks) child_rows += facts.tables[t].rows;
    for (const auto& column : document.tables[t].columns) body(column.type, t, child_rows, nulls());
  }
}

/// Periods of history of which any chunk has a value.
std::vector<uint8_t> periods_of(const std::vector<ChunkFacts>& chunks, size_t history) {
  std::vector<uint8_t> periods;
  for (const ChunkFacts& facts : chunks) {
    periods.resize(std::max(periods.size(), facts.history[history].size()), 0);
    for (size_t p = 0; p < facts.history[history].size(); ++p) periods[p] |= facts.history[history][p];
  }
  return periods;
}

uint64_t Unpacking::bytes_needed() const {
  uint64_t bytes = 0;
  for_columns(document_, chunks_, [&](const scheme::TypeDecl& type, size_t, uint64_t rows, bool nulls) {
    bytes += rows * (column::width_of(column::physical_for(type)) + (nulls ? 1 : 0));
  });
  for (size_t h = 0; h < document_.history.size(); ++h)
    for (const uint8_t present : periods_of(chunks_, h))
      for (const auto& facts : chunks_)
        bytes +=
            present * uint64_t{facts.rows} * (column::width_of(column::physical_for(document_.history[h].type)) + 1);
  for (const auto& facts : chunks_) {
    bytes += facts.id_bytes + uint64_t{facts.rows} * (sizeof(uint64_t) + 1 + (facts.has_lines ? sizeof(uint32_t) : 0));
    for (const auto& table : facts.tables)
      bytes += facts.rows * sizeof(uint64_t) + (table.has_lines ? table.rows * sizeof(uint32_t) : 0);
  }
  return bytes;
}

void Unpacking::allocate() {
  column::Inputs& inputs = folder_.inputs;
  uint64_t rows = 0, id_bytes = 0;
  first_child_rows_.resize(document_.tables.size());
  std::vector<uint64_t> child_rows(document_.tables.size(), 0);
  for (const ChunkFacts& facts : chunks_) {
    first_rows_.push_back(rows);
    first_id_bytes_.push_back(id_bytes);
    rows += facts.rows;
    id_bytes += facts.id_bytes;
    for (size_t t = 0; t < child_rows.size(); ++t) {
      first_child_rows_[t].push_back(child_rows[t]);
      child_rows[t] += facts.tables[t].rows;
    }
  }
  inputs.employees.resize(rows, id_bytes);
  folder_.refused.resize(rows, 0);
  if (!chunks_.empty() && chunks_.front().has_lines) inputs.lines.resize(rows);
  inputs.tables.resize(document_.tables.size());
  for (size_t t = 0; t < inputs.tables.size(); ++t) {
    inputs.tables[t].offsets.resize(rows + 1, 0);
    if (!chunks_.empty() && chunks_.front().tables[t].has_lines) inputs.tables[t].lines.resize(child_rows[t]);
  }
  for_columns(document_, chunks_, [&](const scheme::TypeDecl& type, size_t table, uint64_t count, bool nulls) {
    auto& columns = table == SIZE_MAX ? inputs.inputs : inputs.tables[table].columns;
    columns.push_back(column::make_column(type));
    columns.back().allocate(count, false);
    if (nulls) columns.back().valid.resize(count);
  });
  for (size_t h = 0; h < document_.history.size(); ++h) {
    std::shared_ptr<column::Dictionary> dictionary;
    for (const uint8_t present : periods_of(chunks_, h)) {
      column::Column& column = inputs.history[h].by_period.emplace_back(column::make_column(document_.history[h].type));
      // Its periods share one dictionary, as those of a folder do.
      if (dictionary == nullptr) dictionary = column.dictionary;
      column.dictionary = dictionary;
      if (present == 0) continue;
      column.allocate(rows, true);
      std::fill_n(column.data.data(), column.data.bytes(), std::byte{0});
      std::fill_n(column.valid.data(), rows, std::byte{0});
    }
  }
}

void Unpacking::merge(Placed* placed) {
  column::Inputs& inputs = folder_.inputs;
  const auto merge_column = [&](const PackedColumn& packed, bool first, column::Column* column) {
    placed->codes.emplace_back();
    if (packed.form == StringForm::kValues) placed->codes.back() = merge_strings(packed, column->dictionary.get());
    merge_extent(packed, first, column);
  };
  const ChunkView& view = placed->view;
  const size_t place = placed->place;
  for (size_t c = 0; c < view.inputs.size(); ++c) merge_column(view.inputs[c], place == 0, &inputs.inputs[c]);
  for (size_t t = 0; t < view.tables.size(); ++t)
    for (size_t c = 0; c < view.tables[t].columns.size(); ++c)
      merge_column(view.tables[t].columns[c], first_child_rows_[t][place] == 0, &inputs.tables[t].columns[c]);
  for (size_t h = 0; h < view.history.size(); ++h) {
    for (size_t p = 0; p < view.history[h].size(); ++p) {
      placed->codes.emplace_back();
      const auto& period = view.history[h][p];
      if (period.present && period.column.form == StringForm::kValues)
        placed->codes.back() = merge_strings(period.column, inputs.history[h].by_period[p].dictionary.get());
    }
  }
  for (folder::Reject reject : view.rejects.list) {
    const std::string_view value = view.rejects.value(reject), employee = view.rejects.employee(reject);
    reject.value_at = folder_.rejects.texts.size();
    if (reject.row != folder::kNoRow) reject.row += static_cast<uint32_t>(first_rows_[place]);
    folder_.rejects.texts.append(value).append(employee);
    folder_.rejects.list.push_back(reject);
  }
}

bool Unpacking::fill(const Placed& placed) {
  column::Inputs& inputs = folder_.inputs;
  const ChunkView& view = placed.view;
  const size_t place = placed.place, rows = view.rows, at = first_rows_[place];
  write_ids(view.ids, at, first_id_bytes_[place], &inputs.employees);
  if (view.refused != nullptr)
    for (size_t i = 0; i < rows; ++i)
      folder_.refused[at + i] = static_cast<uint8_t>(view.refused[i / 8]) >> (i % 8) & 1;
  if (view.lines && !view.lines->read(inputs.lines.data() + at)) return false;
  size_t column = 0;
  for (size_t c = 0; c < view.inputs.size(); ++c)
    if (!read_column(view.inputs[c], placed.codes[column++], &inputs.inputs[c], at)) return false;
  for (size_t t = 0; t < view.tables.size(); ++t) {
    const auto& from = view.tables[t];
    column::ChildTable& table = inputs.tables[t];
    const uint64_t first = first_child_rows_[t][place];
    uint64_t offset = first;
    for (size_t i = 0; i < rows; ++i) table.offsets[at + i + 1] = offset += from.sizes[i];
    if (from.lines && !from.lines->read(table.lines.data() + first)) return false;
    if (from.first_lines) {
      std::vector<uint32_t> before(rows);
      if (!from.first_lines->read(before.data())) return false;
      uint32_t* line = table.lines.data() + first;
      for (size_t i = 0; i < rows; ++i)
        for (uint32_t row = 1; row <= from.sizes[i]; ++row) *line++ = before[i] + row;
    }
    for (size_t c = 0; c < from.columns.size(); ++c)
      if (!read_column(from.columns[c], placed.codes[column++], &table.columns[c], first)) return false;
  }
  for (size_t h = 0; h < view.history.size(); ++h) {
    for (size_t p = 0; p < view.history[h].size(); ++p, ++column) {
      const auto& period = view.history[h][p];
      if (period.present && !read_column(period.column, placed.codes[column], &inputs.history[h].by_period[p], at))
        return false;
    }
  }
  return true;
}

folder::FolderInputs Unpacking::finish() {
  // An open dictionary is never empty where there are rows, and a column without nulls has no bytes for them.
  const auto finish_column = [](column::Column* column) {
    if (column->dictionary != nullptr && column->rows != 0 && column->dictionary->size() == 0)
      column->dictionary->insert("");
    const std::byte* valid = column->valid.data();
    if (column->valid.bytes() != 0 && std::find(valid, valid + column->rows, std::byte{0}) == valid + column->rows)
      column->valid = column::Buffer{};
  };
  for (auto& column : folder_.inputs.inputs) finish_column(&column);
  for (auto& table : folder_.inputs.tables)
    for (auto& column : table.columns) finish_column(&column);
  for (auto& history : folder_.inputs.history)
    for (auto& column : history.by_period) finish_column(&column);
  return std::move(folder_);
}

}  // namespace

std::optional<folder::FolderInputs> unpack(std::string_view head, const scheme::Document& document,
                                           const GiveChunk& give, std::string* error, const UnpackOptions& options) {
  auto unpacked = unpack_head(head, document, error);
  if (!unpacked) return std::nullopt;
  Unpacking unpacking(std::move(*unpacked), document);
  if (!unpacking.consistent()) {
    *error = "the head of the snapshot is damaged: what it knows of its chunks does not fit together";
    return std::nullopt;
  }
  if (const uint64_t bytes = unpacking.bytes_needed(); bytes > options.bytes_max) {
    *error = "the snapshot takes " + std::to_string(bytes) + " bytes of memory, of at most " +
             std::to_string(options.bytes_max);
    return std::nullopt;
  }
  unpacking.allocate();

  struct Item {
    std::string bytes;
    Unpacking::Placed placed;
  };
  using ItemPointer = std::shared_ptr<Item>;  // the pipeline copies its items
  std::mutex error_mutex;
  // Which chunk is named does not depend on who comes first: it is the first of all that are damaged. Chunks are
  // fetched in order, so that those before a damaged one are on their way, and they are looked at to the end.
  constexpr size_t kNone = SIZE_MAX;
  std::atomic<size_t> first_failed{kNone};
  const auto fail = [&](size_t place, const std::string& why) {
    const std::lock_guard<std::mutex> lock(error_mutex);
    if (place >= first_failed) return;
    first_failed = place;
    *error = "chunk " + std::to_string(place) + " of the snapshot: " + why;
  };
  size_t next = 0;
  const auto fetch = [&](tbb::flow_control& flow) -> ItemPointer {
    if (next == unpacking.chunks().size() || first_failed != kNone) {
      flow.stop();
      return nullptr;
    }
    auto item = std::make_shared<Item>();
    item->placed.place = next++;
    std::string why;
    auto bytes = give(item->placed.place, &why);
    if (!bytes) {
      fail(item->placed.place, why);
      flow.stop();
      return nullptr;
    }
    item->bytes = std::move(*bytes);
    return item;
  };
  const auto view = [&](ItemPointer item) {
    std::string why;
    const size_t place = item->placed.place;
    if (!view_chunk(item->bytes, unpacking.chunks()[place], document, unpacking.spec(), &item->placed.view, &why))
      fail(place, "its bytes are damaged: " + why);
    return item;
  };
  const auto merge = [&](ItemPointer item) {
    if (item->placed.place < first_failed) unpacking.merge(&item->placed);
    return item;
  };
  const auto fill = [&](const ItemPointer& item) {
    if (item->placed.place < first_failed && !unpacking.fill(item->placed))
      fail(item->placed.place, "its bytes are damaged: a value is beyond what its column says");
  };
  tbb::parallel_pipeline(2 * static_cast<size_t>(tbb::this_task_arena::max_concurrency()),
                         tbb::make_filter<void, ItemPointer>(tbb::filter_mode::serial_in_order, fetch) &
                             tbb::make_filter<ItemPointer, ItemPointer>(tbb::filter_mode::parallel, view) &
                             tbb::make_filter<ItemPointer, ItemPointer>(tbb::filter_mode::serial_in_order, merge) &
                             tbb::make_filter<ItemPointer, void>(tbb::filter_mode::parallel, fill));
  if (first_failed != kNone) return std::nullopt;
  return unpacking.finish();
}

uint64_t memory_of(const folder::FolderInputs& folder) {
  const column::Inputs& inputs = folder.inputs;
  uint64_t bytes = sizeof folder + folder.refused.size() + folder.rejects.texts.size() +
                   folder.rejects.list.size() * sizeof(folder::Reject) + inputs.employees.bytes_total() +
                   inputs.rows() * sizeof(uint64_t) + inputs.lines.size() * sizeof(uint32_t);
  constexpr uint64_t kStringBytes = 24;  // of a dictionary's tables, for each string
  const auto add = [&](const column::Column& column) {
    bytes += sizeof column + column.data.capacity() + column.valid.capacity();
    if (column.dictionary == nullptr) return;
    for (int32_t code = 0; code < column.dictionary->size(); ++code)
      bytes += kStringBytes + column.dictionary->at(code).size();
  };
  for (const auto& column : inputs.inputs) add(column);
  for (const auto& table : inputs.tables) {
    bytes += table.offsets.size() * sizeof(uint64_t) + table.lines.size() * sizeof(uint32_t);
    for (const auto& column : table.columns) add(column);
  }
  for (const auto& lookup : inputs.lookups)
    for (const auto& column : lookup.columns) add(column);
  for (const auto& history : inputs.history)
    for (const auto& column : history.by_period) add(column);
  return bytes;
}

}  // namespace kaogong::snapshot
