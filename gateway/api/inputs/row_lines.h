// The lines of an upload, in NDJSON or CSV, into rows that are checked.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/http/message.h"
#include "tenants/inputs/upload.h"
#include "tenants/registry/result.h"

namespace kaogong::api {

/// How reading ended.
struct RowsRead {
  http::BodySource::State end = http::BodySource::State::kEnd;  // kEnd: all of it came
  std::vector<std::string> ignored;                             // columns of a CSV that the sheet does not have
  std::optional<tenants::Failure> failure;                      // nothing can be read at all: a CSV's header
};

/// Reads one JSON object a line; its members are columns of the sheet. Numbers keep their exact text; amounts may be
/// strings. A member that is left out is null. A line that is no such object is refused, empty ones are skipped.
/// Memory: one line and a buffer. Stops after too many faults.
RowsRead read_ndjson(http::BodySource& body, tenants::Upload& upload);

/// Reads CSV with a header, which must have every column of the sheet. Memory and stop as of read_ndjson().
RowsRead read_csv(http::BodySource& body, tenants::Upload& upload);

}  // namespace kaogong::api
