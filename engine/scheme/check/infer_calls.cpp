// Calls: of lookups, of packs, of functions.
#include <algorithm>

#include "engine/feel/builtins.h"
#include "engine/scheme/check/infer.h"
#include "engine/scheme/near.h"
#include "engine/scheme/pack.h"
#include "engine/scheme/pack_call.h"

namespace kaogong::scheme {
namespace {

using feel::ExprKind;

bool looks_back(std::string_view function) {
  return function == "previous" || function == "last" || function == "earlier" || function == "year_to_date" ||
         function == "within";
}

}  // namespace

Inferred Inference::call(const feel::Call& call) {
  const bool plain = call.callee->kind == ExprKind::kName;
  const std::string_view function = plain ? static_cast<const feel::NameRef&>(*call.callee).name : std::string_view();
  const bool back = looks_back(function), run = function == "streak" || function == "longest_run";
  // A null only fails the condition of a run; what coalesce and required are given may be null.
  runs_ += run;
  guarded_ += run;
  std::vector<Inferred> arguments;
  for (size_t i = 0; i < call.arguments.size(); ++i) {
    const bool column = back && i == 0;  // the name of a column of history, which the binder judges
    arguments.push_back(column ? Inferred() : infer(*call.arguments[i].value));
  }
  runs_ -= run;
  guarded_ -= run;
  if (!plain) {
    if (const auto id = called_function(names_.document(), *call.callee)) {
      return {kind_of(names_.document().packs[id->pack]->functions[id->function].result.type), ValueKind::kAny,
              nullptr};
    }
    if (dotted_name(*call.callee).empty()) infer(*call.callee);
    return {};
  }
  if (is_local(function)) return {};
  if (const PackFunction* own = pack_ == nullptr ? nullptr : pack_->function(function))
    return {kind_of(own->result.type), ValueKind::kAny, nullptr};
  if (const RowSource* rows = names_.row_source(function); rows != nullptr && rows->kind == RowSource::Kind::kLookup)
    return {ValueKind::kRow, ValueKind::kAny, rows};
  if (looks_at_the_clock(function)) {
    wrong("no-clock", call.span, "'" + std::string(function) + "' looks at the clock, which a calculation must not",
          "use period_start or period_end");
    return {};
  }
  const Signature* signature = find_signature(function);
  if (signature == nullptr) {
    std::string lower(function);
    for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    const std::string near = nearest(lower, function_names());
    wrong("unknown-name", call.callee->span, "unknown function '" + std::string(function) + "'",
          near.empty() ? "docs/scheme-language.md lists the functions; FEEL's are known, too"
                       : "did you mean \"" + near + "\"?");
    return {};
  }
  return result_of(call, function, arguments);
}

Inferred Inference::result_of(const feel::Call& call, std::string_view function,
                              const std::vector<Inferred>& arguments) {
  const Signature& signature = *find_signature(function);
  std::vector<std::string> given;
  for (const auto& argument : call.arguments) {
    if (!argument.name.empty()) given.push_back(argument.name);
  }
  const bool mixed = !given.empty() && given.size() != call.arguments.size();
  // The scheme language's own are judged by the binder; round_to may be called without decimals.
  if (feel::find_builtin(function) != nullptr && function != "round_to" &&
      (mixed || !feel::builtin_takes(function, call.arguments.size(), given))) {
    wrong("wrong-arguments", call.span, "'" + std::string(function) + "' cannot be called with these arguments",
          given.empty() ? "correct their number" : "correct their names, or give them by place");
  }
  for (size_t i = 0; given.empty() && i < std::min(arguments.size(), signature.arguments.size()); ++i) {
    const ValueKind is = arguments[i].kind, wanted = signature.arguments[i];
    const bool told =
        is == ValueKind::kNumber || is == ValueKind::kString || is == ValueKind::kBoolean || is == ValueKind::kDate;
    if (!told || wanted == ValueKind::kAny || wanted == is) continue;
    // A text is read as a date where one is wanted.
    if (wanted == ValueKind::kDate && is == ValueKind::kString) continue;
    wrong("type-clash", call.arguments[i].value->span,
          std::string(words_of(is)) + " where " + std::string(words_of(wanted)) + " is needed by '" +
              std::string(function) + "'",
          "give " + std::string(words_of(wanted)));
  }
  if (function == "modulo" && call.arguments.size() == 2 && given.empty()) not_zero(*call.arguments[1].value);
  if ((function == "required" || function == "coalesce") && !arguments.empty()) {
    Inferred first = arguments[0];
    for (size_t i = 1; i < arguments.size(); ++i) first = joined(first, arguments[i]);
    return first;
  }
  if (function == "previous" && !call.arguments.empty() && call.arguments[0].value->kind == ExprKind::kName)
    return history_name(static_cast<const feel::NameRef&>(*call.arguments[0].value).name);
  return {signature.result, ValueKind::kAny, nullptr};
}

}  // namespace kaogong::scheme
