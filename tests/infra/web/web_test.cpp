#include <gtest/gtest.h>

#include "infra/web/address.h"
#include "infra/web/post.h"

namespace kaogong::web {
namespace {

TEST(Address, WhatIsNotPublicIsKnown) {
  for (const auto* text : {"0.0.0.0",
                           "10.1.2.3",
                           "100.64.0.1",
                           "127.0.0.1",
                           "127.255.255.255",
                           "169.254.169.254",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.0.0.8",
                           "192.0.2.1",
                           "192.168."
                           "1.1",
                           "198.18.0.1",
                           "198.19.255.255",
                           "198.51.100.7",
                           "203.0.113.7",
                           "224.0.0.1",
                           "239.1.1.1",
                           "240.0.0.1",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "::ffff:8.8.8.8",
                           "64:ff9b::808:808",
                           "fc00::1",
                           "fd12::1",
                           "fe80::1",
                           "ff02::1",
                           "2001:db8::1",
                           "2001::1",
                           "2002:7f00:1::1",
                           "3fff::1",
                           "100::1"}) {
    const auto address = parse_address(text, 443);
    ASSERT_NE(address.size, 0u) << text;
    EXPECT_FALSE(is_public(address)) << text;
    EXPECT_EQ(to_text(address), text);
  }
  for (const auto* text : {"1.1.1.1", "8.8.8.8", "100.128.0.1", "172.32.0.1", "192.169.0.1", "223.255.255.255",
                           "2606:4700::1111", "2400:cb00::1"})
    EXPECT_TRUE(is_public(parse_address(text, 443))) << text;
  EXPECT_EQ(parse_address("example.com", 443).size, 0u);
  EXPECT_EQ(parse_address("127.1", 443).size, 0u);
}

TEST(Url, IsReadStrictly) {
  const auto url = parse_url("https://hooks.example.com:8443/a/b?c=d");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->host, "hooks.example.com");
  EXPECT_EQ(url->port, 8443);
  EXPECT_EQ(url->target, "/a/b?c=d");
  EXPECT_EQ(parse_url("https://a?b")->target, "/?b");
  EXPECT_EQ(parse_url("https://[2606:4700::1]/")->host, "2606:4700::1");
  EXPECT_FALSE(parse_url("http://a/")->secure);
  for (const auto* text : {"", "ftp://a/", "https://", "https:///x", "https://a:0/", "https://a:70000/", "https://a:/",
                           "https://u@a/", "https://a/#x", "https://a/ b", "https://a/\r\nx: y", "https://a b/",
                           "https://[::1", "https://[a]/", "//a/", "HTTPS://a/", "https://a:8080x/"})
    EXPECT_FALSE(parse_url(text)) << text;
}

TEST(Post, GoesToNoAddressThatIsNotPublic) {
  int asked = 0;
  PostOptions options;
  options.resolve = [&](const std::string&, uint16_t port) -> std::vector<Address> {
    ++asked;
    // One public and one that is not: none is taken.
    return {parse_address("8.8.8.8", port), parse_address("127.0.0.1", port)};
  };
  EXPECT_EQ(post(*parse_url("https://rebound.example/"), {}, "{}", options).error,
            "the name leads to an address that is not public");
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(post(*parse_url("http://plain.example/"), {}, "{}", options).error, "only https:// is taken");
  EXPECT_EQ(asked, 1);
  options.resolve = [](const std::string&, uint16_t) { return std::vector<Address>(); };
  EXPECT_EQ(post(*parse_url("https://nobody.example/"), {}, "{}", options).error, "the name has no address");
}

TEST(Post, NumbersOfThisMachineAreSeenAsWhatTheyAre) {
  for (const auto* url : {"https://127.0.0.1/", "https://localhost/", "https://[::1]/", "https://127.1/", "https://0/",
                          "https://2130706433/"})
    EXPECT_EQ(post(*parse_url(url), {}, "{}", {}).status, 0) << url;
}

}  // namespace
}  // namespace kaogong::web
