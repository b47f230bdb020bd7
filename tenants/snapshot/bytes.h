// Little-endian bytes: appended to a text, and taken from one with every bound checked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace kaogong::snapshot {

/// Appends to bytes.
class ByteWriter {
 public:
  void u8(uint8_t value) { bytes_.push_back(static_cast<char>(value)); }
  void u32(uint32_t value) { raw(&value, sizeof value); }
  void u64(uint64_t value) { raw(&value, sizeof value); }
  void i128(__int128 value) { raw(&value, sizeof value); }
  /// 7 bits a byte, the lowest first; the high bit says that more follow.
  void varint(uint64_t value) {
    for (; value >= 0x80; value >>= 7) u8(static_cast<uint8_t>(value | 0x80));
    u8(static_cast<uint8_t>(value));
  }
  void zigzag(int64_t value) { varint(static_cast<uint64_t>(value) << 1 ^ static_cast<uint64_t>(value >> 63)); }
  /// Its size, then its bytes.
  void text(std::string_view value) {
    varint(value.size());
    bytes_.append(value);
  }
  void append(std::string_view value) { bytes_.append(value); }
  /// Room for `bytes` more, to be written at once.
  char* grow(size_t bytes) {
    bytes_.resize(bytes_.size() + bytes);
    return bytes_.data() + bytes_.size() - bytes;
  }
  size_t size() const { return bytes_.size(); }
  std::string take() { return std::move(bytes_); }
  const std::string& bytes() const { return bytes_; }

 private:
  void raw(const void* value, size_t size) { bytes_.append(static_cast<const char*>(value), size); }
  std::string bytes_;
};

/// Takes from bytes that need not be what they should be: what is not there is 0 or empty, and ok() says so.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  bool ok() const { return ok_; }
  size_t left() const { return bytes_.size(); }
  /// Nothing that follows can be trusted.
  void fail() {
    ok_ = false;
    bytes_ = {};
  }
  std::string_view take(uint64_t size) {
    if (size > bytes_.size()) {
      fail();
      return {};
    }
    const std::string_view taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
  }
  uint8_t u8() { return raw<uint8_t>(); }
  uint32_t u32() { return raw<uint32_t>(); }
  uint64_t u64() { return raw<uint64_t>(); }
  __int128 i128() { return raw<__int128>(); }
  uint64_t varint() {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const uint8_t byte = u8();
      const uint64_t part = byte & 0x7F;
      if (shift == 63 && part > 1) break;
      value |= part << shift;
      if (byte < 0x80) return value;
    }
    fail();
    return 0;
  }
  /// A varint of at most `most`.
  uint64_t varint(uint64_t most) {
    const uint64_t value = varint();
    if (value <= most) return value;
    fail();
    return 0;
  }
  int64_t zigzag() {
    const uint64_t value = varint();
    return static_cast<int64_t>(value >> 1 ^ (0 - (value & 1)));
  }
  std::string_view text(uint64_t most = UINT32_MAX) { return take(varint(most)); }

 private:
  template <class T>
  T raw() {
    T value{};
    const std::string_view taken = take(sizeof(T));
    if (taken.size() == sizeof(T)) std::memcpy(&value, taken.data(), sizeof(T));
    return value;
  }
  std::string_view bytes_;
  bool ok_ = true;
};

}  // namespace kaogong::snapshot
