#include "infra/redis/script.h"

#include <openssl/sha.h>

#include <array>

namespace kaogong::redis {

Script::Script(std::string_view body) : body_(body) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(body.data()), body.size(), digest.data());
  for (const unsigned char byte : digest) {
    sha_ += kDigits[byte >> 4];
    sha_ += kDigits[byte & 15];
  }
}

}  // namespace kaogong::redis
