#include "gateway/http/transport.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <climits>

namespace kaogong::http {

namespace {

constexpr char kTlsAlert = 21;

int bounded(size_t bytes) { return static_cast<int>(std::min<size_t>(bytes, INT_MAX)); }

}  // namespace

Transport::Transport(int socket, std::shared_ptr<const TlsContext> context)
    : socket_(socket), context_(std::move(context)) {
  if (context_ == nullptr) return;
  tls_ = SSL_new(context_->handle());
  if (tls_ != nullptr && SSL_set_fd(tls_, socket_) != 1) {
    SSL_free(tls_);
    tls_ = nullptr;
  }
  if (tls_ != nullptr) SSL_set_accept_state(tls_);
  ERR_clear_error();
}

Transport::~Transport() {
  if (tls_ != nullptr) SSL_free(tls_);
}

Transport::Moved Transport::moved(int result) {
  if (result > 0) return {static_cast<size_t>(result), State::kDone};
  const int why = SSL_get_error(tls_, result);
  ERR_clear_error();
  switch (why) {
    case SSL_ERROR_WANT_READ:
      return {0, State::kAwaitsReadable};
    case SSL_ERROR_WANT_WRITE:
      return {0, State::kAwaitsWritable};
    case SSL_ERROR_ZERO_RETURN:
      return {0, State::kEnd};
    default:
      return {0, State::kBroken};
  }
}

Transport::State Transport::handshake() {
  if (context_ == nullptr) return State::kDone;
  if (tls_ == nullptr) return State::kBroken;
  ERR_clear_error();
  return moved(SSL_do_handshake(tls_)).state;
}

Transport::Moved Transport::read(std::span<char> into) {
  if (tls_ != nullptr) {
    ERR_clear_error();
    return moved(SSL_read(tls_, into.data(), bounded(into.size())));
  }
  const auto got = ::recv(socket_, into.data(), into.size(), 0);
  if (got > 0) return {static_cast<size_t>(got), State::kDone};
  if (got == 0) return {0, State::kEnd};
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return {0, State::kAwaitsReadable};
  return {0, State::kBroken};
}

Transport::Moved Transport::write(std::string_view bytes) {
  if (tls_ != nullptr) {
    ERR_clear_error();
    return moved(SSL_write(tls_, bytes.data(), bounded(bytes.size())));
  }
  const auto put = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (put > 0) return {static_cast<size_t>(put), State::kDone};
  if (put < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return {0, State::kAwaitsWritable};
  return {0, State::kBroken};
}

void Transport::end_writing() {
  if (tls_ != nullptr && SSL_is_init_finished(tls_) == 1) {
    ERR_clear_error();
    SSL_shutdown(tls_);
    ERR_clear_error();
  }
  ::shutdown(socket_, SHUT_WR);
}

bool Transport::is_gone() const {
  char first = 0;
  const auto got = ::recv(socket_, &first, 1, MSG_PEEK | MSG_DONTWAIT);
  if (got < 0) return errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR;
  // Under TLS 1.2 the end is said in a record of its own kind; under 1.3 its kind is hidden, and the end of the
  // connection, which follows it, is what shows.
  return got == 0 || (tls_ != nullptr && first == kTlsAlert);
}

}  // namespace kaogong::http
