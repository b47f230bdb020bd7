#include "infra/tar/reader.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "infra/tar/header.h"
#include "infra/tar/writer.h"

namespace kaogong::tar {

namespace {

std::string_view field_of(std::string_view header, const HeaderField& field) {
  return header.substr(field.at, field.bytes);
}

/// A text that ends with its field or at a NUL.
std::string_view text_of(std::string_view header, const HeaderField& field) {
  const auto text = field_of(header, field);
  return text.substr(0, std::min(text.find('\0'), text.size()));
}

/// Octal digits, with spaces before and a space or NUL behind.
std::optional<uint64_t> number_of(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  uint64_t number = 0;
  size_t digits = 0;
  for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '7'; ++digits)
    number = number * 8 + static_cast<uint64_t>(text[digits] - '0');
  if (digits == 0 || (digits < text.size() && text[digits] != ' ' && text[digits] != '\0')) return std::nullopt;
  return number;
}

std::optional<uint64_t> size_of(std::string_view header) {
  const auto field = field_of(header, kSize);
  if (static_cast<unsigned char>(field[0]) != kBinaryMark) return number_of(field);
  uint64_t bytes = 0;
  for (const char c : field.substr(1)) {
    if (bytes >> 56 != 0) return std::nullopt;
    bytes = bytes << 8 | static_cast<unsigned char>(c);
  }
  return bytes;
}

}  // namespace

bool Reader::fail(std::string fault) {
  fault_ = std::move(fault);
  return false;
}

bool Reader::end_file() {
  state_ = padding_ > 0 ? State::kPadding : State::kHeader;
  left_ = padding_;
  return files_.end();
}

bool Reader::read_header() {
  const std::string header = std::exchange(header_, {});
  if (header.find_first_not_of('\0') == std::string::npos) {
    if (std::exchange(saw_zeros_, true)) state_ = State::kEnd;
    return true;
  }
  if (saw_zeros_) return fail("a file stands behind the archive's end");
  if (number_of(field_of(header, kChecksum)) != checksum_of(header)) return fail("a header's checksum is wrong");
  if (header[kKind.at] != kPlainFile || !text_of(header, kPrefix).empty())
    return fail("an entry is no plain file with a short name");
  const auto bytes = size_of(header);
  if (!bytes) return fail("a size is no number");
  left_ = *bytes;
  padding_ = (kBlockBytes - *bytes % kBlockBytes) % kBlockBytes;
  state_ = State::kContent;
  if (!files_.begin(text_of(header, kName), *bytes)) return false;
  return left_ > 0 || end_file();
}

bool Reader::take(std::string_view bytes) {
  while (!bytes.empty() && state_ != State::kEnd) {
    if (state_ == State::kHeader) {
      const auto piece = bytes.substr(0, kBlockBytes - header_.size());
      header_ += piece;
      bytes.remove_prefix(piece.size());
      if (header_.size() == kBlockBytes && !read_header()) return false;
      continue;
    }
    const auto piece = bytes.substr(0, std::min<uint64_t>(left_, bytes.size()));
    bytes.remove_prefix(piece.size());
    left_ -= piece.size();
    if (state_ == State::kContent) {
      if (!files_.write(piece)) return false;
      if (left_ == 0 && !end_file()) return false;
    } else if (left_ == 0) {
      state_ = State::kHeader;
    }
  }
  return true;
}

}  // namespace kaogong::tar
