// PostgreSQL's binary forms: big-endian integers, and the object identifiers of its built-in types, which are the same
// in every database. Internal to this room.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>

namespace kaogong::postgres::wire {

inline constexpr unsigned kBool = 16, kBytea = 17, kChar = 18, kName = 19, kInt8 = 20, kInt2 = 21, kInt4 = 23,
                          kText = 25, kOid = 26, kJson = 114, kUnknown = 705, kBpchar = 1042, kVarchar = 1043,
                          kDate = 1082, kTimestamptz = 1184, kJsonb = 3802, kVoid = 2278;
inline constexpr unsigned kTextArray = 1009, kInt8Array = 1016;
/// From 1970-01-01, where we count from, to 2000-01-01, where PostgreSQL does.
inline constexpr int64_t kEpochDays = 10957;
inline constexpr int64_t kEpochMicroseconds = kEpochDays * 86'400 * 1'000'000;

template <typename T>
T load(const void* bytes) {
  std::make_unsigned_t<T> value = 0;
  const auto* p = static_cast<const unsigned char*>(bytes);
  for (size_t i = 0; i < sizeof(T); ++i) value = static_cast<std::make_unsigned_t<T>>((uint64_t{value} << 8) | p[i]);
  return static_cast<T>(value);
}

template <typename T>
void store(char* out, T value) {
  auto bits = static_cast<std::make_unsigned_t<T>>(value);
  for (size_t i = sizeof(T); i-- > 0;) {
    out[i] = static_cast<char>(bits & 0xff);
    bits = static_cast<std::make_unsigned_t<T>>(uint64_t{bits} >> 8);
  }
}

template <typename T>
void append(std::string* out, T value) {
  char bytes[sizeof(T)];
  store(bytes, value);
  out->append(bytes, sizeof(T));
}

}  // namespace kaogong::postgres::wire
