// Addresses of the network, and which of them are anybody's.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <string>

namespace kaogong::web {

/// An address to connect to, with its port.
struct Address {
  sockaddr_storage bytes = {};
  socklen_t size = 0;
};

/// Whether it is an address of the public internet: not of this machine, a private network, the link, a test or
/// documentation range, multicast, nor one that leads to such a one (IPv4 inside IPv6, 6to4, Teredo, NAT64). After the
/// IANA registries of special-purpose addresses (RFC 6890 and its successors).
bool is_public(const Address& address);
/// "203.0.113.7", "2001:db8::1".
std::string to_text(const Address& address);
/// Of a text like those; size 0: it is none.
Address parse_address(const std::string& text, uint16_t port);

}  // namespace kaogong::web
