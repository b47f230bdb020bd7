#include "infra/crypto/random.h"

#include <sys/random.h>

#include <array>
#include <cerrno>
#include <cstdlib>

#include "infra/crypto/encode.h"

namespace kaogong::crypto {

void fill_random(std::span<std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t got = ::getrandom(bytes.data(), bytes.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) std::abort();
    bytes = bytes.subspan(static_cast<size_t>(got));
  }
}

std::string random_bytes(size_t count) {
  std::string bytes(count, '\0');
  fill_random(std::as_writable_bytes(std::span(bytes)));
  return bytes;
}

std::string random_base62(size_t characters) {
  std::string text;
  text.reserve(characters);
  std::array<std::byte, 64> bytes;
  while (text.size() < characters) {
    fill_random(bytes);
    for (const std::byte byte : bytes) {
      const auto value = static_cast<unsigned>(byte);
      if (value >= 62 * 4) continue;  // else the first digits would be likelier
      if (text.size() < characters) text += kBase62Digits[value % 62];
    }
  }
  return text;
}

}  // namespace kaogong::crypto
