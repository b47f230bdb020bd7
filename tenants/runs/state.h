// What a run is and which way it may go.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kaogong::runs {

enum class RunId : int64_t {};
constexpr int64_t number_of(RunId id) { return static_cast<int64_t>(id); }
/// As messages and audit logs name it: "run 12".
std::string named(RunId id);

/// kRegular: a scheme over a period. kPreview: the same, seen but never approved; it expires. kCorrection: what differs
/// from the run it corrects, as signed differences. kYearEnd: a year's months again, and what differs from what was
/// published.
enum class RunKind : uint8_t { kRegular, kPreview, kCorrection, kYearEnd };

/// draft → calculating → calculated → approved → published; cancelled before approval, void after it. failed: the run
/// as a whole cannot be computed (a parameter is missing).
enum class RunState : uint8_t { kDraft, kCalculating, kCalculated, kApproved, kPublished, kCancelled, kVoid, kFailed };

/// Who waits for it. Workers take a lower class only when no higher one has work for them.
enum class Priority : uint8_t { kInteractive = 0, kMonthEnd = 1, kYearEnd = 2 };

/// The words of the database and of the command: "year_end", "calculating", "month-end" …; nothing for another word.
std::string_view to_text(RunKind kind);
std::string_view to_text(RunState state);
std::string_view to_text(Priority priority);
std::optional<RunKind> parse_run_kind(std::string_view text);
std::optional<RunState> parse_run_state(std::string_view text);
std::optional<Priority> parse_priority(std::string_view text);

/// Whether a run of this kind may go from one state to the other. The database's trigger holds the same (control.sql).
bool may_go(RunKind kind, RunState from, RunState to);

/// Nothing of the run changes any more, except that it is published or declared void.
constexpr bool is_settled(RunState state) {
  return state == RunState::kApproved || state == RunState::kPublished || state == RunState::kVoid;
}
/// Neither workers nor people have anything left to do with it.
constexpr bool is_over(RunState state) {
  return state == RunState::kCancelled || state == RunState::kVoid || state == RunState::kFailed;
}

}  // namespace kaogong::runs
