#include "gateway/http/identity.h"

#include <algorithm>
#include <bit>
#include <span>

#include "infra/crypto/random.h"

namespace kaogong::http {

namespace {

constexpr size_t kTraceIdAt = 3, kTraceIdDigits = 32;
constexpr size_t kTraceparentBytes = 55;

template <class Id>
void append_hex(uint64_t number, Id* out) {
  for (int shift = 60; shift >= 0; shift -= 4) out->push_back("0123456789abcdef"[(number >> shift) & 15u]);
}

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_traceparent(std::string_view text) {
  if (text.size() < kTraceparentBytes || text[2] != '-' || text[35] != '-' || text[52] != '-') return false;
  const auto version = text.substr(0, 2);
  if (!is_hex(version) || version == "ff") return false;
  if (text.size() > kTraceparentBytes && (version == "00" || text[kTraceparentBytes] != '-')) return false;
  const auto trace = text.substr(kTraceIdAt, kTraceIdDigits), parent = text.substr(36, 16);
  const auto only_zeros = [](std::string_view digits) {
    return digits.find_first_not_of('0') == std::string_view::npos;
  };
  return is_hex(trace) && is_hex(parent) && is_hex(text.substr(53, 2)) && !only_zeros(trace) && !only_zeros(parent);
}

}  // namespace

IdMaker::IdMaker() {
  crypto::fill_random(std::as_writable_bytes(std::span(state_)));
  state_[0] |= 1;  // not all zero
}

uint64_t IdMaker::next() {
  // xoshiro256**
  const uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

RequestId IdMaker::request_id() {
  RequestId id;
  append_hex(next(), &id);
  return id;
}

TraceId IdMaker::trace_id(const std::string_view* traceparent) {
  TraceId id;
  if (traceparent != nullptr && is_traceparent(*traceparent))
    return id.append(traceparent->data() + kTraceIdAt, kTraceIdDigits);
  append_hex(next(), &id);
  append_hex(next() | 1, &id);
  return id;
}

}  // namespace kaogong::http
