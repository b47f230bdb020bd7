#include "tenants/inputs/load_inputs.h"

#include "tests/tenants/inputs/inputs_fixture.h"

namespace kaogong::tenants::test {
namespace {

class LoadInputsTest : public InputsTest {
 protected:
  void write_folder() const {
    write("population", "employee,wage,late,note\nE1,100.00,0,\"a,b\"\nE2,200.00,1,\n");
    write("ratings", "employee,rater,points\nE1,self,8\nE1,boss,7\nE2,self,9\n");
    write("posts", "post,share\na,0.5\nb,0.1\n");
    write("parameters", "name,value\nshare,0.2\n");
  }
  InputsChecked check() {
    auto checked = in(tenant, [&](TenantTransaction& t) { return check_inputs(t, set); });
    EXPECT_OK(checked);
    return *checked;
  }
  std::string exported(const std::string& name) {
    const auto out = folder + "/out";
    EXPECT_OK(in(tenant, [&](TenantTransaction& t) { return export_inputs(t, set, out); }));
    return read(out + "/" + name + ".csv");
  }
};

TEST_F(LoadInputsTest, AFolderGoesInAndComesOut) {
  write_folder();
  const auto loaded = load();
  ASSERT_OK(loaded);
  EXPECT_TRUE(loaded->stored);
  EXPECT_EQ(loaded->change_id, 1);
  ASSERT_EQ(loaded->sheets.size(), 4u);
  EXPECT_EQ(loaded->sheets[0].added, 2);
  EXPECT_EQ(loaded->sheets[1].lines, 3u);
  EXPECT_EQ(loaded->sheets[1].added, 2);
  EXPECT_EQ(loaded->sheets[2].added, 1);
  for (const char* name : {"population", "ratings", "posts", "parameters"})
    EXPECT_EQ(exported(name), read(folder + "/" + name + ".csv")) << name;
  const auto checked = check();
  EXPECT_EQ(checked.employees, 2u);
  EXPECT_EQ(checked.refused, 0u);
  EXPECT_EQ(checked.watermark, 1);
}

TEST_F(LoadInputsTest, LoadingAgainChangesOnlyWhatDiffers) {
  write_folder();
  ASSERT_OK(load());
  write("population", "employee,wage,late,note\nE3,300.00,0,\nE2,250.00,1,\nE1,100.00,0,\"a,b\"\n");
  const auto again = load();
  ASSERT_OK(again);
  EXPECT_EQ(again->sheets[0].added, 1);
  EXPECT_EQ(again->sheets[0].replaced, 1);
  EXPECT_EQ(again->sheets[0].unchanged, 1);
  EXPECT_EQ(again->sheets[1].unchanged, 2);
  EXPECT_EQ(changes(1).size(), 2u);
  EXPECT_EQ(find({"population", "E2", ""})->rows[0][1], "250.00");
  const auto past = in(tenant, [&](TenantTransaction& t) -> Result<std::vector<PastEntry>> {
    return entry_history(t, set, {"population", "E2", ""});
  });
  ASSERT_EQ(past->size(), 1u);
  EXPECT_EQ(past->at(0).entry.rows[0][1], "200.00");
}

TEST_F(LoadInputsTest, ReplacingTakesAwayWhatIsNotThere) {
  write_folder();
  ASSERT_OK(load());
  ASSERT_OK(in(tenant, [&](TenantTransaction& t) {
    return put_entry(t, set, {"ratings", "E2", "R9"}, {"employee", "rater", "points"}, {{"E2", "R9", "1"}});
  }));
  write("ratings", "employee,rater,points\nE2,self,9\n");
  const auto replaced = in(tenant, [&](TenantTransaction& t) {
    return load_sheet(t, set, "ratings", folder + "/ratings.csv", {.replace = true, .reason = "new forms"});
  });
  ASSERT_OK(replaced);
  EXPECT_EQ(replaced->sheets[0].deleted, 2);
  EXPECT_EQ(replaced->sheets[0].unchanged, 1);
  EXPECT_EQ(exported("ratings"), "employee,rater,points\nE2,self,9\n");
  EXPECT_EQ(exported("population"), read(folder + "/population.csv"));
}

TEST_F(LoadInputsTest, FaultyLinesAreAnsweredAndNothingIsStored) {
  write_folder();
  write("ratings", "employee,rater,points\nE1,self,8\nE1,boss\nE2,self,9\n,self,1\nE2,\"x\"y,1\n");
  const auto refused = load();
  ASSERT_OK(refused);
  EXPECT_FALSE(refused->stored);
  ASSERT_EQ(refused->faults.total(), 3u);
  EXPECT_EQ(refused->faults.list()[0].file, "ratings.csv");
  EXPECT_EQ(refused->faults.list()[0].line, 3u);
  EXPECT_EQ(refused->faults.list()[0].employee, "E1");
  EXPECT_EQ(refused->faults.list()[1].line, 5u);
  EXPECT_EQ(mark(), 0);
  // The rest, without those employees: half of somebody's ratings would be a wrong score.
  write("ratings", "employee,rater,points\nE1,self,8\nE1,boss\nE2,self,9\n");
  const auto rest = load({.accept_rest = true});
  ASSERT_OK(rest);
  EXPECT_TRUE(rest->stored);
  EXPECT_EQ(rest->faults.total(), 1u);
  EXPECT_EQ(exported("ratings"), "employee,rater,points\nE2,self,9\n");
}

TEST_F(LoadInputsTest, FaultyValuesAreStoredAndFoundByChecking) {
  write_folder();
  write("population", "employee,wage,late,note\nE1,abc,0,\nE2,-5,1,\nE2x,1,1,\n");
  ASSERT_TRUE(load()->stored);
  const auto checked = check();
  EXPECT_EQ(checked.employees, 3u);
  EXPECT_EQ(checked.refused, 2u);
  ASSERT_EQ(checked.faults.total(), 2u);
  EXPECT_EQ(checked.faults.list()[0].employee, "E1");
  EXPECT_EQ(checked.faults.list()[0].column, "wage");
  EXPECT_EQ(checked.faults.list()[0].value, "abc");
  EXPECT_EQ(checked.faults.list()[1].line, 3u);
  write("parameters", "name,value\nshare,abc\n");
  ASSERT_TRUE(load()->stored);
  EXPECT_NE(check().failure, "");
}

TEST_F(LoadInputsTest, LayoutsThatDifferArePutTogether) {
  write("population", "employee,wage,late\nE1,1,0\n");
  ASSERT_OK(load());
  write("population", "late,note,employee,wage\n2,\"x,\",E0,3\n");
  ASSERT_OK(load());
  EXPECT_EQ(exported("population"), "employee,wage,late,note\nE0,3,2,\"x,\"\nE1,1,0,\n");
}

TEST_F(LoadInputsTest, StatesAndMistakesAreSaid) {
  EXPECT_EQ(code_of(load()), "invalid");  // no file
  write_folder();
  state(PeriodState::kFrozen);
  EXPECT_EQ(code_of(load()), "conflict");
  EXPECT_OK(load({.reason = "late"}));
  write("population", "employee,wage\nE1,1\n");
  EXPECT_EQ(code_of(load({.reason = "late"})), "invalid");
  EXPECT_EQ(code_of(in(tenant, [&](TenantTransaction& t) { return load_sheet(t, set, "nothing", folder + "/x.csv"); })),
            "not_found");
}

TEST_F(LoadInputsTest, ManyRowsInAnyOrder) {
  const int employees = std::getenv("KAOGONG_TEST_SHORT") != nullptr ? 500 : 12'000;
  std::string together = "employee,rater,points\n", apart = together;
  for (int e = 0; e < employees; ++e) {
    for (int r = 0; r < 3; ++r)
      together += "E" + std::to_string(100'000 + e) + ",R" + std::to_string(r) + "," + std::to_string(r) + "\n";
  }
  for (int r = 0; r < 3; ++r) {
    for (int e = 0; e < employees; ++e)
      apart += "E" + std::to_string(100'000 + e) + ",R" + std::to_string(r) + "," + std::to_string(r) + "\n";
  }
  write("ratings", apart);
  ASSERT_EQ(load()->sheets[0].added, employees);
  EXPECT_EQ(exported("ratings"), together);
  write("ratings", together);
  EXPECT_EQ(load()->sheets[0].unchanged, employees);
}

}  // namespace
}  // namespace kaogong::tenants::test
