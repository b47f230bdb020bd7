#include "tests/gateway/http/server_kit.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <charconv>

namespace kaogong::http::test {

namespace {

constexpr int kPatienceS = 30;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return out;
}

Response text(int status, std::string body) {
  Response response;
  response.status = status;
  response.content_type = "text/plain";
  response.body = std::move(body);
  return response;
}

std::string_view name_of(BodySource::State state) {
  static constexpr std::string_view kNames[] = {"more", "end", "gone", "too_large", "timeout", "malformed"};
  return kNames[static_cast<size_t>(state)];
}

Response count(const Request& request, const Values&) {
  std::array<char, 10'000> piece;
  uint64_t bytes = 0;
  for (;;) {
    const auto part = request.stream->read(piece);
    bytes += part.bytes;
    if (part.state != BodySource::State::kMore)
      return text(200, std::to_string(bytes) + " " + std::string(name_of(part.state)));
  }
}

Response stream(const Request&, const Values& values) {
  Response response = text(200, "");
  response.stream = [bytes = std::stoull(values[0])](BodySink& sink) {
    const std::string piece(5'000, 'x');
    for (uint64_t left = bytes; left > 0;) {
      const auto now = std::min<uint64_t>(left, piece.size());
      if (!sink.write(std::string_view(piece).substr(0, now))) return;
      left -= now;
    }
  };
  return response;
}

}  // namespace

void TestRoutes::add(Route route, Answer answer) {
  names_.push_back(
      std::make_unique<std::string>(std::string(to_text(route.method)) + " " + std::string(route.pattern)));
  route.operation_id = *names_.back();
  route.access = Access::kPublic;
  route.handler = [](api::Call&) { return Response{}; };  // never asked: the answers are here
  answers_[*names_.back()] = std::move(answer);
  table_.add(std::move(route));
}

Response TestRoutes::handle(const Request& request, const Route& route, const Values& values) {
  return answers_.find(route.operation_id)->second(request, values);
}

void add_plain_routes(TestRoutes& routes) {
  routes.add({.method = Method::kGet, .pattern = "/hello"},
             [](const Request&, const Values&) { return text(200, "hello"); });
  routes.add({.method = Method::kGet, .pattern = "/inline", .lane = Lane::kInline},
             [](const Request&, const Values&) { return text(200, "inline"); });
  routes.add({.method = Method::kPost, .pattern = "/echo", .body = BodyKind::kJson, .body_bytes_max = 10'000},
             [](const Request& request, const Values&) { return text(200, request.body); });
  routes.add({.method = Method::kPut, .pattern = "/count", .body = BodyKind::kStream, .lane = Lane::kBulk}, count);
  routes.add({.method = Method::kGet, .pattern = "/stream/{bytes}", .lane = Lane::kBulk}, stream);
}

std::string Answered::field(std::string_view name) const {
  const auto at = lower(head).find("\r\n" + std::string(name) + ": ");
  if (at == std::string::npos) return {};
  const auto from = at + name.size() + 4;
  return head.substr(from, head.find("\r\n", from) - from);
}

RawClient::RawClient(uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(port);
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval patience{kPatienceS, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0) close();
}

RawClient::~RawClient() { close(); }

void RawClient::close() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

bool RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

std::string RawClient::receive() { return rest_.empty() ? receive_bytes() : std::exchange(rest_, {}); }

std::string RawClient::receive_bytes() {
  std::array<char, 65'536> piece;
  const auto got = ::recv(socket_, piece.data(), piece.size(), 0);
  return got > 0 ? std::string(piece.data(), static_cast<size_t>(got)) : std::string();
}

std::string RawClient::read_all() {
  std::string all;
  for (auto piece = receive(); !piece.empty(); piece = receive()) all += piece;
  return all;
}

Answered RawClient::read(bool head_only) {
  Answered answer;
  std::string bytes;
  const auto more = [&] {
    const auto piece = receive();
    bytes += piece;
    return !piece.empty();
  };
  size_t end = std::string::npos;
  while ((end = bytes.find("\r\n\r\n")) == std::string::npos)
    if (!more()) return answer;
  answer.head = bytes.substr(0, end + 2);
  bytes.erase(0, end + 4);
  if (answer.head.size() > 12) answer.status = std::stoi(answer.head.substr(9, 3));
  if (head_only || answer.status == 204 || answer.status == 304 || answer.status == 100) {
    answer.whole = true;
  } else if (answer.field("transfer-encoding") == "chunked") {
    for (size_t size = 1; size > 0;) {
      size_t line = std::string::npos;
      while ((line = bytes.find("\r\n")) == std::string::npos)
        if (!more()) return answer;
      std::from_chars(bytes.data(), bytes.data() + line, size, 16);
      while (bytes.size() < line + size + 4)
        if (!more()) return answer;
      answer.body += bytes.substr(line + 2, size);
      bytes.erase(0, line + size + 4);
    }
    answer.whole = true;
  } else if (const auto length = answer.field("content-length"); !length.empty()) {
    const size_t size = std::stoull(length);
    while (bytes.size() < size)
      if (!more()) return answer;
    answer.body = bytes.substr(0, size);
    bytes.erase(0, size);
    answer.whole = true;
  } else {
    while (more()) {
    }
    answer.body = std::exchange(bytes, {});
    answer.whole = true;
  }
  rest_ = std::move(bytes);
  return answer;
}

ServerTest::ServerTest() {
  std::string error;
  logger = log::Logger::open({.level = log::Level::kOff}, clock, &error);
  options.port = 0;
  options.io_threads = 2;
  options.bulk_threads = 2;
  options.drain_timeout_ms = 20'000;
  add_plain_routes(routes);
}

void ServerTest::start() {
  server = std::make_unique<Server>(options, routes.table(), routes, metrics, *logger, clock);
  ASSERT_EQ(server->start(), "");
}

Answered ServerTest::ask(std::string_view bytes) {
  RawClient client(server->port());
  client.send(bytes);
  return client.read();
}

std::string ServerTest::get(std::string_view path, std::string_view fields) {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: test\r\n" + std::string(fields) + "\r\n";
}

}  // namespace kaogong::http::test
