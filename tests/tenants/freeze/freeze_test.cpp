// Entries into snapshots: what is read, what is refused, and what a change makes anew.
#include "tenants/freeze/freeze.h"

#include <algorithm>
#include <random>

#include "tenants/generate/generate.h"
#include "tenants/templates/templates.h"
#include "tests/tenants/folder/data_folder.h"
#include "tests/tenants/freeze/entries_of_test.h"
#include "tests/tenants/generate/folder_scorer.h"
#include "tests/tenants/snapshot/same_inputs.h"

namespace kaogong::freeze {
namespace {

using folder::FolderInputs;
using tenants::Result;
using tenants::test::code_of;

class Freezing : public tenants::test::TenantTest {
 protected:
  Result<SnapshotInfo> freeze_now(const scheme::Document& of, const std::string& scheme_id, bool anew = false) {
    FreezeRequest request{scheme_id, period, &of, snapshot::Compression::kNone, anew};
    return freeze(tenants, tenant, actor, request);
  }
  SnapshotInfo frozen(bool anew = false) {
    const auto result = freeze_now(document, "test", anew);
    EXPECT_OK(result);
    return result ? *result : SnapshotInfo{};
  }
  FolderInputs loaded(const SnapshotInfo& info, const scheme::Document& of) {
    auto result = tenants.transact(
        tenant, actor, [&](tenants::TenantTransaction& transaction) { return load(transaction, info.id, of); });
    EXPECT_OK(result);
    return result ? std::move(*result) : FolderInputs{};
  }
  static std::string rejects_of(const FolderInputs& folder) {
    const folder::DataFolder data;
    std::string why;
    EXPECT_TRUE(folder::write_rejects(data.path() + "/rejects.csv", folder, {}, false, &why)) << why;
    const std::string text = data.read("rejects.csv");
    return text.substr(text.find('\n') + 1);
  }

  tenants::Tenant tenant = make_tenant();
  scheme::Document document = folder::document_of();
  scheme::Period period = *scheme::parse_period("2026-10");
  Entries entries{&tenants, tenant, "test", period};
  const std::string layout = "employee,wage,level,grade,department,hired,leader";

  void put_lookup() { entries.put({"departments", "", "", "department,net", "D1,100.00\nD2,50\n"}); }
  void put_person(const std::string& id, const std::string& values) {
    entries.put({"population", id, "", layout, id + "," + values + "\n"});
  }
};

class EveryTemplate : public Freezing, public testing::WithParamInterface<templates::Template> {};

TEST_P(EveryTemplate, EntriesAreReadAsTheirFilesAre) {
  const scheme::Document of = std::move(scheme::load(GetParam().yaml).document.value());
  period = tests::some_period(of);
  const tests::TemporaryFolder files;
  generate::Options options;
  options.employees = 100;
  ASSERT_EQ(generate::generate(of, period, files.path(), options).error, "");
  scheme::Labels error;
  auto expected = folder::read_folder(of, period, files.path(), &error);
  ASSERT_TRUE(expected) << error.en;
  snapshot::sort_by_employee(&*expected);
  Entries(&tenants, tenant, of.id, period).load(entries_of(files.files()));
  const auto info = freeze_now(of, of.id);
  ASSERT_OK(info);
  EXPECT_EQ(info->rows, 100);
  FolderInputs folder = loaded(*info, of);
  // Lines count from the employee's own rows.
  for (const uint32_t line : folder.inputs.lines) ASSERT_EQ(line, 2u);
  folder.inputs.lines = expected->inputs.lines;
  for (size_t t = 0; t < folder.inputs.tables.size(); ++t) {
    auto& table = folder.inputs.tables[t];
    for (size_t row = 0; row < folder.inputs.rows(); ++row)
      for (uint64_t child = table.offsets[row]; child < table.offsets[row + 1]; ++child)
        ASSERT_EQ(table.lines[child], child - table.offsets[row] + 2);
    table.lines = expected->inputs.tables[t].lines;
  }
  EXPECT_EQ(snapshot::difference(*expected, folder), "");
}

INSTANTIATE_TEST_SUITE_P(Freeze, EveryTemplate, testing::ValuesIn(templates::all().begin(), templates::all().end()),
                         [](const testing::TestParamInfo<templates::Template>& of) {
                           std::string name(of.param.id);
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST_F(Freezing, LayoutsPartsAndWhatIsWrongWithThem) {
  put_lookup();
  put_person("E1", "100.00,1,A,D1,2020-02-29,true");
  // Other columns, in another order, without the employee's own; with quotes and line ends inside.
  entries.put({"population", "E2", "", "level,grade,note,leader,wage,department,hired",
               "2,B,\"a \"\"note\"\",\nof two lines\",false,7.5,\"D, 1\",\n"});
  // A layout that lacks a column; a row that is not whole; one with too many fields; a value that is none.
  entries.put({"population", "E3", "", "employee,level,grade,department,hired,leader", "E3,1,A,,,true\n"});
  put_person("E4", "\"100.00,1,A,D1,2020-02-29,true");
  put_person("E5", "100.00,1,A,D1,2020-02-29,true,x");
  put_person("E6", "1e5,9,A,,,true");
  put_person("\"E,7\"", "");
  entries.remove("population", "\"E,7\"");
  // Parts come in the order of their names; the same key twice is refused.
  entries.put({"ratings", "E1", "b", "rater,points", "boss,5\n"});
  entries.put({"ratings", "E1", "a", "points,rater", "6.5,peer\n7,self\n"});
  entries.put({"ratings", "E2", "", "employee,rater,points", "E2,boss,5\nE2,\"x\",1\nE2,boss,6\n"});
  entries.put({"ratings", "E0", "", "employee,rater,points", "E0,boss,5\nE0,boss,6\n"});
  entries.put({"parameters", "", "", "name,value", "minimum,12.50\n"});
  entries.put({"history", "E1", "", "employee,period,score,attainment", "E1,2026-09,80,0.5\nE1,2026-08,70,\n"});

  const SnapshotInfo info = frozen();
  EXPECT_EQ(info.rows, 6);
  EXPECT_EQ(info.refused, 5);
  EXPECT_EQ(info.chunks, 1);
  const FolderInputs folder = loaded(info, document);
  EXPECT_EQ(rejects_of(folder),
            "ratings.csv,4,E2,rater,boss,column 'rater': the row has the same key as line 2: keep one of them\n"
            "population.csv,2,E3,wage,,column 'wage': the value is missing: give one\n"
            "population.csv,2,E4,,E4,\"the row has 1 field, not as many as the header has columns\"\n"
            "population.csv,2,E5,,\"E5,100.00,1,A,D1,2020-02-29,true,x\",\"the row has 8 fields, not as many as the "
            "header has columns\"\n"
            "population.csv,2,E6,wage,1e5,\"column 'wage': '1e5' is not a number: write it like 12.50, without plus "
            "sign, exponent, spaces or separators\"\n"
            "population.csv,2,E6,level,9,column 'level': 9 is above the maximum 3\n"
            "ratings.csv,2,E0,employee,E0,column 'employee': employee 'E0' is not in population.csv: add it or leave "
            "the row out\n"
            "ratings.csv,3,E0,employee,E0,column 'employee': employee 'E0' is not in population.csv: add it or leave "
            "the row out\n");
  const auto text_of = [&](const column::Column& column, size_t row) { return column::format_value(column, row); };
  EXPECT_EQ(folder.refused, (std::vector<uint8_t>{0, 1, 1, 1, 1, 1}));
  EXPECT_EQ(text_of(folder.inputs.inputs[0], 1), "7.50");
  EXPECT_EQ(text_of(folder.inputs.inputs[3], 1), "D, 1");
  const auto& ratings = folder.inputs.tables[0];
  EXPECT_EQ(ratings.offsets, (std::vector<uint64_t>{0, 3, 6, 6, 6, 6, 6}));
  EXPECT_EQ(ratings.lines, (std::vector<uint32_t>{2, 3, 4, 2, 3, 4}));
  EXPECT_EQ(text_of(ratings.columns[0], 0) + text_of(ratings.columns[1], 0), "peer6.5");
  EXPECT_EQ(text_of(ratings.columns[0], 2) + text_of(ratings.columns[1], 2), "boss5.0");
  EXPECT_EQ(text_of(folder.inputs.parameters[0], 0), "12.50");
  EXPECT_EQ(text_of(folder.inputs.history[0].by_period[1], 0), "70.00");
}

TEST_F(Freezing, NothingChangedGivesTheSameSnapshot) {
  put_lookup();
  put_person("E1", "100.00,1,A,D1,2020-02-29,true");
  const SnapshotInfo first = frozen(), second = frozen(), anew = frozen(true);
  EXPECT_EQ(first.id, second.id);
  EXPECT_NE(first.id, anew.id);
  EXPECT_TRUE(first.checksum == anew.checksum);
  EXPECT_EQ(first.watermark, 2);
  const auto found = tenants.transact(
      tenant, actor, [&](tenants::TenantTransaction& transaction) { return describe(transaction, first.id); });
  ASSERT_OK(found);
  EXPECT_TRUE(found->checksum == first.checksum);
  EXPECT_EQ(found->rows, 1);
}

TEST_F(Freezing, WhatCannotBeFrozen) {
  EXPECT_EQ(code_of(freeze_now(document, "test")), "invalid");  // the lookup is missing
  put_lookup();
  EXPECT_EQ(code_of(freeze_now(document, "test")), "conflict");
  put_person("E1", "100.00,1,A,D1,2020-02-29,true");
  const SnapshotInfo info = frozen();
  entries.remove("population", "E1");
  EXPECT_EQ(code_of(freeze_now(document, "test")), "conflict");
  entries.put({"parameters", "", "", "name,value", "minimum,no number\n"});
  put_person("E1", "100.00,1,A,D1,2020-02-29,true");
  const auto result = freeze_now(document, "test");
  EXPECT_EQ(code_of(result), "invalid");
  EXPECT_NE(result.failure().message.find("parameters.csv line 2"), std::string::npos) << result.failure().message;
  const auto load_it = [&](int64_t id, const scheme::Document& of) {
    return tenants.transact(tenant, actor,
                            [&](tenants::TenantTransaction& transaction) { return load(transaction, id, of); });
  };
  EXPECT_EQ(code_of(load_it(info.id + 100, document)), "not_found");
  scheme::Document other = document;
  other.inputs.pop_back();
  EXPECT_EQ(code_of(load_it(info.id, other)), "conflict");
}

TEST_F(Freezing, StoredSnapshotsCannotBeChanged) {
  put_lookup();
  put_person("E1", "100.00,1,A,D1,2020-02-29,true");
  const SnapshotInfo info = frozen();
  for (const char* statement :
       {"UPDATE %.snapshots SET watermark = 0", "DELETE FROM %.snapshots", "UPDATE %.snapshot_chunks SET bytes = ''",
        "DELETE FROM %.snapshot_chunks", "TRUNCATE %.snapshot_chunks"}) {
    std::string sql(statement);
    sql.replace(sql.find('%'), 1, tenant.schema().quoted());
    const auto refused = run_as(tenant, sql);
    ASSERT_FALSE(refused) << sql;
    // What is needed stays; the rest is no right of the role.
    const char* state = sql.starts_with("DELETE") ? "stays as it is" : "42501";
    EXPECT_NE(refused.failure().message.find(state), std::string::npos) << refused.failure().message;
  }
  EXPECT_EQ(loaded(info, document).inputs.rows(), 1u);
}

TEST_F(Freezing, DamageInTheDatabaseIsFound) {
  put_lookup();
  put_person("E1", "100.00,1,A,D1,2020-02-29,true");
  const SnapshotInfo info = frozen();
  const std::string chunks = tenant.schema().quoted("snapshot_chunks");
  run_as_owner("ALTER TABLE " + chunks + " DISABLE TRIGGER ALL");
  run_as_owner("UPDATE " + chunks + " SET bytes = set_byte(bytes, 30, get_byte(bytes, 30) # 1)");
  const auto result = tenants.transact(
      tenant, actor, [&](tenants::TenantTransaction& transaction) { return load(transaction, info.id, document); });
  ASSERT_EQ(code_of(result), "internal");
  EXPECT_NE(result.failure().message.find("the checksum does not match"), std::string::npos);
  run_as_owner("DELETE FROM " + chunks);
  const auto gone = tenants.transact(
      tenant, actor, [&](tenants::TenantTransaction& transaction) { return load(transaction, info.id, document); });
  EXPECT_EQ(code_of(gone), "internal");
}

TEST_F(Freezing, ChangesMakeFewChunksAnewAndTheSameBytes) {
  constexpr int kEmployees = 60'000;
  const auto id_of = [](int i) {
    std::string digits = std::to_string(i);
    return "E" + std::string(6 - digits.size(), '0') + digits;
  };
  std::mt19937_64 random(11);
  const auto values = [&] {
    return std::to_string(random() % 100'000) + ".50," + std::to_string(1 + random() % 3) + "," + "ABC"[random() % 3] +
           ",D" + std::to_string(1 + random() % 2) + ",2020-01-01," + (random() % 2 == 0 ? "true" : "false");
  };
  std::vector<Entry> all{{"departments", "", "", "department,net", "D1,100.00\nD2,50\n"}};
  for (int i = 0; i < kEmployees; ++i) {
    const std::string id = id_of(2 * i);
    all.push_back({"population", id, "", layout, id + "," + values() + "\n"});
    if (i % 3 == 0) all.push_back({"ratings", id, "", "rater,points", "boss,5\nself,6.5\n"});
    if (i % 5'000 == 0) all.push_back({"ratings", id + "x", "", "rater,points", "boss,5\n"});  // of nobody
  }
  entries.load(all);
  const SnapshotInfo first = frozen();
  EXPECT_EQ(first.rows, kEmployees);
  EXPECT_EQ(first.chunks, first.chunks_written);
  ASSERT_GE(first.chunks, 3);
  const auto compare = [&](int64_t written_most) {
    const SnapshotInfo changed = frozen(), anew = frozen(true);
    EXPECT_TRUE(changed.checksum == anew.checksum);
    EXPECT_EQ(changed.rows, anew.rows);
    EXPECT_EQ(changed.watermark, anew.watermark);
    EXPECT_LE(changed.chunks_written, written_most);
    EXPECT_EQ(anew.chunks, anew.chunks_written);
    EXPECT_EQ(snapshot::difference(loaded(changed, document), loaded(anew, document)), "");
    return changed;
  };
  // One correction; a rating; a parameter and a lookup, which are in no chunk.
  put_person(id_of(2 * 31'000), "1,1,A,D1,,true");
  entries.put({"ratings", id_of(6), "", "rater,points", "boss,1\n"});
  entries.put({"parameters", "", "", "name,value", "minimum,1\n"});
  entries.put({"departments", "", "", "department,net", "D1,1\nD2,2\n"});
  compare(2);
  // Somebody joins, somebody leaves; a rating of nobody comes, another goes.
  put_person(id_of(2 * 100 + 1), values());
  entries.remove("population", id_of(2 * 40'000));
  entries.put({"ratings", "E0000011", "", "rater,points", "boss,5\n"});
  entries.remove("ratings", id_of(2 * 5'000) + "x");
  compare(4);
  // The first of each chunk leaves, so that chunks grow together.
  for (int round = 0; round < 2; ++round) {
    const FolderInputs now = loaded(frozen(), document);
    const auto ends = snapshot::cut(now.inputs);
    for (size_t c = 0; c + 1 < ends.size(); c += 2) {
      const std::string id(now.inputs.employees[ends[c]]);
      entries.remove("population", id);
    }
    compare(first.chunks + 4);
  }
  // The first, the last, and somebody behind everybody.
  entries.remove("population", id_of(0));
  entries.remove("population", id_of(2 * (kEmployees - 1)));
  put_person("Z", values());
  compare(4);
  put_person("A", values());
  compare(2);
  // Many at once, and faults.
  for (int i = 0; i < 60; ++i) {
    const std::string id = id_of(static_cast<int>(random() % (2 * kEmployees)));
    if (i % 4 == 0) {
      entries.remove("population", id);
    } else {
      put_person(id, i % 4 == 1 ? "not a number,1,A,,,true" : values());
    }
  }
  const SnapshotInfo last = compare(first.chunks + 4);
  EXPECT_GT(last.refused, 0);
}

}  // namespace
}  // namespace kaogong::freeze
