#include "engine/scheme/check/functions.h"

#include <algorithm>
#include <unordered_map>

namespace kaogong::scheme {
namespace {

// A line a function: its name, its result, its arguments. n number, s string, b boolean, d date, l list, . any.
struct Line {
  std::string_view name;
  char result;
  std::string_view arguments;
};

constexpr Line kLines[] = {
    // The scheme language's own: docs/scheme-language.md.
    {"rank", 'n', ""},
    {"row_number", 'n', ""},
    {"total", 'n', ""},
    {"average", 'n', ""},
    {"highest", '.', ""},
    {"lowest", '.', ""},
    {"headcount", 'n', ""},
    {"percentile", 'n', ""},
    {"quota", 's', ""},
    {"share", 'n', ""},
    {"enrolled", 'n', ""},
    {"previous", '.', ""},
    {"last", 'l', ""},
    {"earlier", 'l', ""},
    {"year_to_date", 'l', ""},
    {"within", 'l', ""},
    {"streak", 'n', ""},
    {"longest_run", 'n', ""},
    {"required", '.', ""},
    {"coalesce", '.', ""},
    {"clamp", 'n', "nnn"},
    {"month_end", 'd', "d"},
    {"month_end_after", 'd', "d"},
    {"add_months", 'd', "dn"},
    {"add_days", 'd', "dn"},
    {"days_between", 'n', "dd"},
    {"round_to", 'n', "nn"},
    // FEEL's: DMN 1.5, 10.3.4.
    {"decimal", 'n', "nn"},
    {"floor", 'n', "nn"},
    {"ceiling", 'n', "nn"},
    {"round up", 'n', "nn"},
    {"round down", 'n', "nn"},
    {"round half up", 'n', "nn"},
    {"round half down", 'n', "nn"},
    {"abs", '.', ""},
    {"modulo", 'n', "nn"},
    {"sqrt", 'n', "n"},
    {"log", 'n', "n"},
    {"exp", 'n', "n"},
    {"odd", 'b', "n"},
    {"even", 'b', "n"},
    {"substring", 's', "snn"},
    {"string length", 'n', "s"},
    {"upper case", 's', "s"},
    {"lower case", 's', "s"},
    {"substring before", 's', "ss"},
    {"substring after", 's', "ss"},
    {"contains", 'b', "ss"},
    {"starts with", 'b', "ss"},
    {"ends with", 'b', "ss"},
    {"matches", 'b', "sss"},
    {"replace", 's', "ssss"},
    {"split", 'l', "ss"},
    {"string join", 's', ".s"},
    {"number", 'n', ".ss"},
    {"string", 's', ""},
    {"not", 'b', "b"},
    {"is", 'b', ""},
    {"range", '.', "s"},
    {"list contains", 'b', ""},
    {"count", 'n', ""},
    {"min", '.', ""},
    {"max", '.', ""},
    {"sum", 'n', ""},
    {"mean", 'n', ""},
    {"product", 'n', ""},
    {"median", 'n', ""},
    {"stddev", 'n', ""},
    {"mode", 'l', ""},
    {"all", 'b', ""},
    {"any", 'b', ""},
    {"sublist", 'l', ".nn"},
    {"append", 'l', ""},
    {"concatenate", 'l', ""},
    {"union", 'l', ""},
    {"distinct values", 'l', ""},
    {"insert before", 'l', ".n."},
    {"remove", 'l', ".n"},
    {"list replace", 'l', ""},
    {"reverse", 'l', ""},
    {"index of", 'l', ""},
    {"flatten", 'l', ""},
    {"sort", 'l', ""},
    {"get value", '.', ""},
    {"get entries", 'l', ""},
    {"context", '.', ""},
    {"context put", '.', ""},
    {"context merge", '.', ""},
    {"date", 'd', ""},
    {"time", '.', ""},
    {"date and time", '.', ""},
    {"duration", '.', "s"},
    {"years and months duration", '.', ""},
    {"day of year", 'n', ""},
    {"week of year", 'n', ""},
    {"day of week", 's', ""},
    {"month of year", 's', ""},
    {"before", 'b', ""},
    {"after", 'b', ""},
    {"meets", 'b', ""},
    {"met by", 'b', ""},
    {"overlaps", 'b', ""},
    {"overlaps before", 'b', ""},
    {"overlaps after", 'b', ""},
    {"overlapped before by", 'b', ""},
    {"overlapped after by", 'b', ""},
    {"overlapped by", 'b', ""},
    {"finishes", 'b', ""},
    {"finished by", 'b', ""},
    {"includes", 'b', ""},
    {"during", 'b', ""},
    {"starts", 'b', ""},
    {"started by", 'b', ""},
    {"coincides", 'b', ""},
};

ValueKind kind_of(char letter) {
  switch (letter) {
    case 'n':
      return ValueKind::kNumber;
    case 's':
      return ValueKind::kString;
    case 'b':
      return ValueKind::kBoolean;
    case 'd':
      return ValueKind::kDate;
    case 'l':
      return ValueKind::kList;
    default:
      return ValueKind::kAny;
  }
}

}  // namespace

std::string_view words_of(ValueKind kind) {
  switch (kind) {
    case ValueKind::kNull:
      return "null";
    case ValueKind::kNumber:
      return "a number";
    case ValueKind::kString:
      return "a string";
    case ValueKind::kBoolean:
      return "a boolean";
    case ValueKind::kDate:
      return "a date";
    case ValueKind::kList:
      return "a list";
    case ValueKind::kRow:
      return "a row";
    case ValueKind::kContext:
      return "a context";
    case ValueKind::kFunction:
      return "a function";
    case ValueKind::kAny:
      break;
  }
  return "a value";
}

const Signature* find_signature(std::string_view name) {
  static const auto signatures = [] {
    std::unordered_map<std::string_view, Signature> all;
    for (const Line& line : kLines) {
      Signature signature{kind_of(line.result), {}};
      for (const char letter : line.arguments) signature.arguments.push_back(kind_of(letter));
      all.emplace(line.name, std::move(signature));
    }
    return all;
  }();
  const auto found = signatures.find(name);
  return found == signatures.end() ? nullptr : &found->second;
}

const std::vector<std::string_view>& function_names() {
  static const auto names = [] {
    std::vector<std::string_view> all;
    for (const Line& line : kLines) all.push_back(line.name);
    return all;
  }();
  return names;
}

bool looks_at_the_clock(std::string_view function) { return function == "now" || function == "today"; }

}  // namespace kaogong::scheme
