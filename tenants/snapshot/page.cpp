#include "tenants/snapshot/page.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <atomic>
#include <mutex>

#include "tenants/snapshot/integers.h"
#include "tenants/snapshot/limits.h"

namespace kaogong::snapshot {

namespace {

constexpr std::string_view kMark = "KGp1";

column::Column column_like(const PackedColumn& packed) {
  column::Column column;
  column.type = packed.type;
  column.scale = packed.scale;
  column.physical = packed.physical;
  if (packed.form == StringForm::kValues) column.dictionary = std::make_shared<column::Dictionary>();
  return column;
}

}  // namespace

std::string pack_page(const column::StringRows& employees, const std::vector<column::Column>& columns,
                      const std::vector<uint8_t>& refused, size_t begin, size_t end, Compression compression) {
  const size_t rows = end - begin;
  ByteWriter out;
  out.varint(rows);
  append_ids(
      rows, [&](size_t i) { return employees[begin + i]; }, &out);
  std::vector<uint8_t> present;  // of this page's rows
  for (size_t i = begin; i < end && !refused.empty(); ++i) {
    if (refused[i] == 0) continue;
    present.resize(rows, 1);
    present[i - begin] = 0;
  }
  out.u8(present.empty() ? 0 : 1);
  if (!present.empty()) {
    char* bits = out.grow((rows + 7) / 8);
    for (size_t i = 0; i < rows; ++i)
      if (present[i] == 0) bits[i / 8] = static_cast<char>(bits[i / 8] | 1 << (i % 8));
  }
  out.varint(columns.size());
  for (const auto& column : columns)
    append_column(column, begin, end, StringForm::kValues, present.empty() ? nullptr : present.data(), &out);
  return sealed(kMark, out.bytes(), compression);
}

std::optional<Page> Page::open(std::string_view bytes, std::string* error) {
  auto opened = unsealed(kMark, bytes, error);
  if (!opened) return std::nullopt;
  auto page = parse(opened->body);
  if (page) {
    page->unsealed_ = std::move(*opened);
  } else {
    *error = "they are no page of results";
  }
  return page;
}

std::optional<Page> Page::parse(std::string_view body) {
  ByteReader in(body);
  Page page;
  const auto rows = static_cast<size_t>(in.varint(kPageRowsMax));
  page.ids_ = take_ids(&in, rows, kIdBytesMax);
  if (in.u8() != 0) page.refused_ = in.take((rows + 7) / 8).data();
  const uint64_t columns = in.varint(std::min<uint64_t>(kColumnsMax, in.left()));
  page.columns_.reserve(columns);
  for (uint64_t c = 0; c < columns && in.ok(); ++c) {
    page.columns_.push_back(take_column(&in, rows));
    const PackedColumn& column = page.columns_.back();
    if (column.type == scheme::TypeName::kString && column.form != StringForm::kValues) in.fail();
  }
  if (!in.ok() || in.left() != 0 || rows == 0) return std::nullopt;
  return page;
}

column::Column Page::value(size_t c, size_t row) const {
  const PackedColumn& packed = columns_[c];
  column::Column column = column_like(packed);
  column.allocate(1, false);
  if (packed.form == StringForm::kValues) {
    const auto text = packed.string_at(row);
    if (text) {
      column.set(0, column.dictionary->insert(*text));
    } else {
      column.set_null(0);
    }
  } else if (const auto stored = packed.at(row)) {
    column.set(0, *stored);
  } else {
    column.set_null(0);
  }
  return column;
}

std::optional<ResultRows> read_pages(const std::vector<std::string_view>& pages, std::string* error) {
  ResultRows out;
  if (pages.empty()) return out;
  std::vector<Page> opened(pages.size());
  std::mutex error_mutex;
  size_t failed = SIZE_MAX;  // the first page that is damaged, whoever finds it first
  const auto fail = [&](size_t place, const std::string& why) {
    const std::lock_guard<std::mutex> lock(error_mutex);
    if (place >= failed) return;
    failed = place;
    *error = "page " + std::to_string(place) + " of the results is damaged: " + why;
  };
  tbb::parallel_for(size_t{0}, pages.size(), [&](size_t i) {
    std::string why;
    if (auto page = Page::open(pages[i], &why)) {
      opened[i] = std::move(*page);
    } else {
      fail(i, why);
    }
  });
  if (failed != SIZE_MAX) return std::nullopt;
  const Page& first = opened.front();
  const auto same = [](const PackedColumn& a, const PackedColumn& b) {
    return a.type == b.type && a.scale == b.scale && a.physical == b.physical;
  };
  std::vector<size_t> first_rows, first_bytes;
  size_t rows = 0, bytes = 0;
  for (size_t i = 0; i < opened.size(); ++i) {
    bool fitting = opened[i].columns() == first.columns();
    for (size_t c = 0; c < first.columns() && fitting; ++c) fitting = same(opened[i].column(c), first.column(c));
    if (!fitting) {
      fail(i, "its columns are not those of the first page");
      return std::nullopt;
    }
    first_rows.push_back(rows);
    first_bytes.push_back(bytes);
    rows += opened[i].rows();
    bytes += opened[i].ids().bytes_total();
  }
  out.employees.resize(rows, bytes);
  out.refused.resize(rows, 0);
  std::vector<std::vector<std::vector<int32_t>>> codes(opened.size());
  for (size_t c = 0; c < first.columns(); ++c) {
    column::Column& column = out.columns.emplace_back(column_like(first.column(c)));
    bool nulls = false;
    for (size_t i = 0; i < opened.size(); ++i) {
      const PackedColumn& packed = opened[i].column(c);
      nulls = nulls || packed.nulls != nullptr;
      codes[i].emplace_back();
      if (packed.form == StringForm::kValues) codes[i].back() = merge_strings(packed, column.dictionary.get());
      merge_extent(packed, i == 0, &column);
    }
    if (column.dictionary != nullptr) {
      // Lists that grew from page to page may need more room than any one page did.
      if (range_of(column.physical).high < column.dictionary->size()) column.physical = column::Physical::kI32;
      if (column.dictionary->size() == 0) column.dictionary->insert("");
    }
    column.allocate(rows, nulls);
  }
  tbb::parallel_for(size_t{0}, opened.size(), [&](size_t i) {
    const Page& page = opened[i];
    const size_t at = first_rows[i];
    write_ids(page.ids(), at, first_bytes[i], &out.employees);
    for (size_t row = 0; row < page.rows(); ++row) out.refused[at + row] = page.refused(row) ? 1 : 0;
    for (size_t c = 0; c < page.columns(); ++c) {
      column::Column& column = out.columns[c];
      if (!read_column(page.column(c), codes[i][c], &column, at)) {
        fail(i, "a value is beyond what its column says");
        return;
      }
      for (size_t row = 0; row < page.rows(); ++row)
        if (page.refused(row)) column.set(at + row, 0);
    }
  });
  if (failed != SIZE_MAX) return std::nullopt;
  return out;
}

}  // namespace kaogong::snapshot
