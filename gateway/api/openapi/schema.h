// The short words by which fragments say what a value is, as JSON Schema (2020-12, as OpenAPI 3.1 has it).
//
//   text, whole, truth, decimal, date, time, period, json   single values; a decimal is a string
//   open|frozen|closed                                      one of these texts
//   Person                                                  a schema of that name
//   [Person], {text}                                        a list; an object with any names
//   …~                                                      may be left out or null
#pragma once

#include <string>
#include <string_view>

#include "gateway/json/writer.h"

namespace kaogong::api {

/// Writes the schema of one word. Aborts for a word that is none: fragments are ours.
void write_schema(json::Writer& w, std::string_view word);
/// Whether the word ends with `~`.
inline bool is_optional(std::string_view word) { return word.ends_with('~'); }

}  // namespace kaogong::api
