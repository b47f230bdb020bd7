// What a run names as its inputs: enough to compute it again, bit for bit, at any later time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/scheme/document.h"
#include "engine/scheme/period.h"
#include "tenants/runs/state.h"

namespace kaogong::runs {

/// A dated table or function that the scheme uses, as it was.
struct PackSource {
  std::string id, hash;  // hash: "sha256:" and hexadecimal
  friend bool operator==(const PackSource&, const PackSource&) = default;
};

/// The packs of a document, each with the hash of its content.
std::vector<PackSource> pack_sources(const scheme::Document& document);

/// One period that is calculated: of a year's recomputation there are twelve, in order, else one.
struct MonthSources {
  scheme::Period period;
  int32_t version = 0;      // of the scheme
  std::string scheme_hash;  // SHA-256 of its document, hexadecimal
  int64_t snapshot = 0;
  RunId published{};  // what was published for the period, and is compared with; 0: nothing
  std::vector<PackSource> packs;
  std::string history;  // a HistoryPlan: see history_sources.h
  friend bool operator==(const MonthSources&, const MonthSources&) = default;
};

/// As text, lines with tabs between their fields: `month` and what one has, then its lines of `pack` and `history`.
std::string to_text(const std::vector<MonthSources>& months);
/// Nothing: the text is none.
std::optional<std::vector<MonthSources>> parse_sources(std::string_view text);

}  // namespace kaogong::runs
