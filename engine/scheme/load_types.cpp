// Types, and the sections that are lists of typed names: inputs, history, parameters, columns.
#include <algorithm>
#include <limits>
#include <unordered_set>

#include "engine/scheme/literal.h"
#include "engine/scheme/loader.h"
#include "engine/scheme/near.h"
#include "engine/scheme/period.h"

namespace kaogong::scheme {
namespace {

uint8_t scale_of(TypeName name) {
  switch (name) {
    case TypeName::kMoney:
    case TypeName::kScore:
      return 2;
    case TypeName::kRate:
    case TypeName::kNumber:
      return 6;
    case TypeName::kFactor:
      return 4;
    default:
      return 0;
  }
}

const std::vector<std::string_view> kTypeWords = {"money",  "score", "rate",   "factor",  "count",
                                                  "number", "exact", "string", "boolean", "date"};

// Reads one bound; above and below move it by one unit of the scale.
void read_bound(Loader& loader, const Fields& fields, std::string_view key, TypeDecl& type) {
  const Node* node = fields.find(key);
  if (node == nullptr || !loader.expect(*node, Node::Kind::kText, fields.name_of(key))) return;
  if (!is_decimal(type.name)) {
    loader.error(*node, "bad-value",
                 fields.name_of(key) + ": a " + std::string(type_name(type.name)) + " has no bounds",
                 "remove it, or write a check");
    return;
  }
  const auto parsed = parse_scaled(node->text, type.scale);
  if (const auto* error = std::get_if<DecimalError>(&parsed)) {
    const std::string why = *error == DecimalError::kNotANumber ? "is not a number"
                            : *error == DecimalError::kTooManyDecimals
                                ? "has more decimals than its type has: " + std::to_string(type.scale)
                                : "is too large";
    loader.error(*node, "bad-literal", fields.name_of(key) + ": \"" + node->text + "\" " + why,
                 "write a number with at most " + std::to_string(type.scale) + " decimals");
    return;
  }
  int64_t value = std::get<int64_t>(parsed);
  const bool is_low = key == "min" || key == "above";
  auto& bound = is_low ? type.min : type.max;
  if (bound) {
    loader.error(*node, "bad-value", fields.what() + " has two bounds on the same side",
                 is_low ? "write min or above, not both" : "write max or below, not both");
    return;
  }
  if (key == "above") {
    if (value == std::numeric_limits<int64_t>::max()) return;
    ++value;
    type.min_exclusive = true;
  } else if (key == "below") {
    if (value == std::numeric_limits<int64_t>::min()) return;
    --value;
    type.max_exclusive = true;
  }
  bound = value;
}

}  // namespace

TypeDecl Loader::type(const Fields& fields, TypeUse use) {
  TypeDecl type;
  if (const Node* node = fields.find("type")) {
    std::string word = text(*node, fields.name_of("type"));
    if (!word.empty() && word.back() == '?') {
      type.nullable = true;
      word.pop_back();
    }
    const auto name = parse_type_name(word);
    if (node->is_text() && !name) {
      error(*node, "unknown-type", "there is no type \"" + word.substr(0, 100) + "\"", suggest(word, kTypeWords, ""));
    }
    type.name = name.value_or(TypeName::kNumber);
    if (type.name == TypeName::kExact && use != TypeUse::kComputed) {
      error(*node, "bad-value", fields.what() + " cannot be exact: only a computed column can, because it is no result",
            "choose the type that it is rounded to");
    }
  } else {
    type.name = use == TypeUse::kComputed ? TypeName::kExact : TypeName::kNumber;
  }
  type.scale = scale_of(type.name);
  if (const Node* node = fields.find("decimals")) {
    const auto decimals = whole_number(*node, fields.name_of("decimals"), 6);
    if (type.name != TypeName::kNumber) {
      error(*node, "bad-value",
            "only a number declares its decimals; " + fields.what() + " is a " + std::string(type_name(type.name)),
            "remove decimals, or write type: number");
    } else if (decimals) {
      type.scale = static_cast<uint8_t>(*decimals);
    }
  }
  if (const Node* node = fields.find("nullable")) {
    type.nullable = boolean(*node, fields.name_of("nullable")).value_or(false) || type.nullable;
  }
  if (const Node* node = fields.find("values");
      node != nullptr && expect(*node, Node::Kind::kList, fields.name_of("values"))) {
    if (type.name != TypeName::kString) {
      error(*node, "bad-value",
            "only a string lists its values; " + fields.what() + " is a " + std::string(type_name(type.name)),
            "remove values, or write type: string");
    }
    if (node->children.empty()) error(*node, "bad-value", fields.name_of("values") + " is empty", "list the values");
    std::unordered_set<std::string_view> seen;
    for (const Node& value : node->children) {
      if (!expect(value, Node::Kind::kText, "a value of " + fields.what())) continue;
      if (value.text.empty()) error(value, "bad-value", "a value is empty: that is a null", "write nullable: true");
      if (!seen.insert(value.text).second) {
        error(value, "duplicate-value", "the value \"" + value.text + "\" is listed twice", "list it once");
        continue;
      }
      if (type.name == TypeName::kString) type.values.push_back(value.text);
    }
  }
  for (const std::string_view key : {"min", "above", "max", "below"}) read_bound(*this, fields, key, type);
  read_rounding(fields, type);
  if (type.min && type.max && *type.min > *type.max) {
    error(fields.map(), "bad-value", fields.what() + " has no value: its lower bound is above its upper bound",
          "correct min and max");
  }
  return type;
}

void Loader::read_rounding(const Fields& fields, TypeDecl& type) {
  const Node* node = fields.find("round");
  if (node == nullptr) return;
  const std::string name = fields.name_of("round");
  if (!is_decimal(type.name)) {
    error(*node, "bad-value", name + ": a " + std::string(type_name(type.name)) + " is not rounded", "remove it");
    return;
  }
  const auto read_mode = [&](const Node& mode) {
    if (!expect(mode, Node::Kind::kText, name)) return;
    if (mode.text == "half_up") {
      type.rounding = Rounding::kHalfUp;
    } else if (mode.text == "up") {
      type.rounding = Rounding::kUp;
    } else if (mode.text == "down") {
      type.rounding = Rounding::kDown;
    } else {
      error(mode, "bad-value", "\"" + mode.text.substr(0, 50) + "\" is no way of rounding",
            suggest(mode.text, {"half_up", "up", "down"}, ""));
    }
  };
  if (node->is_text()) return read_mode(*node);
  if (!expect(*node, Node::Kind::kMap, name)) return;
  const Fields parts(*this, *node, keys::kRound, name);
  if (const Node* mode = parts.find("mode")) read_mode(*mode);
  const Node* to = parts.find("to");
  if (to == nullptr || !expect(*to, Node::Kind::kText, parts.name_of("to"))) return;
  std::optional<uint32_t> decimals;
  if (to->text == "yuan") {
    decimals = 0;
  } else if (to->text == "jiao") {
    decimals = 1;
  } else if (to->text == "fen") {
    decimals = 2;
  } else {
    decimals = whole_number(*to, parts.name_of("to") + " (fen, jiao, yuan, or a number of decimals)", type.scale);
  }
  if (!decimals) return;
  if (*decimals > type.scale) {
    error(*to, "bad-value", parts.name_of("to") + ": its type has only " + std::to_string(type.scale) + " decimals",
          "round to fewer decimals, or choose another type");
    return;
  }
  type.rounded_to = static_cast<uint8_t>(*decimals);
}

void Loader::read_named(const Fields& fields, Named& named) {
  if (const Node* node = fields.find("labels")) named.labels = labels(*node, fields.name_of("labels"));
  if (const Node* node = fields.find("source")) named.source = source_note(*node, fields.name_of("source"));
  if (const Node* node = fields.find("remark")) named.remark = text(*node, fields.name_of("remark"));
}

Named Loader::named(const Node& key, const Node& value, const KeySet& keys, std::string_view what) {
  const Fields fields(*this, value, keys, std::string(what) + " \"" + key.text + "\"");
  Named named;
  named.name = key.text;
  named.at = at(key);
  named.type = type(fields, TypeUse::kValue);
  read_named(fields, named);
  return named;
}

void Loader::read_inputs(const Node& map) {
  each_named(map, "input", [&](const Node& key, const Node& value) {
    declare(key, "input");
    Input input = named(key, value, keys::kInput, "input");
    for (size_t i = 0; i < value.pairs(); ++i) {
      if (value.key(i).text == "fixed") input.fixed = boolean(value.value(i), "\"fixed\"");
    }
    document.inputs.push_back(std::move(input));
  });
}

void Loader::read_history(const Node& map) {
  each_named(map, "history column", [&](const Node& key, const Node& value) {
    declare_history(key);
    HistoryColumn column;
    static_cast<Named&>(column) = named(key, value, keys::kHistory, "history column");
    for (size_t i = 0; i < value.pairs(); ++i) {
      if (value.key(i).text != "every") continue;
      column.every = text(value.value(i), "\"every\"");
      if (value.value(i).is_text() && !parse_period_kind(column.every)) {
        error(value.value(i), "bad-value", "\"" + column.every + "\" is no kind of period",
              suggest(column.every, {"month", "quarter", "half_year", "year"}, ""));
      }
    }
    document.history.push_back(std::move(column));
  });
}

void Loader::read_parameters(const Node& map) {
  each_named(map, "parameter", [&](const Node& key, const Node& value) {
    declare(key, "parameter");
    Parameter parameter;
    static_cast<Named&>(parameter) = named(key, value, keys::kParameter, "parameter");
    const std::string what = "the default of parameter \"" + key.text + "\"";
    for (size_t i = 0; i < value.pairs(); ++i) {
      if (value.key(i).text != "default") continue;
      const Node& node = value.value(i);
      if (node.is_map()) {
        const Fields fields(*this, node, keys::kDefault, what);
        if (const Node* expr = fields.find("expr")) parameter.default_expression = expression(*expr, what);
      } else {
        parameter.default_value = literal(node, parameter.type, what);
      }
    }
    document.parameters.push_back(std::move(parameter));
  });
}

std::vector<Column> Loader::read_columns(const Node& map, const std::string& what,
                                         std::unordered_map<std::string, uint32_t>& declared) {
  std::vector<Column> columns;
  each_named(map, "column", [&](const Node& key, const Node& value) {
    declare_column(key, what, declared);
    columns.push_back(named(key, value, keys::kColumn, "column"));
  });
  if (map.children.empty()) error(map, "bad-value", what + " has no columns", "declare them");
  return columns;
}

}  // namespace kaogong::scheme
