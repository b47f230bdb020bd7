// Entries as a service would write them, for tests of freezing.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "infra/postgres/copy.h"
#include "tenants/freeze/freeze.h"
#include "tenants/registry/counters.h"
#include "tests/tenants/database/tenant_fixture.h"

namespace kaogong::freeze {

struct Entry {
  std::string sheet, employee, part, layout, payload;
};

/// Writes entries of one scheme and period of a tenant; each call is one change.
class Entries {
 public:
  Entries(tenants::TenantDatabase* database, const tenants::Tenant& tenant, std::string scheme_id,
          scheme::Period period)
      : database_(*database), tenant_(tenant), scheme_id_(std::move(scheme_id)), period_(period) {}

  /// Many new ones, by COPY.
  void load(const std::vector<Entry>& entries);
  void put(const Entry& entry);
  void remove(const std::string& sheet, const std::string& employee, const std::string& part = "");

 private:
  int64_t layout_id(tenants::TenantTransaction* transaction, const Entry& entry);
  void keep_old(tenants::TenantTransaction* transaction, const Entry& entry, int64_t change, const char* kind);
  template <typename Body>
  void in_transaction(const Body& body) {
    const auto done = database_.transact(tenant_, {"tester"}, [&](tenants::TenantTransaction& transaction) {
      body(&transaction, transaction.take(tenants::watermark_counter(scheme_id_, scheme::to_text(period_))));
      return tenants::Result<tenants::Done>(tenants::Done{});
    });
    ASSERT_OK(done);
  }

  tenants::TenantDatabase& database_;
  const tenants::Tenant tenant_;
  const std::string scheme_id_;
  const scheme::Period period_;
};

/// The entries of a data folder whose files have no quotes: one for each employee of a sheet, one for each other sheet.
std::vector<Entry> entries_of(const std::map<std::string, std::string>& files);

}  // namespace kaogong::freeze
