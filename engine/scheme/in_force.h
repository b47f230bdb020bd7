// The rows of a dated table that are in force on a day.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/scheme/pack.h"

namespace kaogong::scheme {

/// Rows as an inline lookup (its columns, its key, their literals), ordered by key and, with bands, by bound: an open
/// bound stands where it belongs.
struct TableInForce {
  const PackTable* table = nullptr;
  Lookup lookup;
  std::vector<uint32_t> editions;  // which edition each row is of
  struct Group {
    uint32_t first = 0, count = 0;
  };
  std::vector<Group> groups;  // the rows of one key; without keys at most one
};

/// Of each key the rows of the latest edition that has it and has begun, if that has not ended. Without a day: of each
/// key the latest rows there are, ended or not. The table must outlive the result.
std::shared_ptr<const TableInForce> rows_in_force(const PackTable& table, std::optional<int32_t> day);

/// Why a scheme cannot be computed for a day: a table that the functions it calls read has no rows in force at all.
/// Empty: all have some.
std::string missing_rows(const Document& document, int32_t day);

/// The number of the band that holds for `of` among `count` rows from `first`, whose bounds come by `bound_to(row)`:
/// the order of `of` to the bound, nothing for an open one. Nothing: none holds.
template <class BoundTo>
std::optional<uint32_t> find_band(Bands::Kind kind, uint32_t first, uint32_t count, BoundTo bound_to) {
  const bool downwards = kind == Bands::Kind::kAtLeast || kind == Bands::Kind::kAbove;
  std::optional<uint32_t> best;
  for (uint32_t i = 0; i < count; ++i) {
    const auto order = bound_to(first + i);
    bool holds = !order;
    if (order) {
      holds = kind == Bands::Kind::kAtLeast ? *order >= 0
              : kind == Bands::Kind::kAbove ? *order > 0
              : kind == Bands::Kind::kUpTo  ? *order <= 0
                                            : *order < 0;
    }
    if (!holds) continue;
    best = first + i;
    if (!downwards) break;
  }
  return best;
}

}  // namespace kaogong::scheme
