#include "tenants/runs/state.h"

#include <array>
#include <utility>

namespace kaogong::runs {

namespace {

template <class T, size_t kSize>
using Words = std::array<std::pair<T, std::string_view>, kSize>;

constexpr Words<RunKind, 4> kKinds = {{{RunKind::kRegular, "regular"},
                                       {RunKind::kPreview, "preview"},
                                       {RunKind::kCorrection, "correction"},
                                       {RunKind::kYearEnd, "year_end"}}};
constexpr Words<RunState, 8> kStates = {{{RunState::kDraft, "draft"},
                                         {RunState::kCalculating, "calculating"},
                                         {RunState::kCalculated, "calculated"},
                                         {RunState::kApproved, "approved"},
                                         {RunState::kPublished, "published"},
                                         {RunState::kCancelled, "cancelled"},
                                         {RunState::kVoid, "void"},
                                         {RunState::kFailed, "failed"}}};
constexpr Words<Priority, 3> kPriorities = {
    {{Priority::kInteractive, "interactive"}, {Priority::kMonthEnd, "month-end"}, {Priority::kYearEnd, "year-end"}}};

template <class T, size_t kSize>
std::string_view word_of(const Words<T, kSize>& words, T value) {
  return words[static_cast<size_t>(value)].second;
}

template <class T, size_t kSize>
std::optional<T> value_of(const Words<T, kSize>& words, std::string_view text) {
  for (const auto& [value, word] : words)
    if (word == text) return value;
  return std::nullopt;
}

}  // namespace

std::string named(RunId id) { return "run " + std::to_string(number_of(id)); }

std::string_view to_text(RunKind kind) { return word_of(kKinds, kind); }
std::string_view to_text(RunState state) { return word_of(kStates, state); }
std::string_view to_text(Priority priority) { return word_of(kPriorities, priority); }
std::optional<RunKind> parse_run_kind(std::string_view text) { return value_of(kKinds, text); }
std::optional<RunState> parse_run_state(std::string_view text) { return value_of(kStates, text); }
std::optional<Priority> parse_priority(std::string_view text) { return value_of(kPriorities, text); }

bool may_go(RunKind kind, RunState from, RunState to) {
  switch (from) {
    case RunState::kDraft:
      return to == RunState::kCalculating || to == RunState::kCancelled;
    case RunState::kCalculating:
      return to == RunState::kCalculated || to == RunState::kCancelled || to == RunState::kFailed;
    case RunState::kCalculated:
      return to == RunState::kCancelled || (to == RunState::kApproved && kind != RunKind::kPreview);
    case RunState::kApproved:  // a year's recomputation is a report: its months are published by correction runs
      return to == RunState::kVoid || (to == RunState::kPublished && kind != RunKind::kYearEnd);
    case RunState::kPublished:
      return to == RunState::kVoid;
    case RunState::kCancelled:
    case RunState::kVoid:
    case RunState::kFailed:
      return false;
  }
  return false;
}

}  // namespace kaogong::runs
