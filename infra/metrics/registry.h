// All metrics of the process.
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <string>

#include "infra/metrics/cells.h"
#include "infra/metrics/definition.h"

namespace kaogong::metrics {

using Labels = std::initializer_list<LabelPair>;

/// Makes metrics and writes them all down. Any thread; making one takes a lock, counting in it does not: ask for it
/// once and keep the reference, which lives as long as the registry. Asking again with the same labels gives the same
/// one. Aborts when a name is used for another kind, another meaning or another set of label names, for a label twice,
/// and beyond kSeriesMax series or kLabelsMax labels: mistakes of the program.
class Registry {
 public:
  Registry();
  ~Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  Counter& counter(const CounterDefinition& definition, Labels labels = {});
  Gauge& gauge(const GaugeDefinition& definition, Labels labels = {});
  Histogram& histogram(const HistogramDefinition& definition, Labels labels = {});

  /// What somebody else counts already: asked whenever the metrics are written, by the thread that asks for text(). The
  /// function must not ask for metrics itself, and must be good to call as long as the registry lives.
  void observe_counter(const CounterDefinition& definition, Labels labels, std::function<uint64_t()> read);
  void observe_gauge(const GaugeDefinition& definition, Labels labels, std::function<int64_t()> read);

  /// All metrics in Prometheus' text format (version 0.0.4), in the order of their names.
  std::string text() const;

 private:
  struct Families;
  std::unique_ptr<Families> families_;
};

}  // namespace kaogong::metrics
