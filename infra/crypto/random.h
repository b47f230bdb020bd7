// Random bytes that nobody can guess.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace kaogong::crypto {

/// Fills the bytes from the kernel's generator (getrandom), waiting at the machine's start until it is ready. Aborts if
/// there is none. Any thread, also after fork.
void fill_random(std::span<std::byte> bytes);

/// That many random bytes.
std::string random_bytes(size_t count);

/// A text of that many letters and digits (0-9 A-Z a-z), each equally likely: 5.95 bits a character.
std::string random_base62(size_t characters);

}  // namespace kaogong::crypto
