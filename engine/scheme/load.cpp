#include "engine/scheme/load.h"

#include <algorithm>
#include <exception>

#include "engine/scheme/loader.h"
#include "engine/scheme/near.h"
#include "engine/scheme/period.h"

namespace kaogong::scheme {
namespace {

constexpr size_t kFindingsMax = 500;

}  // namespace

bool valid_id(std::string_view id) {
  const auto lower = [](char c) { return c >= 'a' && c <= 'z'; };
  return !id.empty() && id.size() <= 100 && lower(id[0]) && std::all_of(id.begin(), id.end(), [&](char c) {
    return lower(c) || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

void Loader::error_at(size_t offset, std::string code, std::string message, std::string remedy) {
  if (findings.size() > kFindingsMax) return;
  if (findings.size() == kFindingsMax) {
    code = "too-many-findings";
    message = "there are more faults than are listed";
    remedy = "correct those above first";
  }
  findings.push_back({Severity::kError, std::move(code), source_.at(offset), std::move(message), std::move(remedy)});
}

void Loader::warn(const Node& at, std::string code, std::string message, std::string remedy) {
  if (findings.size() > kFindingsMax) return;
  findings.push_back(
      {Severity::kWarning, std::move(code), source_.at(at.offset), std::move(message), std::move(remedy)});
}

void Loader::read_head(const Fields& fields) {
  if (const Node* node = fields.find("kaogong")) {
    if (expect(*node, Node::Kind::kText, "\"kaogong\"") && node->text != "1") {
      error(*node, "bad-value", "this program reads version 1 of the scheme language, not \"" + node->text + "\"",
            "write kaogong: 1");
    }
  }
  if (const Node* node = fields.find("id")) {
    document.id = text(*node, "\"id\"");
    if (node->is_text() && !valid_id(document.id)) {
      error(*node, "bad-name", "\"" + document.id + "\" is no id of a scheme",
            "use lower-case letters, digits and hyphens, beginning with a letter");
    }
  }
  if (const Node* node = fields.find("version")) {
    document.version = whole_number(*node, "\"version\"", 1'000'000'000).value_or(1);
    if (document.version == 0) error(*node, "bad-value", "versions count from 1, not 0", "write version: 1");
  }
  if (const Node* node = fields.find("labels")) document.labels = labels(*node, "\"labels\" of the scheme");
  if (const Node* node = fields.find("source"); node != nullptr && node->is_text()) {
    document.source_title = node->text;
  } else if (node != nullptr && expect(*node, Node::Kind::kMap, "\"source\"")) {
    const Fields source(*this, *node, keys::kSource, "\"source\"");
    if (const Node* part = source.find("part")) document.source_part = text(*part, "\"part\" of \"source\"");
    if (const Node* title = source.find("title")) document.source_title = text(*title, "\"title\" of \"source\"");
  }
  if (const Node* node = fields.find("notes"); node != nullptr && expect(*node, Node::Kind::kList, "\"notes\"")) {
    for (const Node& note : node->children) document.notes.push_back(labels(note, "a note"));
  }
  if (const Node* node = fields.find("periods")) {
    for (const std::string& word : texts(*node, "\"periods\"")) {
      const auto kind = parse_period_kind(word);
      if (!kind) {
        error(*node, "bad-value", "\"" + word + "\" is no kind of period",
              suggest(word, {"month", "quarter", "half_year", "year"}, ""));
      } else if (std::find(document.periods.begin(), document.periods.end(), *kind) != document.periods.end()) {
        error(*node, "duplicate-value", "the period \"" + word + "\" is listed twice", "list it once");
      } else {
        document.periods.push_back(*kind);
      }
    }
    if (node->is_list() && node->children.empty()) {
      error(*node, "bad-value", "\"periods\" is empty", "list what the scheme can be run for, such as [month]");
    }
  }
}

void Loader::read(const Node& root, const PackLibrary& library) {
  if (!root.is_map()) {
    error(root, "wrong-kind", "a scheme is a map of keys, not " + std::string(kind_name(root)),
          "begin with kaogong: 1");
    return;
  }
  const Fields fields(*this, root, keys::kDocument, "the scheme");
  read_head(fields);
  const auto section = [&](std::string_view key, Node::Kind kind, auto&& reader) {
    const Node* node = fields.find(key);
    if (node != nullptr && expect(*node, kind, "\"" + std::string(key) + "\"")) reader(*node);
  };
  // In the order in which the sections need each other's names, whatever the document's order.
  section("inputs", Node::Kind::kMap, [&](const Node& n) { read_inputs(n); });
  section("tables", Node::Kind::kMap, [&](const Node& n) { read_tables(n); });
  section("lookups", Node::Kind::kMap, [&](const Node& n) { read_lookups(n); });
  section("groups", Node::Kind::kMap, [&](const Node& n) { read_groups(n); });
  section("history", Node::Kind::kMap, [&](const Node& n) { read_history(n); });
  section("parameters", Node::Kind::kMap, [&](const Node& n) { read_parameters(n); });
  section("decisions", Node::Kind::kMap, [&](const Node& n) { read_decisions(n); });
  section("checks", Node::Kind::kList, [&](const Node& n) {
    std::vector<std::string_view> columns;  // a decision, too, can be what is wrong: a sum of weights
    for (const Input& input : document.inputs) columns.push_back(input.name);
    for (const Decision& decision : document.decisions) columns.push_back(decision.name);
    read_checks(n, "the scheme", columns, document.checks);
  });
  section("assert", Node::Kind::kList, [&](const Node& n) { read_assertions(n); });
  if (const Node* outputs = fields.find("outputs")) read_outputs(*outputs);
  check_bounds_later();
  if (const Node* uses = fields.find("uses")) read_uses(*uses, library);
}

std::vector<Finding> read_text(std::string_view text,
                               const std::function<std::vector<Finding>(const SourceText&, const Node&)>& read) {
  if (text.size() > kDocumentBytesMax) {
    return {{Severity::kError,
             "too-large",
             {},
             "the document has " + std::to_string(text.size()) + " bytes; at most " +
                 std::to_string(kDocumentBytesMax) + " are read",
             "give large lookups as a CSV file instead of inline"}};
  }
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  std::vector<Finding> findings;
  try {
    const SourceText source(text);
    Tree tree = read_tree(source);
    findings = std::move(tree.findings);
    if (!tree.readable) return findings;
    std::vector<Finding> more = read(source, tree.root);
    findings.insert(findings.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
      return a.at.line != b.at.line ? a.at.line < b.at.line : a.at.column < b.at.column;
    });
  } catch (const std::exception& e) {  // memory
    findings.push_back({Severity::kError,
                        "unreadable",
                        {},
                        std::string("the document could not be read: ") + e.what(),
                        "make it smaller"});
  }
  return findings;
}

Loaded load(std::string_view text, const PackLibrary& library) {
  Loaded loaded;
  std::optional<Document> document;
  loaded.findings = read_text(text, [&](const SourceText& source, const Node& root) {
    Loader loader(source);
    loader.read(root, library);
    document = std::move(loader.document);
    return std::move(loader.findings);
  });
  if (loaded.findings.empty()) loaded.document = std::move(document);
  return loaded;
}

Position position_in(const Expression& expression, uint32_t offset) {
  Position at = expression.at;
  const std::string_view text = std::string_view(expression.text).substr(0, offset);
  const size_t line_end = text.rfind('\n');
  at.line += static_cast<uint32_t>(std::count(text.begin(), text.end(), '\n'));
  for (const char c : line_end == std::string_view::npos ? text : text.substr(line_end + 1)) {
    at.column += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }
  return at;
}

}  // namespace kaogong::scheme
