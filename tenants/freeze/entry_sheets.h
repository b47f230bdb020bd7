// The current entries of a period as the sheets that a calculation reads.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tenants/folder/read_folder.h"
#include "tenants/freeze/entry_layout.h"
#include "tenants/registry/tenant_database.h"

namespace kaogong::freeze {

/// Employees from one id on, and before another, compared as bytes.
struct EmployeeRange {
  std::string from;                   // empty: from the first
  std::optional<std::string> before;  // nothing: to the last
  bool contains(std::string_view employee) const { return employee >= from && (!before || employee < *before); }
};

/// Streams entries out of the database. One thread at a time; lives within its transaction.
class EntrySheets {
 public:
  /// Reads the layouts, and sets what the streams select by. `spec`: of the scheme's document.
  EntrySheets(tenants::TenantTransaction* transaction, std::string_view scheme_id, scheme::Period period,
              const folder::FolderSpec& spec);

  /// The entries of a range of employees, sorted by employee and part; lookups and parameters as a whole. Sheets of
  /// employees are always there, be they empty; a lookup or parameters without entries are not. What the sources give
  /// is good until the next call.
  folder::SheetSources sources(const EmployeeRange& range);
  /// Gives the lines of what was read from the last sources as whoever entered it would count them: in a file of this
  /// employee's rows alone, the header being line 1. So they do not change when somebody else's rows do. Rejects of
  /// employees that are not in the population get into the order of their ids.
  void renumber(folder::FolderInputs* folder) const;

 private:
  class Text;
  bool of_employees(const folder::FileSpec& sheet) const;

  tenants::TenantTransaction& transaction_;
  const folder::FolderSpec& spec_;
  std::map<int64_t, std::string> layouts_;                    // columns by id
  std::map<std::string, std::vector<uint32_t>> first_lines_;  // by sheet: of each employee's rows in the stream
};

}  // namespace kaogong::freeze
