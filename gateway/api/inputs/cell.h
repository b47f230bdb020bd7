// Values of JSON in the columns of sheets.
#pragma once

#include <optional>

#include "engine/scheme/document.h"
#include "gateway/json/document.h"
#include "tenants/folder/file_spec.h"

namespace kaogong::api {

/// Why a value of that kind cannot be in the column: texts, dates and periods are strings, truths are JSON's own,
/// numbers are numbers or strings (amounts keep their exact text either way), null is for whatever may be null.
/// Nothing: it can.
std::optional<scheme::Labels> misfit(const folder::ColumnSpec& column, json::Kind kind);

/// Whether its values are written as JSON's true and false.
bool is_boolean(const folder::ColumnSpec& column);

}  // namespace kaogong::api
