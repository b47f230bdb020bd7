// Snapshots in memory: loaded once, the least used go first.
#include "tenants/freeze/resident.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "tenants/snapshot/snapshot.h"

namespace kaogong::freeze {
namespace {

using tenants::Result;
using tenants::TenantId;

Result<folder::FolderInputs> people(size_t count) {
  folder::FolderInputs folder;
  for (size_t i = 0; i < count; ++i) folder.inputs.employees.push_back("E" + std::to_string(i));
  folder.refused.resize(count, 0);
  return folder;
}

const TenantId kA = *TenantId::parse("a"), kB = *TenantId::parse("b");

TEST(Resident, LoadsOnceAndGivesTheSame) {
  ResidentSnapshots resident(1 << 20);
  const auto first = resident.get(kA, 1, [] { return people(10); });
  const auto again = resident.get(kA, 1, []() -> Result<folder::FolderInputs> {
    ADD_FAILURE() << "loaded twice";
    return people(10);
  });
  ASSERT_TRUE(first && again);
  EXPECT_EQ(first->get(), again->get());
  // Another tenant's snapshot of the same number is another one.
  const auto other = resident.get(kB, 1, [] { return people(11); });
  ASSERT_TRUE(other);
  EXPECT_EQ((*other)->inputs.rows(), 11u);
  EXPECT_EQ(resident.status().values, 2u);
  EXPECT_EQ(resident.status().hits_total, 1u);
  resident.drop(kA);
  EXPECT_EQ(resident.status().values, 1u);
  EXPECT_EQ((*first)->inputs.rows(), 10u);  // who holds it may go on
}

TEST(Resident, TheLeastRecentlyUsedGoFirst) {
  const uint64_t each = snapshot::memory_of(*people(1000));
  ResidentSnapshots resident(each * 5 / 2);
  const auto get = [&](int64_t id) { ASSERT_TRUE(resident.get(kA, id, [] { return people(1000); })); };
  get(1);
  get(2);
  get(1);
  get(3);  // 2 goes
  EXPECT_EQ(resident.status().evictions_total, 1u);
  EXPECT_EQ(resident.status().bytes, 2 * each);
  get(1);
  EXPECT_EQ(resident.status().loads_total, 3u);
  get(2);
  EXPECT_EQ(resident.status().loads_total, 4u);
  ASSERT_TRUE(resident.get(kA, 4, [] { return people(10'000); }));  // too large to be kept
  EXPECT_LE(resident.status().bytes, each * 5 / 2);
}

TEST(Resident, AFailureIsGivenAndNotKept) {
  ResidentSnapshots resident(1 << 20);
  const auto failed =
      resident.get(kA, 1, []() -> Result<folder::FolderInputs> { return tenants::not_found("there is none"); });
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.failure().message, "there is none");
  EXPECT_THROW((void)resident.get(kA, 1, []() -> Result<folder::FolderInputs> { throw std::runtime_error("lost"); }),
               std::runtime_error);
  EXPECT_TRUE(resident.get(kA, 1, [] { return people(1); }));
  EXPECT_EQ(resident.status().values, 1u);
}

TEST(Resident, ManyThreadsLoadEachOnce) {
  ResidentSnapshots resident(1 << 30);
  std::atomic<int> loads{0}, failures{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 200; ++i) {
        const int64_t id = (i * 7 + t) % 20;
        const auto got = resident.get(kA, id, [&]() -> Result<folder::FolderInputs> {
          // The first attempt at each fails: whoever waited for it tries again.
          if (++loads <= 5) return tenants::not_found("not yet");
          return people(static_cast<size_t>(id) + 1);
        });
        if (!got) {
          ++failures;
        } else if ((*got)->inputs.rows() != static_cast<size_t>(id) + 1) {
          ADD_FAILURE() << "another snapshot than was asked for";
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(failures, 5);
  EXPECT_EQ(loads, 25);
}

}  // namespace
}  // namespace kaogong::freeze
