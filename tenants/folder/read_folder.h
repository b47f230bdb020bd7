// A data folder, or sheets from elsewhere, into the columns of one calculation, and what is refused while reading.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/column/inputs.h"
#include "engine/scheme/document.h"
#include "infra/csv/block_reader.h"
#include "tenants/folder/file_spec.h"
#include "tenants/folder/reject.h"

namespace kaogong::folder {

struct FolderInputs {
  FolderSpec spec;
  column::Inputs inputs;         // a row for each row of population.csv, refused ones too
  std::vector<uint8_t> refused;  // one byte a row
  Rejects rejects;
  std::vector<std::string> warnings;  // English; nothing that changes a result
};

/// Reads population.csv, the child tables, history.csv, the lookups that are not inline, and parameters.csv of folder
/// `path`. Uses the threads of the calling thread's TBB arena; memory: the columns and a few blocks of text. A table
/// with min_rows 0, history.csv and parameters.csv may be absent. Errors (nothing is returned, `error` says why in both
/// languages): a missing or unreadable file, a missing or doubled column, a quote that is never closed, a parameter
/// that is malformed, doubled or nearly the name of a declared one. What is wrong with a row refuses its employee.
std::optional<FolderInputs> read_folder(const scheme::Document& document, scheme::Period period,
                                        const std::string& path, scheme::Labels* error, const csv::Limits& limits = {});

/// Begins to read a sheet ("population", a table's or lookup's name, "history", "parameters"): the text of a CSV file
/// with its header, in pieces of any size; nothing: there is no such sheet. Called once a sheet, the next when the one
/// before has been read.
using SheetSources = std::function<std::optional<csv::Source>(const std::string& sheet)>;

/// Like read_folder, from texts that are nowhere in a file: the same values, rejects and errors as from files of the
/// same text. A source that fails is an error.
std::optional<FolderInputs> read_sheets(const scheme::Document& document, scheme::Period period,
                                        const SheetSources& sources, scheme::Labels* error,
                                        const csv::Limits& limits = {});

}  // namespace kaogong::folder
