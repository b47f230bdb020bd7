// A document taken apart for comparison: things, each with its parts as texts.
#pragma once

#include <string>
#include <vector>

#include "engine/scheme/document.h"

namespace kaogong::scheme {

struct Fact {
  std::string part;   // "type", "expression", "band" …
  std::string label;  // tells parts of one kind apart: a band's bound, a rule's tests
  std::string text;
};

struct Thing {
  std::string section;
  std::string name;
  Labels labels;
  Position at;
  std::vector<Fact> facts;
};

/// All things of a document, by section.
std::vector<Thing> things_of(const Document& document);

}  // namespace kaogong::scheme
