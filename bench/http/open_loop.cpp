// Sends GET requests at a fixed rate, whatever becomes of them, and times each from the moment at which it was due:
// what waits because others are late counts as late, too (an open loop; wrk asks only when it was answered).
//
//   open_loop PORT PATH RATE SECONDS CONNECTIONS [FIELD: VALUE]...     of 127.0.0.1; PATH may be @FILE: one path a line
//
// One line of JSON: requests asked and answered, their percentiles in microseconds, and how many were no success.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::microseconds;
using std::chrono::nanoseconds;

/// After the last request was due.
constexpr std::chrono::seconds kPatience{5};

[[noreturn]] void die(const std::string& why) {
  std::fprintf(stderr, "open_loop: %s\n", why.c_str());
  std::exit(1);
}

size_t number_of(std::string_view text) {
  size_t number = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), number).ec != std::errc{} || number == 0)
    die("'" + std::string(text) + "' is no number above 0");
  return number;
}

struct Connection {
  int socket = -1;
  bool is_busy = false;
  Clock::time_point due;
  std::string in;
};

int connect_to(size_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int on = 1;
  if (socket < 0 || ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0)
    die("nobody listens at port " + std::to_string(port));
  return socket;
}

/// Whether a whole answer is there; its status.
int whole_answer(std::string_view in) {
  const size_t head = in.find("\r\n\r\n");
  if (head == std::string_view::npos) return 0;
  std::string lower(in.substr(0, head + 2));
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
  constexpr std::string_view kLength = "\r\ncontent-length: ";
  const size_t at = lower.find(kLength);
  if (at == std::string::npos) die("an answer without Content-Length");
  size_t length = 0;
  std::from_chars(lower.data() + at + kLength.size(), lower.data() + lower.size(), length);
  if (in.size() < head + 4 + length) return 0;
  int status = 0;
  std::from_chars(lower.data() + std::string_view("http/1.1 ").size(), lower.data() + lower.size(), status);
  return status;
}

class Load {
 public:
  Load(size_t port, std::vector<std::string> requests, size_t connections)
      : requests_(std::move(requests)), epoll_(::epoll_create1(0)), connections_(connections) {
    for (auto& connection : connections_) {
      connection.socket = connect_to(port);
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.ptr = &connection;
      ::epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.socket, &event);
      idle_.push_back(&connection);
    }
  }

  void run(size_t rate, size_t seconds) {
    const size_t count = rate * seconds;
    latencies_.reserve(count);
    const auto began = Clock::now();
    const auto due_at = [&](size_t i) { return began + nanoseconds(i * 1'000'000'000 / rate); };
    const auto end = due_at(count) + kPatience;
    while (latencies_.size() < count) {
      auto now = Clock::now();
      if (now > end) break;
      for (; asked_ < count && due_at(asked_) <= now; ++asked_) waiting_.push_back(due_at(asked_));
      while (!waiting_.empty() && !idle_.empty()) send_next();
      now = Clock::now();
      const auto next = asked_ < count ? due_at(asked_) : end;
      wait(std::max(nanoseconds(0), std::chrono::duration_cast<nanoseconds>(next - now)));
    }
  }

  void print() {
    std::sort(latencies_.begin(), latencies_.end());
    const auto at = [&](double part) {
      return latencies_.empty()
                 ? 0L
                 : static_cast<long>(
                       latencies_[static_cast<size_t>(part * static_cast<double>(latencies_.size() - 1))]);
    };
    std::printf("{\"asked\":%zu,\"answered\":%zu,\"p50\":%ld,\"p99\":%ld,\"p999\":%ld,\"max\":%ld,\"bad\":%zu}\n",
                asked_, latencies_.size(), at(0.5), at(0.99), at(0.999), at(1), bad_);
  }

 private:
  void send_next() {
    Connection& connection = *idle_.front();
    idle_.pop_front();
    connection.is_busy = true;
    connection.due = waiting_.front();
    waiting_.pop_front();
    const std::string& request = requests_[sent_++ % requests_.size()];
    if (::send(connection.socket, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size()))
      die("a request could not be sent");
  }

  void wait(nanoseconds longest) {
    epoll_event events[64];
    const timespec timeout{static_cast<time_t>(longest.count() / 1'000'000'000),
                           static_cast<long>(longest.count() % 1'000'000'000)};
    const int ready = ::epoll_pwait2(epoll_, events, 64, &timeout, nullptr);
    if (ready < 0 && errno != EINTR) die("epoll_pwait2 failed");
    for (int i = 0; i < ready; ++i) receive(*static_cast<Connection*>(events[i].data.ptr));
  }

  void receive(Connection& connection) {
    char bytes[16'384];
    const auto got = ::recv(connection.socket, bytes, sizeof bytes, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0 || !connection.is_busy) die("the server closed a connection");
    connection.in.append(bytes, static_cast<size_t>(got));
    const int status = whole_answer(connection.in);
    if (status == 0) return;
    latencies_.push_back(std::chrono::duration_cast<microseconds>(Clock::now() - connection.due).count());
    bad_ += status == 200 ? 0 : 1;
    connection.in.clear();
    connection.is_busy = false;
    idle_.push_back(&connection);
  }

  const std::vector<std::string> requests_;
  const int epoll_;
  std::vector<Connection> connections_;
  std::deque<Connection*> idle_;
  std::deque<Clock::time_point> waiting_;  // when each of those that are due and not sent was due
  std::vector<int64_t> latencies_;
  size_t asked_ = 0, sent_ = 0, bad_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 6) die("usage: open_loop PORT PATH RATE SECONDS CONNECTIONS [FIELD: VALUE]...");
  std::vector<std::string> paths;
  if (argv[2][0] == '@') {
    std::ifstream file(argv[2] + 1);
    for (std::string line; std::getline(file, line);) paths.push_back(line);
    if (paths.empty()) die(std::string("no paths in ") + (argv[2] + 1));
  } else {
    paths.emplace_back(argv[2]);
  }
  std::vector<std::string> requests;
  for (const auto& path : paths) {
    std::string request = "GET " + path + " HTTP/1.1\r\nHost: b\r\n";
    for (int i = 6; i < argc; ++i) request.append(argv[i]).append("\r\n");
    requests.push_back(request + "\r\n");
  }
  Load load(number_of(argv[1]), std::move(requests), number_of(argv[5]));
  load.run(number_of(argv[3]), number_of(argv[4]));
  load.print();
}
