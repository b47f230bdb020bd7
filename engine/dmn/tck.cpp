#include "engine/dmn/tck.h"

#include <pugixml.hpp>

#include "engine/dmn/read_boxed.h"
#include "engine/dmn/run.h"
#include "engine/feel/compare.h"

namespace kaogong::dmn {
namespace {

using feel::Value;
using feel::ValueKind;
using number::Number;

/// A value as a test file writes it. A number keeps the decimals that were shown.
struct Written {
  Value value;
  int decimals = 0;
  std::vector<Written> items;  // of a list, or of a context in the order of its keys
  std::vector<std::string> keys;
};

std::string text_of(const pugi::xml_node& node) { return node.child_value(); }

Written read_scalar(const pugi::xml_node& node) {
  Written written;
  bool nil = false;
  std::string type;
  for (const pugi::xml_attribute& attribute : node.attributes()) {
    const std::string_view name = attribute.name();
    if (name.ends_with("nil")) nil = std::string_view(attribute.value()) == "true";
    if (name.ends_with("type")) type = attribute.value();
  }
  if (nil) return written;
  if (const size_t colon = type.find(':'); colon != std::string::npos) type = type.substr(colon + 1);
  const std::string raw = text_of(node);
  const std::string text = trimmed(raw);
  if (type == "decimal" || type == "double" || type == "float" || type == "integer" || type == "int" ||
      type == "long") {
    if (const auto number = Number::parse(text)) written.value = *number;
    if (const size_t point = text.find('.'); point != std::string::npos) {
      written.decimals = static_cast<int>(
          text.find_first_not_of("0123456789", point + 1) == std::string::npos ? text.size() - point - 1 : 0);
    }
  } else if (type == "boolean") {
    written.value = Value::boolean(text == "true" || text == "1");
  } else if (type == "date") {
    if (const auto date = feel::parse_date(text)) written.value = *date;
  } else if (type == "time") {
    if (auto time = feel::parse_time(text)) written.value = std::move(*time);
  } else if (type == "dateTime") {
    if (auto date_time = feel::parse_date_time(text)) written.value = std::move(*date_time);
  } else if (type == "duration") {
    if (const auto duration = feel::parse_duration(text)) {
      std::visit([&](const auto& one) { written.value = one; }, *duration);
    }
  } else {
    written.value = Value::string(raw);
  }
  return written;
}

struct TooDeep {};

Written read_value(const pugi::xml_node& parent, uint32_t depth = 0) {
  if (depth > feel::kValueDepthMax) throw TooDeep{};
  Written written;
  std::vector<Value> items;
  std::vector<feel::Context::Entry> entries;
  for (const pugi::xml_node& node : parent.children()) {
    const std::string_view name = local_name(node);
    if (name == "value") return read_scalar(node);
    if (name == "list") {
      bool nil = false;
      for (const pugi::xml_attribute& attribute : node.attributes()) {
        nil = nil ||
              (std::string_view(attribute.name()).ends_with("nil") && std::string_view(attribute.value()) == "true");
      }
      if (nil) return written;
      for (const pugi::xml_node& item : node.children()) {
        if (local_name(item) != "item") continue;
        written.items.push_back(read_value(item, depth + 1));
        items.push_back(written.items.back().value);
      }
      written.value = Value::list(std::move(items));
      return written;
    }
    if (name == "component") {
      const std::string key = node.attribute("name").value();
      written.keys.push_back(key);
      written.items.push_back(read_value(node, depth + 1));
      entries.emplace_back(key, written.items.back().value);
    }
  }
  if (!entries.empty()) written.value = Value::context(std::move(entries));
  return written;
}

/// A value for a comment; what is too large to be written is not.
std::string shown(const Value& value) {
  constexpr uint64_t kWeightMax = 10'000;
  return value.weight() > kWeightMax ? "a " + std::string(feel::to_string(value.kind())) + " too large to be shown"
                                     : feel::to_text(value);
}

/// `rounded` becomes true where only the first decimals agree.
bool agree(const Number& actual, const Written& expected, bool& rounded) {
  const Number& wanted = expected.value.as_number();
  if (actual == wanted) return true;
  if (expected.decimals < kDecimalsRounded) return false;
  for (const auto mode : {number::Rounding::kHalfUp, number::Rounding::kHalfEven, number::Rounding::kDown}) {
    const number::NumberResult ours = number::round(actual, expected.decimals, mode);
    if (ours && ours.value == wanted) return true;
  }
  for (const number::Rounding mode :
       {number::Rounding::kHalfUp, number::Rounding::kHalfEven, number::Rounding::kDown}) {
    const number::NumberResult ours = number::round(actual, kDecimalsRounded, mode);
    const number::NumberResult theirs = number::round(wanted, kDecimalsRounded, mode);
    if (ours && theirs && ours.value == theirs.value) {
      rounded = true;
      return true;
    }
  }
  return false;
}

bool agree(const Value& actual, const Written& expected, bool& rounded) {
  const Value& wanted = expected.value;
  if (actual.kind() != wanted.kind()) return false;
  switch (wanted.kind()) {
    case ValueKind::kNumber:
      return agree(actual.as_number(), expected, rounded);
    case ValueKind::kList: {
      const auto& items = actual.as_list();
      if (items.size() != expected.items.size()) return false;
      for (size_t i = 0; i < items.size(); ++i) {
        if (!agree(items[i], expected.items[i], rounded)) return false;
      }
      return true;
    }
    case ValueKind::kContext: {
      if (actual.as_context().size() != expected.keys.size()) return false;
      for (size_t i = 0; i < expected.keys.size(); ++i) {
        const Value* found = actual.as_context().find(expected.keys[i]);
        if (found == nullptr || !agree(*found, expected.items[i], rounded)) return false;
      }
      return true;
    }
    default:
      return feel::equal(actual, wanted, feel::builtin_zones()).value_or(false);
  }
}

/// Some fixed moment, so that runs repeat; the kit only asks for the kind of now() and today().
feel::DateTime some_moment() { return {{2026, 1, 15}, {12 * 3600 * feel::kNanosPerSecond, feel::Zone::utc()}}; }

TckResult run_case(const std::shared_ptr<const Definitions>& definitions, const pugi::xml_node& test_case) {
  TckResult result{test_case.attribute("id").value(), TckStatus::kSuccess, {}, false};
  feel::Options options;
  options.now = some_moment();
  Run run(definitions, options);
  std::vector<std::pair<std::string, Value>> inputs;
  for (const pugi::xml_node& node : test_case.children()) {
    if (local_name(node) != "inputNode") continue;
    inputs.emplace_back(node.attribute("name").value(), read_value(node).value);
    run.set_input(inputs.back().first, inputs.back().second);
  }
  const std::string invocable = test_case.attribute("invocableName").value();
  for (const pugi::xml_node& node : test_case.children()) {
    if (local_name(node) != "resultNode") continue;
    const std::string name = node.attribute("name").value();
    const Written expected = read_value(child(node, "expected"));
    feel::Evaluated evaluated = invocable.empty() ? run.decision(name) : run.invoke(invocable, inputs);
    Value actual;
    std::string why;
    if (const auto* error = std::get_if<feel::EvalError>(&evaluated)) {
      why = error->message;
    } else {
      actual = std::get<Value>(evaluated);
      // A service with several outputs gives them all; the node names one.
      if (!invocable.empty() && actual.is(ValueKind::kContext) && actual.as_context().find(name) != nullptr) {
        const Element* service = definitions->root().find(invocable);
        if (service != nullptr && service->output_decisions.size() > 1) actual = *actual.as_context().find(name);
      }
    }
    bool rounded = false;
    if (agree(actual, expected, rounded)) {
      if (rounded) {
        result.rounded = true;
        result.comment =
            name + ": agrees in " + std::to_string(kDecimalsRounded) + " decimals; exactly it is " + shown(actual);
      }
      continue;
    }
    if (why.empty() && !run.problems().empty()) why = run.problems().back().message;
    result.status = TckStatus::kError;
    result.rounded = false;
    result.comment = name + ": expected " + shown(expected.value) + ", got " + shown(actual);
    if (!why.empty()) result.comment += " (" + why + ")";
    break;
  }
  return result;
}

}  // namespace

std::string_view to_string(TckStatus status) {
  switch (status) {
    case TckStatus::kSuccess:
      return "SUCCESS";
    case TckStatus::kError:
      return "ERROR";
    case TckStatus::kIgnored:
      return "IGNORED";
  }
  return "";
}

std::optional<std::string> model_name_of(std::string_view test_bytes) {
  pugi::xml_document document;
  if (!document.load_buffer(test_bytes.data(), test_bytes.size())) return std::nullopt;
  const pugi::xml_node root = document.document_element();
  if (local_name(root) != "testCases") return std::nullopt;
  return child_text(root, "modelName");
}

std::vector<TckResult> run_tck_tests(std::string_view model_bytes, const ImportResolver& resolver,
                                     std::string_view test_bytes) {
  pugi::xml_document document;
  // Strings are compared to the letter, so text keeps its white space.
  const auto parsed =
      document.load_buffer(test_bytes.data(), test_bytes.size(), pugi::parse_default | pugi::parse_ws_pcdata_single);
  if (!parsed) return {{"", TckStatus::kError, std::string("the tests are not XML: ") + parsed.description()}};
  const auto loaded = load(model_bytes, resolver);
  std::vector<TckResult> results;
  for (const pugi::xml_node& node : document.document_element().children()) {
    if (local_name(node) != "testCase") continue;
    if (const auto* error = std::get_if<LoadError>(&loaded)) {
      results.push_back({node.attribute("id").value(), TckStatus::kError, error->message});
      continue;
    }
    try {
      results.push_back(run_case(std::get<std::shared_ptr<const Definitions>>(loaded), node));
    } catch (const TooDeep&) {
      results.push_back({node.attribute("id").value(), TckStatus::kError, "a value is nested too deeply"});
    }
  }
  return results;
}

}  // namespace kaogong::dmn
