// Many people at once, all or none.
#pragma once

#include <cstdint>
#include <string>

#include "tenants/people/people_upload.h"
#include "tenants/sheet/sheet_file.h"

namespace kaogong::tenants {

/// What became of a load.
struct PeopleLoaded {
  LineAnswers faults;
  bool stored = false;  // false: there are faults, and nothing was changed
  int64_t lines = 0;
  int64_t added = 0;    // new people
  int64_t changed = 0;  // versions of attributes that were put, those of new people among them
};

/// Reads `employee,name,hired_on` and, where there are such columns, `left_on` and kPersonAttributes; every other
/// column is an attribute of the tenant's own making. What the file has no column for, no line says. Failures: kInvalid
/// (a column missing, too many of the tenant's own, the file breaks off).
Result<Done> read_people(SheetFile& sheet, PeopleUpload& upload);

/// Who is new is added with attributes from the day they were hired on; of the others name and dates are replaced, and
/// where an attribute differs from what holds on the upload's day it is changed from then on; who had left and has not
/// left by what the line says is employed again from then on. What a line does not say stays. All lines or none: with
/// one fault nothing is stored and every fault is answered. May be called again after a transaction that failed.
/// Precondition: upload.finish() succeeded. Failures: kQuotaExceeded.
Result<PeopleLoaded> store_people(TenantTransaction& transaction, const PeopleUpload& upload);

/// All of that with a CSV file. Failures: theirs, and kInvalid (no such file).
Result<PeopleLoaded> load_people(TenantTransaction& transaction, const std::string& path, Day from);

}  // namespace kaogong::tenants
