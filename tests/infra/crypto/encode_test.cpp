#include "infra/crypto/encode.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace kaogong::crypto {
namespace {

TEST(Encode, Base64OfRfc4648) {
  const std::pair<const char*, const char*> cases[] = {{"", ""},
                                                       {"f", "Zg=="},
                                                       {"fo", "Zm8="},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg=="},
                                                       {"fooba", "Zm9vYmE="},
                                                       {"foobar", "Zm9vYmFy"},
                                                       {"\xfb\xff\xbf", "+/+/"}};
  for (const auto& [bytes, text] : cases) {
    EXPECT_EQ(to_base64(bytes), text);
    EXPECT_EQ(from_base64(text), bytes);
  }
  EXPECT_EQ(to_base64url("\xfb\xff\xbf"), "-_-_");
  EXPECT_EQ(to_base64url("fo"), "Zm8");
}

TEST(Encode, EveryByteComesBack) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) {
    bytes += static_cast<char>(i);
    EXPECT_EQ(from_base64(to_base64(bytes)), bytes);
    EXPECT_EQ(from_base64url(to_base64url(bytes)), bytes);
    EXPECT_EQ(from_hex(to_hex(bytes)), bytes);
  }
}

TEST(Encode, Base64IsStrict) {
  for (const char* text :
       {"Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm8", "Z", "=", "====", "Zm9v\n", "Zm-v", "Zm=v", " Zm8"})
    EXPECT_EQ(from_base64(text), std::nullopt) << text;
  for (const char* text : {"Zg==", "Zh", "Zm9", "Z", "Zm+v", "Zm9v=", "Zm9v\n"})
    EXPECT_EQ(from_base64url(text), std::nullopt) << text;
}

TEST(Encode, Hex) {
  EXPECT_EQ(to_hex("\x01\xAF"), "01af");
  EXPECT_EQ(from_hex("01aF"), "\x01\xAF");
  EXPECT_EQ(from_hex("01a"), std::nullopt);
  EXPECT_EQ(from_hex("0g"), std::nullopt);
}

TEST(Encode, Base62) {
  EXPECT_EQ(to_base62(0), "0");
  EXPECT_EQ(to_base62(61), "z");
  EXPECT_EQ(to_base62(62), "10");
  EXPECT_EQ(to_base62(35, 6), "00000Z");
  EXPECT_EQ(to_base62(std::numeric_limits<uint32_t>::max(), 6), "4gfFC3");
  EXPECT_EQ(to_base62(std::numeric_limits<uint64_t>::max()), "LygHa16AHYF");
  for (const uint64_t number : {uint64_t{0}, uint64_t{61}, uint64_t{62}, std::numeric_limits<uint64_t>::max()})
    EXPECT_EQ(from_base62(to_base62(number, 11)), number);
  EXPECT_EQ(from_base62(""), std::nullopt);
  EXPECT_EQ(from_base62("a-"), std::nullopt);
  EXPECT_EQ(from_base62("LygHa16AHYG"), std::nullopt);  // one above 64 bits
  EXPECT_EQ(from_base62("zzzzzzzzzzzz"), std::nullopt);
}

}  // namespace
}  // namespace kaogong::crypto
