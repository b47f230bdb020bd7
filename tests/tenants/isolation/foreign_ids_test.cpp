// Every service of the tenants, asked with the ids of another tenant: refused or nothing, and nothing changed.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>

#include "tests/tenants/isolation/two_companies.h"

namespace kaogong::tenants::test {
namespace {

class ForeignIds : public TwoCompaniesTest {};

TEST_F(ForeignIds, People) { put_to_both(about_people()); }
TEST_F(ForeignIds, Schemes) { put_to_both(about_schemes()); }
TEST_F(ForeignIds, Inputs) { put_to_both(about_inputs()); }
TEST_F(ForeignIds, Money) { put_to_both(about_money()); }
TEST_F(ForeignIds, Snapshots) { put_to_both(about_snapshots()); }
TEST_F(ForeignIds, Results) { put_to_both(about_results()); }
TEST_F(ForeignIds, Runs) { put_to_both(about_runs()); }
TEST_F(ForeignIds, Access) { put_to_both(about_access()); }
TEST_F(ForeignIds, Webhooks) { put_to_both(about_webhooks()); }

/// Functions that take a tenant or its transaction, but no id of anything in it, or that are a part of another one.
const std::set<std::string> kNoIds = {
    // They make something of the asker's own from what is handed in.
    "open_period", "install_template", "publish_document", "store", "create", "add", "create_endpoint",
    // They go through all that the asker has.
    "check_people_quota", "check_stored_bytes", "stored_bytes", "tidy_tenant", "tidy_snapshots",
    // With the owner's rights, on a tenant as a whole: tests/tenants/registry.
    "export_tables", "write_export", "tables_of", "what_will_be_erased", "provision", "unprovision", "begin_erasing",
    "find_tenant", "schema_name", "failure_to_begin", "TenantTransaction",
    // Private parts of what is asked, and of workers, which take runs from the queue by tenant.
    "EntrySheets", "build_year", "open_snapshot", "step", "hold", "let_go", "finish", "give_back", "make", "write",
    "read"};

TEST_F(ForeignIds, NoServiceIsLeftOut) {
  std::set<std::string> asked;
  for (const auto& questions : {about_people(), about_schemes(), about_inputs(), about_money(), about_snapshots(),
                                about_results(), about_runs(), about_access(), about_webhooks()})
    for (const auto& question : questions) {
      std::istringstream names(question.services);
      asked.insert(std::istream_iterator<std::string>(names), {});
    }
  const std::regex comment("//[^\n]*");
  const std::regex declaration(R"(\b(\w+)\(((?:[^();]|\([^();]*\))*)\)\s*(?:const)?\s*;)");
  const std::regex of_tenant(R"(\b(?:TenantTransaction|TenantId|Tenant)\s*[&*])");
  size_t seen = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(KAOGONG_TENANTS_FOLDER)) {
    if (file.path().extension() != ".h") continue;
    std::ifstream stream(file.path());
    const auto text =
        std::regex_replace(std::string(std::istreambuf_iterator<char>(stream), {}), comment, std::string());
    for (std::sregex_iterator at(text.begin(), text.end(), declaration), end; at != end; ++at) {
      if (!std::regex_search((*at)[2].str(), of_tenant)) continue;
      const auto name = (*at)[1].str();
      ++seen;
      EXPECT_TRUE(asked.contains(name) || kNoIds.contains(name))
          << file.path().filename() << ": " << name << "() is asked by nobody: add it to the questions";
    }
  }
  EXPECT_GT(seen, 100u);
}

}  // namespace
}  // namespace kaogong::tenants::test
