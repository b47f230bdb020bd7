// Answers of the API as lines of text.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/json/document.h"

namespace kaogong::gateway {

/// A value as text: of lists and objects what is in them, with spaces or commas between; null is empty.
std::string text_of(json::Value value);

/// The member of a member … (`a.b`; `.`: the value itself); nothing: it is not there.
std::optional<json::Value> member_at(json::Value value, std::string_view path);

/// Its text; empty: it is not there.
std::string member_text(json::Value value, std::string_view path);

/// Prints an entry as `shown` says (see RemoteCommand) on standard output.
void show_entry(json::Value entry, std::string_view shown);

/// Prints one line of CSV.
void print_csv(std::initializer_list<std::string_view> fields);
/// Prints faulty lines as print_faults() does. `file`: of those that do not say their sheet.
void print_rejects(json::Value faults, const std::string& file, bool chinese);
/// Prints the rows of a list of objects as CSV: a header of the members of the first, unless there are none.
void show_csv(json::Value rows);

}  // namespace kaogong::gateway
