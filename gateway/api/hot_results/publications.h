// Which run counts for a scheme and a period, as it was a moment ago.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/scheme/period.h"
#include "infra/clock/clock.h"
#include "infra/postgres/pipeline.h"
#include "tenants/cache/cached_results.h"
#include "tenants/runs/published_chain.h"

namespace kaogong::api {

/// What counts. Immutable.
struct Publication {
  scheme::Period period;
  runs::Chain chain;        // empty: nothing is published
  cache::PublishedRun run;  // the chain's first
  std::string page_sql;     // of the tenant
  std::string names;        // what the names of its documents begin with, in memory and in Redis
};

/// What the names of a run's documents begin with; behind it come what may be seen and the employee.
std::string document_names(std::string_view tenant, const cache::PublishedRun& run);

/// Of one io thread, which asks the database over its own pipeline. What a run came to never changes, so that its
/// results may be kept for as long as there is room; which run counts does change: it is believed for `fresh`.
class Publications {
 public:
  static constexpr size_t kKeptMax = 10'000;

  /// All outlive it.
  Publications(postgres::Pipeline& pipeline, const clock::Clock& clock, std::chrono::milliseconds fresh)
      : pipeline_(pipeline), clock_(clock), fresh_(fresh) {}

  /// What is known and fresh; null: ask(). When half of its time is over it is asked for again meanwhile. `period`: as
  /// the request has it.
  std::shared_ptr<const Publication> find(const tenants::Tenant& tenant, std::string_view scheme_id,
                                          std::string_view period);

  /// What was found; or why nothing was, and then the pointer is null.
  using Handler = std::function<void(std::shared_ptr<const Publication>, const std::optional<postgres::Error>&)>;
  /// Asks the database; those who ask for the same while it has not answered are told together. The handler is called
  /// once, perhaps before this returns. Precondition: `period` is one.
  void ask(const tenants::Tenant& tenant, std::string_view scheme_id, std::string_view period, Handler handler);

 private:
  struct Entry {
    std::shared_ptr<const Publication> publication;  // null: it is not known
    clock::Tick at{};
    bool is_asked = false;
    std::vector<Handler> waiting;
  };
  const std::string& key_of(const tenants::Tenant& tenant, std::string_view scheme_id, std::string_view period);
  void send(const tenants::Tenant& tenant, std::string_view scheme_id, std::string_view period);
  void answer(const std::string& key, std::shared_ptr<const Publication> found, clock::Tick at,
              const std::optional<postgres::Error>& error);

  postgres::Pipeline& pipeline_;
  const clock::Clock& clock_;
  const std::chrono::milliseconds fresh_;
  std::unordered_map<std::string, Entry> entries_;
  std::string key_;
};

}  // namespace kaogong::api
