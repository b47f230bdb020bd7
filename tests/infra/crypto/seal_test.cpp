#include "infra/crypto/seal.h"

#include <gtest/gtest.h>

namespace kaogong::crypto {
namespace {

const std::string kKey(kSealKeyBytes, 'k');

TEST(Seal, OpensWithItsKeyAndContextOnly) {
  for (const std::string& text : {std::string(), std::string("E0001"), std::string(5'000, '\0')}) {
    const auto sealed = seal(kKey, "list", text);
    EXPECT_EQ(unseal(kKey, "list", sealed), text);
    EXPECT_FALSE(unseal(kKey, "lis", sealed));
    EXPECT_FALSE(unseal(kKey, "", sealed));
    EXPECT_FALSE(unseal(std::string(kSealKeyBytes, 'l'), "list", sealed));
  }
  EXPECT_EQ(unseal(kKey, "", seal(kKey, "", "x")), "x");
}

TEST(Seal, NoBitCanBeChanged) {
  const auto sealed = seal(kKey, "list", "E0001");
  for (size_t i = 0; i < sealed.size(); ++i) {
    auto changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(unseal(kKey, "list", changed)) << i;
  }
  for (size_t size = 0; size < sealed.size(); ++size)
    EXPECT_FALSE(unseal(kKey, "list", sealed.substr(0, size))) << size;
  EXPECT_FALSE(unseal(kKey, "list", sealed + "x"));
}

TEST(Seal, NeverTheSameTwice) {
  const auto sealed = seal(kKey, "list", "E0001");
  EXPECT_NE(seal(kKey, "list", "E0001"), sealed);
  EXPECT_EQ(sealed.find("E0001"), std::string::npos);
}

}  // namespace
}  // namespace kaogong::crypto
