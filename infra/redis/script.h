// A Lua script that Redis keeps.
#pragma once

#include <string>
#include <string_view>

namespace kaogong::redis {

/// Make one for each script, once: it computes the hash that Redis knows it by.
class Script {
 public:
  explicit Script(std::string_view body);
  const std::string& body() const { return body_; }
  /// SHA-1 in hexadecimal, which is EVALSHA's name for it; no secret depends on it.
  const std::string& sha() const { return sha_; }

 private:
  std::string body_, sha_;
};

}  // namespace kaogong::redis
