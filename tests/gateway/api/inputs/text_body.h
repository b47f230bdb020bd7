// A body that is a text, in pieces of any size.
#pragma once

#include <algorithm>
#include <string>

#include "gateway/http/message.h"

namespace kaogong::api::test {

class TextBody : public http::BodySource {
 public:
  explicit TextBody(std::string text, size_t piece = 1'000, State end = State::kEnd)
      : text_(std::move(text)), piece_(piece), end_(end) {}
  Part read(std::span<char> into) override {
    const size_t bytes = std::min({piece_, into.size(), text_.size() - at_});
    if (bytes == 0) return {0, end_};
    text_.copy(into.data(), bytes, at_);
    at_ += bytes;
    return {bytes, State::kMore};
  }

 private:
  std::string text_;
  size_t piece_, at_ = 0;
  State end_;
};

}  // namespace kaogong::api::test
