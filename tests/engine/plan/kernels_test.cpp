#include "engine/plan/kernels.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/engine/plan/random_scheme.h"

namespace kaogong::plan {
namespace {

Int half_up(Int n, Int d) {
  const Int magnitude = n < 0 ? -n : n;
  const Int q = (2 * magnitude + d) / (2 * d);
  return n < 0 ? -q : q;
}

TEST(Kernels, RoundsHalfAwayFromZeroForAnyDivisor) {
  Random random(7);
  for (int round = 0; round < 2000; ++round) {
    const int64_t divisor = round < 200 ? round + 2 : static_cast<int64_t>(random.next() >> (2 + random.below(60))) + 2;
    std::vector<int64_t> in, out;
    for (int64_t k = -3; k <= 3; ++k)
      for (int64_t e = -1; e <= 1; ++e) {
        const Int near = Int{k} * divisor / 2 + e;
        if (near >= -INT64_MAX && near <= INT64_MAX) in.push_back(static_cast<int64_t>(near));
      }
    for (int i = 0; i < 20; ++i) in.push_back(static_cast<int64_t>(random.next()) >> random.below(63));
    in.push_back(INT64_MAX);
    in.push_back(-INT64_MAX);
    out.resize(in.size());
    const Magic magic = Magic::of(static_cast<uint64_t>(divisor));
    KernelArgs args;
    args.a = in.data();
    args.out = out.data();
    args.n = in.size();
    args.constant = divisor;
    args.magic = &magic;
    kernels().divide_constant[0][3][3](args);
    for (size_t i = 0; i < in.size(); ++i)
      ASSERT_EQ(out[i], static_cast<int64_t>(half_up(in[i], divisor))) << in[i] << " / " << divisor;
    kernels().divide_constant[1][3][3](args);
    for (size_t i = 0; i < in.size(); ++i) {
      const int64_t q = in[i] / divisor - (in[i] % divisor < 0 ? 1 : 0);
      ASSERT_EQ(out[i], q) << in[i] << " floor " << divisor;
    }
    kernels().divide_constant[2][3][3](args);
    for (size_t i = 0; i < in.size(); ++i) {
      const int64_t q = in[i] / divisor + (in[i] % divisor > 0 ? 1 : 0);
      ASSERT_EQ(out[i], q) << in[i] << " ceiling " << divisor;
    }
  }
}

TEST(Kernels, RoundsNarrowNumbersTheSame) {
  Random random(8);
  for (int round = 0; round < 2000; ++round) {
    const auto divisor = static_cast<int32_t>(round < 200 ? round + 2 : (random.next() >> (33 + random.below(30))) + 2);
    if (divisor < 2) continue;
    std::vector<int32_t> in, out;
    const int32_t most = INT32_MAX - divisor / 2;
    for (const int64_t v : {int64_t{0}, int64_t{most}, -int64_t{most}, int64_t{divisor} / 2, -int64_t{divisor} / 2,
                            int64_t{divisor} / 2 + 1})
      in.push_back(static_cast<int32_t>(std::min<int64_t>(v, most)));
    for (int i = 0; i < 20; ++i) in.push_back(static_cast<int32_t>(static_cast<int64_t>(random.next() >> 33) % most));
    out.resize(in.size());
    const Magic magic = Magic::of32(static_cast<uint32_t>(divisor));
    KernelArgs args;
    args.a = in.data();
    args.out = out.data();
    args.n = in.size();
    args.constant = divisor;
    args.magic = &magic;
    kernels().round_constant32(args);
    for (size_t i = 0; i < in.size(); ++i)
      ASSERT_EQ(out[i], static_cast<int32_t>(half_up(in[i], divisor))) << in[i] << " / " << divisor;
  }
}

TEST(Kernels, SumsOfManyNarrowTermsAreExact) {
  // 300 byte columns of one coefficient at their extremes: more than 16 bits hold.
  constexpr size_t kRows = 1000;
  std::vector<std::vector<int8_t>> columns(300, std::vector<int8_t>(kRows, 127));
  std::vector<Term> terms;
  for (const auto& c : columns) terms.push_back({c.data(), Physical::kI8, 5});
  std::vector<int32_t> out(kRows);
  KernelArgs args;
  args.out = out.data();
  args.n = kRows;
  args.constant = -7;
  args.terms = terms.data();
  args.term_count = terms.size();
  kernels().linear[static_cast<int>(Physical::kI32)](args);
  for (const int32_t v : out) ASSERT_EQ(v, 300 * 127 * 5 - 7);
}

TEST(Kernels, WideSumsFlagOverflow) {
  std::vector<Int> a{Graph::kLimit, 1}, out(2);
  std::vector<uint8_t> overflow(2, 0);
  const Term terms[] = {{a.data(), Physical::kI128, 4}};
  KernelArgs args;
  args.out = out.data();
  args.n = 2;
  args.terms = terms;
  args.term_count = 1;
  args.overflow = overflow.data();
  kernels().linear[static_cast<int>(Physical::kI128)](args);
  EXPECT_EQ(overflow[0], 1);
  EXPECT_EQ(overflow[1], 0);
  EXPECT_EQ(static_cast<int64_t>(out[1]), 4);
}

TEST(Kernels, SmallRanks) {
  const std::vector<int32_t> keys{5, 3, 5, 1, 9, INT32_MAX, INT32_MAX, INT32_MAX};
  std::vector<int32_t> ranks(8);
  kernels().rank_small(keys.data(), 5, 5, ranks.data());
  EXPECT_EQ((std::vector<int32_t>{ranks.begin(), ranks.begin() + 5}), (std::vector<int32_t>{3, 2, 3, 1, 5}));
}

}  // namespace
}  // namespace kaogong::plan
