// Fuzz target: any bytes as the body of a request. What our strict reader takes, Boost.JSON takes, and finds the same
// in it; what only Boost.JSON takes, ours refuses for one of the reasons for which it is stricter. What was read is
// written and read again as the same. The body reader finds the faults that are there, each with a pointer to where it
// is.
#include <algorithm>
#include <boost/json/src.hpp>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "gateway/json/body.h"
#include "gateway/json/read.h"
#include "gateway/json/writer.h"

using namespace kaogong::json;

namespace {

void demand(bool holds) {
  if (!holds) std::abort();
}

bool same(Value ours, const boost::json::value& theirs) {
  switch (ours.kind()) {
    case Kind::kNull:
      return theirs.is_null();
    case Kind::kBoolean:
      return theirs.is_bool() && theirs.get_bool() == ours.truth();
    case Kind::kNumber: {
      int64_t number = 0;
      const auto text = ours.text();
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
      if (error == std::errc{} && end == text.data() + text.size() && theirs.is_int64())
        return theirs.get_int64() == number;
      return theirs.is_number() && is_number(text);
    }
    case Kind::kString:
      return theirs.is_string() && std::string_view(theirs.get_string()) == ours.text();
    case Kind::kArray: {
      if (!theirs.is_array() || theirs.get_array().size() != ours.size()) return false;
      size_t i = 0;
      for (const auto item : ours.items())
        if (!same(item, theirs.get_array()[i++])) return false;
      return i == ours.size();
    }
    case Kind::kObject: {
      if (!theirs.is_object() || theirs.get_object().size() != ours.size()) return false;
      size_t count = 0;
      for (const auto member : ours.members()) {
        const auto* found = theirs.get_object().if_contains(member.name);
        if (found == nullptr || !same(member.value, *found) || !ours.find(member.name)) return false;
        ++count;
      }
      return count == ours.size();
    }
  }
  return false;
}

std::string written(Value value) {
  Writer writer;
  return writer.copy(value).take();
}

/// Why ours refuses what is JSON to others.
bool is_reason_of_strictness(std::string_view detail) {
  for (const std::string_view part : {"twice", "U+0000", "deep in each other", "out of bounds", "single value"})
    if (detail.find(part) != std::string_view::npos) return true;
  return false;
}

/// The value that a pointer names; nothing: there is none.
std::optional<Value> at(Value value, std::string_view pointer) {
  while (!pointer.empty()) {
    if (pointer.front() != '/') return std::nullopt;
    pointer.remove_prefix(1);
    const size_t slash = std::min(pointer.find('/'), pointer.size());
    std::string name;
    for (size_t i = 0; i < slash; ++i) {
      if (pointer[i] != '~') {
        name += pointer[i];
      } else if (++i < slash && (pointer[i] == '0' || pointer[i] == '1')) {
        name += pointer[i] == '0' ? '~' : '/';
      } else {
        return std::nullopt;
      }
    }
    pointer.remove_prefix(slash);
    std::optional<Value> inner;
    if (value.is(Kind::kArray)) {
      size_t index = 0;
      for (const auto item : value.items())
        if (std::to_string(index++) == name) inner = item;
    } else {
      inner = value.find(name);
    }
    if (!inner) return std::nullopt;
    value = *inner;
  }
  return value;
}

/// Reads an object by all that a reader can do, and those in it, too.
void read_members(BodyReader reader, Value value, size_t depth) {
  constexpr size_t kTextBytesMax = 8;
  const auto before = reader.faults().list().size();
  const auto text = reader.text("text", kTextBytesMax, Need::kOptional);
  if (text) demand(value.find("text")->text() == *text && !text->empty() && text->size() <= kTextBytesMax);
  const auto whole = reader.whole("whole", -5, 5, Need::kOptional);
  if (whole) demand(std::to_string(*whole) == value.find("whole")->text() || *whole == 0);
  const auto truth = reader.truth("truth", Need::kOptional);
  if (truth) demand(value.find("truth")->truth() == *truth);
  const auto decimal = reader.decimal("decimal", Need::kOptional);
  if (decimal) demand(is_number(*decimal) && value.find("decimal")->text() == *decimal);
  const auto parsed = reader.parsed(
      "parsed", [](std::string_view t) { return t == "red" ? std::optional(1) : std::nullopt; }, "a colour",
      Need::kOptional);
  if (parsed) demand(value.find("parsed")->text() == "red");
  const auto texts = reader.texts("texts", 3, kTextBytesMax, Need::kOptional);
  demand(texts.size() <= 3);
  for (size_t i = 0; const auto item : reader.array("array", 3, Need::kOptional)) {
    if (depth > 0) read_members(BodyReader(item, reader.pointer("array", i), reader.faults()), item, depth - 1);
    ++i;
  }
  if (auto inner = reader.object("object", Need::kOptional); inner && depth > 0)
    read_members(std::move(*inner), *value.find("object"), depth - 1);
  if (reader.has("required")) demand(reader.any("required").has_value());
  reader.finish();
  if (!value.is(Kind::kObject) || reader.faults().list().size() > before) return;
  // No fault: every member is one that was asked for, and of its kind.
  for (const auto member : value.members()) {
    const bool known = member.name == "text" || member.name == "whole" || member.name == "truth" ||
                       member.name == "decimal" || member.name == "parsed" || member.name == "texts" ||
                       member.name == "array" || member.name == "object" || member.name == "required";
    demand(known);
    if (member.value.is(Kind::kNull) || member.name == "required") continue;
    demand(member.name != "text" || text.has_value());
    demand(member.name != "whole" || whole.has_value());
    demand(member.name != "truth" || truth.has_value());
    demand(member.name != "decimal" || decimal.has_value());
    demand(member.name != "parsed" || parsed.has_value());
    demand(member.name != "texts" || texts.size() == member.value.size());
  }
}

void read_body(Value root) {
  BodyFaults faults;
  read_members(BodyReader(root, "", faults), root, 4);
  demand(faults.list().size() <= kBodyFaultsMax);
  for (const auto& fault : faults.list()) {
    demand(!fault.detail.empty());
    demand(at(root, fault.pointer).has_value() != (fault.detail == "is missing"));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto ours = read(bytes);
  boost::json::parse_options options;
  options.max_depth = kDepthMax;
  boost::json::error_code error;
  const auto theirs = boost::json::parse(bytes, error, {}, options);
  if (const auto* fault = std::get_if<ReadFault>(&ours)) {
    demand(!fault->detail.empty() && is_text(fault->pointer));
    demand(error || is_reason_of_strictness(fault->detail));
    return 0;
  }
  const auto root = std::get<Document>(ours).root();
  demand(!error && same(root, theirs));
  const auto text = written(root);
  const auto again = read(text);
  demand(std::holds_alternative<Document>(again));
  demand(written(std::get<Document>(again).root()) == text);
  read_body(root);
  return 0;
}
