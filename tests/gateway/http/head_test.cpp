// The strict reader of heads: what it takes, and a corpus of what it must not take, each with what would follow if it
// did. Beast's parser, which takes a good deal more, must at least agree on everything that ours takes.
#include "gateway/http/head.h"

#include <gtest/gtest.h>

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <string>
#include <vector>

#include "gateway/http/chunk_decoder.h"

namespace kaogong::http {
namespace {

struct Read {
  std::string text;
  Head head;
  std::optional<HeadFault> fault;
};

/// Reads a head as a connection does: its end first, piece by piece.
Read read(std::string text, size_t piece = 7, const HeadLimits& limits = {}) {
  Read read{std::move(text), {}, {}};
  HeadEnd end;
  size_t head_bytes = 0;
  for (size_t came = 0; came < read.text.size() && head_bytes == 0;) {
    came = std::min(came + piece, read.text.size());
    read.fault = end.look(std::string_view(read.text).substr(0, came), &head_bytes);
    if (read.fault) return read;
  }
  if (head_bytes == 0) {
    read.fault = HeadFault::kTooLarge;  // as it would be in the end
    return read;
  }
  read.fault = parse_head(std::span(read.text).first(head_bytes), limits, &read.head);
  return read;
}

std::string with(std::string_view fields, std::string_view line = "POST /v1/x HTTP/1.1") {
  return std::string(line) + "\r\nHost: a\r\n" + std::string(fields) + "\r\n";
}

TEST(Head, is_read) {
  const auto got =
      read("GET /v1/people?page_size=3 HTTP/1.1\r\nhOST:  api.example:8620 \t\r\nX-Empty:\r\nAccept:a, b\r\n\r\n");
  ASSERT_FALSE(got.fault) << to_text(*got.fault);
  EXPECT_EQ(got.head.method, Method::kGet);
  EXPECT_EQ(got.head.target, "/v1/people?page_size=3");
  EXPECT_EQ(*got.head.find("host"), "api.example:8620");
  EXPECT_EQ(*got.head.find("x-empty"), "");
  EXPECT_EQ(*got.head.find("accept"), "a, b");
  EXPECT_EQ(got.head.find("cookie"), nullptr);
  EXPECT_TRUE(got.head.keep_alive);
  EXPECT_EQ(got.head.framing, Framing::kNone);
}

TEST(Head, says_where_the_body_ends) {
  EXPECT_EQ(read(with("Content-Length: 0\r\n")).head.framing, Framing::kNone);
  const auto length = read(with("Content-Length: 00123\r\n"));
  EXPECT_EQ(length.head.framing, Framing::kLength);
  EXPECT_EQ(length.head.length, 123u);
  EXPECT_EQ(read(with("Transfer-Encoding: Chunked\r\n")).head.framing, Framing::kChunked);
  EXPECT_TRUE(read(with("Content-Length: 1\r\nExpect: 100-Continue\r\n")).head.expects_continue);
  EXPECT_FALSE(read(with("Expect: 100-continue\r\n")).head.expects_continue);
}

TEST(Head, says_whether_the_connection_stays) {
  EXPECT_FALSE(read(with("Connection: close\r\n")).head.keep_alive);
  EXPECT_FALSE(read(with("Connection: foo, Close\r\n")).head.keep_alive);
  EXPECT_FALSE(read(with("Connection: keep-alive\r\nConnection: close\r\n")).head.keep_alive);
  EXPECT_TRUE(read(with("Connection: upgrade\r\n")).head.keep_alive);
  EXPECT_TRUE(read(with("Connection: , keep-alive ,\r\n")).head.keep_alive);
  EXPECT_TRUE(read(with("Connection:\r\n")).head.keep_alive);
  EXPECT_TRUE(read(with("Proxy-Connection: close\r\n")).head.keep_alive);
  EXPECT_FALSE(read(with("", "GET / HTTP/1.0")).head.keep_alive);
  EXPECT_TRUE(read(with("Connection: Keep-Alive\r\n", "GET / HTTP/1.0")).head.keep_alive);
  EXPECT_FALSE(read("GET / HTTP/1.0\r\n\r\n").fault);
}

struct Refusal {
  std::string text;
  HeadFault fault;
};

/// What has been used to smuggle requests past a server, and its relatives.
std::vector<Refusal> corpus() {
  using F = HeadFault;
  std::vector<Refusal> all;
  const auto add = [&](F fault, std::string fields) { all.push_back({with(fields), fault}); };
  // Transfer-Encoding that is not simply `chunked`.
  for (const char* value :
       {"gzip", "identity", "chunked, identity", "gzip, chunked", "chunked, chunked", "xchunked", "chunked;q=1",
        "\"chunked\"", "chunked,", ", chunked", "", "chunk", "chunked x", "cow", "'chunked'", "chunked\t, x"})
    add(F::kTransferEncoding, std::string("Transfer-Encoding: ") + value + "\r\n");
  add(F::kTransferEncoding, "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n");
  add(F::kTransferEncoding, "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n");
  add(F::kTransferEncoding, "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n");
  add(F::kTransferEncoding, "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n");
  add(F::kTransferEncoding, "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n");
  add(F::kTransferEncoding, "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n");
  all.push_back({"POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", F::kTransferEncoding});
  // Names that some read as Transfer-Encoding or Content-Length.
  for (const char* name : {"Transfer-Encoding ", "Transfer-Encoding\t", " Transfer-Encoding", "\tTransfer-Encoding",
                           "Transfer\x01"
                           "Encoding",
                           "Transfer Encoding", "Content-Length ", "\xC3\xA9", "", "Transfer-Encoding\xA0",
                           "Transfer-Encoding\"", "Content-Length(", "X[y]"}) {
    const bool folded = name[0] == ' ' || name[0] == '\t';
    add(folded ? F::kFolded : F::kFieldName, std::string(name) + ": chunked\r\n");
  }
  add(F::kFieldName, "no colon\r\n");
  add(F::kFolded, "X: a\r\n b\r\n");
  add(F::kFolded, "X: a\r\n\tTransfer-Encoding: chunked\r\n");
  add(F::kTransferEncoding, "Transfer-Encoding:\r\n chunked\r\n");
  add(F::kContentLength, "Content-Length:\r\n 5\r\n");
  // Content-Length that is not one number.
  for (const char* value : {"5, 5", "5,6", "+5", "-5", "-0", "5 5", "0x5", "5.0", "5e1", "", "٥", "5;", "\"5\"", "5a",
                            "99999999999999999999", "18446744073709551616", "1 ", "1_0"})
    if (std::string_view(value) != "1 ") add(F::kContentLength, std::string("Content-Length: ") + value + "\r\n");
  add(F::kContentLength, "Content-Length: 5\r\nContent-Length: 5\r\n");
  add(F::kContentLength, "Content-Length: 5\r\nContent-Length: 6\r\n");
  add(F::kContentLength, "Content-Length: 5\r\ncontent-length: 5\r\n");
  // Line ends.
  add(F::kLineEnd, "X: a\nY: b\r\n");
  add(F::kLineEnd, "X: a\n\r\n");
  add(F::kLineEnd, "X: a\rTransfer-Encoding: chunked\r\n");
  add(F::kLineEnd, "X: a\r\rY: b\r\n");
  all.push_back({"GET / HTTP/1.1\nHost: a\n\n", F::kLineEnd});
  all.push_back({"GET / HTTP/1.1\r\nHost: a\r\n\n", F::kLineEnd});
  all.push_back({"GET / HTTP/1.1\rHost: a\r\n\r\n", F::kLineEnd});
  all.push_back({"\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", F::kRequestLine});
  // Values.
  add(F::kFieldValue, std::string("X: a") + '\0' + "b\r\n");
  add(F::kFieldValue, "X: \x01\r\n");
  add(F::kFieldValue, "X: a\x7F\r\n");
  add(F::kFieldValue, "X: a\x0BTransfer-Encoding: chunked\r\n");
  add(F::kFieldValue, "X: a\x0C\r\n");
  // Host.
  all.push_back({"GET / HTTP/1.1\r\n\r\n", F::kHost});
  all.push_back({"GET / HTTP/1.1\r\nHost:\r\n\r\n", F::kHost});
  for (const char* value : {"a", "b", ""}) add(F::kHost, std::string("Host: ") + value + "\r\n");
  for (const char* value : {"a b", "a/b", "a@b", "a?b", "a#b", "a\\b", "<a>"})
    all.push_back({std::string("GET / HTTP/1.1\r\nHost: ") + value + "\r\n\r\n", F::kHost});
  // What decides who calls or what is meant.
  for (const char* name :
       {"Authorization", "Content-Type", "Content-Encoding", "Idempotency-Key", "Kaogong-Tenant", "If-Match"})
    add(F::kTwice, std::string(name) + ": a\r\n" + name + ": b\r\n");
  add(F::kExpect, "Expect: 200-ok\r\n");
  // What decides whether the connection stays.
  for (const char* value : {"close keep-alive", "close;x", "\"close\"", "close, a b", "close\xA0", "a/b", "(close)"})
    for (const char* name : {"Connection", "Proxy-Connection"})
      add(F::kConnection, std::string(name) + ": " + value + "\r\n");
  // The request line.
  for (const char* line : {"GET  / HTTP/1.1", "GET / HTTP/1.1 ", " GET / HTTP/1.1", "GET /", "GET", "",
                           "GET / x HTTP/1.1", "GET\t/ HTTP/1.1", "GET / HTTP/1.11", "GET / http/1.1", "GET / HTTP/11",
                           "G(T / HTTP/1.1", "GET / HTTPS/1.1", "GET /  HTTP/1.1"})
    if (line[0] != '\0') all.push_back({with("", line), F::kRequestLine});
  for (const char* line : {"GET / HTTP/2.0", "GET / HTTP/1.2", "GET / HTTP/0.9"})
    all.push_back({with("", line), F::kVersion});
  for (const char* line : {"PRI * HTTP/2.0"}) all.push_back({with("", line), F::kVersion});
  for (const char* line :
       {"GET http://a/ HTTP/1.1", "GET * HTTP/1.1", "CONNECT a:443 HTTP/1.1", "GET a HTTP/1.1", "GET /a#b HTTP/1.1",
        "GET /a\\b HTTP/1.1", "GET /\x7F HTTP/1.1", "GET /\xC3\xA9 HTTP/1.1", "GET /\"a HTTP/1.1", "GET /<a HTTP/1.1",
        "GET /^ HTTP/1.1", "GET /`a HTTP/1.1", "GET /{a} HTTP/1.1"})
    all.push_back({with("", line), F::kTarget});
  for (const char* line : {"TRACE / HTTP/1.1", "FOO / HTTP/1.1", "get / HTTP/1.1", "CONNECT / HTTP/1.1"})
    all.push_back({with("", line), F::kMethod});
  return all;
}

TEST(Head, of_another_form_is_refused) {
  for (const auto& refusal : corpus()) {
    for (const size_t piece : {size_t{1}, size_t{1000}}) {
      const auto got = read(refusal.text, piece);
      ASSERT_TRUE(got.fault) << refusal.text;
      EXPECT_EQ(to_text(*got.fault), to_text(refusal.fault)) << refusal.text;
      EXPECT_GE(status_of(*got.fault), 400) << refusal.text;
    }
  }
}

TEST(Head, is_bounded) {
  const HeadLimits limits{.bytes_max = 1000, .fields_max = 5, .target_bytes_max = 100};
  EXPECT_FALSE(read(with("A: 1\r\nB: 1\r\nC: 1\r\nD: 1\r\n"), 7, limits).fault);
  EXPECT_EQ(read(with("A: 1\r\nB: 1\r\nC: 1\r\nD: 1\r\nE: 1\r\n"), 7, limits).fault, HeadFault::kTooManyFields);
  EXPECT_FALSE(read(with("", "GET /" + std::string(99, 'a') + " HTTP/1.1"), 7, limits).fault);
  EXPECT_EQ(read(with("", "GET /" + std::string(100, 'a') + " HTTP/1.1"), 7, limits).fault, HeadFault::kTargetTooLong);
  EXPECT_EQ(read(with("X: " + std::string(1000, 'a') + "\r\n"), 7, limits).fault, HeadFault::kTooLarge);
}

/// Whoever is in front of the server may be another parser: where ours takes a head, both must mean the same.
TEST(Head, means_to_others_what_it_means_to_us) {
  namespace beast = boost::beast::http;
  const std::string texts[] = {
      with("Content-Length: 5\r\n"),
      with("Content-Length: 007\r\n"),
      with("Transfer-Encoding: chunked\r\n"),
      with("Connection: , close\t,,\r\nX: a b\tc\r\nY:\r\n", "GET /a/b%20c?d=e&f HTTP/1.1"),
      with("X-Utf8: \xC3\xA9\r\n", "DELETE / HTTP/1.0"),
  };
  for (const auto& text : texts) {
    const auto ours = read(text);
    ASSERT_FALSE(ours.fault) << text;
    beast::request_parser<beast::string_body> parser;
    boost::system::error_code error;
    parser.put(boost::asio::buffer(text), error);
    ASSERT_TRUE(parser.is_header_done()) << text;
    EXPECT_EQ(parser.get().target(), ours.head.target);
    EXPECT_EQ(parser.chunked(), ours.head.framing == Framing::kChunked);
    EXPECT_EQ(parser.content_length().value_or(0), ours.head.length);
    EXPECT_EQ(parser.keep_alive(), ours.head.keep_alive);
    size_t count = 0;
    for (const auto& field : parser.get()) {
      EXPECT_EQ(field.value(), ours.head.fields[count].value);
      ++count;
    }
    EXPECT_EQ(count, ours.head.fields.size());
  }
}

std::pair<std::string, ChunkDecoder::State> decode(std::string_view bytes, size_t piece) {
  ChunkDecoder decoder;
  std::string data;
  auto state = ChunkDecoder::State::kMore;
  for (size_t at = 0; at < bytes.size() && state == ChunkDecoder::State::kMore;) {
    const auto step = decoder.step(bytes.substr(at, piece));
    data += step.data;
    at += step.consumed;
    state = step.state;
  }
  return {data, state};
}

TEST(Chunks, are_put_together) {
  using State = ChunkDecoder::State;
  const std::pair<std::string, State> whole{"hello world", State::kEnd};
  for (const size_t piece : {size_t{1}, size_t{3}, size_t{100}}) {
    EXPECT_EQ(decode("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\nGET ", piece), whole);
    EXPECT_EQ(decode("05;a=b\r\nhello\r\n006 ;x=\"y\"\r\n world\r\n000\r\n\r\n", piece).second, State::kMalformed);
    EXPECT_EQ(decode("05;a=b\r\nhello\r\n006;x=\"y\"\r\n world\r\n000\r\n\r\n", piece), whole);
    for (const char* bad : {"g\r\n", "\r\n", ";a\r\n", "5\nhello", "5\r\nhello\n", "5\r\nhelloX\r\n", "-1\r\n",
                            "+5\r\n", "0x5\r\n", " 5\r\n", "5 \r\n", "5\r\rhello", "123456789\r\n", "5;\x01\r\n",
                            "5;a\nb\r\n", "0\r\n\n", "5\r\nhello\r\n\r\n", "ffffffffffffffff\r\n", "5;a\r\r\n"})
      EXPECT_EQ(decode(bad, piece).second, State::kMalformed) << bad;
    for (const char* trailers : {"0\r\nX: y\r\n\r\n", "0\r\nAuthorization: Bearer x\r\n\r\n", "0\r\n \r\n\r\n"})
      EXPECT_EQ(decode(trailers, piece).second, State::kTrailers) << trailers;
  }
}

TEST(Chunks, have_few_extensions) {
  const std::string most = "5;" + std::string(kChunkExtensionBytesMax, 'a') + "\r\nhello\r\n0\r\n\r\n";
  EXPECT_EQ(decode(most, 100).second, ChunkDecoder::State::kEnd);
  const std::string more = "5;" + std::string(kChunkExtensionBytesMax, 'a') + "\r\nhello\r\n0;a\r\n\r\n";
  EXPECT_EQ(decode(more, 100).second, ChunkDecoder::State::kMalformed);
}

}  // namespace
}  // namespace kaogong::http
