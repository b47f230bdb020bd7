#include <string_view>

#include "engine/explain/render.h"

namespace kaogong::explain {
namespace {

// Writes JSON, indented by two spaces.
class Writer {
 public:
  void begin(char bracket) {
    value_start();
    out_ += bracket;
    ++depth_;
    first_ = true;
  }
  void end(char bracket) {
    --depth_;
    if (!first_) line();
    out_ += bracket;
    first_ = false;
  }
  void key(std::string_view name) {
    item();
    quote(name);
    out_ += ": ";
    after_key_ = true;
  }
  void string(std::string_view value) {
    value_start();
    quote(value);
  }
  void plain(std::string_view value) {
    value_start();
    out_ += value;
  }
  void number(uint64_t value) { plain(std::to_string(value)); }
  void boolean(bool value) { plain(value ? "true" : "false"); }
  std::string take() {
    out_ += '\n';
    return std::move(out_);
  }

 private:
  void line() {
    out_ += '\n';
    out_.append(depth_ * 2, ' ');
  }
  void item() {
    if (!first_) out_ += ',';
    first_ = false;
    line();
  }
  void value_start() {
    if (!after_key_ && depth_ > 0) item();
    after_key_ = false;
  }
  void quote(std::string_view text) {
    static constexpr char kHex[] = "0123456789abcdef";
    out_ += '"';
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if (c == '"' || c == '\\') {
        out_ += '\\';
        out_ += c;
      } else if (byte < 0x20 || byte == 0x7F) {
        out_ += "\\u00";
        out_ += kHex[byte >> 4];
        out_ += kHex[byte & 15];
      } else {
        out_ += c;
      }
    }
    out_ += '"';
  }

  std::string out_;
  size_t depth_ = 0;
  bool first_ = true, after_key_ = false;
};

std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::kDecision:
      return "decision";
    case Kind::kInput:
      return "input";
    case Kind::kParameter:
      return "parameter";
    case Kind::kVariable:
      return "variable";
    case Kind::kLookup:
      return "lookup";
    case Kind::kRows:
      return "rows";
    case Kind::kRow:
      return "row";
    case Kind::kColumn:
      return "column";
    case Kind::kAggregate:
      return "aggregate";
    case Kind::kCondition:
      return "condition";
    case Kind::kBands:
      return "bands";
    case Kind::kBand:
      return "band";
    case Kind::kTable:
      return "table";
    case Kind::kRule:
      return "rule";
    case Kind::kHistory:
      return "history";
    case Kind::kRecorded:
      return "recorded";
    case Kind::kPackCall:
      return "pack_call";
    case Kind::kArgument:
      return "argument";
    case Kind::kStep:
      return "step";
    case Kind::kPackRow:
      return "pack_row";
    case Kind::kCohort:
      return "cohort";
  }
  return "";
}

// What `holds` says of a kind.
std::string_view holds_key(Kind kind) {
  switch (kind) {
    case Kind::kParameter:
    case Kind::kArgument:
      return "given";
    case Kind::kBand:
    case Kind::kRule:
      return "matched";
    case Kind::kCohort:
      return "takes_part";
    default:
      return "holds";
  }
}

void write(Writer& json, const Shown& value) {
  switch (value.kind) {
    case Shown::Kind::kNone:
    case Shown::Kind::kNull:
      return json.plain("null");
    case Shown::Kind::kBoolean:
      return json.plain(value.text);
    default:
      return json.string(value.text);
  }
}

void write(Writer& json, const scheme::Labels& labels) {
  json.begin('{');
  json.key("zh");
  json.string(labels.zh);
  json.key("en");
  json.string(labels.en);
  json.end('}');
}

void text_entry(Writer& json, std::string_view key, const std::string& value) {
  if (value.empty()) return;
  json.key(key);
  json.string(value);
}

void write(Writer& json, const Node& node) {
  json.begin('{');
  json.key("kind");
  json.string(name_of(node.kind));
  text_entry(json, "name", node.name);
  if (!node.labels.zh.empty() || !node.labels.en.empty()) {
    json.key("labels");
    write(json, node.labels);
  }
  if (node.value.kind != Shown::Kind::kNone) {
    json.key("value");
    write(json, node.value);
  }
  text_entry(json, "type", node.type);
  if (node.decimals >= 0) {
    json.key("decimals");
    json.number(static_cast<uint64_t>(node.decimals));
    if (node.kind == Kind::kDecision || !node.expression.empty()) {
      json.key("rounding");
      const size_t blank = node.rounding.find(' ');
      json.string(node.rounding.empty() ? "half-up" : node.rounding.substr(0, blank));
      if (blank != std::string::npos) {
        json.key("rounded_to");
        json.plain(node.rounding.substr(blank + 1));
      }
    }
  }
  text_entry(json, "unrounded", node.unrounded);
  text_entry(json, "expression", node.expression);
  text_entry(json, "worked", node.worked);
  text_entry(json, "branch", node.branch);
  text_entry(json, "effective_from", node.effective_from);
  text_entry(json, "effective_to", node.effective_to);
  text_entry(json, "source", node.source);
  text_entry(json, "remark", node.remark);
  text_entry(json, "file", node.file);
  if (node.line != 0) {
    json.key(node.file.empty() ? "scheme_line" : "line");
    json.number(node.line);
  }
  if (node.repeated) {
    json.key("shown_elsewhere");
    json.boolean(true);
  }
  if (node.cut) {
    json.key("cut");
    json.boolean(true);
  }
  if (node.holds) {
    json.key(holds_key(node.kind));
    json.boolean(*node.holds);
  }
  const bool counts = node.kind == Kind::kRows || node.kind == Kind::kTable || node.kind == Kind::kCohort;
  if (counts) {
    json.key(node.kind == Kind::kCohort ? "members" : "count");
    json.number(node.count);
    if (node.kind != Kind::kCohort) {
      json.key("of");
      json.number(node.of);
    }
  } else if (node.count != 0) {
    json.key(node.kind == Kind::kRule ? "number" : "count");
    json.number(node.count);
  }
  if (!node.facts.empty()) {
    json.key("facts");
    json.begin('[');
    for (const auto& [name, value] : node.facts) {
      json.begin('{');
      json.key("name");
      json.string(name);
      json.key("value");
      write(json, value);
      json.end('}');
    }
    json.end(']');
  }
  if (!node.children.empty()) {
    json.key("from");
    json.begin('[');
    for (const Node& child : node.children) write(json, child);
    json.end(']');
  }
  json.end('}');
}

}  // namespace

std::string to_json(const Explanation& explanation) {
  Writer json;
  json.begin('{');
  json.key("scheme");
  json.begin('{');
  json.key("id");
  json.string(explanation.scheme);
  json.key("version");
  json.number(explanation.version);
  json.key("labels");
  write(json, explanation.labels);
  text_entry(json, "part", explanation.source_part);
  text_entry(json, "title", explanation.source_title);
  json.end('}');
  json.key("period");
  json.string(explanation.period);
  json.key("employee");
  json.string(explanation.employee);
  json.key("line");
  json.number(explanation.line);
  json.key("refused");
  json.boolean(explanation.refused);
  if (!explanation.faults.empty()) {
    json.key("faults");
    json.begin('[');
    for (const column::Fault& fault : explanation.faults) {
      json.begin('{');
      json.key("file");
      json.string(fault.file + ".csv");
      json.key("line");
      json.number(fault.line);
      json.key("column");
      json.string(fault.column);
      json.key("value");
      json.string(fault.value);
      json.key("error");
      write(json, fault.error);
      json.end('}');
    }
    json.end(']');
  }
  json.key("figures");
  json.begin('[');
  for (const Node& figure : explanation.figures) write(json, figure);
  json.end(']');
  json.end('}');
  return json.take();
}

}  // namespace kaogong::explain
