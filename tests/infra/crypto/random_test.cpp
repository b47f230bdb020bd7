#include "infra/crypto/random.h"

#include <gtest/gtest.h>

#include <array>
#include <set>

#include "infra/crypto/encode.h"

namespace kaogong::crypto {
namespace {

TEST(Random, BytesAreFilledAndDiffer) {
  EXPECT_EQ(random_bytes(0), "");
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string bytes = random_bytes(16);
    ASSERT_EQ(bytes.size(), 16u);
    EXPECT_TRUE(seen.insert(bytes).second);
  }
  // More than one getrandom call gives at once; a value would be missing with a chance below 1e-160.
  const std::string many = random_bytes(100'000);
  std::array<bool, 256> found{};
  for (const char c : many) found[static_cast<uint8_t>(c)] = true;
  for (size_t value = 0; value < found.size(); ++value) EXPECT_TRUE(found[value]) << value;
}

TEST(Random, Base62HasEveryDigitEquallyOften) {
  EXPECT_EQ(random_base62(0), "");
  EXPECT_EQ(random_base62(43).size(), 43u);
  constexpr size_t kEach = 10'000;
  const std::string text = random_base62(62 * kEach);
  std::array<size_t, 256> count{};
  for (const char c : text) ++count[static_cast<uint8_t>(c)];
  size_t known = 0;
  for (const char c : kBase62Digits) {
    known += count[static_cast<uint8_t>(c)];
    // Ten standard deviations (100) to either side.
    EXPECT_NEAR(static_cast<double>(count[static_cast<uint8_t>(c)]), kEach, 1000) << c;
  }
  EXPECT_EQ(known, text.size());
}

}  // namespace
}  // namespace kaogong::crypto
