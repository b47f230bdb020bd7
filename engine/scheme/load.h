// YAML or JSON text to a scheme document.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/scheme/document.h"
#include "engine/scheme/pack.h"

namespace kaogong::scheme {

struct Loaded {
  std::optional<Document> document;  // set when there is no finding of severity kError
  std::vector<Finding> findings;
};

/// Reads a document and parses every expression in it. Errors (as findings with line and column): not YAML or JSON, an
/// unknown or missing key, a wrong kind of value, a syntax error in an expression, a duplicate name, aliases and
/// anchors (refused), more than the limits below. Never throws.
/// `library` has the packs that the document may use; one that is not there is an error.
Loaded load(std::string_view text, const PackLibrary& library = {});

/// A pack as it was read; its hash is the caller's to give.
struct LoadedPack {
  std::shared_ptr<Pack> pack;  // null pointer where there is a finding of severity kError
  std::vector<Finding> findings;
};

/// Reads a pack and parses every expression in it. Errors beside those of load(): rows of one key in force twice on a
/// day, bands that do not rise, functions that call themselves, what looks at employees or history. Warnings: days
/// without rows between editions, values beyond the last band. Types are checked by plan::check_pack. Never throws.
LoadedPack load_pack(std::string_view text);

/// The JSON Schemas (draft 2020-12) of schemes and of packs, as text.
std::string_view json_schema();
std::string pack_json_schema();

inline constexpr size_t kDocumentBytesMax = 8u << 20;
inline constexpr size_t kNamesMax = 20'000;
inline constexpr size_t kRulesMax = 50'000;

}  // namespace kaogong::scheme
