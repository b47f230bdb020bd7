// Bytes from Redis into replies, within bounds. Over hiredis' reader; not for others to include.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "infra/redis/reply.h"

struct redisReader;

namespace kaogong::redis {

/// Takes bytes and gives out whole replies. Memory: at most a reply of `reply_bytes_max` bytes, or one of
/// kReplyValuesMax values, and what was fed at once. Not for several threads.
class ReplyReader {
 public:
  explicit ReplyReader(size_t reply_bytes_max);
  ~ReplyReader();
  ReplyReader(const ReplyReader&) = delete;
  ReplyReader& operator=(const ReplyReader&) = delete;

  void feed(std::string_view bytes);
  /// The next reply; nothing until more bytes are fed, and after a failure.
  std::optional<Reply> next();
  /// Bytes came that are no reply, or a reply beyond the bounds: nothing can be read any more.
  bool failed() const { return failed_; }

  /// What hiredis' callbacks count with.
  struct Budget {
    size_t bytes_max = 0;
    size_t bytes = 0;
    size_t values = 0;
  };

 private:
  struct Free {
    void operator()(redisReader* reader) const;
  };
  Budget budget_;
  std::unique_ptr<redisReader, Free> reader_;
  bool failed_ = false;
};

}  // namespace kaogong::redis
