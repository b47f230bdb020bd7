// Answers that were written, in memory, the longest unused first to go.
#pragma once

#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace kaogong::api {

/// A document and its tag.
struct Document {
  std::string text, tag;
};

/// Of one thread. Documents never change: there is no way to replace one.
class Documents {
 public:
  explicit Documents(size_t bytes_max) : bytes_max_(bytes_max) {}

  /// Null: it is not there. Valid until the next put().
  const Document* find(const std::string& key) {
    const auto found = places_.find(key);
    if (found == places_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    return &found->second->second;
  }
  void put(const std::string& key, std::string_view text, std::string_view tag) {
    const size_t bytes = bytes_of(key, text, tag);
    if (bytes > bytes_max_ || places_.count(key) > 0) return;
    bytes_ += bytes;
    entries_.emplace_front(key, Document{std::string(text), std::string(tag)});
    places_[entries_.front().first] = entries_.begin();
    while (bytes_ > bytes_max_) {
      const auto& [last_key, last] = entries_.back();
      bytes_ -= bytes_of(last_key, last.text, last.tag);
      places_.erase(last_key);
      entries_.pop_back();
    }
  }
  size_t bytes() const { return bytes_; }

 private:
  using Entry = std::pair<std::string, Document>;
  /// Of the nodes of list and map, and their allocations.
  static constexpr size_t kOverheadBytes = 256;
  static size_t bytes_of(std::string_view key, std::string_view text, std::string_view tag) {
    return key.size() + text.size() + tag.size() + kOverheadBytes;
  }

  const size_t bytes_max_;
  size_t bytes_ = 0;
  std::list<Entry> entries_;
  std::unordered_map<std::string_view, std::list<Entry>::iterator> places_;  // views of the entries' own keys
};

}  // namespace kaogong::api
