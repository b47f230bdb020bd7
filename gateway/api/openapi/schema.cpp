#include "gateway/api/openapi/schema.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <vector>

namespace kaogong::api {

namespace {

[[noreturn]] void no_word(std::string_view word) {
  std::fprintf(stderr, "bug: '%.*s' says nothing of a value\n", static_cast<int>(word.size()), word.data());
  std::abort();
}

std::vector<std::string_view> choices_of(std::string_view word) {
  std::vector<std::string_view> choices;
  while (!word.empty()) {
    const size_t bar = std::min(word.find('|'), word.size());
    choices.push_back(word.substr(0, bar));
    word.remove_prefix(std::min(bar + 1, word.size()));
  }
  return choices;
}

/// `"type":"string"`, or with null beside it.
void write_type(json::Writer& w, std::string_view type, bool or_null) {
  w.name("type");
  if (or_null) {
    w.begin_array().value(type).value("null").end_array();
  } else {
    w.value(type);
  }
}

void write_string(json::Writer& w, bool or_null, std::string_view member = {}, std::string_view value = {}) {
  w.begin_object();
  write_type(w, "string", or_null);
  if (!member.empty()) w.member(member, value);
  w.end_object();
}

void write_reference(json::Writer& w, std::string_view name, bool or_null) {
  w.begin_object();
  const std::string reference = "#/components/schemas/" + std::string(name);
  if (or_null) {
    w.name("oneOf").begin_array().begin_object().member("$ref", reference).end_object();
    w.begin_object().member("type", "null").end_object().end_array();
  } else {
    w.member("$ref", reference);
  }
  w.end_object();
}

}  // namespace

void write_schema(json::Writer& w, std::string_view word) {
  const bool or_null = is_optional(word);
  if (or_null) word.remove_suffix(1);
  if (word.empty()) no_word(word);
  if (word.front() == '[' || word.front() == '{') {
    const auto inner = word.substr(1, word.size() - 2);
    w.begin_object();
    write_type(w, word.front() == '[' ? "array" : "object", or_null);
    w.name(word.front() == '[' ? "items" : "additionalProperties");
    write_schema(w, inner);
    w.end_object();
  } else if (word.find('|') != std::string_view::npos) {
    w.begin_object();
    write_type(w, "string", or_null);
    w.name("enum").begin_array();
    for (const auto choice : choices_of(word)) w.value(choice);
    if (or_null) w.null();
    w.end_array().end_object();
  } else if (std::isupper(static_cast<unsigned char>(word.front())) != 0) {
    write_reference(w, word, or_null);
  } else if (word == "text") {
    write_string(w, or_null);
  } else if (word == "date") {
    write_string(w, or_null, "format", "date");
  } else if (word == "time") {
    write_string(w, or_null, "format", "date-time");
  } else if (word == "period") {
    write_string(w, or_null, "pattern", "^[0-9]{4}(-(0[1-9]|1[0-2]|Q[1-4]|H[12]))?$");
  } else if (word == "decimal") {
    write_string(w, or_null, "pattern", "^-?[0-9]+([.][0-9]+)?$");
  } else if (word == "whole") {
    w.begin_object();
    write_type(w, "integer", or_null);
    w.member("format", "int64").end_object();
  } else if (word == "truth") {
    w.begin_object();
    write_type(w, "boolean", or_null);
    w.end_object();
  } else if (word == "json") {
    w.begin_object().end_object();
  } else {
    no_word(word);
  }
}

}  // namespace kaogong::api
