// An archive of plain files in POSIX's form `ustar`, written piece by piece: what `tar -x` reads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace kaogong::tar {

inline constexpr size_t kBlockBytes = 512;
inline constexpr size_t kNameBytesMax = 100;

/// Appends the header of a file, which only its owner may read and write. Its `bytes` follow, then append_padding().
/// `modified_s`: seconds since 1970; not below 0. Above 8 GiB `bytes` is written as GNU's tar does. Aborts for a name
/// that is empty or longer than kNameBytesMax.
void append_header(std::string* out, std::string_view name, uint64_t bytes, int64_t modified_s);
/// Appends what is behind a file of so many bytes.
void append_padding(std::string* out, uint64_t bytes);
/// Appends the end of the archive.
void append_end(std::string* out);

}  // namespace kaogong::tar
