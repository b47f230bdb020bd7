// What a metric is called and means: constants, looked at by the compiler.
//
// Names follow Prometheus: base units (seconds, bytes) at the end, `_total` for what only grows. Labels come from one
// small set, and their values stand in the source, so that their number is bounded, and no tenant, path or person can
// become one.
#pragma once

#include <cstdint>
#include <string_view>

namespace kaogong::metrics {

/// The series of one metric: more is a mistake in the program.
inline constexpr size_t kSeriesMax = 1'024;
inline constexpr size_t kLabelsMax = 3;

/// The labels that there are. Add one only if its values are few and known when the program is written.
enum class Label : uint8_t { kClass, kCommand, kComponent, kKind, kOperation, kOutcome, kState };
std::string_view to_text(Label label);

/// The value of a label: a text that stands in the source.
class LabelValue {
 public:
  template <size_t Size>
  consteval LabelValue(const char (&text)[Size]) : text_(text) {}  // NOLINT(google-explicit-constructor)
  /// For a table of constants: a text that stands in the source, although not where the compiler sees it.
  static constexpr LabelValue of_table(std::string_view text) { return LabelValue(text, 0); }
  constexpr std::string_view text() const { return text_; }

 private:
  constexpr LabelValue(std::string_view text, int) : text_(text) {}
  std::string_view text_;
};

struct LabelPair {
  Label label;
  LabelValue value;
};

/// Whether a name begins with `kaogong_`, is snake_case, and does not end in a unit that is no base unit.
constexpr bool is_metric_name(std::string_view name) {
  if (!name.starts_with("kaogong_")) return false;
  char before = '_';
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (!letter && (c != '_' || before == '_')) return false;
    before = c;
  }
  if (before == '_') return false;
  for (const std::string_view ending : {"_ms", "_us", "_ns", "_minutes", "_hours", "_kb", "_mb", "_kib", "_mib",
                                        "_percent", "_count", "_sum", "_bucket"})
    if (name.ends_with(ending)) return false;
  return true;
}

/// What only grows: the name ends in `_total`; of bytes in `_bytes_total`, of durations in `_seconds_total`.
class CounterDefinition {
 public:
  consteval CounterDefinition(const char* name, const char* help) : name_(name), help_(help) {
    if (!is_metric_name(name_)) throw "the name of a metric is kaogong_…, in snake_case, in a base unit";
    if (!name_.ends_with("_total")) throw "the name of a counter ends in _total";
  }
  constexpr std::string_view name() const { return name_; }
  constexpr std::string_view help() const { return help_; }

 private:
  std::string_view name_, help_;
};

/// What goes up and down.
class GaugeDefinition {
 public:
  consteval GaugeDefinition(const char* name, const char* help) : name_(name), help_(help) {
    if (!is_metric_name(name_)) throw "the name of a metric is kaogong_…, in snake_case, in a base unit";
    if (name_.ends_with("_total")) throw "only the name of a counter ends in _total";
  }
  constexpr std::string_view name() const { return name_; }
  constexpr std::string_view help() const { return help_; }

 private:
  std::string_view name_, help_;
};

inline constexpr size_t kBucketsMax = 24;

/// The upper bounds of a histogram's buckets, growing; what is above the last one has a bucket of its own.
struct Buckets {
  uint64_t bounds[kBucketsMax] = {};
  size_t count = 0;
};

/// Durations from 100 µs to 60 s, in nanoseconds.
inline constexpr Buckets kDurations = {{100'000, 250'000, 500'000, 1'000'000, 2'500'000, 5'000'000, 10'000'000,
                                        25'000'000, 50'000'000, 100'000'000, 250'000'000, 500'000'000, 1'000'000'000,
                                        2'500'000'000, 5'000'000'000, 10'000'000'000, 30'000'000'000, 60'000'000'000},
                                       18};
/// Sizes from 256 bytes to 1 GiB.
inline constexpr Buckets kSizes = {{256, 1024, 4096, 16'384, 65'536, 262'144, 1'048'576, 4'194'304, 16'777'216,
                                    67'108'864, 268'435'456, 1'073'741'824},
                                   12};

/// How values are spread. The name ends in `_seconds` (values are nanoseconds then) or in the word of what is counted,
/// like `_bytes` or `_rows`.
class HistogramDefinition {
 public:
  consteval HistogramDefinition(const char* name, const char* help, const Buckets& buckets)
      : name_(name), help_(help), buckets_(buckets) {
    if (!is_metric_name(name_)) throw "the name of a metric is kaogong_…, in snake_case, in a base unit";
    if (name_.ends_with("_total")) throw "only the name of a counter ends in _total";
    if (buckets.count == 0 || buckets.count > kBucketsMax) throw "too few or too many buckets";
    for (size_t i = 1; i < buckets.count; ++i)
      if (buckets.bounds[i] <= buckets.bounds[i - 1]) throw "the bounds do not grow";
  }
  constexpr std::string_view name() const { return name_; }
  constexpr std::string_view help() const { return help_; }
  constexpr const Buckets& buckets() const { return buckets_; }
  constexpr bool in_seconds() const { return name_.ends_with("_seconds"); }

 private:
  std::string_view name_, help_;
  Buckets buckets_;
};

}  // namespace kaogong::metrics
