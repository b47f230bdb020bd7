// Known answers: NIST's SHA-256 examples, RFC 4231 for HMAC, the check value of CRC-32.
#include "infra/crypto/hash.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "infra/crypto/crc32.h"
#include "infra/crypto/encode.h"

namespace kaogong::crypto {
namespace {

std::string sha256_hex(std::string_view bytes) { return to_hex(view(sha256(bytes))); }
std::string hmac_hex(std::string_view key, std::string_view bytes) { return to_hex(view(hmac_sha256(key, bytes))); }

TEST(Sha256, KnownAnswers) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256_hex(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, PiecesOfAnySizeGiveTheSame) {
  std::string bytes;
  for (int i = 0; i < 1000; ++i) bytes += static_cast<char>(i * 7);
  Sha256 hash;
  for (size_t piece = 1; piece < 130; ++piece) {
    for (size_t at = 0; at < bytes.size(); at += piece) hash.update(std::string_view(bytes).substr(at, piece));
    EXPECT_EQ(hash.finish(), sha256(bytes)) << piece;
  }
}

TEST(Sha256, ThreadsDoNotMix) {
  const Digest expected = sha256(std::string(10'000, 'x'));
  std::vector<std::thread> threads;
  std::array<bool, 4> same{};
  for (size_t t = 0; t < same.size(); ++t)
    threads.emplace_back([&, t] {
      bool all = true;
      for (int i = 0; i < 200; ++i) all = all && sha256(std::string(10'000, 'x')) == expected;
      same[t] = all;
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(same, (std::array<bool, 4>{true, true, true, true}));
}

TEST(HmacSha256, OneKeyForManyTexts) {
  for (const std::string& secret : {std::string(), std::string("Jefe"), std::string(131, '\xaa')}) {
    HmacKey key(secret);
    const HmacKey copy = key;
    key = HmacKey("another");
    for (const std::string text : {"", "what do ya want for nothing?", "x"}) {
      EXPECT_EQ(key.of({text}), hmac_sha256("another", text));
      EXPECT_EQ(copy.of({text}), hmac_sha256(secret, text));
      EXPECT_EQ(copy.of({text.substr(0, text.size() / 2), "", text.substr(text.size() / 2)}),
                hmac_sha256(secret, text));
    }
  }
}

TEST(HmacSha256, Rfc4231) {
  EXPECT_EQ(hmac_hex(std::string(20, '\x0b'), "Hi There"),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hmac_hex("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hmac_hex(std::string(20, '\xaa'), std::string(50, '\xdd')),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
  EXPECT_EQ(hmac_hex(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First"),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  EXPECT_EQ(hmac_hex(std::string(131, '\xaa'),
                     "This is a test using a larger than block-size key and a larger than block-size data. The key "
                     "needs to be hashed before being used by the HMAC algorithm."),
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
  EXPECT_EQ(hmac_hex("", ""), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(EqualInConstantTime, IsEquality) {
  EXPECT_TRUE(equal_in_constant_time("", ""));
  EXPECT_TRUE(equal_in_constant_time(std::string("a\0b", 3), std::string("a\0b", 3)));
  EXPECT_FALSE(equal_in_constant_time(std::string("a\0b", 3), std::string("a\0c", 3)));
  EXPECT_FALSE(equal_in_constant_time("abc", "abcd"));
  EXPECT_FALSE(equal_in_constant_time("abc", ""));
}

TEST(Crc32, KnownAnswers) {
  EXPECT_EQ(crc32(""), 0u);
  EXPECT_EQ(crc32("123456789"), 0xCBF43926u);
  EXPECT_EQ(crc32("The quick brown fox jumps over the lazy dog"), 0x414FA339u);
}

TEST(Crc32, PiecesGiveTheSame) {
  const std::string bytes = "The quick brown fox jumps over the lazy dog";
  for (size_t cut = 0; cut <= bytes.size(); ++cut)
    EXPECT_EQ(crc32(std::string_view(bytes).substr(cut), crc32(std::string_view(bytes).substr(0, cut))), 0x414FA339u);
}

}  // namespace
}  // namespace kaogong::crypto
