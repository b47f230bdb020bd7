// Writing out everything that a tenant has, and counting it before it is erased.
#pragma once

#include <string>
#include <vector>

#include "infra/postgres/transaction.h"
#include "tenants/registry/export_files.h"
#include "tenants/registry/registry.h"

namespace kaogong::tenants {

/// The tables of a tenant's schema, by name.
std::vector<std::string> tables_of(postgres::Transaction& sql, const Tenant& tenant);

/// See Registry::write_export; runs in a REPEATABLE READ transaction of the owner's.
Result<Export> export_tables(postgres::Transaction& sql, const Tenant& tenant, clock::Instant now, ExportFiles& files);

/// JSON: the rows of each table, the number of `keys`, and seq and hash of the audit log's head.
std::string what_will_be_erased(postgres::Transaction& sql, const Tenant& tenant, int64_t keys);

}  // namespace kaogong::tenants
