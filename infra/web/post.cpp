#include "infra/web/post.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>

namespace kaogong::web {

namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kAnswerHeadBytesMax = 4'096;  // in which the status must be

class Socket {
 public:
  explicit Socket(int fd) : fd_(fd) {}
  ~Socket() {
    if (fd_ >= 0) ::close(fd_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

/// Waits until the socket can go on; false: the time is up.
bool wait_for(int fd, short events, Clock::time_point deadline) {
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return false;
    pollfd one = {fd, events, 0};
    const int ready = ::poll(&one, 1, static_cast<int>(left));
    if (ready > 0) return true;
    if (ready == 0 || errno != EINTR) return false;
  }
}

bool connect_to(int fd, const Address& address, Clock::time_point deadline) {
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address.bytes), address.size) == 0) return true;
  if (errno != EINPROGRESS || !wait_for(fd, POLLOUT, deadline)) return false;
  int error = 0;
  socklen_t size = sizeof error;
  return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0;
}

/// Bytes to and from the other side, plain or by TLS.
class Channel {
 public:
  Channel(int fd, Clock::time_point deadline) : fd_(fd), deadline_(deadline) {}

  /// False: no TLS, or the certificate is not that of the name.
  bool secure(const Url& url, const std::string& ca_file) {
    context_.reset(SSL_CTX_new(TLS_client_method()));
    if (context_ == nullptr || SSL_CTX_set_min_proto_version(context_.get(), TLS1_2_VERSION) != 1) return false;
    const int trusted = ca_file.empty() ? SSL_CTX_set_default_verify_paths(context_.get())
                                        : SSL_CTX_load_verify_locations(context_.get(), ca_file.c_str(), nullptr);
    if (trusted != 1) return false;
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
    ssl_.reset(SSL_new(context_.get()));
    if (ssl_ == nullptr || SSL_set_fd(ssl_.get(), fd_) != 1) return false;
    const bool is_number = parse_address(url.host, 0).size != 0;
    auto* checks = SSL_get0_param(ssl_.get());
    if (is_number) {
      if (X509_VERIFY_PARAM_set1_ip_asc(checks, url.host.c_str()) != 1) return false;
    } else {
      X509_VERIFY_PARAM_set_hostflags(checks, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
      if (X509_VERIFY_PARAM_set1_host(checks, url.host.c_str(), 0) != 1) return false;
      if (SSL_set_tlsext_host_name(ssl_.get(), url.host.c_str()) != 1) return false;
    }
    return repeat([&] { return SSL_connect(ssl_.get()); }) > 0;
  }

  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent =
          ssl_ ? repeat([&] { return SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())); })
               : plain(POLLOUT, [&] { return ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL); });
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(sent));
    }
    return true;
  }

  /// 0: the end, or an error, or the time is up.
  size_t receive(char* out, size_t bytes) {
    const auto got = ssl_ ? repeat([&] { return SSL_read(ssl_.get(), out, static_cast<int>(bytes)); })
                          : plain(POLLIN, [&] { return ::recv(fd_, out, bytes, 0); });
    return got > 0 ? static_cast<size_t>(got) : 0;
  }

 private:
  template <typename Step>
  int repeat(const Step& step) {
    for (;;) {
      ERR_clear_error();
      const int done = step();
      if (done > 0) return done;
      const int why = SSL_get_error(ssl_.get(), done);
      const short events = why == SSL_ERROR_WANT_READ ? POLLIN : why == SSL_ERROR_WANT_WRITE ? POLLOUT : short{0};
      if (events == 0 || !wait_for(fd_, events, deadline_)) return -1;
    }
  }
  template <typename Step>
  ssize_t plain(short events, const Step& step) {
    for (;;) {
      const ssize_t done = step();
      if (done >= 0) return done;
      if (errno == EINTR) continue;
      if ((errno != EAGAIN && errno != EWOULDBLOCK) || !wait_for(fd_, events, deadline_)) return -1;
    }
  }

  struct Free {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };
  int fd_;
  Clock::time_point deadline_;
  std::unique_ptr<SSL_CTX, Free> context_;
  std::unique_ptr<SSL, Free> ssl_;
};

/// The status of `HTTP/1.1 204 …`; 0: that is no answer.
int status_of(std::string_view head) {
  if (head.size() < 12 || !head.starts_with("HTTP/1.") || head[8] != ' ') return 0;
  int status = 0;
  for (const char c : head.substr(9, 3)) {
    if (c < '0' || c > '9') return 0;
    status = status * 10 + (c - '0');
  }
  return status >= 100 ? status : 0;
}

std::string request_of(const Url& url, const std::vector<std::pair<std::string, std::string>>& fields,
                       std::string_view body) {
  const bool is_six = url.host.find(':') != std::string::npos;
  const bool usual_port = url.port == (url.secure ? 443 : 80);
  std::string text = "POST " + url.target + " HTTP/1.1\r\nHost: " + (is_six ? "[" + url.host + "]" : url.host) +
                     (usual_port ? "" : ":" + std::to_string(url.port)) +
                     "\r\nUser-Agent: kaogong\r\nContent-Type: application/json\r\nConnection: close\r\n";
  for (const auto& [name, value] : fields) text += name + ": " + value + "\r\n";
  text += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  text += body;
  return text;
}

}  // namespace

std::vector<Address> resolve_by_system(const std::string& host, uint16_t port) {
  addrinfo hints = {};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) return {};
  std::vector<Address> addresses;
  for (const auto* one = found; one != nullptr; one = one->ai_next) {
    Address address;
    std::memcpy(&address.bytes, one->ai_addr, one->ai_addrlen);
    address.size = one->ai_addrlen;
    addresses.push_back(address);
  }
  ::freeaddrinfo(found);
  return addresses;
}

Posted post(const Url& url, const std::vector<std::pair<std::string, std::string>>& fields, std::string_view body,
            const PostOptions& options) {
  if (!url.secure && !options.allow_private) return {0, "only https:// is taken"};
  const auto addresses = options.resolve(url.host, url.port);
  if (addresses.empty()) return {0, "the name has no address"};
  if (!options.allow_private && !std::all_of(addresses.begin(), addresses.end(), is_public))
    return {0, "the name leads to an address that is not public"};
  const auto deadline = Clock::now() + std::chrono::milliseconds(options.timeout_ms);
  const Address& address = addresses.front();
  const Socket socket(::socket(address.bytes.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (socket.fd() < 0) return {0, "no socket"};
  if (!connect_to(socket.fd(), address, deadline)) return {0, "it cannot be connected to"};
  Channel channel(socket.fd(), deadline);
  if (url.secure && !channel.secure(url, options.ca_file))
    return {0, "no TLS connection: the certificate must be valid, of that name, and TLS at least 1.2"};
  if (!channel.send(request_of(url, fields, body))) return {0, "the connection broke while the message was sent"};
  std::string head;
  char block[512];
  while (head.find('\n') == std::string::npos && head.size() < kAnswerHeadBytesMax) {
    const size_t bytes = channel.receive(block, sizeof block);
    if (bytes == 0) break;
    head.append(block, bytes);
  }
  const int status = status_of(head);
  return status == 0 ? Posted{0, "there was no answer in time, or none of HTTP"} : Posted{status, {}};
}

}  // namespace kaogong::web
