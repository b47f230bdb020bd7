#include "infra/metrics/registry.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <variant>
#include <vector>

namespace kaogong::metrics {
namespace {

using ReadCounter = std::function<uint64_t()>;
using ReadGauge = std::function<int64_t()>;
using Metric =
    std::variant<std::unique_ptr<Counter>, std::unique_ptr<Gauge>, std::unique_ptr<Histogram>, ReadCounter, ReadGauge>;

struct Series {
  std::vector<LabelPair> labels;  // in the order of Label
  Metric metric;
};

struct Family {
  prometheus::MetricType type;
  std::string_view help;
  bool in_seconds = false;
  std::vector<std::unique_ptr<Series>> series;
};

[[noreturn]] void refuse(std::string_view name, const char* why) {
  std::fprintf(stderr, "the metric %.*s: %s\n", static_cast<int>(name.size()), name.data(), why);
  std::abort();
}

bool same_value(const LabelPair& a, const LabelPair& b) { return a.value.text() == b.value.text(); }
bool same_label(const LabelPair& a, const LabelPair& b) { return a.label == b.label; }

double in_unit(uint64_t value, bool in_seconds) { return static_cast<double>(value) / (in_seconds ? 1e9 : 1.0); }

prometheus::ClientMetric::Histogram written(const Histogram& histogram, bool in_seconds) {
  const Histogram::Spread spread = histogram.spread();
  prometheus::ClientMetric::Histogram out;
  out.sample_count = spread.count;
  out.sample_sum = in_unit(spread.sum, in_seconds);
  uint64_t below = 0;
  for (size_t i = 0; i < histogram.buckets().count; ++i) {
    below += spread.counts[i];
    out.bucket.push_back({below, in_unit(histogram.buckets().bounds[i], in_seconds)});
  }
  return out;  // the serializer adds the bucket of +Inf
}

}  // namespace

std::string_view to_text(Label label) {
  switch (label) {
    case Label::kClass:
      return "class";
    case Label::kCommand:
      return "command";
    case Label::kComponent:
      return "component";
    case Label::kKind:
      return "kind";
    case Label::kOperation:
      return "operation";
    case Label::kOutcome:
      return "outcome";
    case Label::kState:
      return "state";
  }
  std::abort();
}

struct Registry::Families {
  mutable std::mutex mutex;
  std::map<std::string_view, Family> by_name;

  // The series with these labels, and whether it is new: then its metric is still to be made.
  std::pair<Series*, bool> find_or_add(std::string_view name, std::string_view help, prometheus::MetricType type,
                                       bool in_seconds, Labels wanted) {
    if (wanted.size() > kLabelsMax) refuse(name, "too many labels");
    std::vector<LabelPair> labels(wanted);
    std::sort(labels.begin(), labels.end(), [](const auto& a, const auto& b) { return a.label < b.label; });
    if (std::adjacent_find(labels.begin(), labels.end(), same_label) != labels.end()) refuse(name, "a label twice");
    Family& family = by_name.try_emplace(name, Family{type, help, in_seconds, {}}).first->second;
    if (family.type != type) refuse(name, "is of two kinds");
    if (family.help != help) refuse(name, "has two meanings");
    for (const auto& series : family.series) {
      if (!std::equal(series->labels.begin(), series->labels.end(), labels.begin(), labels.end(), same_label))
        refuse(name, "has two sets of labels");
      if (std::equal(series->labels.begin(), series->labels.end(), labels.begin(), same_value))
        return {series.get(), false};
    }
    if (family.series.size() == kSeriesMax) refuse(name, "too many series");
    family.series.push_back(std::make_unique<Series>(Series{std::move(labels), {}}));
    return {family.series.back().get(), true};
  }

  // The metric of one type with these labels; made by `make` if it is new.
  template <class Type, class Definition, class Make>
  Type& obtain(const Definition& definition, prometheus::MetricType type, bool in_seconds, Labels labels,
               const Make& make) {
    const std::lock_guard lock(mutex);
    const auto [series, added] = find_or_add(definition.name(), definition.help(), type, in_seconds, labels);
    if (added) series->metric = make();
    auto* metric = std::get_if<std::unique_ptr<Type>>(&series->metric);
    if (metric == nullptr) refuse(definition.name(), "is counted in two places");
    return **metric;
  }

  template <class Definition>
  void observe(const Definition& definition, prometheus::MetricType type, Labels labels, Metric read) {
    const std::lock_guard lock(mutex);
    const auto [series, added] = find_or_add(definition.name(), definition.help(), type, false, labels);
    if (!added) refuse(definition.name(), "is counted in two places");
    series->metric = std::move(read);
  }
};

Registry::Registry() : families_(std::make_unique<Families>()) {}
Registry::~Registry() = default;

Counter& Registry::counter(const CounterDefinition& definition, Labels labels) {
  return families_->obtain<Counter>(definition, prometheus::MetricType::Counter, false, labels,
                                    [] { return std::make_unique<Counter>(); });
}

Gauge& Registry::gauge(const GaugeDefinition& definition, Labels labels) {
  return families_->obtain<Gauge>(definition, prometheus::MetricType::Gauge, false, labels,
                                  [] { return std::make_unique<Gauge>(); });
}

Histogram& Registry::histogram(const HistogramDefinition& definition, Labels labels) {
  return families_->obtain<Histogram>(definition, prometheus::MetricType::Histogram, definition.in_seconds(), labels,
                                      [&] { return std::make_unique<Histogram>(definition.buckets()); });
}

void Registry::observe_counter(const CounterDefinition& definition, Labels labels, std::function<uint64_t()> read) {
  families_->observe(definition, prometheus::MetricType::Counter, labels, std::move(read));
}

void Registry::observe_gauge(const GaugeDefinition& definition, Labels labels, std::function<int64_t()> read) {
  families_->observe(definition, prometheus::MetricType::Gauge, labels, std::move(read));
}

std::string Registry::text() const {
  std::vector<prometheus::MetricFamily> out;
  const std::lock_guard lock(families_->mutex);
  for (const auto& [name, family] : families_->by_name) {
    prometheus::MetricFamily written_family{std::string(name), std::string(family.help), family.type, {}};
    for (const auto& series : family.series) {
      prometheus::ClientMetric metric;
      for (const LabelPair& pair : series->labels)
        metric.label.push_back({std::string(to_text(pair.label)), std::string(pair.value.text())});
      if (const auto* counter = std::get_if<std::unique_ptr<Counter>>(&series->metric)) {
        metric.counter.value = static_cast<double>((*counter)->value());
      } else if (const auto* gauge = std::get_if<std::unique_ptr<Gauge>>(&series->metric)) {
        metric.gauge.value = static_cast<double>((*gauge)->value());
      } else if (const auto* histogram = std::get_if<std::unique_ptr<Histogram>>(&series->metric)) {
        metric.histogram = written(**histogram, family.in_seconds);
      } else if (const auto* read_counter = std::get_if<ReadCounter>(&series->metric)) {
        metric.counter.value = static_cast<double>((*read_counter)());
      } else {
        metric.gauge.value = static_cast<double>(std::get<ReadGauge>(series->metric)());
      }
      written_family.metric.push_back(std::move(metric));
    }
    out.push_back(std::move(written_family));
  }
  return prometheus::TextSerializer().Serialize(out);
}

}  // namespace kaogong::metrics
