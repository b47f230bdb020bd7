// Counting by many threads, the text that comes out, and what the registry refuses.
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "infra/metrics/registry.h"

namespace kaogong::metrics {
namespace {

using namespace std::chrono_literals;

constexpr CounterDefinition kDone{"kaogong_test_done_total", "What was done."};
constexpr GaugeDefinition kHeld{"kaogong_test_held_bytes", "What is held."};
constexpr HistogramDefinition kWaited{
    "kaogong_test_waited_seconds", "How long it took.", {{1'000'000, 5'000'000, 1'000'000'000}, 3}};
constexpr HistogramDefinition kSize{"kaogong_test_size_bytes", "How large it was.", kSizes};

static_assert(is_metric_name("kaogong_a_seconds") && !is_metric_name("redis_a_seconds") &&
              !is_metric_name("kaogong_a_ms") && !is_metric_name("kaogong_A") && !is_metric_name("kaogong_a_") &&
              !is_metric_name("kaogong_a__b") && !is_metric_name("kaogong_a{x") && !is_metric_name("kaogong_a_count"));
// No text that is made while the program runs can become the value of a label.
static_assert(!std::is_constructible_v<LabelValue, std::string>);
static_assert(!std::is_constructible_v<LabelValue, std::string_view>);
static_assert(!std::is_constructible_v<LabelValue, const char*>);

TEST(Metrics, Text) {
  Registry registry;
  registry.counter(kDone, {{Label::kOutcome, "ok"}, {Label::kCommand, "get"}}).add(3);
  registry.counter(kDone, {{Label::kCommand, "set"}, {Label::kOutcome, "timeout"}}).add();
  registry.gauge(kHeld).set(12);
  registry.gauge(kHeld).add(-20);
  Histogram& waited = registry.histogram(kWaited);
  waited.observe(1ms);  // on the bound: inside
  waited.observe(2ms);
  waited.observe(3ms);
  waited.observe(1001ms);
  waited.observe(-5ms);
  EXPECT_EQ(registry.text(),
            "# HELP kaogong_test_done_total What was done.\n"
            "# TYPE kaogong_test_done_total counter\n"
            "kaogong_test_done_total{command=\"get\",outcome=\"ok\"} 3\n"
            "kaogong_test_done_total{command=\"set\",outcome=\"timeout\"} 1\n"
            "# HELP kaogong_test_held_bytes What is held.\n"
            "# TYPE kaogong_test_held_bytes gauge\n"
            "kaogong_test_held_bytes -8\n"
            "# HELP kaogong_test_waited_seconds How long it took.\n"
            "# TYPE kaogong_test_waited_seconds histogram\n"
            "kaogong_test_waited_seconds_count 5\n"
            "kaogong_test_waited_seconds_sum 1.007\n"
            "kaogong_test_waited_seconds_bucket{le=\"0.001\"} 2\n"
            "kaogong_test_waited_seconds_bucket{le=\"0.005\"} 4\n"
            "kaogong_test_waited_seconds_bucket{le=\"1\"} 4\n"
            "kaogong_test_waited_seconds_bucket{le=\"+Inf\"} 5\n");
}

TEST(Metrics, TheSameLabelsAreTheSameMetric) {
  Registry registry;
  Counter& first = registry.counter(kDone, {{Label::kCommand, "get"}, {Label::kOutcome, "ok"}});
  EXPECT_EQ(&registry.counter(kDone, {{Label::kOutcome, "ok"}, {Label::kCommand, "get"}}), &first);
  EXPECT_NE(&registry.counter(kDone, {{Label::kOutcome, "ok"}, {Label::kCommand, "set"}}), &first);
}

TEST(Metrics, WhatOthersCountIsAskedWhenWritten) {
  Registry registry;
  uint64_t done = 1;
  int64_t held = -1;
  registry.observe_counter(kDone, {}, [&] { return done; });
  registry.observe_gauge(kHeld, {}, [&] { return held; });
  EXPECT_NE(registry.text().find("kaogong_test_done_total 1\n"), std::string::npos);
  done = 9'007'199'254'740'992;  // 2^53: exact, also as Prometheus' floating point
  held = -7;
  EXPECT_NE(registry.text().find("kaogong_test_done_total 9007199254740992\n"), std::string::npos);
  EXPECT_NE(registry.text().find("kaogong_test_held_bytes -7\n"), std::string::npos);
}

TEST(Metrics, NothingIsLostBetweenThreads) {
  Registry registry;
  Histogram& size = registry.histogram(kSize);
  constexpr uint64_t kThreads = 12, kEach = 20'000;  // more threads than cells
  std::vector<std::thread> threads;
  for (uint64_t t = 0; t < kThreads; ++t)
    threads.emplace_back([&registry, &size] {
      Counter& done = registry.counter(kDone);
      for (uint64_t i = 0; i < kEach; ++i) {
        done.add();
        registry.gauge(kHeld).add(i % 2 == 0 ? 2 : -1);
        size.observe(i);
        if (i % 5000 == 0) {
          EXPECT_FALSE(registry.text().empty());
        }
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(registry.counter(kDone).value(), kThreads * kEach);
  EXPECT_EQ(registry.gauge(kHeld).value(), static_cast<int64_t>(kThreads * kEach / 2));
  const auto spread = size.spread();
  EXPECT_EQ(spread.count, kThreads * kEach);
  EXPECT_EQ(spread.sum, kThreads * (kEach * (kEach - 1) / 2));
  EXPECT_EQ(spread.counts[0], kThreads * 257);           // 0 to 256
  EXPECT_EQ(spread.counts[1], kThreads * (1024 - 256));  // 257 to 1024
}

TEST(Metrics, MistakesAbort) {
  static constexpr GaugeDefinition kOtherMeaning{"kaogong_test_held_bytes", "Something else."};
  static constexpr HistogramDefinition kOtherKind{"kaogong_test_held_bytes", "What is held.", kSizes};
  Registry registry;
  registry.gauge(kHeld);
  registry.counter(kDone, {{Label::kOutcome, "ok"}});
  EXPECT_DEATH(registry.gauge(kOtherMeaning), "two meanings");
  EXPECT_DEATH(registry.histogram(kOtherKind), "two kinds");
  EXPECT_DEATH(registry.counter(kDone), "two sets of labels");
  EXPECT_DEATH(registry.counter(kDone, {{Label::kState, "ok"}}), "two sets of labels");
  EXPECT_DEATH(registry.counter(kDone, {{Label::kOutcome, "ok"}, {Label::kOutcome, "no"}}), "a label twice");
  EXPECT_DEATH(registry.gauge(
                   kHeld, {{Label::kOutcome, "a"}, {Label::kCommand, "a"}, {Label::kKind, "a"}, {Label::kState, "a"}}),
               "too many labels");
  EXPECT_DEATH(registry.observe_gauge(kHeld, {}, [] { return int64_t{0}; }), "two places");
}

// A label value for each number, as constants: what a program would need to go beyond the bound.
template <size_t Number>
LabelValue value_of() {
  static constexpr char kText[3] = {static_cast<char>('A' + Number / 26), static_cast<char>('a' + Number % 26), '\0'};
  return LabelValue(kText);
}
template <size_t... Numbers>
void add_series(Registry& registry, std::index_sequence<Numbers...>) {
  (registry.counter(kDone, {{Label::kKind, value_of<Numbers>()}}), ...);
}

TEST(Metrics, SeriesAreBounded) {
  Registry registry;
  add_series(registry, std::make_index_sequence<kSeriesMax>{});
  EXPECT_DEATH(add_series(registry, std::make_index_sequence<kSeriesMax + 1>{}), "too many series");
}

}  // namespace
}  // namespace kaogong::metrics
