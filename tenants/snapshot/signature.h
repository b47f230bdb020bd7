// What of a scheme decides how its inputs are read.
#pragma once

#include "engine/scheme/document.h"
#include "tenants/snapshot/checksum.h"

namespace kaogong::snapshot {

/// The same for two documents exactly if the same data gives the same columns and rejects for both: the names, types,
/// bounds and lists of inputs, tables, lookups that are not inline, history and parameters, and the tables' keys.
/// Labels, decisions, checks and defaults have no influence, so that a snapshot serves a scheme in which only these
/// differ.
Checksum signature_of(const scheme::Document& document);

}  // namespace kaogong::snapshot
