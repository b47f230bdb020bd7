// Functions on strings (OMG DMN 1.5, 10.3.4.3).
#include "engine/feel/builtins.h"
#include "engine/feel/text_functions.h"

namespace kaogong::feel {
namespace {

Value string_of(Arguments& arguments, std::string_view text) {
  return arguments.evaluator.make_string(std::string(text));
}

/// Regular expressions may work hard: each call counts as so many steps at least.
constexpr uint64_t kRegexSteps = 50;

template <class T>
T take(Arguments& arguments, text::RegexResult<T> result) {
  if (const auto* error = std::get_if<text::RegexError>(&result)) arguments.refuse(error->message);
  return std::move(std::get<T>(result));
}

std::string flags_of(Arguments& arguments, size_t i) { return arguments.has(i) ? arguments.string(i) : std::string(); }

Value substring(Arguments& arguments) {
  const std::string& input = arguments.string(0);
  const int64_t start = arguments.integer(1);
  std::optional<int64_t> length;
  if (arguments.given(2)) length = arguments.integer(2);
  arguments.evaluator.spend(input.size() / 16);
  const std::optional<std::string_view> part = text::substring(input, start, length);
  if (!part) arguments.refuse("there is no such part");
  return string_of(arguments, *part);
}

Value string_length(Arguments& arguments) { return Value::integer(text::string_length(arguments.string(0))); }
Value upper_case(Arguments& arguments) { return string_of(arguments, text::upper_case(arguments.string(0))); }
Value lower_case(Arguments& arguments) { return string_of(arguments, text::lower_case(arguments.string(0))); }

Value substring_before(Arguments& arguments) {
  return string_of(arguments, text::substring_before(arguments.string(0), arguments.string(1)));
}
Value substring_after(Arguments& arguments) {
  return string_of(arguments, text::substring_after(arguments.string(0), arguments.string(1)));
}
Value contains_text(Arguments& arguments) {
  return Value::boolean(text::contains(arguments.string(0), arguments.string(1)));
}
Value starts_with(Arguments& arguments) {
  return Value::boolean(text::starts_with(arguments.string(0), arguments.string(1)));
}
Value ends_with(Arguments& arguments) {
  return Value::boolean(text::ends_with(arguments.string(0), arguments.string(1)));
}

Value matches(Arguments& arguments) {
  arguments.evaluator.spend(kRegexSteps + arguments.string(0).size());
  return Value::boolean(
      take(arguments, text::matches(arguments.string(0), arguments.string(1), flags_of(arguments, 2))));
}

Value replace(Arguments& arguments) {
  arguments.evaluator.spend(kRegexSteps + arguments.string(0).size());
  return arguments.evaluator.make_string(take(
      arguments, text::replace(arguments.string(0), arguments.string(1), arguments.string(2), flags_of(arguments, 3))));
}

Value split(Arguments& arguments) {
  arguments.evaluator.spend(kRegexSteps + arguments.string(0).size());
  std::vector<Value> parts;
  for (std::string& part : take(arguments, text::split(arguments.string(0), arguments.string(1)))) {
    parts.push_back(Value::string(std::move(part)));
  }
  return arguments.evaluator.make_list(std::move(parts));
}

Value string_join(Arguments& arguments) {
  std::vector<std::optional<std::string>> parts;
  size_t bytes = 0;
  const std::string delimiter = arguments.has(1) ? arguments.string(1) : std::string();
  for (const Value& item : arguments.list(0)) {
    if (item.is_null()) {
      parts.emplace_back();
      continue;
    }
    if (!item.is(ValueKind::kString)) arguments.refuse("every item must be a string");
    bytes += item.as_string().size() + delimiter.size();
    if (bytes > arguments.evaluator.options().limits.string_bytes_max) {
      arguments.evaluator.fail(arguments.span, "the string is too long");
    }
    parts.emplace_back(item.as_string());
  }
  std::string joined = text::string_join(parts, delimiter);
  if (arguments.has(2)) joined.insert(0, arguments.string(2));
  if (arguments.has(3)) joined += arguments.string(3);
  return arguments.evaluator.make_string(std::move(joined));
}

}  // namespace

void add_string_builtins(BuiltinTable& table) {
  table.add("substring", "string,start position,length?", substring);
  table.add("string length", "string", string_length);
  table.add("upper case", "string", upper_case);
  table.add("lower case", "string", lower_case);
  table.add("substring before", "string,match", substring_before);
  table.add("substring after", "string,match", substring_after);
  table.add("contains", "string,match", contains_text);
  table.add("starts with", "string,match", starts_with);
  table.add("ends with", "string,match", ends_with);
  table.add("matches", "input,pattern,flags?", matches);
  table.add("replace", "input,pattern,replacement,flags?", replace);
  table.add("split", "string,delimiter", split);
  table.add("string join", "list,delimiter?", string_join);
}

}  // namespace kaogong::feel
