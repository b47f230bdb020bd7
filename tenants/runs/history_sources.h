// Where a run's past comes from: settled once, when the run is made, and written down in it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/scheme/document.h"
#include "tenants/runs/history_depth.h"
#include "tenants/runs/state.h"

namespace kaogong::runs {

/// A published result that may serve as somebody's past.
struct Publication {
  std::string scheme_id;
  scheme::Period period;
  RunId run{};
  std::vector<std::string> outputs;
};

/// One history column in one period: the output of that name of a run. Months of a year that are recomputed before this
/// one take the run's place.
struct HistorySource {
  uint32_t column = 0;  // of the document's history
  scheme::Period period;
  RunId run{};
  friend bool operator==(const HistorySource&, const HistorySource&) = default;
};

struct HistoryPlan {
  std::vector<HistorySource> sources;  // by column, newest period first
  bool use_sheet = true;               // employees without a published value take the sheet `history`
};

struct HistoryFault {
  std::string column;
  scheme::Labels error;
};

/// Chooses the sources of a run of `document` over `run`. A column's value of an earlier period is the published output
/// of that name: of the scheme that `history_from` names for the column; else of the document's own, if it has such an
/// output; else of the only scheme that published one for that period. Errors (in `faults`): several schemes published
/// such an output and nothing says which counts; `history_from` names a column that the document does not look back on.
HistoryPlan plan_history(const scheme::Document& document, scheme::Period run,
                         const std::vector<Publication>& publications,
                         const std::map<std::string, std::string>& history_from, std::vector<HistoryFault>* faults);

/// The plan as a run keeps it: a line `column<tab>period<tab>run` for each source and, first, `sheet` if the sheet is
/// used.
std::string to_text(const HistoryPlan& plan, const scheme::Document& document);
/// Nothing: the text is no plan, or names a column that the document does not have.
std::optional<HistoryPlan> parse_history_plan(std::string_view text, const scheme::Document& document);

}  // namespace kaogong::runs
