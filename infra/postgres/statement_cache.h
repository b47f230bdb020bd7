// Which statements a connection has prepared. Internal to this room.
#pragma once

#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace kaogong::postgres {

/// Counts the uses of statements by their text and the types of their parameters, least recently used out first, and
/// names those worth preparing. Not thread-safe: one for each connection.
class StatementCache {
 public:
  struct Entry {
    std::string key;
    std::string name;  // of the prepared statement
    int uses = 0;
    bool prepared = false;
    bool preparing = false;  // it was sent, and the server has not said that it is done: of pipelines
  };

  /// Counts one use. The entry stays valid until the next call.
  Entry& use(std::string_view sql, const unsigned* types, int count);
  /// Forgets a statement whose plan the server refuses; it is deallocated with the evicted ones.
  void forget(const std::string& key);
  /// The entry with that name, if it was not evicted. Looks at all of them.
  Entry* find_name(std::string_view name);
  /// That a prepared statement of that name is there which no entry has any more: it is deallocated with the others.
  void add_evicted(std::string name) { evicted_.push_back(std::move(name)); }
  /// Names of prepared statements that were evicted since the last call: to be deallocated.
  std::vector<std::string> take_evicted();
  size_t size() const { return entries_.size(); }

 private:
  std::list<Entry> entries_;                                                 // most recently used first
  std::unordered_map<std::string_view, std::list<Entry>::iterator> by_key_;  // views of the entries' own keys
  std::vector<std::string> evicted_;
  uint64_t names_ = 0;
};

}  // namespace kaogong::postgres
