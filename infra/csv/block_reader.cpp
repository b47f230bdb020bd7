#include "infra/csv/block_reader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "infra/csv/kernel.h"
#include "infra/csv/record_state.h"

namespace kaogong::csv {

namespace {

constexpr size_t kPadding = 64;

/// The end of the last whole record of text that begins with one; 0: there is none.
size_t last_record_end(const char* text, size_t size) {
  if (std::memchr(text, '"', size) == nullptr) {
    const void* feed = memrchr(text, '\n', size);
    return feed == nullptr ? 0 : static_cast<size_t>(static_cast<const char*>(feed) - text) + 1;
  }
  bool malformed = false;
  const size_t end = best_kernel().last_record_end(text, size, &malformed);
  if (!malformed) return end;
  RecordState state;
  size_t last = 0;
  for (size_t at = 0; (at = state.find_end(text, at, size)) != 0;) last = at;
  return last;
}

bool ends_inside_quotes(const char* text, size_t size) {
  const size_t last = last_record_end(text, size);
  RecordState state;
  state.find_end(text, last, size);
  return state.inside_quotes();
}

}  // namespace

Block::Block(size_t capacity) { grow(capacity); }

void Block::grow(size_t capacity) {
  if (capacity <= capacity_) return;
  std::unique_ptr<char[]> bytes(new char[capacity + 2 * kPadding]);  // not zeroed
  std::memset(bytes.get(), 0, kPadding);
  std::memset(bytes.get() + kPadding + capacity, 0, kPadding);
  if (size != 0) std::memcpy(bytes.get() + kPadding, text_, size);
  bytes_ = std::move(bytes);
  text_ = bytes_.get() + kPadding;
  capacity_ = capacity;
}

BlockReader::BlockReader(int fd, Limits limits) : fd_(fd), limits_(limits) {
  struct stat info {};
  if (fstat(fd_, &info) == 0 && S_ISREG(info.st_mode)) file_bytes_ = static_cast<uint64_t>(info.st_size);
  posix_fadvise(fd_, 0, 0, POSIX_FADV_SEQUENTIAL);
}

BlockReader::~BlockReader() {
  if (fd_ >= 0) ::close(fd_);
}

std::unique_ptr<BlockReader> BlockReader::open(const std::string& path, std::string* error, Limits limits) {
  // O_NONBLOCK: opening a pipe would wait for somebody to write to it.
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) {
    *error = std::strerror(errno);
    return nullptr;
  }
  struct stat info {};
  if (fstat(fd, &info) == 0 && !S_ISREG(info.st_mode)) {
    *error = S_ISDIR(info.st_mode) ? "it is a directory" : "it is a device or a pipe, not a file";
    ::close(fd);
    return nullptr;
  }
  return std::make_unique<BlockReader>(fd, limits);
}

/// 0: the end, or an error, which is then set.
size_t BlockReader::read_some(char* out, size_t bytes) {
  if (source_) return source_(out, bytes, &error_);
  for (;;) {
    const ssize_t n = ::read(fd_, out, bytes);
    if (n >= 0) return static_cast<size_t>(n);
    if (errno == EINTR) continue;
    error_ = std::strerror(errno);
    return 0;
  }
}

size_t BlockReader::fill(char* out, size_t bytes) {
  size_t got = 0;
  while (got < bytes && !at_end_) {
    const size_t n = read_some(out + got, bytes - got);
    got += n;
    if (n == 0 || !error_.empty()) at_end_ = true;
  }
  return got;
}

std::unique_ptr<Block> BlockReader::fresh() {
  {
    const std::lock_guard<std::mutex> lock(pool_mutex_);
    if (!pool_.empty()) {
      auto block = std::move(pool_.back());
      pool_.pop_back();
      block->size = block->begin = 0;
      block->first = block->oversized = block->unterminated = false;
      block->oversized_lines = 0;
      block->pending = 0;
      return block;
    }
  }
  return std::make_unique<Block>(limits_.block_bytes + 1);  // one more: a line feed for a last line without one
}

void BlockReader::recycle(std::unique_ptr<Block> block) {
  if (block == nullptr || block->capacity() > limits_.block_bytes + 1) return;  // one that grew is rare: let it go
  const std::lock_guard<std::mutex> lock(pool_mutex_);
  pool_.push_back(std::move(block));
}

std::unique_ptr<Block> BlockReader::next() {
  if (!error_.empty() || (at_end_ && carry_.empty())) return nullptr;
  auto block = fresh();
  block->first = first_;
  block->grow(carry_.size() + 1);
  std::memcpy(block->text(), carry_.data(), carry_.size());
  block->size = carry_.size();
  carry_.clear();
  // A record of record_bytes_max must fit wherever it begins.
  const size_t most = limits_.record_bytes_max + limits_.block_bytes;
  for (;;) {
    block->size += fill(block->text() + block->size, block->capacity() - 1 - block->size);
    if (!error_.empty()) return nullptr;
    if (first_ && block->size >= 3 && std::memcmp(block->text(), "\xEF\xBB\xBF", 3) == 0) block->begin = 3;
    const size_t begin = block->begin;
    if (at_end_) {
      if (block->size == begin) return nullptr;
      block->unterminated = ends_inside_quotes(block->text() + begin, block->size - begin);
      if (block->text()[block->size - 1] != '\n') block->text()[block->size++] = '\n';
      break;
    }
    const size_t end = last_record_end(block->text() + begin, block->size - begin);
    if (end != 0) {
      carry_.assign(block->text() + begin + end, block->size - begin - end);
      block->pending = carry_.size();
      block->size = begin + end;
      break;
    }
    if (block->size >= most) {
      skip_oversized(block.get());
      break;
    }
    block->grow(std::min(2 * block->capacity(), most + 1));
  }
  first_ = false;
  return block;
}

void BlockReader::skip_oversized(Block* block) {
  RecordState state;
  state.find_end(block->text(), block->begin, block->size);
  block->oversized = true;
  std::string piece(limits_.block_bytes, '\0');
  for (;;) {
    const size_t got = fill(piece.data(), piece.size());
    if (got == 0) {
      block->unterminated = state.inside_quotes();
      block->oversized_lines = state.lines() + (block->unterminated ? 0 : 1);
      break;
    }
    if (const size_t end = state.find_end(piece.data(), 0, got); end != 0) {
      block->oversized_lines = state.lines();
      carry_.assign(piece, end, got - end);
      break;
    }
  }
  block->size = std::min(block->size, block->begin + kOversizedPrefixBytes);
}

}  // namespace kaogong::csv
