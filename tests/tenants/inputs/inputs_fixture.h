// A tenant with a small scheme and an open period.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "tenants/calendar/periods.h"
#include "tenants/inputs/entries.h"
#include "tenants/inputs/export_inputs.h"
#include "tenants/inputs/load_inputs.h"
#include "tenants/schemes/schemes.h"
#include "tests/tenants/database/tenant_fixture.h"
#include "tests/tenants/schemes/small_scheme.h"

namespace kaogong::tenants::test {

class InputsTest : public TenantTest {
 protected:
  using Rows = std::vector<std::vector<std::string>>;

  void SetUp() override {
    std::filesystem::create_directories(folder);
    open(tenant);
  }
  void TearDown() override { std::filesystem::remove_all(folder); }
  void open(const Tenant& owner) {
    ASSERT_OK(in(owner, [&](TenantTransaction& t) -> Result<Done> {
      if (auto published = publish_document(t, small_scheme()); !published || !published->version)
        return conflict("the scheme is not published");
      if (auto opened = open_period(t, set.period, std::nullopt); !opened) return opened.failure();
      return Done{};
    }));
  }
  void state(PeriodState to, std::string_view reason = "") {
    ASSERT_OK(in(tenant, [&](TenantTransaction& t) { return change_state(t, set.period, to, reason); }));
  }
  void write(const std::string& name, std::string_view text) const {
    std::ofstream(folder + "/" + name + ".csv", std::ios::binary) << text;
  }
  static std::string read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  Result<InputsLoaded> load(const LoadOptions& options = {}) {
    return in(tenant, [&](TenantTransaction& t) { return load_folder(t, set, folder, options); });
  }
  Result<Entered> put(const std::string& employee, const std::string& wage, std::string_view reason = "") {
    return in(tenant, [&](TenantTransaction& t) {
      return put_entry(t, set, {"population", employee, ""}, {"employee", "wage", "late"}, {{employee, wage, "0"}},
                       reason);
    });
  }
  Result<Entry> find(const EntryKey& key) {
    return in(tenant, [&](TenantTransaction& t) { return find_entry(t, set, key); });
  }
  std::vector<EntryChange> changes(int64_t since) {
    auto found = in(tenant, [&](TenantTransaction& t) -> Result<std::vector<EntryChange>> {
      return changes_since(t, set, since, kChangesMax);
    });
    EXPECT_OK(found);
    return *found;
  }
  int64_t mark() {
    return *in(tenant, [&](TenantTransaction& t) -> Result<int64_t> { return watermark(t, set); });
  }

  const InputSet set{"small", *scheme::parse_period("2026-09")};
  std::string folder = ::testing::TempDir() + "kaogong_inputs_" + std::to_string(::getpid());
  Tenant tenant = make_tenant();
};

}  // namespace kaogong::tenants::test
