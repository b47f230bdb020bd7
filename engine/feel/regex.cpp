#include "engine/feel/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <algorithm>
#include <optional>

#include "engine/feel/regex_translate.h"
#include "engine/feel/text_functions.h"

namespace kaogong::feel::text {
namespace {

// PCRE2 counts backtracks from each place in the text anew, so its own limits only back up the count of steps here.
constexpr uint32_t kBacktracksMax = 10'000'000;
constexpr uint32_t kHeapKibibytesMax = 64 << 10;
/// Steps allowed on top for each byte of text, so that a long text may be read through.
constexpr int64_t kStepsPerByte = 4;

struct Freer {
  void operator()(pcre2_code* code) const { pcre2_code_free(code); }
  void operator()(pcre2_compile_context* context) const { pcre2_compile_context_free(context); }
  void operator()(pcre2_match_context* context) const { pcre2_match_context_free(context); }
  void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};
template <class T>
using Owned = std::unique_ptr<T, Freer>;

PCRE2_SPTR code_units(std::string_view text) {
  // PCRE2 10.42 takes no null pointer for an empty subject.
  return reinterpret_cast<PCRE2_SPTR>(text.data() == nullptr ? "" : text.data());
}

std::string message_of(int code) {
  PCRE2_UCHAR buffer[256];
  if (pcre2_get_error_message(code, buffer, sizeof buffer) < 0) return "error " + std::to_string(code);
  return reinterpret_cast<const char*>(buffer);
}

}  // namespace

struct Regex::Program {
  Owned<pcre2_code> code;
  uint32_t group_count = 0;
  uint32_t uncounted_steps = 0;
  bool matches_empty = false;
  bool literal_replacement = false;
};

namespace {

/// One run over a text: finds occurrences from left to right within one budget of steps.
class Search {
 public:
  Search(const pcre2_code& code, uint32_t uncounted_steps, std::string_view text)
      : code_(code),
        text_(text),
        data_(pcre2_match_data_create_from_pattern(&code, nullptr)),
        context_(pcre2_match_context_create(nullptr)),
        step_cost_(1 + int64_t{uncounted_steps}),
        steps_left_(kRegexStepsMax + kStepsPerByte * static_cast<int64_t>(text.size())) {
    if (context_ == nullptr) return;
    pcre2_set_match_limit(context_.get(), kBacktracksMax);
    pcre2_set_heap_limit(context_.get(), kHeapKibibytesMax);
    pcre2_set_callout(context_.get(), &Search::count, this);
  }
  Search(const Search&) = delete;
  Search& operator=(const Search&) = delete;

  /// Finds the next occurrence at or after a byte; false: there is none.
  RegexResult<bool> find(size_t from) {
    if (context_ == nullptr || data_ == nullptr) return RegexError{"out of memory", 0};
    const int code =
        pcre2_match(&code_, code_units(text_), text_.size(), from, PCRE2_NO_UTF_CHECK, data_.get(), context_.get());
    if (code >= 0) return true;
    if (code == PCRE2_ERROR_NOMATCH) return false;
    if (code == PCRE2_ERROR_CALLOUT || code == PCRE2_ERROR_MATCHLIMIT || code == PCRE2_ERROR_HEAPLIMIT) {
      return RegexError{"the search takes too many steps: simplify the pattern or shorten the text", 0};
    }
    return RegexError{message_of(code), 0};
  }

  size_t begin() const { return pcre2_get_ovector_pointer(data_.get())[0]; }
  size_t end() const { return pcre2_get_ovector_pointer(data_.get())[1]; }
  /// What a group matched; "" when it took no part.
  std::string_view group(uint32_t number) const {
    const PCRE2_SIZE* ovector = pcre2_get_ovector_pointer(data_.get());
    const size_t first = ovector[2 * number];
    return first == PCRE2_UNSET ? std::string_view{} : text_.substr(first, ovector[2 * number + 1] - first);
  }

 private:
  static int count(pcre2_callout_block* block, void* self) {
    auto& search = *static_cast<Search*>(self);
    const size_t position = block->current_position;
    search.steps_left_ -= search.step_cost_;
    if (position > search.position_) search.steps_left_ -= static_cast<int64_t>(position - search.position_);
    search.position_ = position;
    return search.steps_left_ < 0 ? PCRE2_ERROR_CALLOUT : 0;
  }

  const pcre2_code& code_;
  const std::string_view text_;
  const Owned<pcre2_match_data> data_;
  const Owned<pcre2_match_context> context_;
  const int64_t step_cost_;
  int64_t steps_left_;
  size_t position_ = 0;
};

RegexError invalid_text() { return {"the text is not valid UTF-8", 0}; }
RegexError occurs_everywhere() { return {"the pattern matches the empty string, which occurs everywhere", 0}; }

/// Literal text, or (group not empty) a group of the match.
struct ReplacementPart {
  std::string text;
  std::optional<uint32_t> group;
};

RegexResult<std::vector<ReplacementPart>> parse_replacement(std::string_view replacement, uint32_t group_count) {
  std::vector<ReplacementPart> parts;
  std::string text;
  const auto is_digit = [&](size_t i) {
    return i < replacement.size() && replacement[i] >= '0' && replacement[i] <= '9';
  };
  for (size_t i = 0; i < replacement.size(); ++i) {
    const char c = replacement[i];
    if (c == '\\') {
      const char next = i + 1 < replacement.size() ? replacement[i + 1] : '\0';
      if (next != '\\' && next != '$') {
        return RegexError{"a backslash in a replacement stands before another one or before '$'",
                          static_cast<uint32_t>(i)};
      }
      text += next;
      ++i;
    } else if (c == '$') {
      if (!is_digit(i + 1)) {
        return RegexError{"'$' in a replacement stands before a group's number; a literal one is written '\\$'",
                          static_cast<uint32_t>(i)};
      }
      uint32_t number = static_cast<uint32_t>(replacement[++i] - '0');
      // More digits belong to the number while there are that many groups.
      while (is_digit(i + 1)) {
        const uint32_t longer = number * 10 + static_cast<uint32_t>(replacement[i + 1] - '0');
        if (longer > group_count) break;
        number = longer;
        ++i;
      }
      if (number > group_count) continue;  // no such group: nothing
      parts.push_back({std::move(text), number});
      text.clear();
    } else {
      text += c;
    }
  }
  parts.push_back({std::move(text), {}});
  return parts;
}

}  // namespace

RegexResult<Regex> Regex::compile(std::string_view pattern, std::string_view flags) {
  if (pattern.size() > kRegexBytesMax) return RegexError{"the pattern is too long", kRegexBytesMax};
  if (!is_valid_utf8(pattern)) return RegexError{"the pattern is not valid UTF-8", 0};
  const auto options = parse_regex_flags(flags);
  if (const auto* error = std::get_if<RegexError>(&options)) return *error;
  const auto& read = std::get<RegexFlags>(options);
  const auto translated = translate_regex(pattern, read);
  if (const auto* error = std::get_if<RegexError>(&translated)) return *error;
  const auto& result = std::get<TranslatedPattern>(translated);

  const Owned<pcre2_compile_context> context(pcre2_compile_context_create(nullptr));
  if (context == nullptr) return RegexError{"out of memory", 0};
  pcre2_set_newline(context.get(), PCRE2_NEWLINE_LF);
  pcre2_set_parens_nest_limit(context.get(), 5 * kRegexDepthMax);
  const uint32_t bits = PCRE2_UTF | PCRE2_NO_UTF_CHECK | PCRE2_DOTALL | PCRE2_MATCH_UNSET_BACKREF |
                        PCRE2_NEVER_BACKSLASH_C | (read.ignore_case ? PCRE2_CASELESS : 0);
  int error_code = 0;
  PCRE2_SIZE error_offset = 0;
  auto program = std::make_shared<Program>();
  program->code.reset(pcre2_compile(code_units(result.pattern), result.pattern.size(), bits, &error_code, &error_offset,
                                    context.get()));
  // The offset is one into the translation, which the caller never sees.
  if (program->code == nullptr) return RegexError{message_of(error_code), 0};
  program->group_count = result.group_count;
  program->uncounted_steps = result.uncounted_steps;
  program->literal_replacement = read.literal;
  Search search(*program->code, program->uncounted_steps, {});
  const auto empty = search.find(0);
  if (const auto* error = std::get_if<RegexError>(&empty)) return *error;
  program->matches_empty = std::get<bool>(empty);
  return Regex(std::move(program));
}

RegexResult<bool> Regex::matches(std::string_view text) const {
  if (!is_valid_utf8(text)) return invalid_text();
  return Search(*program_->code, program_->uncounted_steps, text).find(0);
}

RegexResult<std::string> Regex::replace(std::string_view text, std::string_view replacement) const {
  if (!is_valid_utf8(text)) return invalid_text();
  if (program_->matches_empty) return occurs_everywhere();
  std::vector<ReplacementPart> parts;
  if (program_->literal_replacement) {
    parts.push_back({std::string(replacement), {}});
  } else {
    auto parsed = parse_replacement(replacement, program_->group_count);
    if (const auto* error = std::get_if<RegexError>(&parsed)) return *error;
    parts = std::move(std::get<std::vector<ReplacementPart>>(parsed));
  }
  std::string out;
  Search search(*program_->code, program_->uncounted_steps, text);
  size_t from = 0;
  while (from < text.size()) {
    const auto found = search.find(from);
    if (const auto* error = std::get_if<RegexError>(&found)) return *error;
    // A pattern that does not match "" matches nothing empty elsewhere either; to be safe, an empty match ends the run.
    if (!std::get<bool>(found) || search.end() == search.begin()) break;
    out += text.substr(from, search.begin() - from);
    for (const ReplacementPart& part : parts) {
      out += part.text;
      if (part.group) out += search.group(*part.group);
      if (out.size() > kReplaceBytesMax) return RegexError{"the result of the replacement is too long", 0};
    }
    from = search.end();
  }
  out += text.substr(from);
  if (out.size() > kReplaceBytesMax) return RegexError{"the result of the replacement is too long", 0};
  return out;
}

RegexResult<std::vector<std::string>> Regex::split(std::string_view text) const {
  if (!is_valid_utf8(text)) return invalid_text();
  if (program_->matches_empty) return occurs_everywhere();
  std::vector<std::string> out;
  Search search(*program_->code, program_->uncounted_steps, text);
  size_t from = 0;
  while (from < text.size()) {
    const auto found = search.find(from);
    if (const auto* error = std::get_if<RegexError>(&found)) return *error;
    if (!std::get<bool>(found) || search.end() == search.begin()) break;
    out.emplace_back(text.substr(from, search.begin() - from));
    from = search.end();
  }
  out.emplace_back(text.substr(from));
  return out;
}

RegexResult<bool> matches(std::string_view text, std::string_view pattern, std::string_view flags) {
  const auto regex = Regex::compile(pattern, flags);
  if (const auto* error = std::get_if<RegexError>(&regex)) return *error;
  return std::get<Regex>(regex).matches(text);
}

RegexResult<std::string> replace(std::string_view text, std::string_view pattern, std::string_view replacement,
                                 std::string_view flags) {
  const auto regex = Regex::compile(pattern, flags);
  if (const auto* error = std::get_if<RegexError>(&regex)) return *error;
  return std::get<Regex>(regex).replace(text, replacement);
}

RegexResult<std::vector<std::string>> split(std::string_view text, std::string_view pattern) {
  const auto regex = Regex::compile(pattern);
  if (const auto* error = std::get_if<RegexError>(&regex)) return *error;
  return std::get<Regex>(regex).split(text);
}

}  // namespace kaogong::feel::text
