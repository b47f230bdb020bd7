#include "gateway/api/hot_results/publications.h"

#include <utility>

namespace kaogong::api {

std::string document_names(std::string_view tenant, const cache::PublishedRun& run) {
  // The document says scheme and period, too; a run has one of each.
  return cache::cache_name({"document", tenant, std::to_string(run.run), run.checksum}) + "/";
}

const std::string& Publications::key_of(const tenants::Tenant& tenant, std::string_view scheme_id,
                                        std::string_view period) {
  // Ids of tenants have no slash, nor has a period.
  key_.assign(tenant.id().text()).append("/").append(period).append("/").append(scheme_id);
  return key_;
}

std::shared_ptr<const Publication> Publications::find(const tenants::Tenant& tenant, std::string_view scheme_id,
                                                      std::string_view period) {
  const auto found = entries_.find(key_of(tenant, scheme_id, period));
  if (found == entries_.end() || found->second.publication == nullptr) return nullptr;
  const auto age = clock_.tick() - found->second.at;
  if (age >= fresh_) return nullptr;
  auto publication = found->second.publication;
  if (age >= fresh_ / 2 && !found->second.is_asked) {
    found->second.is_asked = true;
    send(tenant, scheme_id, period);
  }
  return publication;
}

void Publications::ask(const tenants::Tenant& tenant, std::string_view scheme_id, std::string_view period,
                       Handler handler) {
  if (entries_.size() >= kKeptMax) std::erase_if(entries_, [](const auto& one) { return !one.second.is_asked; });
  Entry& entry = entries_[key_of(tenant, scheme_id, period)];
  entry.waiting.push_back(std::move(handler));
  if (entry.is_asked) return;
  entry.is_asked = true;
  send(tenant, scheme_id, period);
}

void Publications::send(const tenants::Tenant& tenant, std::string_view scheme_id, std::string_view period) {
  const auto at = clock_.tick();  // before it is read, so that it is never believed too long
  const std::string key = key_of(tenant, scheme_id, period);
  const auto parsed = scheme::parse_period(period).value();
  const std::string sql = runs::chain_sql(tenant), period_text = scheme::to_text(parsed);
  const std::vector<postgres::Query> queries{{sql, {scheme_id, period_text}}};
  auto on_reading = [this, key, at, parsed, page_sql = runs::page_sql(tenant),
                     tenant_id = tenant.id().text()](const postgres::Reading& reading) {
    if (reading.error) return answer(key, nullptr, at, reading.error);
    auto publication = std::make_shared<Publication>();
    publication->period = parsed;
    publication->page_sql = page_sql;
    try {
      publication->chain = runs::chain_of(reading.rows.at(0));
    } catch (const postgres::Error& error) {
      return answer(key, nullptr, at, error);
    }
    if (!publication->chain.empty()) {
      const auto& first = publication->chain.front();
      publication->run = {number_of(first.run), first.checksum};
      publication->names = document_names(tenant_id, publication->run);
    }
    answer(key, std::move(publication), at, std::nullopt);
  };
  if (const auto refused = pipeline_.start(tenant.role(), queries, std::move(on_reading)))
    answer(key, nullptr, at, refused);
}

void Publications::answer(const std::string& key, std::shared_ptr<const Publication> found, clock::Tick at,
                          const std::optional<postgres::Error>& error) {
  Entry& entry = entries_[key];
  entry.is_asked = false;
  if (found != nullptr) {  // what could not be read anew is believed until its time is over
    entry.at = at;
    entry.publication = found;
  }
  const auto waiting = std::exchange(entry.waiting, {});
  for (const auto& handler : waiting) handler(found, error);
}

}  // namespace kaogong::api
