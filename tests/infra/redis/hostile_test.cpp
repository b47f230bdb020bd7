// A peer that is not Redis, or means harm: the client stays within its bounds and gives up.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <filesystem>
#include <string>
#include <thread>

#include "infra/redis/client.h"
#include "infra/redis/limits.h"
#include "tests/infra/redis/fixture.h"

namespace kaogong::redis {
namespace {

namespace fs = std::filesystem;

// Answers the first packet of its one guest with `greeting`, the second with `answer`; then sends `flood` until the
// guest is gone.
class Peer {
 public:
  Peer(const std::string& greeting, const std::string& answer, const std::string& flood) {
    std::string pattern = fs::temp_directory_path() / "kaogong_peer_XXXXXX";
    EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    listening_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path().c_str(), sizeof address.sun_path - 1);
    EXPECT_EQ(::bind(listening_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(listening_, 1), 0);
    thread_ = std::thread([=, this] { serve(greeting, answer, flood); });
  }
  ~Peer() {
    ::shutdown(listening_, SHUT_RDWR);
    thread_.join();
    ::close(listening_);
    fs::remove_all(folder_);
  }
  std::string path() const { return folder_ / "peer.sock"; }
  /// Waits until the guest is gone; how much was sent to it.
  size_t sent_bytes() {
    gone_.wait(false);
    return sent_bytes_;
  }

 private:
  void serve(const std::string& greeting, const std::string& answer, const std::string& flood) {
    const int guest = ::accept(listening_, nullptr, nullptr);
    if (guest < 0) return;
    if (hear(guest)) say(guest, greeting);
    if (!answer.empty() && hear(guest)) say(guest, answer);
    while (!flood.empty() && say(guest, flood)) {
    }
    while (hear(guest)) {
    }
    ::close(guest);
    gone_ = true;
    gone_.notify_all();
  }
  static bool hear(int guest) {
    char bytes[4096];
    return ::recv(guest, bytes, sizeof bytes, 0) > 0;
  }
  bool say(int guest, const std::string& bytes) {
    for (size_t at = 0; at < bytes.size();) {
      const ssize_t size = ::send(guest, bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL);
      if (size < 0) return false;
      at += static_cast<size_t>(size);
      sent_bytes_ += static_cast<size_t>(size);
    }
    return true;
  }

  fs::path folder_;
  int listening_ = -1;
  std::thread thread_;
  std::atomic<size_t> sent_bytes_{0};
  std::atomic<bool> gone_{false};
};

class HostileTest : public testing::Test {
 protected:
  // A client that does not come back soon, so that the peer has one guest.
  Options options_for(const Peer& peer) {
    Options options;
    options.endpoint = "unix:" + peer.path();
    options.connect_timeout_ms = 60'000;
    options.command_timeout_ms = 60'000;
    options.reconnect_delay_min_ms = 600'000;
    options.reconnect_delay_max_ms = 600'000;
    options.reply_bytes_max = int64_t{1} << 20;
    return options;
  }
  Loop loop_;
};

TEST_F(HostileTest, RepliesThatAreNoneOrTooLargeBreakTheConnection) {
  std::string deep;
  for (int i = 0; i < 20; ++i) deep += "*1\r\n";
  for (const std::string& answer : {std::string("*2147483647\r\n"), std::string("*-7\r\n"), std::string(":1x\r\n"),
                                    std::string("HTTP/1.1 400 Bad Request\r\n\r\n"), deep}) {
    Peer peer("+PONG\r\n", answer, "");
    Client client(loop_, options_for(peer), silent_logger());
    ASSERT_TRUE(client.wait_connected(60'000));
    EXPECT_EQ(client.call(get("k")).error().code, ErrorCode::kDisconnected) << answer;
    peer.sent_bytes();
    EXPECT_FALSE(client.status().connected);
  }
}

TEST_F(HostileTest, AStringWithoutEndIsCutOff) {
  for (const char* answer : {"$999999999\r\n", "*1000\r\n$1048577\r\n", "+"}) {
    Peer peer("+PONG\r\n", answer, std::string(kReadBytes, 'x'));
    Client client(loop_, options_for(peer), silent_logger());
    ASSERT_TRUE(client.wait_connected(60'000));
    EXPECT_EQ(client.call(get("k")).error().code, ErrorCode::kDisconnected);
    // The bound, and what the socket holds on its own.
    EXPECT_LT(peer.sent_bytes(), size_t{4} << 20);
  }
}

TEST_F(HostileTest, AReplyThatNobodyAskedForBreaksTheConnection) {
  Peer peer("+PONG\r\n", "$-1\r\n$-1\r\n", "");
  Client client(loop_, options_for(peer), silent_logger());
  ASSERT_TRUE(client.wait_connected(60'000));
  EXPECT_EQ(value_of(client.call(get("k"))), std::nullopt);
  peer.sent_bytes();
  EXPECT_EQ(client.call(get("k")).error().code, ErrorCode::kDisconnected);
}

TEST_F(HostileTest, NobodyIsReadyWhoDoesNotAnswerThePing) {
  for (const char* greeting : {"-LOADING Redis is loading the dataset in memory\r\n",
                               "-NOAUTH Authentication required.\r\n", ":1\r\n", "SSH-2.0-OpenSSH_9.2\r\n"}) {
    Peer peer(greeting, "", "");
    Client client(loop_, options_for(peer), silent_logger());
    peer.sent_bytes();
    EXPECT_FALSE(client.status().connected) << greeting;
  }
}

TEST_F(HostileTest, ConnectingHasADeadline) {
  Peer peer("", "", "");
  Options options = options_for(peer);
  options.connect_timeout_ms = 10;
  Client client(loop_, options, silent_logger());
  peer.sent_bytes();  // the guest has gone by itself
  EXPECT_FALSE(client.status().connected);
}

}  // namespace
}  // namespace kaogong::redis
