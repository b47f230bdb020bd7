#include "infra/redis/result.h"

#include <cstdlib>

namespace kaogong::redis {

std::string_view to_text(ErrorCode code) {
  switch (code) {
    case ErrorCode::kTimeout:
      return "timeout";
    case ErrorCode::kDisconnected:
      return "disconnected";
    case ErrorCode::kOverloaded:
      return "overloaded";
    case ErrorCode::kTooLarge:
      return "too_large";
    case ErrorCode::kReplied:
      return "replied";
    case ErrorCode::kUnexpected:
      return "unexpected";
    case ErrorCode::kClosed:
      return "closed";
  }
  std::abort();
}

std::string_view Error::word() const {
  constexpr size_t kWordBytesMax = 20;
  if (code != ErrorCode::kReplied) return to_text(code);
  const std::string_view first = std::string_view(text).substr(0, text.find(' '));
  if (first.empty() || first.size() > kWordBytesMax) return to_text(code);
  for (const char c : first)
    if (c < 'A' || c > 'Z') return to_text(code);
  return first;
}

}  // namespace kaogong::redis
