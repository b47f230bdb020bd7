// XML to boxed expressions. Private to engine/dmn.
#pragma once

#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "engine/dmn/model.h"
#include "engine/feel/parser.h"

namespace kaogong::dmn {

/// An element's name without its prefix.
std::string_view local_name(const pugi::xml_node& node);
/// The first child element of that local name; an empty node if there is none.
pugi::xml_node child(const pugi::xml_node& node, std::string_view name);
/// The text of the child element of that name, trimmed.
std::string child_text(const pugi::xml_node& node, std::string_view name);
std::string trimmed(std::string_view text);

Literal read_literal_text(const std::string& text, const feel::ParseNames& names);
Tests read_tests_text(const std::string& text, const feel::ParseNames& names);
/// The typeRef of an element: its attribute, or (DMN 1.1) a child element.
std::string type_ref_of(const pugi::xml_node& node);
TypedName typed_name(const pugi::xml_node& node);

/// Thrown for what cannot be loaded; load() turns it into a LoadError.
struct ReadFailure {
  std::string message;
};

/// Reads boxed expressions with the names known around them.
class BoxedReader {
 public:
  /// The first boxed expression among the node's children; null if there is none.
  BoxedPtr read_child(const pugi::xml_node& parent, const feel::ParseNames& names);
  BoxedPtr read(const pugi::xml_node& node, const feel::ParseNames& names);
  BoxedFunction read_function(const pugi::xml_node& node, const feel::ParseNames& names);

 private:
  Literal literal(const pugi::xml_node& node, const feel::ParseNames& names);
  BoxedContext context(const pugi::xml_node& node, feel::ParseNames names);
  DecisionTable table(const pugi::xml_node& node, const feel::ParseNames& names);
  Invocation invocation(const pugi::xml_node& node, const feel::ParseNames& names);
  Relation relation(const pugi::xml_node& node, const feel::ParseNames& names);
  BoxedIteration iteration(const pugi::xml_node& node, feel::ParseNames names);

  int nesting_ = 0;
};

}  // namespace kaogong::dmn
