#include <algorithm>

#include "engine/explain/text_tree.h"
#include "engine/explain/text_width.h"

namespace kaogong::explain {
namespace {

constexpr size_t kHeadWidthMax = 40;   // heads are aligned up to here
constexpr size_t kValueWidthMax = 20;  // numbers too
constexpr size_t kTextWidthMax = 400;  // of an expression on one line
constexpr size_t kListWidthMax = 60;

void write(const Entry& entry, const std::string& first, const std::string& next, size_t head_width, size_t value_width,
           std::string* out) {
  *out += first;
  std::string line = entry.head;
  if (!entry.value.empty()) {
    line = padded(line, head_width) + " = ";
    line += entry.number ? padded(entry.value, value_width, true) : entry.value;
  }
  if (!entry.note.empty()) line += "  " + entry.note;
  *out += line;
  *out += '\n';
  for (const std::string& detail : entry.details) {
    *out += next + (entry.children.empty() ? "   " : "│  ") + detail + '\n';
  }
  size_t heads = 0, values = 0;
  for (const Entry& child : entry.children) {
    if (child.value.empty()) continue;
    const size_t head = display_width(child.head), value = display_width(child.value);
    if (head <= kHeadWidthMax) heads = std::max(heads, head);
    if (child.number && value <= kValueWidthMax) values = std::max(values, value);
  }
  for (size_t i = 0; i < entry.children.size(); ++i) {
    const bool last = i + 1 == entry.children.size();
    write(entry.children[i], next + (last ? "└─ " : "├─ "), next + (last ? "   " : "│  "), heads, values, out);
  }
}

}  // namespace

std::string TextTree::title(const scheme::Labels& labels, const std::string& name) const {
  const std::string& label = options_.language == Language::kZh ? labels.zh : labels.en;
  if (label.empty()) return name;
  return name.empty() ? label : label + " " + name;
}

std::string TextTree::value(const Shown& value) const {
  switch (value.kind) {
    case Shown::Kind::kNone:
      return "?";
    case Shown::Kind::kNull:
      return word("空", "null");
    case Shown::Kind::kBoolean:
      return value.text == "true" ? word("是", "true") : word("否", "false");
    case Shown::Kind::kList:
      return shortened(value.text, kListWidthMax);
    default:
      return value.text;
  }
}

std::string TextTree::place(const std::string& file, uint32_t line) const {
  const std::string number = std::to_string(line);
  if (file.empty()) return line == 0 ? "" : word("方案第" + number + "行", "line " + number + " of the scheme");
  return line == 0 ? file : word(file + " 第" + number + "行", file + " line " + number);
}

void TextTree::say_definition(const Node& node, Entry* entry) const {
  const auto say = [&](std::string_view zh, std::string_view en, const std::string& text) {
    if (!text.empty()) entry->details.push_back(word(zh, en) + shortened(text, kTextWidthMax));
  };
  const auto made_by = [&](Kind kind) {
    return std::any_of(node.children.begin(), node.children.end(),
                       [&](const Node& child) { return child.kind == kind; });
  };
  if (made_by(Kind::kBands)) {
    say("按此取档:", "banded by: ", node.expression);
  } else if (made_by(Kind::kTable)) {
    say("按此查表:", "table of: ", node.expression);
  } else {
    say("公式:", "from: ", node.expression);
  }
  if (node.worked != node.expression) say("代入:", "that is: ", node.worked);
  say("依据:", "source: ", node.source);
  say("说明:", "remark: ", node.remark);
}

void TextTree::add_children(const Node& node, Entry* entry) const {
  for (const Node& child : node.children) entry->children.push_back(this->entry(child));
}

Entry TextTree::condition(const Node& node) const {
  Entry entry;
  entry.head = word("条件 ", "if ") + shortened(node.expression, kTextWidthMax);
  entry.note = !node.holds ? "?" : *node.holds ? word("→ 成立", "→ holds") : word("→ 不成立", "→ does not hold");
  if (!node.branch.empty()) entry.note += word(",取 ", ": ") + shortened(node.branch, kTextWidthMax);
  return entry;
}

Entry TextTree::lookup(const Node& node) const {
  Entry entry;
  entry.head = title(node.labels, node.name);
  std::string keys;
  for (const auto& [name, key] : node.facts) keys += (keys.empty() ? "" : ", ") + name + " " + value(key);
  entry.head += word("[", " [") + keys + "]";
  entry.note = place(node.file, node.line);
  add_children(node, &entry);
  return entry;
}

std::string TextTree::rounding(const Node& node) const {
  if (node.decimals < 0) return {};
  const size_t blank = node.rounding.find(' ');
  const std::string mode = node.rounding.substr(0, blank);
  const int kept = blank == std::string::npos ? node.decimals : node.rounding[blank + 1] - '0';
  const std::string how = mode == "up"     ? word(",进位到", ", up to ")
                          : mode == "down" ? word(",舍去到", ", down to ")
                                           : word(",四舍五入到", ", half-up to ");
  if (kept == 0) return how + word("整数", "a whole number");
  return how + word(std::to_string(kept) + "位小数", std::to_string(kept) + " decimals");
}

Entry TextTree::pack_row(const Node& node) const {
  Entry entry;
  entry.head = title(node.labels, node.name);
  std::string facts;
  for (const auto& [name, fact] : node.facts) facts += (facts.empty() ? "" : ", ") + name + " " + value(fact);
  if (!facts.empty()) entry.head += word("[", " [") + facts + "]";
  entry.note = word(node.effective_from + "起生效", "in force from " + node.effective_from);
  if (!node.effective_to.empty()) entry.note += word(",至" + node.effective_to, " to " + node.effective_to);
  entry.note += word(",", ", ") + place(node.file, node.line);
  if (!node.source.empty()) entry.details.push_back(word("依据:", "source: ") + node.source);
  if (!node.remark.empty()) entry.details.push_back(word("说明:", "remark: ") + node.remark);
  add_children(node, &entry);
  return entry;
}

Entry TextTree::bands(const Node& node) const {
  Entry entry;
  entry.head = word("档次:", "bands: ") + node.expression;
  entry.value = value(node.value);
  for (const Node& band : node.children) {
    const bool matched = band.holds.value_or(false);
    std::string line = matched ? "▶ " : "  ";
    const std::string bound = band.facts.empty() ? word("其余", "else") : band.name + " " + band.facts[0].second.text;
    line += padded(bound, 14) + " " + value(band.value);
    if (matched) line += word("  ← 适用", "  ← this one");
    entry.details.push_back(std::move(line));
  }
  return entry;
}

Entry TextTree::table(const Node& node) const {
  Entry entry;
  const std::string all = std::to_string(node.of);
  entry.head = word("决策表(", "decision table (") + node.name + word(",共" + all + "条规则)", ", " + all + " rules)");
  if (node.count == 0) entry.note = word("没有规则符合", "no rule matches");
  for (const Node& rule : node.children) {
    Entry line;
    const std::string number = std::to_string(rule.count);
    line.head = rule.count == 0 ? word("缺省值", "default") : word("第" + number + "条规则", "rule " + number);
    line.value = value(rule.value);
    line.number = rule.value.kind == Shown::Kind::kNumber;
    if (rule.line != 0) line.note = place(rule.file, rule.line);
    if (!rule.worked.empty()) line.details.push_back(rule.expression + word(" 代入 ", " that is ") + rule.worked);
    for (size_t i = 0; i < rule.facts.size() && i < node.facts.size(); ++i) {
      const std::string& cell = rule.facts[i].second.text;
      if (cell == "-") continue;
      line.details.push_back(shortened(rule.facts[i].first, kListWidthMax) + ": " + value(node.facts[i].second) +
                             word(" 符合 ", " passes ") + cell);
    }
    entry.children.push_back(std::move(line));
  }
  return entry;
}

Entry TextTree::history(const Node& node) const {
  Entry entry;
  const bool run = node.name == "streak" || node.name == "longest_run";
  entry.head = node.expression;
  entry.value = value(node.value);
  entry.number = node.value.kind == Shown::Kind::kNumber;
  if (node.name == "streak") entry.note = word("连续期数(含本期,往前数)", "periods in a row, this one and back");
  if (node.name == "longest_run") entry.note = word("本期内最长连续期数", "longest run inside this period");
  if (!run) entry.note = title(node.labels, {});
  for (size_t i = 0; i < node.children.size(); ++i) {
    if (i == options_.rows_max) {
      const std::string more = std::to_string(node.children.size() - i);
      entry.details.push_back(word("… 还有" + more + "期", "… " + more + " more periods"));
      break;
    }
    const Node& period = node.children[i];
    std::string line = padded(period.name, 9);
    for (const auto& [name, recorded] : period.facts) {
      line +=
          name + " " + (recorded.kind == Shown::Kind::kNull ? word("无记录", "not recorded") : value(recorded)) + "  ";
    }
    if (period.holds) line += *period.holds ? "✓" : "✗";
    while (line.back() == ' ') line.pop_back();
    entry.details.push_back(std::move(line));
  }
  return entry;
}

Entry TextTree::cohort(const Node& node) const {
  Entry entry;
  entry.head = node.expression;
  entry.value = value(node.value);
  entry.number = node.value.kind == Shown::Kind::kNumber;
  std::string group;
  for (const auto& [name, fact] : node.facts) {
    if (name == "group") group = value(fact);
  }
  const std::string count = std::to_string(node.count);
  std::string who = group.empty() ? word("全体", "all") : word("组 ", "group ") + group;
  entry.note = word("(" + who + ":" + count + "人参与)", "(" + who + ": " + count + " take part)");
  if (!node.holds.value_or(true)) entry.note += word(" 本人不参与", " this one does not");
  std::string line;
  for (const auto& [name, fact] : node.facts) {
    if (name == "group") continue;
    std::string_view zh = "比较值", en = "value";
    if (name == "of" && node.name == "share") zh = "奖池", en = "pool";
    if (name == "by") zh = "本人权重", en = "own weight";
    if (name == "by_total") zh = "权重合计", en = "all weights";
    line += (line.empty() ? "" : word(",", ", ")) + word(zh, en) + " " + value(fact);
  }
  if (!line.empty()) entry.details.push_back(std::move(line));
  return entry;
}

Entry TextTree::entry(const Node& node) const {
  switch (node.kind) {
    case Kind::kLookup:
      return lookup(node);
    case Kind::kPackRow:
      return pack_row(node);
    case Kind::kRows:
      return rows(node);
    case Kind::kCondition:
      return condition(node);
    case Kind::kBands:
      return bands(node);
    case Kind::kTable:
      return table(node);
    case Kind::kHistory:
      return history(node);
    case Kind::kCohort:
      return cohort(node);
    default:
      break;
  }
  Entry entry;
  entry.head = title(node.labels, node.name);
  entry.value = value(node.value);
  entry.number = node.value.kind == Shown::Kind::kNumber;
  switch (node.kind) {
    case Kind::kDecision: {
      if (node.repeated) {
        entry.note = word("(详见本说明他处)", "(explained elsewhere here)");
        return entry;
      }
      entry.note = node.type + rounding(node);
      if (!node.unrounded.empty()) entry.note += word(",舍入前 ", ", unrounded ") + node.unrounded;
      if (node.cut) {
        entry.note += word("(未展开)", " (not opened)");
        return entry;
      }
      say_definition(node, &entry);
      break;
    }
    case Kind::kPackCall:
      entry.note = word("规则包函数 ", "a pack's function: ") + shortened(node.expression, kTextWidthMax);
      if (node.cut) entry.note += word("(未展开)", " (not opened)");
      if (!node.source.empty()) entry.details.push_back(word("依据:", "source: ") + node.source);
      if (!node.remark.empty()) entry.details.push_back(word("说明:", "remark: ") + node.remark);
      break;
    case Kind::kArgument:
      entry.note = node.holds.value_or(true) ? word("← ", "← ") + shortened(node.expression, kTextWidthMax)
                                             : word("缺省值", "default");
      if (!node.unrounded.empty()) entry.note += word(",舍入前 ", ", unrounded ") + node.unrounded;
      break;
    case Kind::kStep:
      if (node.name == "result" && node.labels.zh.empty() && node.labels.en.empty())
        entry.head = word("结果", "result");
      entry.note = node.type + rounding(node);
      if (!node.unrounded.empty()) entry.note += word(",舍入前 ", ", unrounded ") + node.unrounded;
      say_definition(node, &entry);
      break;
    case Kind::kInput:
      entry.note = place(node.file, node.line);
      break;
    case Kind::kParameter:
      entry.note = node.holds.value_or(false) ? node.file : word("缺省参数", "default parameter");
      break;
    case Kind::kColumn:
      if (!node.unrounded.empty()) entry.note = word("舍入前 ", "unrounded ") + node.unrounded;
      say_definition(node, &entry);
      break;
    case Kind::kAggregate:
      entry.head = shortened(node.expression, kTextWidthMax);
      break;
    default:
      break;
  }
  add_children(node, &entry);
  return entry;
}

std::string to_text(const Explanation& explanation, const TextOptions& options) {
  const TextTree tree(options);
  const std::string version = std::to_string(explanation.version);
  std::string out =
      tree.title(explanation.labels, explanation.scheme) + tree.word(" 第" + version + "版", " version " + version);
  if (!explanation.source_part.empty()) {
    out +=
        tree.word(",原文第" + explanation.source_part + "部分", ", part " + explanation.source_part + " of the source");
    if (!explanation.source_title.empty()) out += " " + explanation.source_title;
  }
  out += '\n' + tree.word("考核期 ", "period ") + explanation.period + tree.word(",员工 ", ", employee ") +
         explanation.employee;
  if (explanation.line != 0)
    out += tree.word("(", " (") + tree.place("population.csv", explanation.line) + tree.word(")", ")");
  out += '\n';
  if (explanation.refused) {
    out += '\n' + tree.word("未计算,原因:", "Refused, because:") + '\n';
    for (const column::Fault& fault : explanation.faults) {
      out += "- " + tree.place(fault.file + ".csv", fault.line);
      if (!fault.column.empty()) out += ", " + fault.column;
      if (!fault.value.empty()) out += " = " + fault.value;
      out += ": " + tree.word(fault.error.zh, fault.error.en) + '\n';
    }
    return out;
  }
  for (const Node& figure : explanation.figures) {
    out += '\n';
    const Entry entry = tree.entry(figure);
    write(entry, "", "", 0, 0, &out);
  }
  return out;
}

}  // namespace kaogong::explain
