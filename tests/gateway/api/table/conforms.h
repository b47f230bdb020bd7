// Whether a value is as a JSON Schema says: the part of the standard that the API's description uses.
#pragma once

#include <string>
#include <string_view>

#include "gateway/json/document.h"

namespace kaogong::api::test {

/// The value at a JSON pointer of a document; nothing: there is none.
std::optional<json::Value> value_at(json::Value root, std::string_view pointer);

/// What is wrong: the first fault with its JSON pointer; empty: the value is as the schema says.
std::string fault_against(json::Value root, json::Value schema, json::Value value, const std::string& pointer = "");

}  // namespace kaogong::api::test
