#include "engine/scheme/diff.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "engine/scheme/facts.h"

namespace kaogong::scheme {
namespace {

using Key = std::pair<std::string_view, std::string_view>;

Change change_of(Change::Kind kind, const Thing* before, const Thing* after) {
  const Thing& newer = after != nullptr ? *after : *before;
  Change change;
  change.kind = kind;
  change.section = newer.section;
  change.name = newer.name;
  change.labels = newer.labels;
  if (before != nullptr) change.before_at = before->at;
  if (after != nullptr) change.after_at = after->at;
  return change;
}

// The same thing in both documents: each part that differs.
void compare(const Thing& before, const Thing& after, std::vector<Change>& changes) {
  std::map<Key, const Fact*> old_facts, new_facts;
  for (const Fact& fact : before.facts) old_facts.emplace(Key{fact.part, fact.label}, &fact);
  for (const Fact& fact : after.facts) new_facts.emplace(Key{fact.part, fact.label}, &fact);
  const auto add = [&](const Fact& fact, const std::string& old_text, const std::string& new_text) {
    Change change = change_of(Change::Kind::kChanged, &before, &after);
    change.part = fact.part;
    change.label = fact.label;
    change.before = old_text;
    change.after = new_text;
    changes.push_back(std::move(change));
  };
  const auto rules_of = [](const std::map<Key, const Fact*>& facts) {
    std::set<std::string_view> labels;
    for (const auto& [key, fact] : facts) {
      if (key.first == "rule") labels.insert(key.second);
    }
    return labels;
  };
  for (const Fact& fact : after.facts) {
    const auto found = old_facts.find({fact.part, fact.label});
    if (fact.part == "order of rules") {
      // Added and removed rules say it themselves; the order alone is worth a word.
      if (found != old_facts.end() && found->second->text != fact.text && rules_of(old_facts) == rules_of(new_facts)) {
        add(fact, "", "");
      }
    } else if (found == old_facts.end()) {
      add(fact, "", fact.text);
    } else if (found->second->text != fact.text) {
      add(fact, found->second->text, fact.text);
    }
  }
  for (const Fact& fact : before.facts) {
    if (fact.part != "order of rules" && !new_facts.contains({fact.part, fact.label})) add(fact, fact.text, "");
  }
}

struct Word {
  std::string_view english, chinese;
};

constexpr std::array kSections = {Word{"scheme", "方案"},
                                  Word{"input", "输入"},
                                  Word{"table", "子表"},
                                  Word{"column", "列"},
                                  Word{"computed column", "计算列"},
                                  Word{"check", "校验"},
                                  Word{"lookup", "查找表"},
                                  Word{"lookup row", "查找表的行"},
                                  Word{"group", "分组"},
                                  Word{"history column", "历史列"},
                                  Word{"parameter", "参数"},
                                  Word{"decision", "决策"},
                                  Word{"assertion", "断言"}};

constexpr std::array kParts = {Word{"type", "类型"},
                               Word{"least value", "最小值"},
                               Word{"greatest value", "最大值"},
                               Word{"values", "可选值"},
                               Word{"fixed wage", "固定工资"},
                               Word{"Chinese label", "中文名称"},
                               Word{"English label", "英文名称"},
                               Word{"source", "出处"},
                               Word{"remark", "备注"},
                               Word{"expression", "表达式"},
                               Word{"banded value", "分档依据"},
                               Word{"band", "分档"},
                               Word{"hit policy", "命中策略"},
                               Word{"table inputs", "决策表输入"},
                               Word{"rule", "规则"},
                               Word{"order of rules", "规则的顺序"},
                               Word{"condition", "适用条件"},
                               Word{"column", "列"},
                               Word{"Chinese message", "中文提示"},
                               Word{"English message", "英文提示"},
                               Word{"key", "键"},
                               Word{"least rows", "最少行数"},
                               Word{"most rows", "最多行数"},
                               Word{"completeness", "完整性要求"},
                               Word{"refusal", "拒绝条件"},
                               Word{"rows", "行"},
                               Word{"cell", "列"},
                               Word{"table", "子表"},
                               Word{"recorded periods", "历史期间"},
                               Word{"default", "默认值"},
                               Word{"id", "标识"},
                               Word{"version", "版本"},
                               Word{"packs", "规则包"},
                               Word{"rounding", "舍入"},
                               Word{"periods", "期间"},
                               Word{"outputs", "输出"}};

template <size_t N>
std::string word(const std::array<Word, N>& words, std::string_view english, Language language) {
  if (language == Language::kChinese) {
    for (const Word& w : words) {
      if (w.english == english) return std::string(w.chinese);
    }
  }
  return std::string(english);
}

}  // namespace

std::vector<Change> diff(const Document& before, const Document& after) {
  const std::vector<Thing> old_things = things_of(before), new_things = things_of(after);
  std::map<Key, const Thing*> old_index, new_index;
  for (const Thing& thing : old_things) old_index.emplace(Key{thing.section, thing.name}, &thing);
  for (const Thing& thing : new_things) new_index.emplace(Key{thing.section, thing.name}, &thing);
  std::vector<Change> changes;
  for (const Thing& thing : new_things) {
    const auto found = old_index.find({thing.section, thing.name});
    if (found == old_index.end()) {
      changes.push_back(change_of(Change::Kind::kAdded, nullptr, &thing));
    } else {
      compare(*found->second, thing, changes);
    }
  }
  for (const Thing& thing : old_things) {
    if (!new_index.contains({thing.section, thing.name})) {
      changes.push_back(change_of(Change::Kind::kRemoved, &thing, nullptr));
    }
  }
  std::stable_sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) {
    const auto rank = [](const Change& change) {
      size_t i = 0;
      while (i < kSections.size() && kSections[i].english != change.section) ++i;
      return i;
    };
    return rank(a) < rank(b);
  });
  return changes;
}

std::string describe(const Change& change, Language language) {
  const bool zh = language == Language::kChinese;
  const auto quote = [&](const std::string& text) { return zh ? "“" + text + "”" : "\"" + text + "\""; };
  std::string line = word(kSections, change.section, language);
  if (!change.name.empty()) {
    line += (zh ? "" : " ") + quote(change.name);
    const std::string& label = zh ? change.labels.zh : change.labels.en;
    if (!label.empty()) line += zh ? "(" + label + ")" : " (" + label + ")";
  }
  if (change.kind == Change::Kind::kAdded) return line + (zh ? ":新增" : ": added");
  if (change.kind == Change::Kind::kRemoved) return line + (zh ? ":删除" : ": removed");
  line += zh ? ":" : ": ";
  line += word(kParts, change.part, language);
  if (!change.label.empty() && change.label != change.before && change.label != change.after) {
    line += (zh ? "" : " ") + quote(change.label);
  }
  if (change.before.empty() && change.after.empty()) return line + (zh ? "改变" : " changed");
  if (change.before.empty()) return line + (zh ? "新增:" + change.after : " added: " + change.after);
  if (change.after.empty())
    return line + (zh ? "删除(原为" + change.before + ")" : " removed (was " + change.before + ")");
  return line +
         (zh ? "由" + change.before + "改为" + change.after : " changed from " + change.before + " to " + change.after);
}

}  // namespace kaogong::scheme
