#include "tenants/runs/product.h"

#include <algorithm>
#include <array>

#include "infra/crypto/hash.h"
#include "tenants/snapshot/limits.h"
#include "tenants/snapshot/page.h"
#include "tenants/snapshot/snapshot.h"

namespace kaogong::runs {

namespace {

/// SHA-256 over fields, each with its length, so that no two lists of fields look alike.
class FieldHash {
 public:
  void number(uint64_t value) {
    std::array<char, 8> bytes{};
    for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(value >> (8 * i));
    hash_.update({bytes.data(), bytes.size()});
  }
  void text(std::string_view value) {
    number(value.size());
    hash_.update(value);
  }
  std::string finish() {
    const crypto::Digest digest = hash_.finish();
    return std::string(crypto::view(digest));
  }

 private:
  crypto::Sha256 hash_;
};

std::string checksum_of(const ChunkRows& chunk) {
  FieldHash hash;
  hash.number(chunk.rows);
  hash.number(chunk.refused);
  hash.number(chunk.pages.size());
  for (const auto& page : chunk.pages) {
    hash.text(page.first_employee);
    hash.number(page.rows);
    hash.text(page.bytes);
  }
  hash.number(chunk.rejects.size());
  for (const auto& reject : chunk.rejects) {
    hash.text(reject.employee);
    hash.text(reject.file);
    hash.number(reject.line);
    for (const auto& field : {reject.column, reject.value, reject.error_zh, reject.error_en}) hash.text(field);
  }
  return hash.finish();
}

}  // namespace

size_t chunks_of(const column::Inputs& inputs) { return std::max<size_t>(1, snapshot::cut(inputs).size()); }

std::string result_hash(const std::vector<std::string>& outputs, const std::vector<std::string>& chunk_checksums) {
  FieldHash hash;
  hash.text("kaogong result 1");
  hash.number(outputs.size());
  for (const auto& output : outputs) hash.text(output);
  hash.number(chunk_checksums.size());
  for (const auto& checksum : chunk_checksums) hash.text(checksum);
  return hash.finish();
}

Product::Product(Calculated calculated)
    : calculated_(std::move(calculated)), view_(calculated_.view()), rejects_(calculated_) {
  cut();
}

Product::Product(Calculated calculated, ResultSet rows, std::vector<RejectRow> more)
    : calculated_(std::move(calculated)),
      own_(std::move(rows)),
      whole_(false),
      more_(std::move(more)),
      view_(own_.view()),
      rejects_(calculated_) {
  cut();
}

void Product::cut() {
  const column::StringRows& people = calculated_.snapshot->inputs.employees;
  std::vector<size_t> ends = snapshot::cut(calculated_.snapshot->inputs);
  if (ends.empty()) ends.push_back(0);
  size_t begin = 0, own = 0;
  for (size_t c = 0; c < ends.size(); ++c) {
    Bounds bounds{begin, ends[c], begin, ends[c]};
    if (!whole_) {  // rows of people who are in no snapshot any more stand where they would
      bounds.begin = own;
      const bool last = c + 1 == ends.size();
      while (own < view_.rows() && (last || (*view_.employees)[own] < people[ends[c]])) ++own;
      bounds.end = own;
    }
    bounds_.push_back(bounds);
    begin = ends[c];
  }
}

ChunkRows Product::make(size_t chunk) const {
  const Bounds& bounds = bounds_[chunk];
  ChunkRows out;
  static const std::vector<uint8_t> kNoneRefused;
  const std::vector<uint8_t>& refused = view_.refused == nullptr ? kNoneRefused : *view_.refused;
  const column::StringRows& employees = *view_.employees;
  for (size_t begin = bounds.begin; begin < bounds.end;) {
    size_t end = std::min(bounds.end, begin + snapshot::kPageRows);
    // The rows of one id stay together, so that each page's first id is its own.
    while (end < bounds.end && employees[end] == employees[end - 1]) ++end;
    PageRow& page = out.pages.emplace_back();
    page.first_employee = std::string(employees[begin]);
    page.rows = static_cast<uint32_t>(end - begin);
    page.bytes = snapshot::pack_page(employees, *view_.columns, refused, begin, end);
    for (size_t row = begin; row < end; ++row) out.rows += view_.has_row(row) ? 1 : 0;
    begin = end;
  }
  const auto& marks = calculated_.result.refused;
  for (size_t row = bounds.population_begin; row < bounds.population_end; ++row) out.refused += marks[row];
  rejects_.append(bounds.population_begin, bounds.population_end, &out.rejects);
  if (chunk + 1 == bounds_.size()) {
    rejects_.append_of_nobody(&out.rejects);
    out.rejects.insert(out.rejects.end(), more_.begin(), more_.end());
  }
  out.checksum = checksum_of(out);
  return out;
}

uint64_t Product::memory_bytes() const {
  uint64_t bytes = 0;
  const auto add = [&](const std::vector<column::Column>& columns) {
    for (const auto& column : columns) bytes += column.data.capacity() + column.valid.capacity();
  };
  add(calculated_.result.columns);
  add(own_.columns);
  return bytes;
}

}  // namespace kaogong::runs
