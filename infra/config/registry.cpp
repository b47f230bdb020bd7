#include "infra/config/registry.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>

namespace kaogong::config {
namespace {

[[noreturn]] void refuse(const std::string& name, const char* why) {
  std::fprintf(stderr, "the declaration of the key %s: %s\n", name.c_str(), why);
  std::abort();
}

// `section.key`, both of lower-case letters, digits and underscores, beginning with a letter.
bool is_name(std::string_view name) {
  bool at_start = true;
  size_t dots = 0;
  for (const char c : name) {
    if (c == '.') {
      if (at_start) return false;
      ++dots;
      at_start = true;
      continue;
    }
    const bool letter = c >= 'a' && c <= 'z';
    if (!letter && (at_start || (c != '_' && (c < '0' || c > '9')))) return false;
    at_start = false;
  }
  return dots == 1 && !at_start;
}

bool is_size(std::string_view name) {
  return name.ends_with("_bytes") || name.ends_with("_bytes_min") || name.ends_with("_bytes_max");
}

std::optional<int64_t> read_integer(std::string_view text, bool size) {
  int64_t unit = 1;
  if (size) {
    for (const auto& [ending, bytes] : {std::pair<std::string_view, int64_t>{"KiB", int64_t{1} << 10},
                                        {"MiB", int64_t{1} << 20},
                                        {"GiB", int64_t{1} << 30}}) {
      if (!text.ends_with(ending)) continue;
      unit = bytes;
      text.remove_suffix(ending.size());
    }
  }
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (__builtin_mul_overflow(value, unit, &value)) return std::nullopt;
  return value;
}

std::string join_words(const std::vector<std::string>& words) {
  std::string out;
  for (size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? " or " : ", ";
    out += words[i];
  }
  return out;
}

}  // namespace

void Registry::add(Key key) {
  const std::string& name = key.description.name;
  if (!is_name(name)) refuse(name, "is not of the form section.key");
  if (key.description.en.empty() || key.description.zh.empty()) refuse(name, "has no description");
  for (const Key& other : keys_)
    if (variable_of(other.description.name) == variable_of(name)) refuse(name, "is declared twice");
  if (key.check(key.default_text)) refuse(name, "the default is not allowed");
  key.value_text = key.default_text;
  key.source = "default";
  keys_.push_back(std::move(key));
}

void Registry::add_integer(Description description, int64_t now, int64_t min, int64_t max,
                           std::function<void(int64_t)> put) {
  Key key;
  const bool size = is_size(description.name);
  key.description = std::move(description);
  key.default_text = std::to_string(now);
  key.allowed = std::to_string(min) + " to " + std::to_string(max);
  key.check = [min, max, size, allowed = key.allowed](std::string_view text) -> std::optional<Wrong> {
    const std::string remedy =
        "write a whole number from " + allowed + (size ? ", or one with KiB, MiB or GiB behind it" : "");
    const auto value = read_integer(text, size);
    if (!value) return Wrong{"is not a whole number of 64 bits", remedy};
    if (*value < min) return Wrong{"is too small", remedy};
    if (*value > max) return Wrong{"is too large", remedy};
    return std::nullopt;
  };
  key.assign = [put = std::move(put), size](std::string_view text) { put(*read_integer(text, size)); };
  add(std::move(key));
}

void Registry::add_boolean(Description description, bool* place) {
  add_choice<bool>(std::move(description), place, {{"true", true}, {"false", false}});
}

void Registry::add_text(Description description, std::string* place, TextRules rules) {
  Key key;
  key.description = std::move(description);
  key.default_text = *place;
  key.allowed = rules.form;
  key.check = [rules = std::move(rules)](std::string_view text) -> std::optional<Wrong> {
    if (text.size() < rules.bytes_min) return Wrong{"is too short", "write " + rules.form};
    if (text.size() > rules.bytes_max) {
      return Wrong{"is too long", "write " + rules.form + ", at most " + std::to_string(rules.bytes_max) + " bytes"};
    }
    if (text.find('\0') != std::string_view::npos) return Wrong{"has a byte 0 in it", "write " + rules.form};
    return rules.check ? rules.check(text) : std::nullopt;
  };
  key.assign = [place](std::string_view text) { *place = text; };
  add(std::move(key));
}

void Registry::add_choice(Description description, std::vector<std::string> words, const std::string& now,
                          std::function<void(size_t)> put) {
  Key key;
  key.description = std::move(description);
  key.default_text = now;
  key.allowed = join_words(words);
  key.check = [words, allowed = key.allowed](std::string_view text) -> std::optional<Wrong> {
    if (std::find(words.begin(), words.end(), text) != words.end()) return std::nullopt;
    return Wrong{"is not one of the choices", "write " + allowed};
  };
  key.assign = [words = std::move(words), put = std::move(put)](std::string_view text) {
    put(static_cast<size_t>(std::find(words.begin(), words.end(), text) - words.begin()));
  };
  add(std::move(key));
}

void Registry::add_rule(std::string key, std::function<std::optional<Wrong>()> rule) {
  if (find(key) == nullptr) refuse(key, "has a rule, but is not declared");
  rules_.push_back({std::move(key), std::move(rule)});
}

const Key* Registry::find(std::string_view name) const {
  const auto found =
      std::find_if(keys_.begin(), keys_.end(), [&](const Key& key) { return key.description.name == name; });
  return found == keys_.end() ? nullptr : &*found;
}

std::vector<Change> changes_between(const Registry& before, const Registry& after) {
  std::vector<Change> changes;
  for (const Key& key : after.keys()) {
    const Key* old = before.find(key.description.name);
    if (old != nullptr && old->value_text != key.value_text)
      changes.push_back({key.description.name, key.description.reloadable});
  }
  return changes;
}

}  // namespace kaogong::config
