// What changed between two versions of a scheme, in its own terms: inputs, decisions, bands, rules, parameters.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/scheme/document.h"

namespace kaogong::scheme {

/// One difference. An added or removed thing has no `part`; a changed one says which part changed, from what to what.
struct Change {
  enum class Kind : uint8_t { kAdded, kRemoved, kChanged } kind = Kind::kChanged;
  std::string section;  // "input", "decision", "lookup row" …: the words of describe() in English
  std::string name;     // "pay", "ratings.points", "items[dishes]"; empty for the scheme itself
  Labels labels;        // of the thing, from the newer document that has it
  std::string part;   // "type", "expression", "band", "rule", "default" …; empty when the whole was added or removed
  std::string label;  // which band or rule: its bound, its tests
  std::string before, after;     // texts; empty where the part itself was added or removed
  Position before_at, after_at;  // where the thing stands; 0 where it does not
};

/// The changes from one document to another, by section in the language's order, then in the newer document's order
/// (what was removed stands last in its section). Expressions are compared by their meaning as text: white space,
/// brackets and comments that change nothing are no change. Order counts only where it means something: of outputs, and
/// of the rules of the hit policies F, R and C.
std::vector<Change> diff(const Document& before, const Document& after);

enum class Language : uint8_t { kEnglish, kChinese };

/// A change in one line, without a full stop.
std::string describe(const Change& change, Language language);

}  // namespace kaogong::scheme
