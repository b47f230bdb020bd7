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
  ExportFolder files(folder);
  const auto done = registry.write_export(tenant, files);
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
  ExportFolder files("/dev/null/x");
  const auto refused = registry.write_export(tenant, files);
  EXPECT_EQ(code_of(refused), "invalid");
  EXPECT_NE(refused.failure().message.find("/dev/null/x"), std::string::npos);
}

/// Keeps what comes, and refuses it from some byte on.
class KeptFiles final : public ExportFiles {
 public:
  bool wants_sizes() const override { return true; }
  bool begin(std::string_view name, uint64_t bytes) override {
    files.push_back({std::string(name), bytes, {}});
    return true;
  }
  bool write(std::string_view bytes) override {
    files.back().text += bytes;
    return files.back().text.size() <= bytes_max;
  }
  bool end() override { return files.back().bytes == files.back().text.size(); }
  std::string fault() const override { return "full"; }

  struct File {
    std::string name;
    uint64_t bytes;
    std::string text;
  };
  std::vector<File> files;
  size_t bytes_max = SIZE_MAX;
};

TEST_F(ExportTest, SizesAreSaidBeforehandToWhoWantsThem) {
  const auto tenant = make_tenant();
  ASSERT_OK(run_as(tenant, "INSERT INTO " + tenant.schema().quoted("people") +
                               " SELECT 'E' || i, '\"quoted\"', '2026-01-01', NULL FROM generate_series(1, 5000) i"));
  KeptFiles kept;
  const auto done = registry.write_export(tenant, kept);
  ASSERT_OK(done);
  ASSERT_EQ(kept.files.size(), done->tables.size() + 1);
  EXPECT_EQ(kept.files.back().name, kManifestFile);
  ExportFolder files(folder);
  ASSERT_OK(registry.write_export(tenant, files));
  for (const auto& file : kept.files) {
    EXPECT_EQ(file.bytes, file.text.size()) << file.name;
    if (file.name != kManifestFile) {
      EXPECT_EQ(file.text, read(file.name)) << file.name;
    }
  }
}

TEST_F(ExportTest, BreaksOffWhereNothingMoreIsTaken) {
  const auto tenant = make_tenant();
  KeptFiles kept;
  kept.bytes_max = 10;
  const auto refused = registry.write_export(tenant, kept);
  EXPECT_EQ(code_of(refused), "invalid");
  EXPECT_EQ(refused.failure().message, "full");
  EXPECT_EQ(kept.files.size(), 1u);
  ASSERT_OK(registry.get(tenant.id().text()));
}

TEST_F(ExportTest, IsRecordedBeforeAnythingLeaves) {
  const auto tenant = make_tenant();
  const auto count = "SELECT count(*) FROM kaogong.operator_audit WHERE action = 'tenant.export' AND subject = '" +
                     tenant.id().text() + "'";
  EXPECT_EQ(value(count), "0");
  ASSERT_OK(registry.begin_export(tenant.id().text(), actor));
  EXPECT_EQ(value(count), "1");
}

TEST_F(ExportTest, WhatIsErasedMeanwhileIsNotExported) {
  const auto tenant = make_tenant();
  ASSERT_OK(registry.erase(tenant.id().text(), actor));
  KeptFiles kept;
  EXPECT_EQ(code_of(registry.write_export(tenant, kept)), "not_found");
  EXPECT_TRUE(kept.files.empty());
}

}  // namespace
}  // namespace kaogong::tenants::test
