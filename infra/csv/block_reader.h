// A file or another source of bytes, read in blocks of whole records.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "infra/csv/limits.h"

namespace kaogong::csv {

/// Text of whole records; the last byte is a line feed. 64 bytes before and behind it may be read.
class Block {
 public:
  explicit Block(size_t capacity);

  char* text() { return text_; }
  const char* text() const { return text_; }
  size_t size = 0;
  size_t begin = 0;    // where the first record begins: behind a byte order mark, or a header that was taken
  bool first = false;  // of the file
  /// The block is the first kOversizedPrefixBytes bytes (or fewer) of one record above record_bytes_max, without a line
  /// feed; the rest was skipped.
  bool oversized = false;
  bool unterminated = false;     // the file ends inside a quoted field of the last record
  uint64_t oversized_lines = 0;  // lines that the oversized record has
  size_t pending = 0;            // bytes read behind the block: of a record that is not whole yet

  size_t capacity() const { return capacity_; }
  void grow(size_t capacity);  // keeps the text

 private:
  std::unique_ptr<char[]> bytes_;
  char* text_ = nullptr;
  size_t capacity_ = 0;
};

/// Gives the next bytes of a text: writes at most `bytes` of them to `out` and returns how many, any number above 0; 0:
/// the end, or a failure, which `error` then names. Called by one thread at a time, though not always by the same one.
using Source = std::function<size_t(char* out, size_t bytes, std::string* error)>;

/// Reads a file once, from beginning to end. Blocks depend on the file and the limits only. Memory: the blocks that are
/// out, and one more record.
class BlockReader {
 public:
  /// Takes over the open file descriptor.
  explicit BlockReader(int fd, Limits limits = {});
  /// Reads what `source` gives. Blocks do not depend on the pieces that it comes in.
  explicit BlockReader(Source source, Limits limits = {}) : source_(std::move(source)), limits_(limits) {}
  ~BlockReader();
  BlockReader(const BlockReader&) = delete;
  BlockReader& operator=(const BlockReader&) = delete;

  /// Opens a file; nothing, and why in `error`, if that fails or it is a directory, a device or a pipe (which may never
  /// end).
  static std::unique_ptr<BlockReader> open(const std::string& path, std::string* error, Limits limits = {});

  /// The next block; nothing at the end and after a read error.
  std::unique_ptr<Block> next();
  /// Takes a block back for reuse. May be called by any thread.
  void recycle(std::unique_ptr<Block> block);

  /// Why reading stopped early; empty: it did not.
  const std::string& error() const { return error_; }
  /// Size of the file in bytes when it was opened; 0: not a regular file.
  uint64_t file_bytes() const { return file_bytes_; }
  const Limits& limits() const { return limits_; }

 private:
  size_t fill(char* out, size_t bytes);
  size_t read_some(char* out, size_t bytes);
  std::unique_ptr<Block> fresh();
  void skip_oversized(Block* block);

  int fd_ = -1;
  Source source_;  // instead of the file
  Limits limits_;
  std::string carry_;  // read, but behind the last whole record
  bool at_end_ = false;
  bool first_ = true;
  uint64_t file_bytes_ = 0;
  std::string error_;
  std::mutex pool_mutex_;
  std::vector<std::unique_ptr<Block>> pool_;
};

}  // namespace kaogong::csv
