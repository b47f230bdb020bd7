#include "gateway/json/read.h"

#include <simdjson.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace kaogong::json {

namespace {

namespace ondemand = simdjson::ondemand;

/// Kept between documents by each thread while the documents are small, so that one is read without allocating.
constexpr size_t kKeptBytesMax = size_t{1} << 20;

/// Memory for nodes is taken at once for documents of usual values.
constexpr size_t kBytesANode = 8, kNodesAtFirst = 4'096;

std::string_view without_space(std::string_view token) {
  const size_t end = token.find_last_not_of(" \t\r\n");
  return token.substr(0, end == std::string_view::npos ? 0 : end + 1);
}

std::string_view detail_of(simdjson::error_code error) {
  switch (error) {
    case simdjson::UTF8_ERROR:
      return "the text is not UTF-8";
    case simdjson::EMPTY:
      return "the text is empty: an object is expected";
    case simdjson::UNCLOSED_STRING:
      return "a string does not end";
    case simdjson::UNESCAPED_CHARS:
      return "a string has a control character in it: write it as \\u00XX";
    case simdjson::STRING_ERROR:
      return "a string has an escape that JSON does not know, or half a surrogate pair";
    case simdjson::INCOMPLETE_ARRAY_OR_OBJECT:
      return "an array or object does not end";
    case simdjson::SCALAR_DOCUMENT_AS_VALUE:
      return "an object or an array is expected, not a single value";
    default:
      return "this is not JSON: a comma, colon, bracket or value is missing or misplaced";
  }
}

/// Where the bytes at `at` stand: line, if there are several, and character from 1.
std::string place_of(std::string_view text, size_t at) {
  const auto before = text.substr(0, at);
  const auto line = before.substr(before.rfind('\n') + 1);
  const auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
  std::string place = " (";
  if (text.find('\n') != std::string_view::npos)
    place += "line " + std::to_string(1 + std::count(before.begin(), before.end(), '\n')) + ", ";
  return place + "column " + std::to_string(1 + std::count_if(line.begin(), line.end(), begins)) + ")";
}

/// One document. Every function gives false after it has set the fault.
class Reading {
 public:
  explicit Reading(const ReadLimits& limits) : limits_(limits), tape_(std::make_unique<Tape>()) {}

  std::variant<Document, ReadFault> read(std::string_view text) {
    if (text.size() > limits_.bytes_max)
      return whole("the text is longer than " + std::to_string(limits_.bytes_max) + " bytes");
    thread_local std::unique_ptr<ondemand::parser> kept;
    auto parser = kept ? std::move(kept) : std::make_unique<ondemand::parser>();
    const simdjson::padded_string padded(text);
    const bool good = read_root(*parser, padded);
    if (text.size() <= kKeptBytesMax) kept = std::move(parser);
    if (!good) return ReadFault{pointer(), std::move(detail_)};
    return Document(std::move(tape_));
  }

 private:
  static ReadFault whole(std::string detail) { return {{}, std::move(detail)}; }

  bool read_root(ondemand::parser& parser, const simdjson::padded_string& text) {
    ondemand::document document;
    if (const auto error = parser.iterate(text).get(document)) return fail(error);
    if (read_document(document, text)) return true;
    const char* at = nullptr;
    if (is_syntax_ && document.current_location().get(at) == simdjson::SUCCESS)
      detail_ += place_of(text, static_cast<size_t>(at - text.data()));
    return false;
  }

  bool read_document(ondemand::document& document, const simdjson::padded_string& text) {
    ondemand::value root;
    if (const auto error = document.get_value().get(root)) return fail(error);
    tape_->text.reserve(text.size());
    tape_->nodes.reserve(std::min(text.size() / kBytesANode, kNodesAtFirst));
    if (!read_value(root, 0)) return false;
    if (document.current_location().error() != simdjson::OUT_OF_BOUNDS)
      return fail("there is more behind the end of the document");
    return true;
  }

  bool fail(simdjson::error_code error) {
    is_syntax_ = true;
    return fail(detail_of(error));
  }
  bool fail(std::string_view detail) {
    detail_ = detail;
    return false;
  }

  uint32_t add(Kind kind) {
    tape_->nodes.push_back({kind, 0, 0, static_cast<uint32_t>(tape_->nodes.size() + 1)});
    return static_cast<uint32_t>(tape_->nodes.size() - 1);
  }
  bool add_text(Kind kind, std::string_view text) {
    auto& node = tape_->nodes[add(kind)];
    node.begin = static_cast<uint32_t>(tape_->text.size());
    node.size = static_cast<uint32_t>(text.size());
    tape_->text += text;
    return kind != Kind::kString || text.find('\0') == std::string_view::npos || fail("a text may not hold U+0000");
  }

  bool read_value(ondemand::value value, size_t depth) {
    if (tape_->nodes.size() >= kNodesMax) return fail("there are more than " + std::to_string(kNodesMax) + " values");
    ondemand::json_type type{};
    if (const auto error = value.type().get(type)) return fail(error);
    switch (type) {
      case ondemand::json_type::array:
        return depth < limits_.depth_max ? read_array(value, depth) : too_deep();
      case ondemand::json_type::object:
        return depth < limits_.depth_max ? read_object(value, depth) : too_deep();
      case ondemand::json_type::string: {
        std::string_view text;
        if (const auto error = value.get_string().get(text)) return fail(error);
        return add_text(Kind::kString, text);
      }
      case ondemand::json_type::number: {
        const auto text = without_space(value.raw_json_token());
        if (!is_number(text)) return fail("this is not a number that JSON allows, or it is out of bounds");
        return add_text(Kind::kNumber, text);
      }
      case ondemand::json_type::boolean: {
        const auto text = without_space(value.raw_json_token());
        if (text != "true" && text != "false") return fail(simdjson::TAPE_ERROR);
        tape_->nodes[add(Kind::kBoolean)].begin = text == "true" ? 1 : 0;
        return true;
      }
      case ondemand::json_type::null:
        if (without_space(value.raw_json_token()) != "null") return fail(simdjson::TAPE_ERROR);
        add(Kind::kNull);
        return true;
    }
    return fail(simdjson::TAPE_ERROR);
  }
  bool too_deep() {
    return fail("arrays and objects are more than " + std::to_string(limits_.depth_max) + " deep in each other");
  }

  bool read_array(ondemand::value& value, size_t depth) {
    const uint32_t node = add(Kind::kArray);
    ondemand::array array;
    if (const auto error = value.get_array().get(array)) return fail(error);
    uint32_t count = 0;
    for (auto item : array) {
      ondemand::value inner;
      if (const auto error = item.get(inner)) return fail(error);
      if (!read_value(inner, depth + 1)) return inside(std::to_string(count));
      ++count;
    }
    end(node, count);
    return true;
  }

  bool read_object(ondemand::value& value, size_t depth) {
    const uint32_t node = add(Kind::kObject);
    ondemand::object object;
    if (const auto error = value.get_object().get(object)) return fail(error);
    uint32_t count = 0;
    for (auto field : object) {
      std::string_view name;
      if (const auto error = field.unescaped_key().get(name)) return fail(error);
      const auto name_node = static_cast<uint32_t>(tape_->nodes.size());
      if (!add_text(Kind::kString, name)) return false;
      ondemand::value inner;
      if (const auto error = field.value().get(inner)) return fail(error) || inside(name_of(name_node));
      if (!read_value(inner, depth + 1)) return inside(name_of(name_node));
      ++count;
    }
    end(node, count);
    return names_differ(node);
  }

  /// The fault is inside of what has that name or number here.
  bool inside(std::string name) {
    steps_.push_back(std::move(name));
    return false;
  }
  std::string name_of(uint32_t node) const { return std::string(Value(tape_.get(), node).text()); }
  std::string pointer() const {
    std::string pointer;
    for (auto step = steps_.rbegin(); step != steps_.rend() && pointer.size() < kPointerBytesMax; ++step) {
      const std::string_view name = *step;
      size_t size = std::min(name.size(), kPointerBytesMax);
      const auto is_inside_character = [&] { return size < name.size() && (name[size] & 0xC0) == 0x80; };
      while (size > 0 && is_inside_character()) --size;
      extend_pointer(&pointer, name.substr(0, size));
    }
    return pointer;
  }
  void end(uint32_t node, uint32_t count) {
    tape_->nodes[node].size = count;
    tape_->nodes[node].after = static_cast<uint32_t>(tape_->nodes.size());
  }

  bool names_differ(uint32_t node) {
    names_.clear();
    for (const auto& member : Value(tape_.get(), node).members()) names_.push_back(member.name);
    std::sort(names_.begin(), names_.end());
    const auto twice = std::adjacent_find(names_.begin(), names_.end());
    return twice == names_.end() || fail("this member is there twice") || inside(std::string(*twice));
  }

  const ReadLimits limits_;
  std::unique_ptr<Tape> tape_;
  std::string detail_;
  bool is_syntax_ = false;               // it is no JSON: there is a place at which that was seen
  std::vector<std::string> steps_;       // to the fault, from within
  std::vector<std::string_view> names_;  // of the object that ended last
};

}  // namespace

std::variant<Document, ReadFault> read(std::string_view text, const ReadLimits& limits) {
  return Reading(limits).read(text);
}

}  // namespace kaogong::json
