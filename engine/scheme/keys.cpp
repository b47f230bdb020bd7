#include "engine/scheme/keys.h"

#include <array>
#include <initializer_list>

namespace kaogong::scheme {
namespace {

using Keys = std::vector<std::string_view>;

const Keys kTypeKeys = {"type", "decimals", "values", "nullable", "min", "max", "above", "below"};
const Keys kSaidKeys = {"labels", "source", "remark"};
const Keys kRuleKeys = {"expr", "bands", "table"};
const Keys kRoundKeys = {"round"};

Keys join(std::initializer_list<Keys> lists) {
  Keys all;
  for (const Keys& list : lists) all.insert(all.end(), list.begin(), list.end());
  return all;
}

}  // namespace

namespace keys {

const KeySet kDocument{"document",
                       {"kaogong", "id", "version", "labels", "source", "notes", "uses", "periods", "inputs", "tables",
                        "lookups", "groups", "history", "parameters", "decisions", "checks", "assert", "outputs"},
                       {"kaogong", "id", "periods", "decisions", "outputs"}};
const KeySet kLabels{"labels", {"zh", "en"}, {}};
const KeySet kSource{"source", {"part", "title"}, {}};
const KeySet kInput{"input", join({kTypeKeys, kSaidKeys, {"fixed"}}), {"type"}};
const KeySet kColumn{"column", join({kTypeKeys, kSaidKeys}), {"type"}};
const KeySet kHistory{"history", join({kTypeKeys, kSaidKeys, {"every"}}), {"type"}};
const KeySet kParameter{"parameter", join({kTypeKeys, kSaidKeys, {"default"}}), {"type"}};
const KeySet kDefault{"default", {"expr"}, {"expr"}};
const KeySet kDecision{"decision", join({kTypeKeys, kRoundKeys, kSaidKeys, kRuleKeys, {"outputs"}}), {}};
const KeySet kOutput{"output", join({kTypeKeys, kRoundKeys, kSaidKeys}), {"type"}};
const KeySet kComputed{"computed", join({kTypeKeys, kRoundKeys, kSaidKeys, kRuleKeys}), {}};
const KeySet kBands{"bands", {"of", "at_least", "above", "up_to", "below", "else"}, {"of"}};
const KeySet kDecisionTable{"decision_table", {"hit", "inputs", "rules", "default"}, {"inputs", "rules"}};
const KeySet kTable{"table",
                    {"columns", "key", "min_rows", "max_rows", "complete", "refuse_when", "computed", "checks",
                     "labels", "source", "remark"},
                    {"columns"}};
const KeySet kComplete{"complete", {"when", "per", "each"}, {"each"}};
const KeySet kCheck{"check", {"require", "when", "column", "message"}, {"require"}};
const KeySet kLookup{
    "lookup", {"key", "columns", "rows", "computed", "checks", "labels", "source", "remark"}, {"key", "columns"}};
const KeySet kGroup{"group", {"of", "by", "computed", "labels", "source", "remark"}, {"of", "by", "computed"}};
const KeySet kAssertion{"assertion", {"add_up", "descend", "reach", "in", "per", "to", "by"}, {}};
const KeySet kRound{"round", {"mode", "to"}, {}};
const KeySet kUse{"use", {"id", "version"}, {"id"}};
const KeySet kPack{
    "pack",
    {"kaogong_pack", "id", "version", "labels", "jurisdiction", "region", "sources", "notes", "tables", "functions"},
    {"kaogong_pack", "id", "jurisdiction", "functions"}};
const KeySet kPackTable{
    "pack_table", {"key", "bands", "columns", "editions", "labels", "source", "remark"}, {"columns", "editions"}};
const KeySet kPackBands{"pack_bands", {"at_least", "above", "up_to", "below"}, {}};
const KeySet kEdition{
    "edition", {"effective_from", "effective_to", "source", "remark", "rows"}, {"effective_from", "rows"}};
const KeySet kPackFunction{
    "pack_function", {"labels", "source", "remark", "parameters", "steps", "checks", "result"}, {"result"}};
const KeySet kPackParameter{"pack_parameter", join({kTypeKeys, kSaidKeys, {"default"}}), {"type"}};
const KeySet kStep{"step", join({kTypeKeys, kRoundKeys, kSaidKeys, kRuleKeys}), {}};
const KeySet kResult{"result", join({kTypeKeys, kRoundKeys, kSaidKeys, kRuleKeys}), {"type"}};

}  // namespace keys

std::span<const KeySet* const> all_key_sets() {
  using namespace keys;  // NOLINT(google-build-using-namespace): a list of all of them
  static const std::array all = {&kDocument,      &kLabels,       &kSource,        &kInput,  &kColumn,    &kHistory,
                                 &kParameter,     &kDefault,      &kDecision,      &kOutput, &kComputed,  &kBands,
                                 &kDecisionTable, &kTable,        &kComplete,      &kCheck,  &kLookup,    &kGroup,
                                 &kAssertion,     &kRound,        &kUse,           &kPack,   &kPackTable, &kPackBands,
                                 &kEdition,       &kPackFunction, &kPackParameter, &kStep,   &kResult};
  return all;
}

}  // namespace kaogong::scheme
