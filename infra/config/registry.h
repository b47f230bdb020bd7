// The keys of the program, each declared once, bound to the place where its value goes.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "infra/config/fault.h"
#include "infra/config/sources.h"

namespace kaogong::config {

/// What is said of a key where it is declared.
struct Description {
  std::string name;  // `section.key`, both snake_case; a number's unit at the end (`_ms`, `_bytes`)
  std::string en;
  std::string zh;
  bool secret = false;      // never shown
  bool reloadable = false;  // may change while the program runs
};

struct Wrong {
  std::string problem;
  std::string remedy;
};

/// A declared key with the value that it has now.
struct Key {
  Description description;
  std::string allowed;       // "1 to 1000", "debug, info, warn, error or off"
  std::string default_text;  // what its place held when it was declared
  std::string value_text;
  std::string source;  // of the value: "default", or as in Fault
  std::function<std::optional<Wrong>(std::string_view)> check;
  std::function<void(std::string_view)> assign;  // precondition: check found nothing
};

/// What a text may be.
struct TextRules {
  size_t bytes_min = 0;
  size_t bytes_max = 1000;
  std::string form = "text";  // what is allowed, in a few words
  /// Nothing: the text is good. Not called for one that is too short or too long.
  std::function<std::optional<Wrong>(std::string_view)> check;
};

/// Keys are declared, then load() is called. What was handed in as a place must live as long as load() may be called. A
/// mistake in a declaration (a name twice or of another form, a default that is not allowed, no description) aborts.
/// Not for several threads at once.
class Registry {
 public:
  /// A whole number from `min` to `max`. A key whose name ends in `_bytes`, `_bytes_min` or `_bytes_max` may be written
  /// with KiB, MiB or GiB.
  template <std::integral Integer>
  requires(!std::same_as<Integer, bool>) void add_integer(Description description, Integer* place, int64_t min,
                                                          int64_t max) {
    add_integer(std::move(description), static_cast<int64_t>(*place), min, max,
                [place](int64_t value) { *place = static_cast<Integer>(value); });
  }
  /// `true` or `false`.
  void add_boolean(Description description, bool* place);
  void add_text(Description description, std::string* place, TextRules rules);
  /// One of some words, each of which stands for a value.
  template <class Value>
  void add_choice(Description description, Value* place, std::vector<std::pair<std::string, Value>> choices) {
    std::vector<std::string> words;
    std::string now;
    for (const auto& [word, value] : choices) {
      words.push_back(word);
      if (value == *place) now = word;
    }
    add_choice(std::move(description), std::move(words), now,
               [place, choices = std::move(choices)](size_t index) { *place = choices[index].second; });
  }
  /// A condition between several keys, looked at when every key by itself is good; a fault names `key` and its source.
  void add_rule(std::string key, std::function<std::optional<Wrong>()> rule);

  /// Takes the values of the sources, the later ones over the earlier, the defaults where no source has one, and puts
  /// them in their places; every fault is returned. With faults the places hold nothing that is to be used.
  std::vector<Fault> load(const Sources& sources);

  /// In the order in which they were declared.
  const std::vector<Key>& keys() const { return keys_; }
  const Key* find(std::string_view name) const;

 private:
  struct Rule {
    std::string key;
    std::function<std::optional<Wrong>()> check;
  };
  void add(Key key);
  void add_integer(Description description, int64_t now, int64_t min, int64_t max, std::function<void(int64_t)> put);
  void add_choice(Description description, std::vector<std::string> words, const std::string& now,
                  std::function<void(size_t)> put);
  void take(const std::vector<Entry>& entries, std::vector<Fault>* faults);
  std::vector<Entry> from_environment(const std::vector<std::string>& environment, std::vector<Fault>* faults) const;
  std::vector<Entry> from_flags(const std::vector<std::string>& flags, std::vector<Fault>* faults) const;
  std::vector<std::string_view> names() const;

  std::vector<Key> keys_;
  std::vector<Rule> rules_;
};

/// A key whose value differs between two loads of the same keys.
struct Change {
  std::string key;
  bool reloadable;  // else it takes a restart
};
std::vector<Change> changes_between(const Registry& before, const Registry& after);

}  // namespace kaogong::config
