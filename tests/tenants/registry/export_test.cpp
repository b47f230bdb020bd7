#include "tenants/registry/export.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "infra/crypto/encode.h"
#include "infra/crypto/hash.h"
#include "tests/tenants/database/tenant_fixture.h"

namespace kaogong::tenants::test {
namespace {

class ExportTest : public TenantTest {
 protected:
  void SetUp() override { std::filesystem::remove_all(folder); }
  void TearDown() override { std::filesystem::remove_all(folder); }
  std::string read(const std::string& name) const {
    std::ifstream in(folder + "/" + name, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
  }
  std::string folder = ::testing::TempDir() + "kaogong_export_" + std::to_string(::getpid());
};

TEST_F(ExportTest, WritesEveryTableOfOneMoment) {
  const auto tenant = make_tenant();
  ASSERT_OK(
      run_as(tenant, "INSERT INTO " + tenant.schema().quoted("people") +
                         " VALUES ('E1', '张\"三\",\nx', '2026-01-01', NULL), ('E2', '', '2026-01-01', '2026-02-01')"));
  ASSERT_OK(registry.suspend(tenant.id().text(), "moving out", actor));
  const auto done = registry.export_to(tenant.id().text(), folder, actor);
  ASSERT_OK(done);
  EXPECT_EQ(read("people.csv"),
            "employee,name,hired_on,left_on\nE1,\"张\"\"三\"\",\nx\",2026-01-01,\nE2,\"\",2026-01-01,2026-02-01\n");
  const auto tables = value("SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = '" +
                            tenant.schema().text() + "'::regnamespace");
  EXPECT_EQ(std::to_string(done->tables.size()), tables);
  const auto manifest = read("manifest.json");
  for (const auto& table : done->tables) {
    const auto digest = crypto::sha256(read(table.name + ".csv"));
    EXPECT_EQ(crypto::to_hex(crypto::view(digest)), table.sha256) << table.name;
    EXPECT_NE(manifest.find(table.sha256), std::string::npos) << table.name;
  }
  EXPECT_NE(manifest.find("{\"table\":\"people\",\"rows\":2,"), std::string::npos) << manifest;
}

TEST_F(ExportTest, AFolderThatCannotBeMadeIsSaid) {
  const auto tenant = make_tenant();
  EXPECT_EQ(code_of(registry.export_to(tenant.id().text(), "/dev/null/x", actor)), "invalid");
}

}  // namespace
}  // namespace kaogong::tenants::test
