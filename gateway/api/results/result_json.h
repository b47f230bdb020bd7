// Results as the API says them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/api/call.h"
#include "gateway/json/writer.h"
#include "tenants/runs/queries.h"

namespace kaogong::api {

/// A value of an output: numbers and dates are strings, booleans and null JSON's own.
void write_value(json::Writer& writer, scheme::TypeName type, const std::optional<std::string>& text);

/// One employee's result as an object, with the outputs that the caller may see.
std::string result_json(const Caller& caller, std::string_view scheme_id, scheme::Period period,
                        std::string_view employee, const runs::EffectiveResult& result);

}  // namespace kaogong::api
