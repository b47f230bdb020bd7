// A JSON document that was read: a tree in two blocks of memory, whatever its shape.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kaogong::json {

enum class Kind : uint8_t { kNull, kBoolean, kNumber, kString, kArray, kObject };
/// What it is called in messages: "an object".
std::string_view to_text(Kind kind);

/// The nodes of a document in the order of its text, and what their texts are. Internal to this room.
struct Tape {
  struct Node {
    Kind kind = Kind::kNull;
    uint32_t begin = 0;  // of its text; of a truth: 1 for true
    uint32_t size = 0;   // bytes of its text, or how many items or members it has
    uint32_t after = 0;  // the node behind its last descendant
  };
  std::vector<Node> nodes;  // a member is its name, a string, and then its value
  std::string text;
};

class Items;
class Members;

/// A place in a document, which outlives it. Copied freely.
class Value {
 public:
  Value(const Tape* tape, uint32_t node) : tape_(tape), node_(node) {}

  Kind kind() const { return node().kind; }
  bool is(Kind kind) const { return node().kind == kind; }
  /// Of a string: its characters. Of a number: exactly as it was written. Else empty.
  std::string_view text() const;
  /// Of a boolean.
  bool truth() const { return node().begin == 1; }
  /// How many items or members.
  size_t size() const { return is(Kind::kArray) || is(Kind::kObject) ? node().size : 0; }
  /// Of an array; of anything else none.
  Items items() const;
  /// Of an object, in the order of the text; of anything else none.
  Members members() const;
  /// The member of that name; nothing: there is none. Time: as many as there are members.
  std::optional<Value> find(std::string_view name) const;

 private:
  friend class Items;
  friend class Members;
  const Tape::Node& node() const { return tape_->nodes[node_]; }
  const Tape* tape_;
  uint32_t node_;
};

/// The items of an array, for range-for.
class Items {
 public:
  class Iterator {
   public:
    Iterator(const Tape* tape, uint32_t node) : tape_(tape), node_(node) {}
    Value operator*() const { return {tape_, node_}; }
    Iterator& operator++() {
      node_ = tape_->nodes[node_].after;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return node_ != other.node_; }

   private:
    const Tape* tape_;
    uint32_t node_;
  };
  Items(const Tape* tape, uint32_t first, uint32_t end) : tape_(tape), first_(first), end_(end) {}
  Iterator begin() const { return {tape_, first_}; }
  Iterator end() const { return {tape_, end_}; }

 private:
  const Tape* tape_;
  uint32_t first_, end_;
};

struct Member {
  std::string_view name;
  Value value;
};

/// The members of an object, for range-for.
class Members {
 public:
  class Iterator {
   public:
    Iterator(const Tape* tape, uint32_t node) : tape_(tape), node_(node) {}
    Member operator*() const { return {Value(tape_, node_).text(), Value(tape_, node_ + 1)}; }
    Iterator& operator++() {
      node_ = tape_->nodes[node_ + 1].after;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return node_ != other.node_; }

   private:
    const Tape* tape_;
    uint32_t node_;
  };
  Members(const Tape* tape, uint32_t first, uint32_t end) : tape_(tape), first_(first), end_(end) {}
  Iterator begin() const { return {tape_, first_}; }
  Iterator end() const { return {tape_, end_}; }

 private:
  const Tape* tape_;
  uint32_t first_, end_;
};

/// A whole document; never empty.
class Document {
 public:
  explicit Document(std::unique_ptr<const Tape> tape) : tape_(std::move(tape)) {}
  Value root() const { return {tape_.get(), 0}; }

 private:
  std::unique_ptr<const Tape> tape_;
};

/// A step of a JSON pointer (RFC 6901) behind another: `/rows`, `/rows/3`.
std::string pointer_to(std::string_view pointer, std::string_view name);
std::string pointer_to(std::string_view pointer, size_t index);
/// The same in place.
void extend_pointer(std::string* pointer, std::string_view name);

}  // namespace kaogong::json
