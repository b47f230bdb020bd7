// Inputs into a snapshot and back: every template's golden case, generated companies, faults, damage.
#include "tenants/snapshot/snapshot.h"

#include <gtest/gtest.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <filesystem>
#include <random>

#include "engine/plan/program.h"
#include "engine/scheme/load.h"
#include "tenants/generate/generate.h"
#include "tenants/snapshot/limits.h"
#include "tenants/snapshot/signature.h"
#include "tenants/templates/templates.h"
#include "tests/tenants/folder/data_folder.h"
#include "tests/tenants/generate/folder_scorer.h"
#include "tests/tenants/snapshot/same_inputs.h"

namespace kaogong::snapshot {
namespace {

using folder::FolderInputs;
using tests::TemporaryFolder;

scheme::Document template_document(std::string_view id) {
  return std::move(scheme::load(templates::find(id)->yaml).document.value());
}

FolderInputs read(const scheme::Document& document, scheme::Period period, const std::string& path) {
  scheme::Labels error;
  auto folder = folder::read_folder(document, period, path, &error);
  EXPECT_TRUE(folder) << error.en;
  return folder ? std::move(*folder) : FolderInputs{};
}

FolderInputs generated(const scheme::Document& document, uint64_t employees, uint32_t faults_ppm, uint64_t seed = 1) {
  const TemporaryFolder folder;
  generate::Options options;
  options.employees = employees;
  options.seed = seed;
  options.faults_ppm = faults_ppm;
  const scheme::Period period = tests::some_period(document);
  EXPECT_EQ(generate::generate(document, period, folder.path(), options).error, "");
  return read(document, period, folder.path());
}

void expect_same_again(const FolderInputs& folder, const scheme::Document& document) {
  const InMemory packed = pack_in_memory(folder, document);
  std::string error;
  const auto back = unpack_in_memory(packed, document, &error);
  ASSERT_TRUE(back) << error;
  EXPECT_EQ(difference(folder, *back), "");
  // What comes out packs into the same bytes.
  const InMemory again = pack_in_memory(*back, document);
  EXPECT_TRUE(packed.head == again.head);
  EXPECT_TRUE(packed.chunks == again.chunks);
}

class EveryTemplate : public testing::TestWithParam<templates::Template> {
 protected:
  scheme::Document document_ = template_document(GetParam().id);
};

TEST_P(EveryTemplate, GoldenCase) {
  const std::string path = std::string(KAOGONG_CASES) + "/" + std::string(GetParam().id);
  ASSERT_TRUE(std::filesystem::exists(path));
  for (const char* text : {"2026-10", "2026-Q3", "2026-H2", "2026"}) {
    FolderInputs folder = read(document_, *scheme::parse_period(text), path);
    sort_by_employee(&folder);
    expect_same_again(folder, document_);
  }
}

TEST_P(EveryTemplate, CompressedItIsTheSameSnapshot) {
  const FolderInputs folder = generated(document_, 300, 100'000);
  const InMemory plain = pack_in_memory(folder, document_),
                 packed = pack_in_memory(folder, document_, Compression::kZstd);
  EXPECT_TRUE(plain.head == packed.head);
  EXPECT_LT(packed.chunks[0].size(), plain.chunks[0].size());
  std::string error;
  const auto back = unpack_in_memory(packed, document_, &error);
  ASSERT_TRUE(back) << error;
  EXPECT_EQ(difference(folder, *back), "");
}

TEST_P(EveryTemplate, Generated) {
  for (const uint32_t faults_ppm : {0U, 250'000U}) {
    FolderInputs folder = generated(document_, 300, faults_ppm);
    sort_by_employee(&folder);
    expect_same_again(folder, document_);
  }
}

TEST_P(EveryTemplate, ComputesTheSame) {
  FolderInputs folder = generated(document_, 500, 50'000, 7);
  sort_by_employee(&folder);
  std::string error;
  const auto back = unpack_in_memory(pack_in_memory(folder, document_), document_, &error);
  ASSERT_TRUE(back) << error;
  const auto compiled = plan::compile(template_document(GetParam().id));
  ASSERT_NE(compiled.program, nullptr);
  const auto direct = plan::run(*compiled.program, folder.inputs, folder.refused);
  const auto unpacked = plan::run(*compiled.program, back->inputs, back->refused);
  ASSERT_EQ(direct.failure, unpacked.failure);
  ASSERT_EQ(direct.refused, unpacked.refused);
  ASSERT_EQ(direct.faults.size(), unpacked.faults.size());
  for (size_t c = 0; c < direct.columns.size(); ++c)
    for (size_t row = 0; row < direct.refused.size(); ++row) {
      if (direct.refused[row] != 0) continue;
      ASSERT_EQ(column::format_value(direct.columns[c], row), column::format_value(unpacked.columns[c], row))
          << direct.names[c] << " " << row;
    }
}

INSTANTIATE_TEST_SUITE_P(Snapshot, EveryTemplate, testing::ValuesIn(templates::all().begin(), templates::all().end()),
                         [](const testing::TestParamInfo<templates::Template>& of) {
                           std::string name(of.param.id);
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

struct Snapshots : testing::Test {
  folder::DataFolder data;
  scheme::Document document = folder::document_of();
  scheme::Period period = *scheme::parse_period("2026-10");

  Snapshots() {
    data.write("departments.csv", "department,net\nD1,100.00\nD2,x\n");
    data.write(
        "population.csv",
        "employee,wage,level,grade,department,hired,leader\nE3,100.00,1,A,D1,2020-02-29,true\n"
        "E1,-5,7,C,\"a, \"\"b\"\"\nc\",,false\nE2,1,1\nE4,8,2,B,,,true\nE4,9,2,B,D1,,true\nE5,1.5,3,A,D9,,true\n");
    data.write("ratings.csv",
               "employee,rater,points\nE5,boss,5\nE3,boss,11\nE9,boss,1\n,boss,1\nE3,self,7.5\nE5,self,1\nE5,self,2\n");
    data.write("parameters.csv", "name,value\nminimum,12\nsomething,1\n");
    data.write("history.csv", "employee,period,score,attainment\nE5,2026-07,80,0.5\nE4,2026-08,70,\nE4,2026-08,71,\n");
  }
};

TEST_F(Snapshots, SortingTakesEverythingAlong) {
  FolderInputs folder = read(document, period, data.path());
  std::string error;
  ASSERT_TRUE(folder::write_rejects(data.path() + "/before.csv", folder, {}, false, &error));
  sort_by_employee(&folder);
  std::vector<std::string> ids;
  for (size_t row = 0; row < folder.inputs.rows(); ++row) ids.emplace_back(folder.inputs.employees[row]);
  EXPECT_EQ(ids, (std::vector<std::string>{"E1", "E2", "E3", "E4", "E4", "E5"}));
  EXPECT_EQ(folder.inputs.lines, (std::vector<uint32_t>{3, 5, 2, 6, 7, 8}));
  EXPECT_EQ(folder.refused, (std::vector<uint8_t>{1, 1, 1, 1, 1, 1}));
  EXPECT_EQ(folder.inputs.tables[0].offsets, (std::vector<uint64_t>{0, 0, 0, 2, 2, 2, 5}));
  EXPECT_EQ(folder.inputs.tables[0].lines, (std::vector<uint32_t>{3, 6, 2, 7, 8}));
  EXPECT_EQ(format_value(folder.inputs.tables[0].columns[0], 1), "self");
  EXPECT_EQ(format_value(folder.inputs.history[0].by_period[2], 5), "80.00");
  EXPECT_EQ(folder.inputs.history[0].by_period[2].is_null(2), true);
  ASSERT_TRUE(folder::write_rejects(data.path() + "/after.csv", folder, {}, false, &error));
  const auto sorted_lines = [&](const char* name) {
    std::istringstream in(data.read(name));
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    std::sort(lines.begin(), lines.end());
    return lines;
  };
  EXPECT_EQ(sorted_lines("before.csv"), sorted_lines("after.csv"));
  expect_same_again(folder, document);
}

TEST_F(Snapshots, RefusedAndNullHaveNoInfluenceOnBytes) {
  FolderInputs folder = read(document, period, data.path());
  sort_by_employee(&folder);
  const InMemory packed = pack_in_memory(folder, document);
  // Another block size gives the strings other codes.
  csv::Limits limits;
  limits.block_bytes = 64;
  scheme::Labels error;
  auto in_blocks = folder::read_folder(document, period, data.path(), &error, limits);
  ASSERT_TRUE(in_blocks);
  sort_by_employee(&*in_blocks);
  const InMemory again = pack_in_memory(*in_blocks, document);
  EXPECT_TRUE(packed.head == again.head);
  EXPECT_TRUE(packed.chunks == again.chunks);
}

TEST_F(Snapshots, NobodyAndNothing) {
  data.write("population.csv", "employee,wage,level,grade,department,hired,leader\n");
  data.write("ratings.csv", "employee,rater,points\n");
  data.write("history.csv", "employee,period,score,attainment\n");
  const FolderInputs folder = read(document, period, data.path());
  EXPECT_TRUE(cut(folder.inputs).empty());
  expect_same_again(folder, document);
}

TEST(Packing, SameBytesWithAnyNumberOfThreads) {
  const auto document = template_document("trade-monthly");
  const FolderInputs folder = generated(document, 30'000, 10'000);
  ASSERT_GT(cut(folder.inputs).size(), 1u);
  InMemory one, four;
  tbb::task_arena(1).execute([&] { one = pack_in_memory(folder, document); });
  tbb::task_arena(4).execute([&] { four = pack_in_memory(folder, document); });
  EXPECT_TRUE(one.head == four.head);
  EXPECT_TRUE(one.chunks == four.chunks);
  std::string error;
  const auto back = unpack_in_memory(one, document, &error);
  ASSERT_TRUE(back) << error;
  EXPECT_EQ(difference(folder, *back), "");
}

TEST(Cutting, WhoJoinsOrLeavesMovesNoOtherChunk) {
  const auto ids = [](size_t first, size_t count) {
    column::Inputs inputs;
    for (size_t i = first; i < first + count; ++i) {
      std::string id = std::to_string(i);
      inputs.employees.push_back("E" + std::string(8 - id.size(), '0') + id);
    }
    return inputs;
  };
  const column::Inputs all = ids(0, 300'000), later = ids(1, 299'999);
  const auto a = cut(all), b = cut(later);
  ASSERT_GT(a.size(), 10u);
  ASSERT_EQ(a.back(), 300'000u);
  size_t begin = 0, same = 0;
  for (const size_t end : a) {
    EXPECT_LE(end - begin, kChunkRowsMax);
    EXPECT_TRUE(end == 300'000 || end - begin >= kChunkRowsMin);
    begin = end;
    same += std::binary_search(b.begin(), b.end(), end - 1) ? 1 : 0;
  }
  EXPECT_GE(same, a.size() - 2);
}

struct Damage : testing::Test {
  scheme::Document document = template_document("trade-monthly");
  FolderInputs folder = generated(document, 200, 100'000);
  InMemory packed = pack_in_memory(folder, document), compressed = pack_in_memory(folder, document, Compression::kZstd);
  std::string error;
};

TEST_F(Damage, OneBitAnywhereIsFound) {
  std::mt19937_64 random(4);
  for (int i = 0; i < 300; ++i) {
    InMemory damaged = i % 4 == 0 ? compressed : packed;
    std::string& bytes = i % 2 == 0 ? damaged.chunks[0] : damaged.head;
    const size_t at = random() % bytes.size();
    bytes[at] = static_cast<char>(bytes[at] ^ 1 << random() % 8);
    EXPECT_FALSE(unpack_in_memory(damaged, document, &error)) << at;
    EXPECT_NE(error.find("damaged"), std::string::npos) << error;
  }
}

TEST_F(Damage, TruncatedIsFound) {
  for (const size_t left : {size_t{0}, size_t{3}, size_t{20}, size_t{100}, packed.chunks[0].size() - 1}) {
    InMemory damaged = packed;
    damaged.chunks[0].resize(left);
    EXPECT_FALSE(unpack_in_memory(damaged, document, &error));
    damaged = packed;
    damaged.head.resize(std::min(left, packed.head.size() - 1));
    EXPECT_FALSE(unpack_in_memory(damaged, document, &error));
  }
}

TEST_F(Damage, TheFirstDamagedChunkIsNamedWhoeverComesFirst) {
  packed = pack_in_memory(generated(document, 100'000, 100'000), document);
  const size_t chunks = packed.chunks.size();
  ASSERT_GE(chunks, 3u);
  packed.chunks[1].back() = static_cast<char>(packed.chunks[1].back() ^ 1);
  for (size_t i = 2; i < chunks; ++i) packed.chunks[i].clear();  // seen at once, before the first one is looked through
  for (int i = 0; i < 50; ++i) {
    EXPECT_FALSE(unpack_in_memory(packed, document, &error));
    EXPECT_EQ(error.find("chunk 1 of the snapshot: "), 0u) << error;
  }
}

TEST_F(Damage, AChunkOfAnotherSnapshotIsFound) {
  const FolderInputs other = generated(document, 200, 100'000, 2);
  packed.chunks = pack_in_memory(other, document).chunks;
  EXPECT_FALSE(unpack_in_memory(packed, document, &error));
  EXPECT_EQ(error, "chunk 0 of the snapshot: its bytes are damaged: they are of another snapshot");
}

TEST_F(Damage, ASchemeWithOtherInputsIsRefused) {
  scheme::Document other = document;
  other.labels.en = "Another name";
  EXPECT_TRUE(unpack_in_memory(packed, other, &error)) << error;
  other.inputs[0].name += "_";
  EXPECT_FALSE(unpack_in_memory(packed, other, &error));
  EXPECT_EQ(error, "the snapshot was made for a scheme with other inputs: freeze the period again for this one");
}

TEST_F(Damage, MemoryIsBounded) {
  const auto give = [&](size_t place, std::string*) { return std::optional<std::string>(packed.chunks[place]); };
  UnpackOptions options;
  options.bytes_max = 1000;
  EXPECT_FALSE(unpack(packed.head, document, give, &error, options));
  EXPECT_NE(error.find("of at most 1000"), std::string::npos) << error;
  EXPECT_GT(memory_of(folder), 1000u);
}

TEST_F(Damage, AChunkThatCannotBeFetchedIsAnError) {
  const auto give = [](size_t, std::string* why) -> std::optional<std::string> {
    *why = "the connection is gone";
    return std::nullopt;
  };
  EXPECT_FALSE(unpack(packed.head, document, give, &error));
  EXPECT_EQ(error, "chunk 0 of the snapshot: the connection is gone");
}

}  // namespace
}  // namespace kaogong::snapshot
