#include "tenants/snapshot/seal.h"

#include <zstd.h>

#include "tenants/snapshot/bytes.h"
#include "tenants/snapshot/limits.h"

namespace kaogong::snapshot {

namespace {

constexpr int kZstdLevel = 1;
constexpr size_t kHeadBytes = kMarkBytes + kChecksumBytes + 1;

}  // namespace

std::string sealed(std::string_view mark, const std::string& body, Compression compression) {
  std::string bytes(mark);
  bytes += to_bytes(checksum_of(body));
  if (compression == Compression::kZstd) {
    bytes.push_back(static_cast<char>(Compression::kZstd));
    bytes.resize(kHeadBytes + ZSTD_compressBound(body.size()));
    const size_t size =
        ZSTD_compress(bytes.data() + kHeadBytes, bytes.size() - kHeadBytes, body.data(), body.size(), kZstdLevel);
    if (ZSTD_isError(size) == 0 && size < body.size()) {
      bytes.resize(kHeadBytes + size);
      bytes.shrink_to_fit();
      return bytes;
    }
    bytes.resize(kHeadBytes - 1);
  }
  bytes.push_back(static_cast<char>(Compression::kNone));
  bytes += body;
  return bytes;
}

Checksum sealed_checksum(std::string_view bytes) { return checksum_from(bytes.substr(kMarkBytes, kChecksumBytes)); }

std::optional<Unsealed> unsealed(std::string_view mark, std::string_view bytes, std::string* error) {
  if (bytes.size() < kHeadBytes) {
    *error = "there are only " + std::to_string(bytes.size()) + " bytes";
    return std::nullopt;
  }
  if (bytes.substr(0, kMarkBytes) != mark) {
    *error = "they do not begin with " + std::string(mark) + ": they are something else, or of another version";
    return std::nullopt;
  }
  Unsealed out;
  out.checksum = sealed_checksum(bytes);
  const auto compression = static_cast<uint8_t>(bytes[kHeadBytes - 1]);
  const std::string_view stored = bytes.substr(kHeadBytes);
  if (compression == static_cast<uint8_t>(Compression::kNone)) {
    out.body = stored;
  } else if (compression == static_cast<uint8_t>(Compression::kZstd)) {
    const uint64_t size = ZSTD_getFrameContentSize(stored.data(), stored.size());
    if (size > kBodyBytesMax) {  // also where it is not known
      *error = "they are no compressed bytes";
      return std::nullopt;
    }
    out.decompressed.reset(new char[size]);  // not zeroed
    if (ZSTD_decompress(out.decompressed.get(), size, stored.data(), stored.size()) != size) {
      *error = "they are no compressed bytes";
      return std::nullopt;
    }
    out.body = {out.decompressed.get(), size};
  } else {
    *error = "they are compressed in an unknown way";
    return std::nullopt;
  }
  if (checksum_of(out.body) == out.checksum) return out;
  *error = "the checksum does not match";
  return std::nullopt;
}

}  // namespace kaogong::snapshot
