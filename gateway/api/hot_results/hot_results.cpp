#include "gateway/api/hot_results/hot_results.h"

#include <list>

#include "gateway/api/answer.h"
#include "gateway/api/results/result_json.h"
#include "gateway/api/results/visibility.h"
#include "infra/redis/asio.h"
#include "tenants/cache/seal.h"

namespace kaogong::api {

namespace {

using metrics::CounterDefinition;
using metrics::Label;

constexpr CounterDefinition kHot{"kaogong_hot_results_total",
                                 "Published results by where they came from: memory, redis, or the usual way."};
constexpr std::string_view kIfNoneMatch = "if-none-match";

/// Documents that were written, the longest unused first to go. One thread.
class Kept {
 public:
  explicit Kept(size_t bytes_max) : bytes_max_(bytes_max) {}

  const std::string* find(const std::string& key) {
    const auto found = places_.find(key);
    if (found == places_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    return &found->second->second;
  }
  void put(const std::string& key, std::string document) {
    if (places_.count(key) > 0) return;  // what a run came to never changes
    bytes_ += key.size() + document.size();
    entries_.emplace_front(key, std::move(document));
    places_[key] = entries_.begin();
    while (bytes_ > bytes_max_) {
      bytes_ -= entries_.back().first.size() + entries_.back().second.size();
      places_.erase(entries_.back().first);
      entries_.pop_back();
    }
  }

 private:
  using Entry = std::pair<std::string, std::string>;
  const size_t bytes_max_;
  size_t bytes_ = 0;
  std::list<Entry> entries_;
  std::unordered_map<std::string, std::list<Entry>::iterator> places_;
};

http::Response with(std::vector<http::Field> fields, http::Response response) {
  for (auto& field : fields) response.fields.push_back(std::move(field));
  return response;
}

}  // namespace

/// What one io thread has: a connection to Redis, and what it has written.
class HotThread final : public http::FastThread {
 public:
  HotThread(HotResults& all, boost::asio::io_context& io)
      : all_(all),
        loop_(redis::adopt(io)),
        client_(*loop_, all.redis_, all.logger_),
        kept_(std::make_shared<Kept>(all.options_.bytes_max_a_thread)) {}

  Verdict begin(const http::Request& request, const http::Route& route, const std::vector<std::string>& values,
                http::Response* response) override;
  void ask(Done done) override;

 private:
  /// One that Redis is asked for.
  struct Asked {
    http::Request condition;  // only its If-None-Match
    Caller caller;
    std::vector<http::Field> fields;
    std::string scheme_id, employee, key, name;
    scheme::Period period;
  };
  Verdict usual_way() {
    all_.usual_way_.add();
    return Verdict::kNo;
  }

  HotResults& all_;
  std::unique_ptr<redis::Loop> loop_;
  redis::Client client_;
  std::shared_ptr<Kept> kept_;
  std::shared_ptr<Asked> asked_;
};

http::FastThread::Verdict HotThread::begin(const http::Request& request, const http::Route& route,
                                           const std::vector<std::string>& values, http::Response* response) {
  if (!request.query.empty() || values.size() != 3) return usual_way();
  const auto period = scheme::parse_period(values[1]);
  if (!period) return usual_way();
  auto admitted = all_.gate_.pass_at_once(request, route);
  if (!admitted) return usual_way();
  if (auto* const refusal = std::get_if<http::Response>(&*admitted)) {
    *response = std::move(*refusal);
    return Verdict::kAnswered;
  }
  auto& passed = std::get<Gate::Passed>(*admitted);
  const auto& employee = values[2];
  if (!may_see_result(passed.caller, employee)) return usual_way();
  const auto run = all_.publications_.find(passed.tenant, values[0], *period);
  if (!run) return usual_way();
  const bool sees_pay = may_see(passed.caller, scheme::TypeName::kMoney, employee);
  const std::string name = cache::result_name(passed.tenant.id().text(), *run, employee);
  // Beside the run and the employee only what the caller may see makes a difference to the document.
  const std::string key = name + (sees_pay ? "+" : "-");
  if (const auto* const document = kept_->find(key)) {
    *response = with(std::move(passed.fields), tagged(request, *document));
    all_.from_memory_.add();
    return Verdict::kAnswered;
  }
  asked_ = std::make_shared<Asked>(
      Asked{{}, std::move(passed.caller), std::move(passed.fields), values[0], employee, key, name, *period});
  if (const auto* const tag = request.fields.find(kIfNoneMatch))
    asked_->condition.fields = http::Fields({{std::string(kIfNoneMatch), *tag}});
  return Verdict::kAsk;
}

void HotThread::ask(Done done) {
  const auto asked = std::move(asked_);
  asked_ = nullptr;
  const auto finish = [&all = all_, kept = kept_, asked, done](redis::Result<redis::Bytes> found) {
    const auto value =
        found && found.value() ? cache::unsealed(all.sealing_key_, asked->name, *found.value()) : std::nullopt;
    const auto result = value ? cache::result_of(*value) : std::nullopt;
    if (!result || !*result) {
      all.usual_way_.add();
      done(std::nullopt);
      return;
    }
    std::string document = result_json(asked->caller, asked->scheme_id, asked->period, asked->employee, **result);
    kept->put(asked->key, document);
    all.from_redis_.add();
    done(with(std::move(asked->fields), tagged(asked->condition, std::move(document))));
  };
  if (const auto refused = client_.start(redis::get(asked->name), finish)) finish(*refused);
}

HotResults::HotResults(tenants::TenantDatabase& database, Gate& gate, std::string sealing_key,
                       const redis::Options& redis, const log::Logger& logger, const clock::Clock& clock,
                       metrics::Registry& metrics, const Options& options)
    : publications_(database, clock, options.fresh),
      gate_(gate),
      sealing_key_(std::move(sealing_key)),
      redis_(redis),
      logger_(logger),
      options_(options),
      from_memory_(metrics.counter(kHot, {{Label::kKind, "memory"}})),
      from_redis_(metrics.counter(kHot, {{Label::kKind, "redis"}})),
      usual_way_(metrics.counter(kHot, {{Label::kKind, "usual"}})) {}

std::unique_ptr<http::FastThread> HotResults::begin_thread(boost::asio::io_context& io) {
  return std::make_unique<HotThread>(*this, io);
}

}  // namespace kaogong::api
