// Plain values: texts, numbers, labels, lists, literals, expressions.
#include <algorithm>

#include "engine/scheme/literal.h"
#include "engine/scheme/load.h"
#include "engine/scheme/loader.h"
#include "engine/scheme/near.h"

namespace kaogong::scheme {
namespace {

std::string_view kind_name_of(Node::Kind kind) {
  Node node;
  node.kind = kind;
  return kind_name(node);
}

}  // namespace

Fields::Fields(Loader& loader, const Node& map, const KeySet& keys, std::string what)
    : map_(map), what_(std::move(what)) {
  for (size_t i = 0; i < map.pairs(); ++i) {
    const Node& key = map.key(i);
    if (std::find(keys.keys.begin(), keys.keys.end(), key.text) == keys.keys.end()) {
      // `{expr: max(a, b)}` ends at the comma, and "b)" becomes a key without a value.
      const bool cut_off = map.value(i).is_null() && map.value(i).text.empty();
      loader.error(key, "unknown-key", "unknown key \"" + key.text + "\" in " + what_,
                   cut_off ? "put a text with a comma between { and } in quotes, or remove the key"
                           : suggest(key.text, keys.keys, "remove it"));
    }
  }
  for (const std::string_view key : keys.required) {
    if (find(key) == nullptr) {
      loader.error(map, "missing-key", what_ + " has no \"" + std::string(key) + "\"",
                   "add " + std::string(key) + ": …");
    }
  }
}

const Node* Fields::find_raw(std::string_view key) const {
  for (size_t i = 0; i < map_.pairs(); ++i) {
    if (map_.key(i).text == key) return &map_.value(i);
  }
  return nullptr;
}

const Node* Fields::find(std::string_view key) const {
  const Node* node = find_raw(key);
  return node == nullptr || node->is_null() ? nullptr : node;
}

bool Loader::expect(const Node& node, Node::Kind kind, std::string_view what) {
  if (node.kind == kind) return true;
  error(node, "wrong-kind",
        std::string(what) + " must be " + std::string(kind_name_of(kind)) + ", not " + std::string(kind_name(node)),
        kind == Node::Kind::kText   ? "write a single value"
        : kind == Node::Kind::kList ? "write [a, b, …], or one line a value beginning with \"- \""
                                    : "write keys and values, one line each, indented");
  return false;
}

std::string Loader::text(const Node& node, std::string_view what) {
  return expect(node, Node::Kind::kText, what) ? node.text : std::string();
}

std::optional<uint32_t> Loader::whole_number(const Node& node, std::string_view what, uint32_t most) {
  if (!expect(node, Node::Kind::kText, what)) return std::nullopt;
  const auto parsed = parse_scaled(node.text, 0);
  const int64_t* value = std::get_if<int64_t>(&parsed);
  if (value == nullptr || *value < 0 || *value > most) {
    error(
        node, "bad-value",
        std::string(what) + " must be a whole number from 0 to " + std::to_string(most) + ", not \"" + node.text + "\"",
        "write a whole number");
    return std::nullopt;
  }
  return static_cast<uint32_t>(*value);
}

std::optional<bool> Loader::boolean(const Node& node, std::string_view what) {
  if (!expect(node, Node::Kind::kText, what)) return std::nullopt;
  if (node.text == "true") return true;
  if (node.text == "false") return false;
  error(node, "bad-value", std::string(what) + " must be true or false, not \"" + node.text + "\"",
        "write true or false");
  return std::nullopt;
}

Labels Loader::labels(const Node& node, std::string_view what) {
  Labels labels;
  if (node.is_text()) {
    labels.zh = labels.en = node.text;
  } else if (expect(node, Node::Kind::kMap, what)) {
    const Fields fields(*this, node, keys::kLabels, std::string(what));
    if (const Node* zh = fields.find("zh")) labels.zh = text(*zh, "a label");
    if (const Node* en = fields.find("en")) labels.en = text(*en, "a label");
  }
  return labels;
}

std::vector<std::string> Loader::texts(const Node& node, std::string_view what) {
  if (node.is_text()) return {node.text};
  std::vector<std::string> all;
  if (!expect(node, Node::Kind::kList, what)) return all;
  for (const Node& item : node.children) {
    if (expect(item, Node::Kind::kText, "a value of " + std::string(what))) all.push_back(item.text);
  }
  return all;
}

std::string Loader::source_note(const Node& node, std::string_view what) {
  if (!node.is_map()) return text(node, what);
  const Fields fields(*this, node, keys::kSource, std::string(what));
  std::string note;
  if (const Node* part = fields.find("part")) note = text(*part, "\"part\"");
  if (const Node* title = fields.find("title")) note += (note.empty() ? "" : " ") + text(*title, "\"title\"");
  return note;
}

Expression Loader::expression(const Node& node, const std::string& what) {
  Expression expression;
  if (node.is_null() && node.text == "null") {
    expression.text = "null";
  } else if (!expect(node, Node::Kind::kText, what)) {
    return expression;
  } else {
    expression.text = node.text;
  }
  expression.at = source_.at(source_offset(source_, node, 0));
  auto& known = expressions_[expression.text];
  if (known == nullptr) {
    auto parsed = feel::parse_expression(expression.text);
    if (const auto* bad = std::get_if<feel::SyntaxError>(&parsed)) {
      error_at(source_offset(source_, node, bad->offset), "expression-syntax", what + ": " + bad->message,
               "correct the expression: " + expression.text.substr(0, 200));
      expressions_.erase(expression.text);
      return expression;
    }
    known = std::move(std::get<feel::ExprPtr>(parsed));
  }
  expression.tree = known;
  return expression;
}

std::shared_ptr<const feel::UnaryTests> Loader::unary_tests(const Node& node, const std::string& what) {
  std::string text = "null";
  if (!node.is_null() || node.text != "null") {
    if (!expect(node, Node::Kind::kText, what)) return nullptr;
    text = node.text;
  }
  auto& known = tests_[text];
  if (known == nullptr) {
    auto parsed = feel::parse_unary_tests(text);
    if (const auto* bad = std::get_if<feel::SyntaxError>(&parsed)) {
      error_at(source_offset(source_, node, bad->offset), "expression-syntax", what + ": " + bad->message,
               "write a test such as '>= 91', '[60..80)', '\"leader\"' or '-'");
      tests_.erase(text);
      return nullptr;
    }
    known = std::move(std::get<std::unique_ptr<feel::UnaryTests>>(parsed));
  }
  return known;
}

std::optional<std::string> Loader::literal(const Node& node, const TypeDecl& type, std::string_view what) {
  if (!node.is_null() && !expect(node, Node::Kind::kText, what)) return std::nullopt;
  const std::string text = node.is_null() ? std::string() : node.text;
  if (const auto wrong = literal_error(type, text)) {
    std::string remedy = "write a " + type_to_text(type);
    if (type.name == TypeName::kString && !type.values.empty()) {
      remedy = suggest(text, {type.values.begin(), type.values.end()}, "");
    }
    error(node, "bad-literal", std::string(what) + ": " + *wrong, remedy);
    return std::nullopt;
  }
  return text;
}

void Loader::each_named(const Node& map, std::string_view what,
                        const std::function<void(const Node& key, const Node& value)>& each) {
  for (size_t i = 0; i < map.pairs(); ++i) {
    const Node& key = map.key(i);
    if (too_many_) return;
    if (++names_count_ > kNamesMax) {
      too_many_ = true;
      error(key, "too-many-names", "the scheme declares more than " + std::to_string(kNamesMax) + " names", "split it");
      return;
    }
    if (!valid_name(key, what)) continue;
    if (expect(map.value(i), Node::Kind::kMap, std::string(what) + " \"" + key.text + "\"")) each(key, map.value(i));
  }
}

}  // namespace kaogong::scheme
