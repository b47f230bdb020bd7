#include "tenants/runs/state.h"

#include <gtest/gtest.h>

namespace kaogong::runs {
namespace {

constexpr int kStates = 8, kKinds = 4;

TEST(RunState, WordsComeBack) {
  for (int i = 0; i < kStates; ++i) {
    const auto state = static_cast<RunState>(i);
    EXPECT_EQ(parse_run_state(to_text(state)), state);
  }
  for (int i = 0; i < kKinds; ++i) {
    const auto kind = static_cast<RunKind>(i);
    EXPECT_EQ(parse_run_kind(to_text(kind)), kind);
  }
  EXPECT_EQ(parse_priority("year-end"), Priority::kYearEnd);
  EXPECT_FALSE(parse_run_state("Draft"));
  EXPECT_FALSE(parse_run_kind(""));
}

TEST(RunState, NothingLeavesAnEnd) {
  for (int kind = 0; kind < kKinds; ++kind)
    for (int from = 0; from < kStates; ++from)
      for (int to = 0; to < kStates; ++to)
        EXPECT_FALSE(is_over(static_cast<RunState>(from)) &&
                     may_go(static_cast<RunKind>(kind), static_cast<RunState>(from), static_cast<RunState>(to)));
}

TEST(RunState, ApprovedRunsOnlyEndOrArePublished) {
  for (int to = 0; to < kStates; ++to) {
    const auto state = static_cast<RunState>(to);
    EXPECT_EQ(may_go(RunKind::kRegular, RunState::kApproved, state),
              state == RunState::kPublished || state == RunState::kVoid);
    EXPECT_EQ(may_go(RunKind::kRegular, RunState::kPublished, state), state == RunState::kVoid);
    EXPECT_FALSE(may_go(RunKind::kPreview, RunState::kCalculated, state) && state != RunState::kCancelled);
  }
  EXPECT_FALSE(may_go(RunKind::kYearEnd, RunState::kApproved, RunState::kPublished));
}

}  // namespace
}  // namespace kaogong::runs
