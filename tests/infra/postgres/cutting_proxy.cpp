#include "tests/infra/postgres/cutting_proxy.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace kaogong::test {

namespace {

using cluster::Descriptor;

sockaddr_un address_of(const std::filesystem::path& path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path.native().size() >= sizeof address.sun_path) throw std::runtime_error("too long for a socket");
  std::memcpy(address.sun_path, path.c_str(), path.native().size());
  return address;
}

Descriptor unix_socket() { return Descriptor(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)); }

bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

}  // namespace

CuttingProxy::CuttingProxy(std::filesystem::path server_socket) : server_socket_(std::move(server_socket)) {
  std::string folder = "/tmp/kaogong-proxy-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) throw std::runtime_error("no folder for a proxy");
  folder_ = folder;
  listener_ = unix_socket();
  const sockaddr_un address = address_of(folder_ / server_socket_.filename());
  if (bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(listener_.get(), SOMAXCONN) != 0) {
    throw std::runtime_error("no socket for a proxy");
  }
  acceptor_ = std::thread([this] { accept_all(); });
}

CuttingProxy::~CuttingProxy() {
  let_go();
  shutdown(listener_.get(), SHUT_RDWR);  // wakes accept()
  acceptor_.join();
  for (std::thread& connection : connections_) connection.join();
  std::filesystem::remove_all(folder_);
}

void CuttingProxy::accept_all() {
  while (true) {
    Descriptor client(accept(listener_.get(), nullptr, nullptr));
    if (!client) return;
    connections_.emplace_back([this, client = std::move(client)]() mutable { pass_on(std::move(client)); });
  }
}

void CuttingProxy::pass_on(Descriptor client) {
  const Descriptor server = unix_socket();
  const sockaddr_un address = address_of(server_socket_);
  if (connect(server.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return;
  std::array<char, 65536> bytes;
  const auto receive = [&](int fd) {
    const ssize_t size = recv(fd, bytes.data(), bytes.size(), 0);
    return std::string_view(bytes.data(), size > 0 ? static_cast<size_t>(size) : 0);
  };
  int64_t sent = 0;
  const auto stalls_at = [&](std::string_view said) -> std::optional<size_t> {
    const int64_t left = stall_after_ - sent;
    sent += static_cast<int64_t>(said.size());
    if (left > static_cast<int64_t>(said.size()) || stalled_.exchange(true)) return std::nullopt;
    return static_cast<size_t>(std::max<int64_t>(0, left));
  };
  while (true) {
    pollfd ends[2] = {{client.get(), POLLIN, 0}, {server.get(), POLLIN, 0}};
    if (poll(ends, 2, -1) < 0) return;
    if (ends[0].revents != 0) {
      const std::string_view said = receive(client.get());
      if (said.empty()) return;
      if (const auto passed = stalls_at(said)) {
        if (!send_all(server.get(), said.substr(0, *passed))) return;
        let_go_.wait(false);
        return;
      }
      const bool commit = said.find("commit; ") != std::string_view::npos;
      const Cut cut = commit ? cut_.exchange(Cut::kNever) : Cut::kNever;
      if (cut == Cut::kBeforeCommit || !send_all(server.get(), said)) return;
      if (cut == Cut::kAfterCommit) {
        receive(server.get());  // it has answered, so it has committed
        return;
      }
    }
    if (ends[1].revents != 0) {
      const std::string_view said = receive(server.get());
      if (said.empty() || !send_all(client.get(), said)) return;
    }
  }
}

}  // namespace kaogong::test
