#include "tenants/schemes/schemes.h"

#include "tenants/templates/templates.h"
#include "tests/tenants/database/tenant_fixture.h"
#include "tests/tenants/schemes/small_scheme.h"

namespace kaogong::tenants::test {
namespace {

class SchemesTest : public TenantTest {
 protected:
  Result<Publication> publish_text(const Tenant& tenant, const std::string& text,
                                   std::vector<LedgerRule> ledgers = {}) {
    return in(tenant, [&](TenantTransaction& t) { return publish_document(t, text, "", ledgers); });
  }
  Result<SchemeDocument> find(const Tenant& tenant, std::string_view id, std::optional<int32_t> version = {}) {
    return in(tenant, [&](TenantTransaction& t) { return find_scheme(t, id, version); });
  }
  size_t versions(const Tenant& tenant, std::string_view id = {}) {
    return in(tenant, [&](TenantTransaction& t) -> Result<size_t> { return list_versions(t, id).size(); }).operator*();
  }
};

TEST_F(SchemesTest, PublishedVersionsCountUp) {
  const auto tenant = make_tenant();
  const auto first = publish_text(tenant, small_scheme());
  ASSERT_OK(first);
  ASSERT_TRUE(first->version) << findings_json(first->checked.findings);
  EXPECT_EQ(first->version->version, 1);
  // The same once more is the same version.
  EXPECT_EQ(publish_text(tenant, small_scheme())->version->version, 1);
  EXPECT_EQ(publish_text(tenant, small_scheme("small", "0.2"))->version->version, 2);
  // Going back to an older text is a new version: what is newest holds.
  EXPECT_EQ(publish_text(tenant, small_scheme())->version->version, 3);
  EXPECT_EQ(versions(tenant, "small"), 3u);
  const auto newest = find(tenant, "small");
  EXPECT_EQ(newest->version.version, 3);
  EXPECT_EQ(newest->text, small_scheme());
  EXPECT_EQ(newest->version.hash, crypto::sha256(small_scheme()));
  EXPECT_EQ(newest->version.published.actor, "tester");
  EXPECT_EQ(find(tenant, "small", 2)->text, small_scheme("small", "0.2"));
  EXPECT_EQ(code_of(find(tenant, "small", 4)), "not_found");
}

TEST_F(SchemesTest, ErrorsKeepADraftFromBeingPublished) {
  const auto tenant = make_tenant();
  auto faulty = small_scheme();
  faulty.replace(faulty.find("wage * share"), 12, "wage * shere");
  ASSERT_OK(in(tenant, [&](TenantTransaction& t) { return put_draft(t, "small", faulty); }));
  const auto refused = in(tenant, [](TenantTransaction& t) { return publish(t, "small"); });
  ASSERT_OK(refused);
  EXPECT_FALSE(refused->version);
  EXPECT_FALSE(refused->checked.findings.empty());
  EXPECT_EQ(code_of(find(tenant, "small")), "not_found");
  EXPECT_EQ(find(tenant, "small", 0)->text, faulty);
  ASSERT_OK(in(tenant, [&](TenantTransaction& t) { return put_draft(t, "small", small_scheme()); }));
  EXPECT_TRUE(in(tenant, [](TenantTransaction& t) { return publish(t, "small"); })->version);
  EXPECT_EQ(code_of(in(tenant, [](TenantTransaction& t) { return publish(t, "small"); })), "not_found");
  EXPECT_EQ(code_of(in(tenant, [](TenantTransaction& t) { return drop_draft(t, "small"); })), "not_found");
  // What is no scheme at all can be kept as a draft, under a name that is said.
  ASSERT_OK(
      in(tenant, [](TenantTransaction& t) { return put_draft(t, "later", "'; DROP TABLE scheme_versions; --"); }));
  EXPECT_OK(in(tenant, [](TenantTransaction& t) { return drop_draft(t, "later"); }));
}

TEST_F(SchemesTest, DraftsAreChecked) {
  const auto tenant = make_tenant();
  const auto draft = [&](std::string_view id, const std::string& text) {
    return code_of(in(tenant, [&](TenantTransaction& t) { return put_draft(t, id, text); }));
  };
  EXPECT_EQ(draft("", small_scheme()), "invalid");
  EXPECT_EQ(draft("other", small_scheme()), "invalid");
  EXPECT_EQ(draft(std::string(kSchemeIdBytesMax + 1, 'x'), "x"), "invalid");
  EXPECT_EQ(draft("small", "\xff"), "invalid");
  EXPECT_EQ(draft("small", std::string("a\0b", 3)), "invalid");
}

TEST_F(SchemesTest, LedgerRulesNameOutputs) {
  const auto tenant = make_tenant();
  EXPECT_EQ(code_of(publish_text(tenant, small_scheme(), {{"nothing", "l", "k", false}})), "invalid");
  EXPECT_EQ(code_of(publish_text(tenant, small_scheme(), {{"punctual", "l", "k", false}})), "invalid");
  EXPECT_EQ(code_of(publish_text(tenant, small_scheme(), {{"bonus", "", "k", false}})), "invalid");
  const std::vector<LedgerRule> rules = {{"bonus", "retained", "retain", false}, {"points", "points", "use", true}};
  const auto published = publish_text(tenant, small_scheme(), rules);
  ASSERT_OK(published);
  EXPECT_EQ(find(tenant, "small")->version.ledgers, rules);
  // Other rules make another version of the same document.
  EXPECT_EQ(publish_text(tenant, small_scheme())->version->version, 2);
}

TEST_F(SchemesTest, PublishedVersionsCannotBeChangedBySql) {
  const auto tenant = make_tenant();
  ASSERT_TRUE(publish_text(tenant, small_scheme())->version);
  const auto table = tenant.schema().quoted("scheme_versions");
  for (const std::string& change :
       {"UPDATE " + table + " SET document = 'x', hash = sha256('x')", "UPDATE " + table + " SET note = 'x'",
        "UPDATE " + table + " SET state = 'draft', version = 0", "UPDATE " + table + " SET version = 7",
        "UPDATE " + table + " SET ledgers = '[1]'", "DELETE FROM " + table})
    EXPECT_EQ(code_of(run_as(tenant, change)), "conflict") << change;
  // The hash is that of the document, whoever writes it.
  EXPECT_EQ(
      code_of(run_as(tenant,
                     "INSERT INTO " + table +
                         " SELECT scheme_id, 0, 'draft', sha256('x'), document, findings, ledgers, note, created_by, "
                         "created_at FROM " +
                         table)),
      "invalid");
  ASSERT_OK(in(tenant, [](TenantTransaction& t) { return retire(t, "small", 1); }));
  ASSERT_OK(in(tenant, [](TenantTransaction& t) { return retire(t, "small", 1); }));
  EXPECT_EQ(
      code_of(run_as(tenant, "UPDATE " + table + " SET state = 'published', retired_by = NULL, retired_at = NULL")),
      "conflict");
  EXPECT_EQ(code_of(find(tenant, "small")), "not_found");
  EXPECT_EQ(find(tenant, "small", 1)->version.state, SchemeState::kRetired);
  // After a retired version the same text is published anew.
  EXPECT_EQ(publish_text(tenant, small_scheme())->version->version, 2);
}

TEST_F(SchemesTest, DiffSpeaksTheSchemesLanguage) {
  const auto tenant = make_tenant();
  ASSERT_TRUE(publish_text(tenant, small_scheme())->version);
  ASSERT_TRUE(publish_text(tenant, small_scheme("small", "0.25"))->version);
  const auto changes = in(tenant, [](TenantTransaction& t) { return diff_versions(t, "small", 1, 2); });
  ASSERT_OK(changes);
  ASSERT_EQ(changes->size(), 1u);
  EXPECT_EQ(changes->at(0).name, "share");
  EXPECT_EQ(code_of(in(tenant, [](TenantTransaction& t) { return diff_versions(t, "small", 1, 9); })), "not_found");
}

TEST_F(SchemesTest, EveryTemplateCanBeInstalled) {
  const auto tenant = make_tenant();
  for (const auto& ready : templates::all()) {
    const auto installed = in(tenant, [&](TenantTransaction& t) { return install_template(t, ready.id); });
    ASSERT_OK(installed);
    EXPECT_TRUE(installed->version) << ready.id;
  }
  EXPECT_EQ(versions(tenant), templates::all().size());
  EXPECT_EQ(code_of(in(tenant, [](TenantTransaction& t) { return install_template(t, "nothing"); })), "not_found");
}

TEST_F(SchemesTest, AnotherTenantsSchemesAreNotThere) {
  const auto one = make_tenant(), other = make_tenant();
  ASSERT_TRUE(publish_text(one, small_scheme())->version);
  EXPECT_EQ(code_of(find(other, "small")), "not_found");
  EXPECT_EQ(code_of(in(other, [](TenantTransaction& t) { return retire(t, "small", 1); })), "not_found");
  EXPECT_EQ(versions(other), 0u);
}

}  // namespace
}  // namespace kaogong::tenants::test
