// Values from the sources into their places.
#include <algorithm>

#include "infra/config/near.h"
#include "infra/config/registry.h"
#include "infra/config/yaml_file.h"

namespace kaogong::config {
namespace {

std::string did_you_mean(std::string_view near) {
  return near.empty() ? "`kaogong config` lists the keys" : "did you mean " + std::string(near) + "?";
}

}  // namespace

std::vector<std::string_view> Registry::names() const {
  std::vector<std::string_view> all;
  all.reserve(keys_.size());
  for (const Key& key : keys_) all.push_back(key.description.name);
  return all;
}

std::vector<Entry> Registry::from_environment(const std::vector<std::string>& environment,
                                              std::vector<Fault>* faults) const {
  std::vector<std::string> variables;
  variables.reserve(keys_.size());
  for (const Key& key : keys_) variables.push_back(variable_of(key.description.name));
  // Without the prefix, which would make all of them look alike.
  std::vector<std::string_view> views;
  views.reserve(variables.size());
  for (const std::string& variable : variables)
    views.push_back(std::string_view(variable).substr(kEnvironmentPrefix.size()));
  std::vector<Entry> entries;
  for (const std::string& line : environment) {
    if (!line.starts_with(kEnvironmentPrefix)) continue;
    const size_t equals = std::min(line.find('='), line.size());
    const std::string_view variable = std::string_view(line).substr(0, equals);
    const std::string source = "environment " + std::string(variable);
    const auto known = std::find(variables.begin(), variables.end(), variable);
    if (known != variables.end()) {
      const Key& key = keys_[static_cast<size_t>(known - variables.begin())];
      entries.push_back({key.description.name, line.substr(std::min(equals + 1, line.size())), source});
      continue;
    }
    // Other programs may have variables with our prefix. One that begins with a section of ours, or looks like a key,
    // was meant for us.
    const std::string_view bare = variable.substr(kEnvironmentPrefix.size());
    std::string near(nearest(bare, views));
    if (!near.empty()) near.insert(0, kEnvironmentPrefix);
    const bool ours = std::any_of(views.begin(), views.end(), [&](std::string_view view) {
      return bare.starts_with(view.substr(0, view.find('_') + 1));
    });
    if ((ours || !near.empty()) && !is_service_link(variable))
      faults->push_back({source, "", "", "is not a key", did_you_mean(near)});
  }
  return entries;
}

std::vector<Entry> Registry::from_flags(const std::vector<std::string>& flags, std::vector<Fault>* faults) const {
  std::vector<Entry> entries;
  for (const std::string& flag : flags) {
    const size_t equals = flag.find('=');
    if (equals == std::string::npos) {
      faults->push_back({"flag --set " + flag, "", "", "has no value", "write --set key=value"});
      continue;
    }
    const std::string key = flag.substr(0, equals);
    entries.push_back({key, flag.substr(equals + 1), "flag --set " + key});
  }
  return entries;
}

void Registry::take(const std::vector<Entry>& entries, std::vector<Fault>* faults) {
  for (const Entry& entry : entries) {
    const auto key = std::find_if(keys_.begin(), keys_.end(),
                                  [&](const Key& candidate) { return candidate.description.name == entry.key; });
    if (key == keys_.end()) {
      // The value may be a secret under a name that was misspelt.
      faults->push_back(
          {entry.source, entry.key, std::string(kMask), "is not a key", did_you_mean(nearest(entry.key, names()))});
      continue;
    }
    if (auto wrong = key->check(entry.value)) {
      faults->push_back({entry.source, entry.key, key->description.secret ? std::string(kMask) : entry.value,
                         std::move(wrong->problem), std::move(wrong->remedy)});
      continue;
    }
    key->value_text = entry.value;
    key->source = entry.source;
  }
}

std::vector<Fault> Registry::load(const Sources& sources) {
  std::vector<Fault> faults;
  for (Key& key : keys_) {
    key.value_text = key.default_text;
    key.source = "default";
  }
  if (!sources.file_path.empty()) take(read_yaml_file(sources.file_path, &faults), &faults);
  take(from_environment(sources.environment, &faults), &faults);
  take(from_flags(sources.flags, &faults), &faults);
  if (!faults.empty()) return faults;
  for (const Key& key : keys_) key.assign(key.value_text);
  for (const Rule& rule : rules_) {
    const Key& key = *find(rule.key);
    if (auto wrong = rule.check()) {
      faults.push_back({key.source, rule.key, key.description.secret ? std::string(kMask) : key.value_text,
                        std::move(wrong->problem), std::move(wrong->remedy)});
    }
  }
  return faults;
}

}  // namespace kaogong::config
