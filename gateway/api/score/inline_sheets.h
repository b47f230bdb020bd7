// Sheets that stand in the body of a call.
#pragma once

#include <map>
#include <string>

#include "engine/scheme/document.h"
#include "gateway/json/body.h"

namespace kaogong::api {

/// Reads an object of sheets, each a list of rows, as the CSV that a data folder has. Every fault is found: sheets and
/// columns that the scheme does not have, values of the wrong kind, too many rows. What a value may be is found by the
/// calculation, which refuses its row.
std::map<std::string, std::string> read_inline_sheets(const scheme::Document& document, const json::Value& sheets,
                                                      const std::string& pointer, json::BodyFaults& faults);

}  // namespace kaogong::api
