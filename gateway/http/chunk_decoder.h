// The chunked coding of a request's body, strictly.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace kaogong::http {

/// Hexadecimal digits of one chunk's size: chunks below 4 GiB.
inline constexpr size_t kChunkDigitsMax = 8;
/// Extensions of all chunks of a body together. Nobody uses them; they are what is left of a way to be flooded.
inline constexpr size_t kChunkExtensionBytesMax = 1024;

/// Takes the bytes of a body as they come and gives the data in them. Trailers are refused, whatever is in them.
class ChunkDecoder {
 public:
  enum class State : uint8_t { kMore, kEnd, kMalformed, kTrailers };
  struct Step {
    size_t consumed = 0;    // of the bytes handed in
    std::string_view data;  // inside of them; may be empty
    State state = State::kMore;
  };
  /// Goes on until there is data to be taken, the input is used up, or the body ends. After anything but kMore it takes
  /// nothing more.
  Step step(std::string_view bytes);

 private:
  enum class Place : uint8_t { kSize, kExtension, kSizeLf, kData, kDataCr, kDataLf, kLastCr, kLastLf, kDone };
  State fail(State why);
  /// One byte that is none of the data.
  State take(char c);

  Place place_ = Place::kSize;
  State state_ = State::kMore;
  uint64_t left_ = 0;  // of the chunk's data
  size_t digits_ = 0;
  size_t extension_bytes_ = 0;
};

}  // namespace kaogong::http
