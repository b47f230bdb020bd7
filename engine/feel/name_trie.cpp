#include "engine/feel/name_trie.h"

namespace kaogong::feel {

std::vector<std::string> NameTrie::split(std::string_view name) {
  std::vector<std::string> parts;
  if (name.size() > kNamePartsMax * 64) return parts;
  Scanner scanner(name);
  while (scanner.position() < name.size()) {
    if (const char c = scanner.peek(); c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      scanner.advance(1);
      continue;
    }
    const std::string_view part = scanner.name_part();
    if (part.empty() || parts.size() >= kNamePartsMax) return {};
    parts.emplace_back(part);
    scanner.advance(part.size());
  }
  return parts;
}

void NameTrie::add(std::string_view name) {
  const std::vector<std::string> parts = split(name);
  if (parts.size() < 2) return;
  uint32_t at = 0;
  for (const std::string& part : parts) {
    const auto found = nodes_[at].next.find(part);
    if (found != nodes_[at].next.end()) {
      at = found->second;
      continue;
    }
    const auto fresh = static_cast<uint32_t>(nodes_.size());
    nodes_[at].next.emplace(part, fresh);
    nodes_.emplace_back();
    at = fresh;
  }
  nodes_[at].name = name;
  ++nodes_[at].uses;
}

void NameTrie::remove(std::string_view name) {
  const std::vector<std::string> parts = split(name);
  if (parts.size() < 2) return;
  uint32_t at = 0;
  for (const std::string& part : parts) {
    const auto found = nodes_[at].next.find(part);
    if (found == nodes_[at].next.end()) return;
    at = found->second;
  }
  if (nodes_[at].uses > 0) --nodes_[at].uses;
}

NameTrie::Match NameTrie::longest(Scanner scanner) const {
  Match best;
  uint32_t at = 0;
  uint32_t parts = 0;
  for (;;) {
    const std::string_view part = scanner.name_part();
    if (part.empty()) return best;
    const auto found = nodes_[at].next.find(std::string(part));
    if (found == nodes_[at].next.end()) return best;
    at = found->second;
    scanner.advance(part.size());
    ++parts;
    if (nodes_[at].uses > 0) best = Match{nodes_[at].name, scanner.position(), parts};
    // Only plain white space may stand inside a name; a comment may not, so "a/b" is not cut by "//".
    while (scanner.peek() == ' ' || scanner.peek() == '\t' || scanner.peek() == '\n' || scanner.peek() == '\r') {
      scanner.advance(1);
    }
  }
}

const NameTrie& builtin_names() {
  static const NameTrie names = [] {
    NameTrie trie;
    for (const char* name : {"date and time",
                             "years and months duration",
                             "string length",
                             "upper case",
                             "lower case",
                             "substring before",
                             "substring after",
                             "starts with",
                             "ends with",
                             "list contains",
                             "distinct values",
                             "index of",
                             "insert before",
                             "list replace",
                             "string join",
                             "get value",
                             "get entries",
                             "context put",
                             "context merge",
                             "day of year",
                             "day of week",
                             "month of year",
                             "week of year",
                             "round up",
                             "round down",
                             "round half up",
                             "round half down",
                             "met by",
                             "overlaps before",
                             "overlaps after",
                             "overlapped by",
                             "finished by",
                             "started by",
                             "overlapped after by",
                             "overlapped before by",
                             "time offset",
                             "start included",
                             "end included"}) {
      trie.add(name);
    }
    return trie;
  }();
  return names;
}

const NameTrie& builtin_type_names() {
  static const NameTrie names = [] {
    NameTrie trie;
    for (const char* name : {"date and time", "days and time duration", "day and time duration",
                             "years and months duration", "year and month duration"}) {
      trie.add(name);
    }
    return trie;
  }();
  return names;
}

}  // namespace kaogong::feel
