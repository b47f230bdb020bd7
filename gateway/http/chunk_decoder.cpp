#include "gateway/http/chunk_decoder.h"

#include <algorithm>

namespace kaogong::http {

namespace {

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

ChunkDecoder::State ChunkDecoder::fail(State why) { return state_ = why; }

ChunkDecoder::State ChunkDecoder::take(char c) {
  switch (place_) {
    case Place::kSize: {
      const int digit = digit_of(c);
      if (digit >= 0) {
        if (++digits_ > kChunkDigitsMax) return fail(State::kMalformed);
        left_ = left_ * 16 + static_cast<uint64_t>(digit);
        return state_;
      }
      if (digits_ == 0 || (c != ';' && c != '\r')) return fail(State::kMalformed);
      place_ = c == ';' ? Place::kExtension : Place::kSizeLf;
      return state_;
    }
    case Place::kExtension:
      if (c == '\r') {
        place_ = Place::kSizeLf;
        return state_;
      }
      if (c < 0x20 || c > 0x7E || ++extension_bytes_ > kChunkExtensionBytesMax) return fail(State::kMalformed);
      return state_;
    case Place::kSizeLf:
      if (c != '\n') return fail(State::kMalformed);
      place_ = left_ > 0 ? Place::kData : Place::kLastCr;
      return state_;
    case Place::kDataCr:
      if (c != '\r') return fail(State::kMalformed);
      place_ = Place::kDataLf;
      return state_;
    case Place::kDataLf:
      if (c != '\n') return fail(State::kMalformed);
      place_ = Place::kSize;
      digits_ = 0;
      return state_;
    case Place::kLastCr:
      if (c != '\r') return fail(c == '\n' ? State::kMalformed : State::kTrailers);
      place_ = Place::kLastLf;
      return state_;
    case Place::kLastLf:
      if (c != '\n') return fail(State::kMalformed);
      place_ = Place::kDone;
      return state_ = State::kEnd;
    case Place::kData:
    case Place::kDone:
      break;
  }
  return fail(State::kMalformed);
}

ChunkDecoder::Step ChunkDecoder::step(std::string_view bytes) {
  Step step;
  while (state_ == State::kMore && step.consumed < bytes.size()) {
    if (place_ == Place::kData) {
      step.data =
          bytes.substr(step.consumed, static_cast<size_t>(std::min<uint64_t>(left_, bytes.size() - step.consumed)));
      step.consumed += step.data.size();
      left_ -= step.data.size();
      if (left_ == 0) place_ = Place::kDataCr;
      break;
    }
    take(bytes[step.consumed++]);
  }
  step.state = state_;
  return step;
}

}  // namespace kaogong::http
