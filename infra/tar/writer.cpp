#include "infra/tar/writer.h"

#include <cstdlib>

#include "infra/tar/header.h"

namespace kaogong::tar {

namespace {

void put(std::string* header, const HeaderField& field, std::string_view text) {
  header->replace(field.at, text.size(), text);
}

/// Octal digits that fill the field but for a NUL at its end.
void put_number(std::string* header, const HeaderField& field, uint64_t number) {
  for (size_t i = field.bytes - 1; i-- > 0; number /= 8) (*header)[field.at + i] = static_cast<char>('0' + number % 8);
}

void put_size(std::string* header, uint64_t bytes) {
  if (bytes <= kOctalMax) {
    put_number(header, kSize, bytes);
    return;
  }
  for (size_t i = kSize.bytes; i-- > 1; bytes /= 256) (*header)[kSize.at + i] = static_cast<char>(bytes % 256);
  (*header)[kSize.at] = static_cast<char>(kBinaryMark);
}

}  // namespace

void append_header(std::string* out, std::string_view name, uint64_t bytes, int64_t modified_s) {
  if (name.empty() || name.size() > kNameBytesMax) std::abort();
  std::string header(kBlockBytes, '\0');
  put(&header, kName, name);
  put_number(&header, kMode, 0600);
  put_number(&header, kOwner, 0);
  put_number(&header, kGroup, 0);
  put_size(&header, bytes);
  put_number(&header, kModified, static_cast<uint64_t>(modified_s) & kOctalMax);
  header[kKind.at] = kPlainFile;
  put(&header, kMagic, std::string_view("ustar\00000", 8));
  const uint64_t sum = checksum_of(header);
  put_number(&header, {kChecksum.at, kChecksum.bytes - 1}, sum);
  header[kChecksum.at + kChecksum.bytes - 1] = ' ';
  *out += header;
}

void append_padding(std::string* out, uint64_t bytes) {
  out->append((kBlockBytes - bytes % kBlockBytes) % kBlockBytes, '\0');
}

void append_end(std::string* out) { out->append(2 * kBlockBytes, '\0'); }

}  // namespace kaogong::tar
