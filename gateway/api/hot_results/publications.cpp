#include "gateway/api/hot_results/hot_results.h"

namespace kaogong::api {

Publications::Publications(tenants::TenantDatabase& database, const clock::Clock& clock,
                           std::chrono::milliseconds fresh)
    : database_(database), clock_(clock), fresh_(fresh), thread_([this](const std::stop_token& stop) { work(stop); }) {}

std::optional<cache::PublishedRun> Publications::find(const tenants::Tenant& tenant, std::string_view scheme_id,
                                                      scheme::Period period) {
  const std::string key = cache::cache_name({tenant.id().text(), scheme_id, scheme::to_text(period)});
  const auto now = clock_.tick();
  const std::lock_guard lock(mutex_);
  if (entries_.size() >= kKeptMax && entries_.find(key) == entries_.end()) entries_.clear();
  Entry& entry = entries_[key];
  const auto age = now - entry.at;
  if ((!entry.is_known || age >= fresh_ / 2) && !entry.is_asked && questions_.size() < kQueueMax) {
    entry.is_asked = true;
    questions_.push_back({key, tenant, std::string(scheme_id), period});
    asked_.notify_one();
  }
  if (!entry.is_known || age >= fresh_) return std::nullopt;
  return entry.run;
}

void Publications::answer(const Question& question) {
  const auto at = clock_.tick();  // before it is read, so that it is never believed too long
  postgres::TransactionOptions options;
  options.read_only = true;
  const auto found = database_.transact(
      question.tenant, tenants::Actor{"server"},
      [&](tenants::TenantTransaction& t) -> tenants::Result<std::optional<cache::PublishedRun>> {
        return cache::published_run(t, question.scheme_id, question.period);
      },
      options);
  const std::lock_guard lock(mutex_);
  const auto entry = entries_.find(question.key);
  if (entry == entries_.end()) return;
  entry->second.is_asked = false;
  if (!found) {
    entry->second.is_known = false;
    return;
  }
  entry->second.run = *found;
  entry->second.at = at;
  entry->second.is_known = true;
}

void Publications::work(const std::stop_token& stop) {
  for (;;) {
    std::unique_lock lock(mutex_);
    if (!asked_.wait(lock, stop, [this] { return !questions_.empty(); })) return;
    const Question question = std::move(questions_.front());
    questions_.pop_front();
    lock.unlock();
    answer(question);
  }
}

}  // namespace kaogong::api
