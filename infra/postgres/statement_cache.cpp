#include "infra/postgres/statement_cache.h"

#include <utility>

#include "infra/postgres/limits.h"

namespace kaogong::postgres {

StatementCache::Entry& StatementCache::use(std::string_view sql, const unsigned* types, int count) {
  std::string key(sql);
  key += '\0';
  key.append(reinterpret_cast<const char*>(types), sizeof(unsigned) * static_cast<size_t>(count));
  if (const auto found = by_key_.find(key); found != by_key_.end()) {
    entries_.splice(entries_.begin(), entries_, found->second);
  } else {
    if (entries_.size() == kStatementsMax) forget(std::string(entries_.back().key));
    entries_.push_front({std::move(key), "s" + std::to_string(++names_)});
    by_key_.emplace(entries_.front().key, entries_.begin());
  }
  Entry& entry = entries_.front();
  ++entry.uses;
  return entry;
}

void StatementCache::forget(const std::string& key) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return;
  const auto entry = found->second;
  if (entry->prepared) evicted_.push_back(entry->name);
  by_key_.erase(found);
  entries_.erase(entry);
}

StatementCache::Entry* StatementCache::find_name(std::string_view name) {
  for (Entry& entry : entries_)
    if (entry.name == name) return &entry;
  return nullptr;
}

std::vector<std::string> StatementCache::take_evicted() { return std::exchange(evicted_, {}); }

}  // namespace kaogong::postgres
