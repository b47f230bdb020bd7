#include "engine/scheme/tree.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <istream>
#include <streambuf>

#include "engine/scheme/tree_builder.h"

namespace kaogong::scheme {
namespace {

// Lets yaml-cpp read the text where it is.
class ViewBuffer final : public std::streambuf {
 public:
  explicit ViewBuffer(std::string_view text) {
    char* begin = const_cast<char*>(text.data());  // only ever read
    setg(begin, begin, begin + text.size());
  }
};

// yaml-cpp ends a plain text inside [ ] or { } at any "?", so that `{type: money?}` would not be read. A "?" behind a
// word on its line is never YAML's key indicator: this byte, which no text may hold, stands in for it while yaml-cpp
// reads.
constexpr char kQuestionMark = '\x01';

std::string shield_question_marks(std::string_view text) {
  std::string shielded(text);
  char before = '\n';  // the last byte that is no space
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '?' && std::string_view("\n{[,-:?").find(before) == std::string_view::npos)
      shielded[i] = kQuestionMark;
    if (text[i] != ' ' && text[i] != '\t') before = text[i];
  }
  return shielded;
}

class Events final : public YAML::EventHandler {
 public:
  Events(const SourceText& source, TreeBuilder& builder) : text_(source.text()), builder_(builder) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnAnchor(const YAML::Mark& mark, const std::string&) override { refuse_anchor(mark); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { refuse_anchor(mark); }

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const size_t offset = begin(mark, anchor, {});
    // yaml-cpp does not hand over how null was written, and gives an empty value the place of what follows it.
    const std::string_view word = text_.substr(std::min(offset, text_.size()), 4);
    const size_t length = word.substr(0, 1) == "~" ? 1 : word == "null" || word == "Null" || word == "NULL" ? 4 : 0;
    last_null_ = builder_.add(Node::Kind::kNull, Node::Style::kPlain, offset, std::string(word.substr(0, length)));
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    const size_t offset = begin(mark, anchor, tag);
    Node::Style style = Node::Style::kPlain;
    if (tag == "!" && offset < text_.size()) {  // not plain
      switch (text_[offset]) {
        case '\'':
          style = Node::Style::kSingleQuoted;
          break;
        case '"':
          style = Node::Style::kDoubleQuoted;
          break;
        case '|':
          style = Node::Style::kLiteral;
          break;
        case '>':
          style = Node::Style::kFolded;
          break;
        default:
          break;
      }
    }
    std::string restored = value;
    std::replace(restored.begin(), restored.end(), kQuestionMark, '?');
    builder_.add(Node::Kind::kText, style, offset, std::move(restored));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    const size_t offset = begin(mark, anchor, tag);
    builder_.open(Node::Kind::kList, offset);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    const size_t offset = begin(mark, anchor, tag);
    builder_.open(Node::Kind::kMap, offset);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

 private:
  size_t begin(const YAML::Mark& mark, YAML::anchor_t anchor, const std::string& tag) {
    const size_t offset = offset_of(mark);
    if (anchor != 0) refuse_anchor(mark);
    const bool tagged = !tag.empty() && tag != "?" && tag != "!";
    if (tagged || (offset < text_.size() && text_[offset] == '!' && !tag.empty())) {
      builder_.refuse(offset, "tag", "tags are not allowed",
                      "remove the word that begins with \"!\", or quote the text");
    }
    // Something else stands where the null before it was said to be: that null was an empty value.
    if (last_null_ != nullptr && last_null_->offset == offset) last_null_->text.clear();
    last_null_ = nullptr;
    return offset;
  }
  void close() {
    // The node moves when its parent closes; an empty value at a block's end shares the place of the next key.
    if (last_null_ != nullptr) {
      const size_t after = last_null_->offset + last_null_->text.size();
      const size_t next = text_.find_first_not_of(' ', after);
      if (next != std::string_view::npos && text_[next] == ':') last_null_->text.clear();
    }
    last_null_ = nullptr;
    builder_.close();
  }
  size_t offset_of(const YAML::Mark& mark) const { return mark.pos < 0 ? text_.size() : static_cast<size_t>(mark.pos); }
  [[noreturn]] void refuse_anchor(const YAML::Mark& mark) {
    builder_.refuse(offset_of(mark), "anchor", "anchors and aliases (&name, *name) are not allowed",
                    "write the value out, or quote a text that begins with & or *");
  }

  std::string_view text_;
  TreeBuilder& builder_;
  Node* last_null_ = nullptr;
};

void read_yaml(const SourceText& source, Tree& tree) {
  const std::string text = shield_question_marks(source.text());
  ViewBuffer buffer(text);
  std::istream stream(&buffer);
  YAML::Parser parser(stream);
  TreeBuilder builder(source, tree);
  Events events(source, builder);
  if (!parser.HandleNextDocument(events)) return;
  Tree rest;
  TreeBuilder rest_builder(source, rest);
  Events rest_events(source, rest_builder);
  bool more = true;
  try {
    more = parser.HandleNextDocument(rest_events);
  } catch (const TreeRefused&) {
  }
  if (more) {
    const uint32_t at = rest.findings.empty() ? rest.root.offset : 0;
    builder.refuse(at, "several-documents", "the text holds more than one YAML document",
                   "keep one scheme a file; remove the line ---");
  }
}

}  // namespace

Tree read_tree(const SourceText& source) {
  Tree tree;
  if (const auto bad = find_bad_byte(source.text())) {
    tree.findings.push_back({Severity::kError, "encoding", source.at(bad->offset),
                             std::string("the text holds ") + bad->what, "save the document as UTF-8 text"});
    return tree;
  }
  try {
    const size_t first = source.text().find_first_not_of(" \t\r\n");
    const bool maybe_json = first != std::string_view::npos && source.text()[first] == '{';
    if (!maybe_json || !read_json(source, tree)) read_yaml(source, tree);
    tree.readable = true;
  } catch (const TreeRefused&) {
  } catch (const YAML::Exception& e) {
    const size_t offset = e.mark.pos < 0 ? source.text().size() : static_cast<size_t>(e.mark.pos);
    tree.findings.push_back({Severity::kError, "yaml-syntax", source.at(offset), "not YAML or JSON: " + e.msg,
                             "correct the text here; a text with : # [ ] { } , & * ! | > ' \" % @ ` needs quotes"});
  } catch (const std::exception& e) {
    tree.findings.push_back({Severity::kError,
                             "yaml-syntax",
                             {},
                             std::string("not readable: ") + e.what(),
                             "check that the document is YAML or JSON"});
  }
  return tree;
}

std::string_view kind_name(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kNull:
      return "nothing";
    case Node::Kind::kText:
      return "a text";
    case Node::Kind::kList:
      return "a list";
    case Node::Kind::kMap:
      return "a map";
  }
  return "";
}

namespace {

// Bytes that an escape of a double-quoted text takes in the document.
size_t escape_length(std::string_view text, size_t at) {
  if (at + 1 >= text.size()) return 1;
  switch (text[at + 1]) {
    case 'x':
      return 4;
    case 'u':
      return 6;
    case 'U':
      return 10;
    default:
      return 2;
  }
}

size_t utf8_length(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

// Walks quoted source and value side by side; stops at a line's end, from where on it is a guess.
size_t quoted_offset(std::string_view text, const Node& node, size_t offset) {
  size_t at = node.offset + 1;
  const bool is_double = node.style == Node::Style::kDoubleQuoted;
  for (size_t i = 0; i < offset && at < text.size() && text[at] != '\n';) {
    if (is_double && text[at] == '\\') {
      const size_t length = i < node.text.size() ? utf8_length(node.text[i]) : 1;
      at += length == 4 && text.substr(at, 2) == "\\u" ? 12 : escape_length(text, at);  // 12: JSON's surrogate pair
      i += length;
    } else {
      at += !is_double && text[at] == '\'' ? 2 : 1;
      ++i;
    }
  }
  return at;
}

// Walks a block: skips its header line and each line's indentation. A folded line's end counts as one byte, too.
size_t block_offset(std::string_view text, const Node& node, size_t offset) {
  const size_t header_end = text.find('\n', node.offset);
  if (header_end == std::string_view::npos) return node.offset;
  size_t line = header_end + 1;
  size_t indent = std::string_view::npos;
  for (size_t left = offset; line < text.size();) {
    size_t end = text.find('\n', line);
    if (end == std::string_view::npos) end = text.size();
    const size_t spaces = std::min(text.find_first_not_of(' ', line), end) - line;
    if (indent == std::string_view::npos && line + spaces < end) indent = spaces;
    const size_t skipped = std::min(indent, spaces);
    const size_t length = end - line - skipped;
    if (left <= length) return line + skipped + left;
    left -= length + 1;
    line = end + 1;
  }
  return text.size();
}

}  // namespace

size_t source_offset(const SourceText& source, const Node& node, size_t offset) {
  switch (node.style) {
    case Node::Style::kSingleQuoted:
    case Node::Style::kDoubleQuoted:
      return quoted_offset(source.text(), node, offset);
    case Node::Style::kLiteral:
    case Node::Style::kFolded:
      return block_offset(source.text(), node, offset);
    case Node::Style::kPlain:
      break;
  }
  return node.offset + offset;
}

}  // namespace kaogong::scheme
