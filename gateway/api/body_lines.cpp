#include "gateway/api/body_lines.h"

#include <algorithm>
#include <cstring>

#include "gateway/api/problem.h"

namespace kaogong::api {

using http::BodySource;

namespace {

constexpr size_t kReadBytes = size_t{256} << 10;

}  // namespace

scheme::Labels line_too_long_fault() { return {"一行超过1 MiB", "the line is longer than 1 MiB"}; }

bool is_type(const std::string* field, std::string_view type) {
  return field != nullptr && field->starts_with(type) &&
         (field->size() == type.size() || (*field)[type.size()] == ';' || (*field)[type.size()] == ' ');
}

std::optional<LinesForm> lines_form(const http::Request& request) {
  const auto* type = request.fields.find("content-type");
  if (is_type(type, "text/csv")) return LinesForm::kCsv;
  if (is_type(type, "application/x-ndjson") || is_type(type, "application/jsonl")) return LinesForm::kNdjson;
  return std::nullopt;
}

http::Response lines_form_refused() {
  return problem(ProblemCode::kUnsupportedMediaType, "send application/x-ndjson, one object a line, or text/csv");
}

std::optional<http::Response> problem_of(BodySource::State state) {
  switch (state) {
    case BodySource::State::kEnd:
    case BodySource::State::kMore:
      return std::nullopt;
    case BodySource::State::kTooLarge:
      return problem(ProblemCode::kTooLarge, "the upload is too large: cut it into several; nothing was stored");
    case BodySource::State::kMalformed:
      return problem(ProblemCode::kMalformedBody, "the body is not what its headers say; nothing was stored");
    case BodySource::State::kTimeout:
      return problem(ProblemCode::kRequestTimeout, "the body did not come to its end in time; nothing was stored");
    case BodySource::State::kGone:
      return problem(ProblemCode::kMalformedBody, "the body broke off before its end; nothing was stored");
  }
  return std::nullopt;
}

csv::Source csv_source(BodySource& body, BodySource::State& end) {
  return [&body, &end](char* out, size_t bytes, std::string* error) -> size_t {
    const auto part = body.read({out, bytes});
    if (part.state == BodySource::State::kMore) return part.bytes;
    end = part.state;
    if (part.state != BodySource::State::kEnd) *error = "the body ends early";
    return 0;
  };
}

BodyLines::BodyLines(BodySource& body) : body_(body), buffer_(new char[kLineBytesMax + kReadBytes]) {}

std::optional<BodyLines::Line> BodyLines::next() {
  while (auto line = next_of_any_kind()) {
    line->number = ++number_;
    if (number_ == 1 && line->text.starts_with("\xEF\xBB\xBF")) line->text.remove_prefix(3);
    if (line->too_long || !std::all_of(line->text.begin(), line->text.end(), is_blank)) return line;
  }
  return std::nullopt;
}

std::optional<BodyLines::Line> BodyLines::next_of_any_kind() {
  bool too_long = false;
  for (;;) {
    const std::string_view have(buffer_.get() + begin_, end_ - begin_);
    const size_t feed = have.find('\n', searched_);
    if (feed != std::string_view::npos || (at_end_ && !have.empty())) {
      const size_t size = std::min(feed, have.size());
      begin_ += std::min(size + 1, have.size());
      searched_ = 0;
      too_long = too_long || size > kLineBytesMax;
      return Line{0, too_long ? std::string_view() : have.substr(0, size), too_long};
    }
    if (at_end_) return too_long ? std::optional<Line>({0, {}, true}) : std::nullopt;
    searched_ = have.size();
    if (have.size() > kLineBytesMax) {
      too_long = true;
      begin_ = end_;
      searched_ = 0;
    }
    fill();
  }
}

void BodyLines::fill() {
  if (begin_ > 0) {
    std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  const size_t room = kLineBytesMax + kReadBytes - end_;
  const auto part = body_.read({buffer_.get() + end_, std::min(room, kReadBytes)});
  end_ += part.bytes;
  if (part.state == BodySource::State::kMore) return;
  at_end_ = true;
  state_ = part.state;
}

}  // namespace kaogong::api
