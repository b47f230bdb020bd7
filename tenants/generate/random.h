// Seeded random numbers in integer arithmetic: the same on every machine and in any order of the rows.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace kaogong::generate {

/// Mixes 64 bits (the finaliser of splitmix64).
constexpr uint64_t mix(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}

/// A number for a name (FNV-1a).
constexpr uint64_t stream_of(std::string_view name) {
  uint64_t hash = 0xCBF29CE484222325ULL;
  for (const char c : name) hash = (hash ^ static_cast<uint8_t>(c)) * 0x100000001B3ULL;
  return hash;
}

inline constexpr int32_t kUnit = 4096;  // z() and its like: so many are one standard deviation

/// A value of the standard normal distribution for a place 0..2^32-1 among all, in 1/4096; ends at about ±3.16.
int32_t normal(uint32_t place);

/// A sequence of random numbers that depends on (seed, stream, index) alone.
class Random {
 public:
  Random(uint64_t seed, uint64_t stream, uint64_t index)
      : state_(mix(mix(seed + 0x9E3779B97F4A7C15ULL) ^ mix(stream) ^ mix(index * 0xD1342543DE82EF95ULL + 1))) {}

  uint64_t next() { return mix(state_ += 0x9E3779B97F4A7C15ULL); }
  uint32_t next32() { return static_cast<uint32_t>(next() >> 32); }
  /// 0..n-1, evenly enough: n is far below 2^32.
  uint32_t below(uint32_t n) { return static_cast<uint32_t>((uint64_t{next32()} * n) >> 32); }
  /// low..high, both included.
  int64_t between(int64_t low, int64_t high) {
    const auto width = static_cast<unsigned __int128>(static_cast<uint64_t>(high - low)) + 1;
    return low + static_cast<int64_t>(static_cast<uint64_t>((width * next()) >> 64));
  }
  /// True so many times in a thousand.
  bool chance(uint32_t permille) { return below(1000) < permille; }
  /// Normally distributed, in 1/4096.
  int32_t z() { return normal(next32()); }

 private:
  uint64_t state_;
};

}  // namespace kaogong::generate
