// A reply of Redis, as it came.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace kaogong::redis {

struct Reply {
  enum class Kind : uint8_t { kNil, kInteger, kString, kStatus, kError, kArray };
  Kind kind = Kind::kNil;
  int64_t integer = 0;
  std::string text;  // of a string (any bytes), a status or an error
  std::vector<Reply> elements;
};

}  // namespace kaogong::redis
