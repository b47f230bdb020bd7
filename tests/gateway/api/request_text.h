// Parts of requests and answers as fixtures take them apart.
#pragma once

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/http/message.h"

namespace kaogong::api::test {

/// Takes a streamed answer whole.
class TextSink : public http::BodySink {
 public:
  bool write(std::string_view bytes) override {
    text += bytes;
    return true;
  }
  bool flush() override { return true; }
  std::string text;
};

/// Percent-decoded; what is no escape stays.
inline std::string decoded(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    int byte = 0;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(text.data() + i + 1, text.data() + i + 3, byte, 16).ptr == text.data() + i + 3) {
      out += static_cast<char>(byte);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

inline std::vector<http::Parameter> query_of(std::string_view text) {
  std::vector<http::Parameter> query;
  while (!text.empty()) {
    const size_t end = std::min(text.find('&'), text.size());
    const auto one = text.substr(0, end);
    const size_t equals = std::min(one.find('='), one.size());
    query.push_back({decoded(one.substr(0, equals)), decoded(one.substr(std::min(equals + 1, one.size())))});
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return query;
}

}  // namespace kaogong::api::test
