#include "tests/gateway/api/webhooks/receiver.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>

namespace kaogong::api::test {

Receiver::Receiver() {
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || ::listen(fd_, 16) != 0) std::abort();
  socklen_t size = sizeof address;
  ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

Receiver::~Receiver() {
  ::shutdown(fd_, SHUT_RDWR);
  thread_.join();
  ::close(fd_);
}

void Receiver::answer(int status) {
  const std::lock_guard lock(mutex_);
  status_ = status;
}

std::vector<Receiver::Message> Receiver::messages() const {
  const std::lock_guard lock(mutex_);
  return messages_;
}

void Receiver::serve() {
  for (;;) {
    const int client = ::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) return;
    std::string text;
    Message message;
    size_t body = std::string::npos, length = 0;
    char block[4096];
    while (body == std::string::npos || text.size() < body + length) {
      const ssize_t bytes = ::recv(client, block, sizeof block, 0);
      if (bytes <= 0) break;
      text.append(block, static_cast<size_t>(bytes));
      if (body != std::string::npos) continue;
      const size_t end = text.find("\r\n\r\n");
      if (end == std::string::npos) continue;
      body = end + 4;
      for (size_t at = text.find("\r\n") + 2; at < end;) {
        const size_t line = text.find("\r\n", at), colon = text.find(": ", at);
        std::string name = text.substr(at, colon - at);
        std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
        message.fields[name] = text.substr(colon + 2, line - colon - 2);
        at = line + 2;
      }
      length = std::stoul(message.fields["content-length"]);
    }
    int status = 0;
    {
      const std::lock_guard lock(mutex_);
      if (body != std::string::npos) {
        message.body = text.substr(body);
        messages_.push_back(message);
      }
      status = status_;
    }
    const std::string answer = "HTTP/1.1 " + std::to_string(status) + " x\r\nContent-Length: 0\r\n\r\n";
    (void)::send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
    ::close(client);
  }
}

}  // namespace kaogong::api::test
