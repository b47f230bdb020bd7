#include <algorithm>
#include <cstring>
#include <string_view>

#include "engine/scheme/near.h"
#include "gateway/api/body_lines.h"
#include "gateway/api/inputs/cell.h"
#include "gateway/api/inputs/row_lines.h"
#include "gateway/json/read.h"
#include "infra/csv/utf8.h"
#include "tenants/folder/reject.h"

namespace kaogong::api {

namespace {

using http::BodySource;

constexpr size_t kNone = SIZE_MAX;

/// Why a line is refused.
struct LineFault {
  std::string column, value;
  scheme::Labels error;
};

/// Reads one line. The usual one, an object of plain values without a backslash, is read in one go over its bytes;
/// whatever is not so goes to the reader of documents, which decides what it is.
class LineReader {
 public:
  explicit LineReader(tenants::Upload& upload) : upload_(upload), values_(upload.sheet().columns.size()) {
    for (size_t i = 0; i < values_.size(); ++i)
      if (upload.sheet().columns[i].kind == folder::ColumnSpec::Kind::kEmployee) employee_ = i;
    order_.resize(values_.size(), kNone);
    seen_.resize(values_.size());
  }

  void take(uint64_t line, std::string_view text) {
    begin();
    const bool plain = std::memchr(text.data(), '\\', text.size()) == nullptr;
    std::optional<json::Document> document;  // holds the values
    if (!plain || !read_plain(text)) {
      begin();
      document = read_any(text);
    }
    if (!fault_) {
      upload_.add(line, values_);
      return;
    }
    const auto employee = employee_ == kNone ? std::string_view() : values_[employee_];
    upload_.refuse(line, employee, fault_->column, fault_->value, fault_->error);
  }

 private:
  void begin() {
    ++line_mark_;
    std::fill(values_.begin(), values_.end(), std::string_view());
    fault_.reset();
  }

  /// False: that is for read_any(). What was set until then is to be forgotten.
  bool read_plain(std::string_view text) {
    if (!csv::is_utf8(text.data(), text.size())) return false;
    const char* at = text.data();
    const char* const end = at + text.size();
    const auto skip = [&] {
      while (at != end && is_blank(*at)) ++at;
    };
    const auto expect = [&](char c) {
      skip();
      return at != end && *at++ == c;
    };
    const auto string = [&](std::string_view* out) {
      const char* const first = at;
      while (at != end && *at != '"' && static_cast<unsigned char>(*at) >= 0x20) ++at;
      *out = {first, static_cast<size_t>(at - first)};
      return at != end && *at++ == '"';
    };
    if (!expect('{')) return false;
    for (size_t member = 0;; ++member) {
      std::string_view name, value;
      if (!expect('"') || !string(&name) || !expect(':')) return false;
      skip();
      if (at == end || *at == '{' || *at == '[') return false;
      const bool quoted = *at == '"';
      if (quoted) {
        ++at;
        if (!string(&value)) return false;
      } else {
        const char* const first = at;
        while (at != end && *at != ',' && *at != '}' && !is_blank(*at)) ++at;
        value = {first, static_cast<size_t>(at - first)};
      }
      const size_t column = column_of(member, name);
      if (column == kNone || seen_[column] == line_mark_) return false;
      seen_[column] = line_mark_;
      if (quoted) {
        set(column, json::Kind::kString, value);
      } else if (value == "true" || value == "false") {
        set(column, json::Kind::kBoolean, value);
      } else if (value != "null") {
        if (!json::is_number(value)) return false;
        set(column, json::Kind::kNumber, value);
      }
      skip();
      if (at == end) return false;
      const char c = *at++;
      if (c == '}') break;
      if (c != ',') return false;
    }
    skip();
    return at == end;
  }

  std::optional<json::Document> read_any(std::string_view text) {
    auto read = json::read(text, {kLineBytesMax, kLineDepthMax});
    if (const auto* wrong = std::get_if<json::ReadFault>(&read)) {
      fault_ = {{}, {}, {"不是一个完整的JSON对象", "this is not one JSON object: " + wrong->detail}};
      return std::nullopt;
    }
    auto document = std::get<json::Document>(std::move(read));
    if (!document.root().is(json::Kind::kObject)) {
      fault_ = {{}, {}, {"不是JSON对象：每行须为一个对象", "this is not a JSON object: write one object a line"}};
      return std::nullopt;
    }
    for (const auto& [name, value] : document.root().members()) {
      const size_t column = column_of(kNone, name);
      if (column == kNone) {
        if (!fault_) fault_ = unknown(name);
      } else if (value.is(json::Kind::kBoolean)) {
        set(column, json::Kind::kBoolean, value.truth() ? "true" : "false");
      } else if (!value.is(json::Kind::kNull)) {
        set(column, value.kind(), value.text());
      }
    }
    return document;
  }

  size_t column_of(size_t member, std::string_view name) {
    const auto& columns = upload_.sheet().columns;
    if (member < order_.size() && order_[member] != kNone && columns[order_[member]].name == name)
      return order_[member];
    for (size_t i = 0; i < columns.size(); ++i) {
      if (columns[i].name != name) continue;
      if (member < order_.size()) order_[member] = i;
      return i;
    }
    return kNone;
  }

  LineFault unknown(std::string_view name) const {
    std::vector<std::string_view> known;
    for (const auto& column : upload_.sheet().columns) known.emplace_back(column.name);
    const auto shown = folder::printable(name, folder::kShownBytesMax);
    return {shown,
            {},
            {"表" + upload_.sheet().name + "没有列“" + shown + "”",
             "sheet " + upload_.sheet().name + " has no column '" + shown + "'; " +
                 scheme::suggest(name, known, "it has no columns")}};
  }

  /// Sets a value; one of the wrong kind is a fault, of which the first of a line counts: reading goes on, so that it
  /// is known whose line it is.
  void set(size_t column, json::Kind kind, std::string_view text) {
    const auto& spec = upload_.sheet().columns[column];
    if (auto wrong = misfit(spec, kind)) {
      if (!fault_) fault_ = {spec.name, std::string(text), *std::move(wrong)};
    } else {
      values_[column] = text;
    }
  }

  tenants::Upload& upload_;
  std::vector<std::string_view> values_;
  std::vector<size_t> order_;   // the column of the last line's members
  std::vector<uint64_t> seen_;  // the mark of the line in which a column was there last
  uint64_t line_mark_ = 0;
  size_t employee_ = kNone;
  std::optional<LineFault> fault_;
};

}  // namespace

RowsRead read_ndjson(BodySource& body, tenants::Upload& upload) {
  BodyLines lines(body);
  LineReader reader(upload);
  while (!upload.has_too_many_faults()) {
    const auto line = lines.next();
    if (!line) break;
    if (line->too_long) {
      upload.refuse(line->number, {}, {}, {}, line_too_long_fault());
    } else {
      reader.take(line->number, line->text);
    }
  }
  RowsRead read;
  read.end = lines.state();
  return read;
}

}  // namespace kaogong::api
