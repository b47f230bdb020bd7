// Fuzz target: any bytes as Redis' replies and as a configuration. Replies must not depend on how the bytes come in
// pieces.
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "infra/config/yaml_file.h"
#include "infra/redis/reply_reader.h"
#include "infra/redis/request.h"

using namespace kaogong;

namespace {

constexpr size_t kReplyBytesMax = 4096;

bool same(const redis::Reply& a, const redis::Reply& b) {
  if (a.kind != b.kind || a.integer != b.integer || a.text != b.text || a.elements.size() != b.elements.size())
    return false;
  for (size_t i = 0; i < a.elements.size(); ++i)
    if (!same(a.elements[i], b.elements[i])) return false;
  return true;
}

std::vector<redis::Reply> read(std::string_view bytes, size_t piece) {
  redis::ReplyReader reader(kReplyBytesMax);
  std::vector<redis::Reply> replies;
  for (size_t at = 0; at < bytes.size() && !reader.failed(); at += piece) {
    reader.feed(bytes.substr(at, piece));
    while (auto reply = reader.next()) replies.push_back(std::move(*reply));
  }
  return replies;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  // At most the bound, so that no piece is too large for another reason than its content.
  if (size <= kReplyBytesMax) {
    const auto whole = read(bytes, size + 1);
    const auto pieces = read(bytes, 7);
    if (whole.size() != pieces.size()) std::abort();
    for (size_t i = 0; i < whole.size(); ++i)
      if (!same(whole[i], pieces[i])) std::abort();
    for (const redis::Reply& reply : whole) {
      static_cast<void>(redis::ztop("k", 0, 1).read(redis::Reply(reply)));
      static_cast<void>(redis::hgetall("k").read(redis::Reply(reply)));
      static_cast<void>(redis::mget({"k"}).read(redis::Reply(reply)));
    }
  }
  std::vector<config::Fault> faults;
  static_cast<void>(config::read_yaml(bytes, "f", &faults));
  for (const config::Fault& fault : faults)
    if (config::to_text(fault).empty()) std::abort();
  return 0;
}
