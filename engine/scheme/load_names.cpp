// Names: what may be one, what is taken, what was meant.
#include <algorithm>
#include <array>
#include <unordered_set>

#include "engine/scheme/loader.h"
#include "engine/scheme/near.h"

namespace kaogong::scheme {
namespace {

constexpr size_t kNameLengthMax = 63;  // of a column in the databases that results go to

const std::unordered_set<std::string_view>& keywords() {
  static const std::unordered_set<std::string_view> words = {
      "and",  "or",    "not",  "if",      "then",     "else",      "for",      "in",       "return", "some",   "every",
      "true", "false", "null", "between", "function", "satisfies", "external", "instance", "of",     "partial"};
  return words;
}

const std::unordered_set<std::string_view>& builtin_functions() {
  static const std::unordered_set<std::string_view> names = {
      "date",  "time",     "duration", "number",   "string",   "substring", "matches",   "replace", "split",
      "min",   "max",      "sum",      "mean",     "all",      "any",       "sublist",   "append",  "concatenate",
      "union", "flatten",  "product",  "median",   "stddev",   "mode",      "decimal",   "floor",   "ceiling",
      "abs",   "modulo",   "sqrt",     "log",      "exp",      "odd",       "even",      "before",  "after",
      "meets", "overlaps", "finishes", "includes", "during",   "starts",    "coincides", "now",     "today",
      "range", "context",  "sort",     "is",       "contains", "reverse",   "remove",    "count"};
  return names;
}

constexpr std::array<std::string_view, 6> kScopeNames = {"employee",   "period", "period_start",
                                                         "period_end", "year",   "this"};

bool is_scope_name(std::string_view name) {
  return std::find(kScopeNames.begin(), kScopeNames.end(), name) != kScopeNames.end();
}

}  // namespace

bool is_reserved_name(std::string_view name) {
  return name == "item" || is_scope_name(name) || keywords().contains(name) || builtin_functions().contains(name);
}

bool is_keyword(std::string_view name) { return keywords().contains(name); }

bool is_reserved_column(std::string_view name) { return is_scope_name(name) || keywords().contains(name); }

bool Loader::valid_name(const Node& key, std::string_view what) {
  const auto lower = [](char c) { return c >= 'a' && c <= 'z'; };
  const bool good = !key.text.empty() && key.text.size() <= kNameLengthMax && lower(key.text[0]) &&
                    std::all_of(key.text.begin(), key.text.end(),
                                [&](char c) { return lower(c) || (c >= '0' && c <= '9') || c == '_'; });
  if (good) return true;
  error(key, "bad-name", "\"" + key.text.substr(0, 100) + "\" cannot be the name of a " + std::string(what),
        "use lower-case letters, digits and _, beginning with a letter, at most 63; other names belong in labels");
  return false;
}

void Loader::declare(const Node& key, std::string_view kind) {
  if (is_reserved_name(key.text)) {
    error(key, "reserved-name", "\"" + key.text + "\" has a meaning of its own and cannot name a " + std::string(kind),
          "choose another name");
    return;
  }
  const auto [where, fresh] = names_.emplace(key.text, Declared{kind, key.offset});
  if (!fresh) {
    error(key, "duplicate-name",
          "the " + std::string(kind) + " \"" + key.text + "\" has the name of the " + std::string(where->second.kind) +
              " in line " + std::to_string(source_.at(where->second.offset).line),
          "rename one of the two");
  }
}

void Loader::declare_file(const Node& key, std::string_view kind) {
  if (key.text != "population" && key.text != "history" && key.text != "parameters") return;
  error(key, "reserved-name",
        "the " + std::string(kind) + " \"" + key.text + "\" cannot be read from " + key.text +
            ".csv, which holds something else",
        "choose another name");
}

void Loader::declare_history(const Node& key) {
  // History may have the name of a decision or an input: it is that value of earlier periods.
  if (is_reserved_name(key.text)) {
    error(key, "reserved-name", "\"" + key.text + "\" has a meaning of its own and cannot name a history column",
          "choose another name");
  }
  const auto found = names_.find(key.text);
  if (found != names_.end() && found->second.kind != "input") {
    error(key, "duplicate-name",
          "the history column \"" + key.text + "\" has the name of the " + std::string(found->second.kind) +
              " in line " + std::to_string(source_.at(found->second.offset).line),
          "rename one of the two");
  }
  history_names_.emplace(key.text, key.offset);
}

void Loader::declare_column(const Node& key, std::string_view what,
                            std::unordered_map<std::string, uint32_t>& columns) {
  if (is_reserved_column(key.text)) {
    error(key, "reserved-name",
          "\"" + key.text + "\" has a meaning of its own and cannot name a column of " + std::string(what),
          "choose another name");
  }
  const auto [where, fresh] = columns.emplace(key.text, key.offset);
  if (!fresh) {
    error(key, "duplicate-name",
          "\"" + key.text + "\" is already a column of " + std::string(what) + ", in line " +
              std::to_string(source_.at(where->second).line),
          "rename one of the two");
  }
}

void Loader::unknown(const Node& at, std::string_view kind, std::string_view name,
                     const std::vector<std::string_view>& known) {
  error(at, "unknown-" + std::string(kind.substr(0, kind.find(' '))),
        "there is no " + std::string(kind) + " \"" + std::string(name.substr(0, 100)) + "\"",
        suggest(name, known, "declare it"));
}

std::vector<std::string> Loader::columns_named(const Node& node, std::string_view what,
                                               const std::vector<std::string_view>& known) {
  std::vector<std::string> names;
  const auto take = [&](const Node& item) {
    if (!expect(item, Node::Kind::kText, "a column in " + std::string(what))) return;
    if (std::find(known.begin(), known.end(), item.text) == known.end()) {
      unknown(item, "column for " + std::string(what), item.text, known);
    } else if (std::find(names.begin(), names.end(), item.text) != names.end()) {
      error(item, "duplicate-value", "the column \"" + item.text + "\" stands twice in " + std::string(what),
            "list it once");
    } else {
      names.push_back(item.text);
    }
  };
  if (node.is_text()) {
    take(node);
  } else if (expect(node, Node::Kind::kList, what)) {
    for (const Node& item : node.children) take(item);
    if (node.children.empty()) {
      error(node, "bad-value", std::string(what) + " lists no column", "list at least one, or leave the key out");
    }
  }
  return names;
}

}  // namespace kaogong::scheme
