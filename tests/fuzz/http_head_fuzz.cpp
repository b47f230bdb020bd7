// Fuzz target: any bytes as the head of a request and as a chunked body. Neither may depend on how the bytes come in
// pieces; and what our strict reader takes, Beast's must take and read the same: a request must not mean one thing here
// and another to whoever stands in front of the server.
#include <algorithm>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/http/chunk_decoder.h"
#include "gateway/http/coding.h"
#include "gateway/http/head.h"
#include "gateway/http/proxies.h"
#include "gateway/http/target.h"

using namespace kaogong::http;
namespace beast = boost::beast::http;

namespace {

void demand(bool holds) {
  if (!holds) std::abort();
}

size_t end_of(std::string_view bytes, size_t piece, bool* is_faulty) {
  HeadEnd end;
  size_t head_bytes = 0;
  for (size_t came = 0; came < bytes.size() && head_bytes == 0;) {
    came = std::min(came + piece, bytes.size());
    if (end.look(bytes.substr(0, came), &head_bytes)) {
      *is_faulty = true;
      return 0;
    }
  }
  return head_bytes;
}

void compare(const std::string& text, const Head& ours) {
  beast::request_parser<beast::string_body> parser;
  parser.header_limit(1 << 20);
  parser.body_limit(UINT64_MAX);
  boost::system::error_code error;
  parser.put(boost::asio::buffer(text), error);
  demand(parser.is_header_done());
  demand(parser.get().target() == ours.target);
  demand(parser.get().method_string() == to_text(ours.method));
  demand(parser.chunked() == (ours.framing == Framing::kChunked));
  if (ours.framing == Framing::kLength) demand(parser.content_length().value_or(0) == ours.length);
  // Beast puts the fields of one name side by side.
  std::vector<std::pair<std::string, std::string>> theirs, mine;
  const auto lower = [](std::string name) {
    for (char& c : name)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return name;
  };
  for (const auto& field : parser.get())
    theirs.emplace_back(lower(std::string(field.name_string())), std::string(field.value()));
  for (const auto& field : ours.fields) mine.emplace_back(lower(std::string(field.name)), std::string(field.value));
  const auto by_name = [](const auto& a, const auto& b) { return a.first < b.first; };
  std::stable_sort(theirs.begin(), theirs.end(), by_name);
  std::stable_sort(mine.begin(), mine.end(), by_name);
  demand(theirs == mine);
}

void decode(std::string_view bytes) {
  const auto all = [&](size_t piece) {
    ChunkDecoder decoder;
    std::string data;
    auto state = ChunkDecoder::State::kMore;
    size_t at = 0;
    while (at < bytes.size() && state == ChunkDecoder::State::kMore) {
      const auto step = decoder.step(bytes.substr(at, piece));
      demand(step.consumed > 0);
      data += step.data;
      at += step.consumed;
      state = step.state;
    }
    return std::tuple(data, state, at);
  };
  demand(all(1) == all(bytes.size() + 1));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  decode(bytes);
  static_cast<void>(choose_coding(bytes));
  static_cast<void>(TrustedProxies::parse(bytes));
  if (const auto target = parse_target(bytes)) demand(target->path.starts_with('/'));
  bool is_faulty = false, is_faulty_in_pieces = false;
  const size_t whole = end_of(bytes, size + 1, &is_faulty);
  demand(whole == end_of(bytes, 3, &is_faulty_in_pieces) && is_faulty == is_faulty_in_pieces);
  if (whole == 0) return 0;
  const std::string text(bytes.substr(0, whole));
  std::string ours = text;
  Head head;
  if (const auto fault = parse_head(std::span(ours), {}, &head)) {
    demand(status_of(*fault) >= 400 && !to_text(*fault).empty());
  } else {
    compare(text, head);
  }
  return 0;
}
