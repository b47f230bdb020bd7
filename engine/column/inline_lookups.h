// Columns from the literals of a scheme document: inline lookups, parameters' defaults.
#pragma once

#include <optional>
#include <string_view>

#include "engine/column/inputs.h"
#include "engine/scheme/document.h"

namespace kaogong::column {

/// An empty column of the declared type (exact values have no column: their type must be another).
Column make_column(const scheme::TypeDecl& type);

/// A one-row column from a literal's text; "" is null. Empty: the text is no literal of the type.
std::optional<Column> make_literal(const scheme::TypeDecl& type, std::string_view text);

/// The rows of an inline lookup as columns; `lines` are their lines in the document. The document has been loaded, so
/// every literal fits its column's type; one that does not becomes null.
LookupTable make_inline(const scheme::Lookup& lookup);

}  // namespace kaogong::column
