// A column in bytes: type, least value, nulls, strings, and narrow distances.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/column/column.h"
#include "engine/scheme/document.h"
#include "tenants/snapshot/bytes.h"
#include "tenants/snapshot/strings.h"

namespace kaogong::snapshot {

/// How strings are written: the codes alone, where both sides know the closed list, or with the values that occur.
enum class StringForm : uint8_t { kCodes, kValues };
StringForm form_for(const scheme::TypeDecl& type);

/// Appends rows [begin, end). Rows with a 0 in `present` (one byte for each of them; null: all have values) have
/// no value that counts, and are no nulls either. Only what the rows hold has influence on the bytes: not the codes of
/// strings, nor what stands where a value is null.
void append_column(const column::Column& column, size_t begin, size_t end, StringForm form, const uint8_t* present,
                   ByteWriter* out);

/// A view of a column's bytes: all sizes are known to be right, the distances are checked when they are read.
struct PackedColumn {
  scheme::TypeName type{};
  uint8_t scale = 0;
  column::Physical physical{};
  StringForm form{};
  size_t rows = 0;
  __int128 low = 0;
  unsigned __int128 span = 0;
  unsigned width = 0;
  const char* nulls = nullptr;  // one bit a row, 1: null; no nulls: not there
  PackedStrings strings;
  const char* values = nullptr;

  bool is_null(size_t row) const {
    return nulls != nullptr && (static_cast<uint8_t>(nulls[row / 8]) >> (row % 8) & 1) != 0;
  }
  /// The stored integer of a row, for strings with values the place among them. Nothing: null. The reader of damaged
  /// bytes gets a value that is out of the column's range.
  std::optional<__int128> at(size_t row) const;
  /// Precondition: the form is kValues. Nothing: null, or not there.
  std::optional<std::string_view> string_at(size_t row) const;
};
/// Takes a column of `rows` rows. The reader fails if anything in its head cannot be.
PackedColumn take_column(ByteReader* in, size_t rows);

/// Whether a column holds only what its declared type allows, where an employee is refused, too.
bool fits(const PackedColumn& column, const scheme::TypeDecl& type);

/// The codes that the column's strings have in a dictionary; enters what is new.
std::vector<int32_t> merge_strings(const PackedColumn& column, column::Dictionary* dictionary);
/// Widens what a column's values lie between by the packed ones. Call it for every part of the column.
void merge_extent(const PackedColumn& packed, bool first, column::Column* column);
/// Writes the rows to rows [at, at + rows) of a column with room for them, whose `valid` is allocated if any part has
/// nulls. `codes`: as merge_strings gave them. False: the bytes hold a value that their head excludes. Many threads may
/// write different rows.
bool read_column(const PackedColumn& packed, const std::vector<int32_t>& codes, column::Column* out, size_t at);

}  // namespace kaogong::snapshot
