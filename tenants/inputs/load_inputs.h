// Entering in bulk: a sheet's file, or a whole data folder.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tenants/inputs/sheet_ref.h"
#include "tenants/inputs/upload.h"
#include "tenants/sheet/line_answer.h"

namespace kaogong::tenants {

struct LoadOptions {
  /// What the file does not have is taken away; false: it stays.
  bool replace = false;
  /// With faulty lines, what has none is stored; false: then nothing is.
  bool accept_rest = false;
  /// Needed when the period is frozen.
  std::string reason = {};
};

/// What became of one sheet.
struct SheetLoaded {
  std::string sheet;
  uint64_t lines = 0;                                           // without faults
  int64_t added = 0, replaced = 0, unchanged = 0, deleted = 0;  // entries
};

/// What became of a load.
struct InputsLoaded {
  bool stored = false;  // false: there are faulty lines, and nothing was changed
  std::vector<SheetLoaded> sheets;
  LineAnswers faults;     // lines that cannot even be stored; values are checked when the period is frozen
  int64_t change_id = 0;  // one change for the whole load: the set's watermark after it
};

/// Loads one sheet from a CSV file as a data folder has it. A sheet that holds nothing yet is written by COPY, one that
/// does in statements of some thousand entries; memory does not grow with the file but for eight bytes an employee
/// (with `replace`: its id). Entries with a part (single forms) stand beside it unless `replace`. Failures: as of
/// put_entry(), and kInvalid: the file cannot be read or lacks a column.
Result<InputsLoaded> load_sheet(TenantTransaction& transaction, const InputSet& set, std::string_view sheet,
                                const std::string& path, const LoadOptions& options = {});

/// Stores what was uploaded: as load_sheet(), but that only what has a fault is left out. Failures: as of load_sheet().
Result<InputsLoaded> store_upload(TenantTransaction& transaction, const InputSet& set, const Upload& upload,
                                  const LoadOptions& options = {});

/// Loads every sheet that the folder has a file for; at least one. All of them or none.
Result<InputsLoaded> load_folder(TenantTransaction& transaction, const InputSet& set, const std::string& folder,
                                 const LoadOptions& options = {});

}  // namespace kaogong::tenants
