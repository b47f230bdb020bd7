// The lints that a scheme declares: `assert`.
#include <algorithm>

#include "engine/scheme/literal.h"
#include "engine/scheme/loader.h"

namespace kaogong::scheme {

void Loader::read_assertions(const Node& list) {
  for (const Node& node : list.children) {
    if (!expect(node, Node::Kind::kMap, "an assertion")) continue;
    const Fields fields(*this, node, keys::kAssertion, "an assertion");
    Assertion assertion;
    assertion.at = at(node);
    const Node* add_up = fields.find("add_up");
    const Node* descend = fields.find("descend");
    const Node* reach = fields.find("reach");
    if ((add_up != nullptr) + (descend != nullptr) + (reach != nullptr) != 1) {
      error(node, "one-of", "an assertion has exactly one of add_up, descend, reach", "write one assertion each");
      continue;
    }
    using Kind = Assertion::Kind;
    assertion.kind = add_up ? Kind::kAddUp : descend ? Kind::kDescend : Kind::kReach;
    // Keys that the kind has no use for would be read as if they did something.
    for (const auto& [key, allowed] :
         {std::pair{"to", add_up != nullptr}, std::pair{"per", add_up != nullptr}, std::pair{"by", reach != nullptr}}) {
      const Node* found = fields.find_raw(key);
      if (found != nullptr && !allowed) {
        error(*found, "unknown-key", "\"" + std::string(key) + "\" says nothing in this kind of assertion",
              "remove it");
      }
    }
    std::vector<std::string_view> known;
    const Lookup* lookup = nullptr;
    if (const Node* in = fields.find("in")) {
      assertion.in = text(*in, fields.name_of("in"));
      std::vector<std::string_view> lookups;
      for (const Lookup& candidate : document.lookups) {
        lookups.push_back(candidate.name);
        if (candidate.name == assertion.in) lookup = &candidate;
      }
      if (lookup == nullptr) {
        unknown(*in, "lookup", assertion.in, lookups);
        continue;
      }
      for (const Column& column : lookup->columns) known.push_back(column.name);
    } else if (add_up == nullptr) {
      error(node, "missing-key", "this assertion is about the columns of a lookup and does not name it",
            "add in: the lookup's name");
      continue;
    } else {
      for (const Parameter& parameter : document.parameters) known.push_back(parameter.name);
    }
    const auto types_numeric = [&](const Node& at, const std::vector<std::string>& names) {
      for (const std::string& name : names) {
        const auto is_it = [&](const Named& named) { return named.name == name && !is_numeric(named.type.name); };
        const bool wrong = lookup ? std::any_of(lookup->columns.begin(), lookup->columns.end(), is_it)
                                  : std::any_of(document.parameters.begin(), document.parameters.end(), is_it);
        if (wrong) error(at, "bad-value", "\"" + name + "\" of an assertion is not a number", "name a numeric one");
      }
    };
    const std::string main_key = add_up ? "add_up" : descend ? "descend" : "reach";
    const Node& main = add_up ? *add_up : descend ? *descend : *reach;
    if (reach != nullptr) {
      const auto columns = columns_named(main, "\"reach\"", known);
      types_numeric(main, columns);
      if (columns.size() > 1) error(main, "bad-value", "\"reach\" names one column, the maximum", "keep one");
      if (!columns.empty()) assertion.to = columns[0];
      if (const Node* by = fields.find("by")) {
        assertion.of = columns_named(*by, "\"by\"", known);
        types_numeric(*by, assertion.of);
      } else {
        error(node, "missing-key", "\"reach\" needs \"by\": the columns of the levels", "add by: [level_1, …]");
      }
    } else {
      const std::string what = "\"" + main_key + "\"";
      if (lookup == nullptr) {  // parameters, in words of their own
        for (const std::string& name : texts(main, what)) {
          if (std::find(known.begin(), known.end(), name) == known.end()) unknown(main, "parameter", name, known);
          assertion.of.push_back(name);
        }
      } else {
        assertion.of = columns_named(main, what, known);
      }
      types_numeric(main, assertion.of);
      if (descend != nullptr && assertion.of.size() == 1) {
        error(main, "bad-value", "\"descend\" compares columns and needs two at least",
              "list the levels from the highest");
      }
    }
    if (const Node* per = fields.find("per"); per != nullptr && add_up != nullptr) {
      if (lookup == nullptr) {
        error(*per, "unknown-key", "\"per\" groups rows of a lookup; parameters have none", "remove it");
      } else {
        assertion.per = columns_named(*per, "\"per\"", known);
      }
    }
    if (add_up != nullptr) {
      const Node* to = fields.find("to");
      if (to == nullptr) {
        error(node, "missing-key", "\"add_up\" needs \"to\": the sum", "add to: 100");
      } else if (expect(*to, Node::Kind::kText, "\"to\"")) {
        assertion.to = to->text;
        if (!decimals_of(to->text)) {
          if (std::find(known.begin(), known.end(), to->text) == known.end()) {
            unknown(*to, lookup ? "column for \"to\"" : "parameter", to->text, known);
          }
          types_numeric(*to, {to->text});
        }
      }
    }
    document.assertions.push_back(std::move(assertion));
  }
}

}  // namespace kaogong::scheme
