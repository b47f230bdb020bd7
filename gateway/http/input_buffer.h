// Bytes that came and were not used yet. A connection that waits for its next request holds none: blocks are shared.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace kaogong::http {

/// Blocks of one size, of one thread.
class BlockPool {
 public:
  explicit BlockPool(size_t block_bytes) : block_bytes_(block_bytes) {}
  size_t block_bytes() const { return block_bytes_; }
  std::unique_ptr<char[]> take() {
    if (free_.empty()) return std::unique_ptr<char[]>(new char[block_bytes_]);
    auto block = std::move(free_.back());
    free_.pop_back();
    return block;
  }
  void give_back(std::unique_ptr<char[]> block) {
    if (free_.size() < kFreeMax) free_.push_back(std::move(block));
  }

 private:
  static constexpr size_t kFreeMax = 64;
  const size_t block_bytes_;
  std::vector<std::unique_ptr<char[]>> free_;
};

/// The input of one connection, in a block of a pool that outlives it.
class InputBuffer {
 public:
  explicit InputBuffer(BlockPool& pool) : pool_(pool) {}
  ~InputBuffer() { release(); }
  InputBuffer(const InputBuffer&) = delete;
  InputBuffer& operator=(const InputBuffer&) = delete;

  bool empty() const { return begin_ == end_; }
  std::string_view bytes() const { return {block_.get() + begin_, end_ - begin_}; }
  std::span<char> first(size_t count) { return {block_.get() + begin_, count}; }
  void take(size_t count) { begin_ += count; }

  /// Room behind the bytes; empty: the block is full of them. Moves the bytes, so that views into them end.
  std::span<char> room() {
    if (block_ == nullptr) block_ = pool_.take();
    if (begin_ == end_) begin_ = end_ = 0;
    if (end_ == pool_.block_bytes() && begin_ > 0) {
      std::memmove(block_.get(), block_.get() + begin_, end_ - begin_);
      end_ -= begin_;
      begin_ = 0;
    }
    return {block_.get() + end_, pool_.block_bytes() - end_};
  }
  void came(size_t count) { end_ += count; }

  /// Gives the block back. Precondition: empty, or the bytes are not wanted any more.
  void release() {
    if (block_ != nullptr) pool_.give_back(std::move(block_));
    block_ = nullptr;
    begin_ = end_ = 0;
  }

 private:
  BlockPool& pool_;
  std::unique_ptr<char[]> block_;
  size_t begin_ = 0, end_ = 0;
};

}  // namespace kaogong::http
