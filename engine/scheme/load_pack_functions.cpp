// Functions: parameters, steps, result; who calls whom.
#include <algorithm>
#include <array>
#include <set>

#include "engine/scheme/expressions.h"
#include "engine/scheme/load.h"
#include "engine/scheme/pack_call.h"
#include "engine/scheme/pack_loader.h"

namespace kaogong::scheme {
namespace {

// What looks at other employees or other periods has no place in a pack: a function's value is that of its arguments.
constexpr std::array<std::string_view, 18> kNotInPacks = {
    "rank",  "row_number", "total",    "average", "highest", "lowest",       "headcount", "percentile", "quota",
    "share", "enrolled",   "previous", "last",    "earlier", "year_to_date", "within",    "streak",     "longest_run"};

}  // namespace

PackFunction PackLoader::read_function(const Node& key, const Node& value) {
  const std::string what = "function \"" + key.text + "\"";
  const Fields fields(*this, value, keys::kPackFunction, what);
  PackFunction function;
  function.name = key.text;
  function.at = at(key);
  if (const Node* node = fields.find("labels")) function.labels = labels(*node, fields.name_of("labels"));
  if (const Node* node = fields.find("source")) function.source = source_note(*node, fields.name_of("source"));
  if (const Node* node = fields.find("remark")) function.remark = text(*node, fields.name_of("remark"));
  std::unordered_map<std::string, uint32_t> declared;
  std::vector<Column> known;  // the types that bounds of bands are held against
  const auto declare_local = [&](const Node& name, std::string_view kind) {
    if (is_reserved_name(name.text)) {
      error(name, "reserved-name",
            "\"" + name.text + "\" has a meaning of its own and cannot name a " + std::string(kind),
            "choose another name");
    } else if (names_.contains(name.text) || function_keys_.contains(name.text)) {
      error(name, "duplicate-name",
            "the " + std::string(kind) + " \"" + name.text + "\" of " + what + " has the name of a table or function",
            "rename one of the two");
    }
    declare_column(name, what, declared);
  };
  if (const Node* node = fields.find("parameters");
      node && expect(*node, Node::Kind::kMap, fields.name_of("parameters"))) {
    each_named(*node, "parameter", [&](const Node& name, const Node& map) {
      declare_local(name, "parameter");
      const Fields parts(*this, map, keys::kPackParameter, "parameter \"" + name.text + "\" of " + what);
      PackParameter parameter;
      parameter.name = name.text;
      parameter.at = at(name);
      parameter.type = type(parts, TypeUse::kComputed);
      read_named(parts, parameter);
      if (const Node* otherwise = parts.find_raw("default")) {
        parameter.default_value = literal(*otherwise, parameter.type, parts.name_of("default"));
      }
      known.push_back(parameter);
      function.parameters.push_back(std::move(parameter));
    });
  }
  const auto read_step = [&](const Node& name, const Node& map, const KeySet& keys, const std::string& title,
                             TypeUse use) {
    const Fields parts(*this, map, keys, title);
    Decision step;
    step.name = name.text;
    step.at = at(name);
    step.type = type(parts, use);
    read_named(parts, step);
    row_columns_ = &known;
    row_names_ = &declared;
    read_rule(parts, step, name.text);
    row_columns_ = nullptr;
    row_names_ = nullptr;
    return step;
  };
  if (const Node* node = fields.find("steps"); node && expect(*node, Node::Kind::kMap, fields.name_of("steps"))) {
    each_named(*node, "step", [&](const Node& name, const Node& map) {
      declare_local(name, "step");
      Decision step = read_step(name, map, keys::kStep, "step \"" + name.text + "\" of " + what, TypeUse::kComputed);
      known.push_back(step);
      function.steps.push_back(std::move(step));
    });
  }
  if (const Node* node = fields.find("checks"); node && expect(*node, Node::Kind::kList, fields.name_of("checks"))) {
    std::vector<std::string_view> columns;
    for (const Column& column : known) columns.emplace_back(column.name);
    read_checks(*node, what, columns, function.checks);
  }
  for (size_t i = 0; i < value.pairs(); ++i) {
    if (value.key(i).text != "result" || !expect(value.value(i), Node::Kind::kMap, fields.name_of("result"))) continue;
    function.result = read_step(value.key(i), value.value(i), keys::kResult, "the result of " + what, TypeUse::kValue);
    if (function.result.labels.en.empty() && function.result.labels.zh.empty())
      function.result.labels = function.labels;
  }
  return function;
}

void PackLoader::read_functions(const Node& map) {
  for (size_t i = 0; i < map.pairs(); ++i) {
    declare(map.key(i), "function");
    function_keys_.emplace(map.key(i).text, &map.key(i));
  }
  if (map.children.empty()) error(map, "bad-value", "\"functions\" is empty", "declare at least one");
  each_named(map, "function",
             [&](const Node& key, const Node& value) { pack->functions.push_back(read_function(key, value)); });
  check_calls();
}

// Functions may not call themselves, not by way of others either, and must stay small when they are put in place of
// their calls.
void PackLoader::check_calls() {
  const size_t count = pack->functions.size();
  std::vector<std::vector<uint32_t>> calls(count);  // with repetitions
  for (uint32_t f = 0; f < count; ++f) {
    const Node& key = *function_keys_.at(pack->functions[f].name);
    std::set<std::string> refused;
    for_each_tree(pack->functions[f], [&](const feel::Expr& tree) {
      for_each_part(tree, [&](const feel::Expr& part) {
        if (part.kind != feel::ExprKind::kCall) return;
        const feel::Expr& callee = *static_cast<const feel::Call&>(part).callee;
        std::string name = dotted_name(callee);
        if (callee.kind == feel::ExprKind::kName) name = static_cast<const feel::NameRef&>(callee).name;
        if (name.starts_with(pack->id + ".")) name.erase(0, pack->id.size() + 1);
        if (const PackFunction* other = pack->function(name)) {
          calls[f].push_back(static_cast<uint32_t>(other - pack->functions.data()));
        } else if (std::find(kNotInPacks.begin(), kNotInPacks.end(), name) != kNotInPacks.end() &&
                   refused.insert(name).second) {
          error(key, "not-in-packs",
                "function \"" + key.text + "\" calls " + name +
                    ", which looks at other employees or periods: a pack sees its arguments only",
                "compute it in the scheme and pass it as an argument");
        }
      });
    });
  }
  std::vector<uint8_t> state(count, 0);
  std::vector<size_t> sizes(count, 1), depths(count, 1);
  std::vector<uint32_t> way;
  bool circle = false;
  const auto visit = [&](const auto& self, uint32_t f) -> void {
    if (state[f] == 2 || circle) return;
    if (state[f] == 1) {
      std::string path;
      const auto begin = std::find(way.begin(), way.end(), f);
      for (auto at = begin; at != way.end(); ++at) path += pack->functions[*at].name + " → ";
      error(*function_keys_.at(pack->functions[f].name), "recursion",
            "a function calls itself: " + path + pack->functions[f].name, "break the circle");
      circle = true;
      return;
    }
    state[f] = 1;
    way.push_back(f);
    // A chain as long as this is too deep in any case.
    if (way.size() <= kPackDepthMax + 1) {
      for (const uint32_t other : calls[f]) {
        self(self, other);
        sizes[f] = std::min(kPackCallsMax + 1, sizes[f] + sizes[other]);
        depths[f] = std::max(depths[f], depths[other] + 1);
      }
    }
    way.pop_back();
    state[f] = 2;
  };
  for (uint32_t f = 0; f < count; ++f) visit(visit, f);
  if (circle) return;
  for (uint32_t f = 0; f < count; ++f) {
    const Node& key = *function_keys_.at(pack->functions[f].name);
    if (sizes[f] > kPackCallsMax) {
      error(key, "too-many-calls",
            "function \"" + key.text + "\" comes to more than " + std::to_string(kPackCallsMax) + " calls",
            "name a value as a step and use it where it is needed");
    } else if (depths[f] > kPackDepthMax) {
      error(key, "too-deep", "function \"" + key.text + "\" calls more than " + std::to_string(kPackDepthMax) + " deep",
            "call less deep");
    }
  }
}

}  // namespace kaogong::scheme
