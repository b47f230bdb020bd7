#include "infra/web/address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace kaogong::web {

namespace {

struct Range4 {
  uint32_t first;
  int bits;
};
constexpr uint32_t four(uint32_t a, uint32_t b, uint32_t c, uint32_t d) { return a << 24 | b << 16 | c << 8 | d; }
constexpr Range4 kNotPublic4[] = {
    {four(0, 0, 0, 0), 8},      {four(10, 0, 0, 0), 8},     {four(100, 64, 0, 0), 10}, {four(127, 0, 0, 0), 8},
    {four(169, 254, 0, 0), 16}, {four(172, 16, 0, 0), 12},  {four(192, 0, 0, 0), 24},  {four(192, 0, 2, 0), 24},
    {four(192, 88, 99, 0), 24}, {four(192, 168, 0, 0), 16}, {four(198, 18, 0, 0), 15}, {four(198, 51, 100, 0), 24},
    {four(203, 0, 113, 0), 24}, {four(224, 0, 0, 0), 4},    {four(240, 0, 0, 0), 4},
};

/// Of IPv6 only global unicast (2000::/3) is public, without what is carved out of it.
struct Range6 {
  std::array<uint8_t, 4> first;
  int bits;
};
constexpr Range6 kNotPublic6[] = {
    {{0x20, 0x01, 0x00, 0x00}, 23},  // 2001::/23: protocols, Teredo, benchmarking, ORCHID
    {{0x20, 0x01, 0x0d, 0xb8}, 32},  // documentation
    {{0x20, 0x02, 0x00, 0x00}, 16},  // 6to4
    {{0x3f, 0xff, 0x00, 0x00}, 20},  // documentation
};

bool is_public4(uint32_t address) {
  return std::none_of(std::begin(kNotPublic4), std::end(kNotPublic4),
                      [&](const Range4& range) { return (address ^ range.first) >> (32 - range.bits) == 0; });
}

bool is_public6(const uint8_t* address) {
  if ((address[0] & 0xE0) != 0x20) return false;
  const auto begin = four(address[0], address[1], address[2], address[3]);
  return std::none_of(std::begin(kNotPublic6), std::end(kNotPublic6), [&](const Range6& range) {
    return (begin ^ four(range.first[0], range.first[1], range.first[2], range.first[3])) >> (32 - range.bits) == 0;
  });
}

}  // namespace

bool is_public(const Address& address) {
  if (address.bytes.ss_family == AF_INET) {
    sockaddr_in four_bytes;
    std::memcpy(&four_bytes, &address.bytes, sizeof four_bytes);
    return is_public4(ntohl(four_bytes.sin_addr.s_addr));
  }
  if (address.bytes.ss_family != AF_INET6) return false;
  sockaddr_in6 six;
  std::memcpy(&six, &address.bytes, sizeof six);
  return is_public6(six.sin6_addr.s6_addr);
}

std::string to_text(const Address& address) {
  char text[INET6_ADDRSTRLEN] = {};
  const auto* bytes = &address.bytes;
  const void* number = address.bytes.ss_family == AF_INET
                           ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in*>(bytes)->sin_addr)
                           : static_cast<const void*>(&reinterpret_cast<const sockaddr_in6*>(bytes)->sin6_addr);
  return ::inet_ntop(address.bytes.ss_family, number, text, sizeof text) == nullptr ? std::string() : text;
}

Address parse_address(const std::string& text, uint16_t port) {
  Address address;
  sockaddr_in four_bytes = {};
  sockaddr_in6 six = {};
  if (::inet_pton(AF_INET, text.c_str(), &four_bytes.sin_addr) == 1) {
    four_bytes.sin_family = AF_INET;
    four_bytes.sin_port = htons(port);
    std::memcpy(&address.bytes, &four_bytes, sizeof four_bytes);
    address.size = sizeof four_bytes;
  } else if (::inet_pton(AF_INET6, text.c_str(), &six.sin6_addr) == 1) {
    six.sin6_family = AF_INET6;
    six.sin6_port = htons(port);
    std::memcpy(&address.bytes, &six, sizeof six);
    address.size = sizeof six;
  }
  return address;
}

}  // namespace kaogong::web
