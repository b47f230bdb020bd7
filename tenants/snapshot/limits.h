// Bounds of packed data: what is beyond them is refused, when it is written and when it is read.
#pragma once

#include <cstddef>
#include <cstdint>

namespace kaogong::snapshot {

// A chunk ends before an employee whose id says so (one in kChunkCut), never before it has kChunkRowsMin employees; and
// it ends at kChunkRowsMax employees or before kChunkChildRowsMax child rows in one table. On the average 16,384.
inline constexpr uint32_t kChunkRowsMin = 8192;
inline constexpr uint32_t kChunkCut = 8192;
inline constexpr uint32_t kChunkRowsMax = 65'536;
inline constexpr uint64_t kChunkChildRowsMax = uint64_t{1} << 22;  // of one employee alone: as many as there are
inline constexpr uint64_t kTableRowsMax = UINT32_MAX - uint64_t{1};

inline constexpr uint64_t kBodyBytesMax = (uint64_t{1} << 29) - 4096;  // so that it is a value for PostgreSQL
inline constexpr uint64_t kColumnsMax = 20'000;
inline constexpr uint64_t kHistoryPeriodsMax = 600;
inline constexpr uint64_t kEmptyStringsMax = kChunkRowsMax;
inline constexpr uint32_t kIdBytesMax = 200;
inline constexpr uint32_t kStringBytesMax = 10'000;  // of a value
inline constexpr uint32_t kMessageBytesMax = 100'000;

/// Employees of one page of results.
inline constexpr uint32_t kPageRows = 256;
inline constexpr uint32_t kPageRowsMax = 65'536;

static_assert(kChunkRowsMin <= kChunkRowsMax && kPageRows <= kPageRowsMax);
static_assert((kChunkCut & (kChunkCut - 1)) == 0);

}  // namespace kaogong::snapshot
