// Every key of a scheme document and of a pack, by the kind of map it stands in. The JSON Schema has the same; a test
// compares.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace kaogong::scheme {

struct KeySet {
  std::string_view name;  // of the definition in the JSON Schema's $defs; "document" is the root
  std::vector<std::string_view> keys;
  std::vector<std::string_view> required;
};

namespace keys {
extern const KeySet kDocument, kLabels, kSource, kInput, kColumn, kHistory, kParameter, kDefault, kDecision, kOutput,
    kComputed, kBands, kDecisionTable, kTable, kComplete, kCheck, kLookup, kGroup, kAssertion, kRound, kUse, kPack,
    kPackTable, kPackBands, kEdition, kPackFunction, kPackParameter, kStep, kResult;
}  // namespace keys

/// All of them.
std::span<const KeySet* const> all_key_sets();

}  // namespace kaogong::scheme
