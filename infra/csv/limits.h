// Bounds of CSV files.
#pragma once

#include <cstddef>

namespace kaogong::csv {

struct Limits {
  size_t block_bytes = size_t{1} << 20;        // read at once
  size_t record_bytes_max = size_t{16} << 20;  // a longer record is a fault, and is never held in memory
  size_t field_bytes_max = size_t{1} << 20;
};

inline constexpr size_t kFieldsMax = 20'000;           // columns of a header
inline constexpr size_t kOversizedPrefixBytes = 4096;  // what is kept of a record above record_bytes_max
static_assert(kOversizedPrefixBytes < (size_t{1} << 16));

}  // namespace kaogong::csv
