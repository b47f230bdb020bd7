// Clients that go on whatever happens, each on a thread and a connection of its own, and what was answered to them.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/gateway/http/tls_kit.h"

namespace kaogong::gateway::test {

using http::test::Answered;

class Clients;

/// One of them. A call is sent until it is answered with anything but a proper 503.
class Client {
 public:
  /// `tls`: under TLS, whatever the certificate.
  Client(Clients& all, size_t number, uint16_t port, std::string key, bool tls);

  /// What a call came to at last. `fields`: whole lines. Where the connection breaks in the midst of it, the test
  /// fails, and the status is 0.
  Answered call(std::string_view method, std::string_view target, std::string_view body = {},
                std::string_view fields = {});
  Answered get(std::string_view target) { return call("GET", target); }
  /// The same with an Idempotency-Key: a new one for each call(), the same each time that it is repeated.
  Answered change(std::string_view method, std::string_view target, std::string_view body = {},
                  std::string_view fields = {});
  /// Calls, and fails the test if it is not answered with this body.
  void expect(std::string_view target, std::string_view body);
  /// The bytes of a request as call() sends it.
  std::string request(std::string_view method, std::string_view target, std::string_view body,
                      std::string_view fields) const;
  /// Something is wrong: the test fails with it, and all clients end. Nothing happens after has_ended().
  void fail(const std::string& what);
  /// What was sent in whatever way: counts the answer, and looks whether the server may have closed instead.
  Answered read();
  /// The server has ended, as it was expected to, between two answers.
  bool has_ended() const { return ended_; }
  size_t number() const { return number_; }
  http::test::RawClient& wire() { return *wire_; }
  void connect();

 private:
  Clients& all_;
  const size_t number_;
  const uint16_t port_;
  const std::string key_;
  const bool tls_;
  std::unique_ptr<http::test::RawClient> wire_;
  uint64_t changes_ = 0;
  bool ended_ = false;
};

/// All of them. `work` is run again and again until stop().
class Clients {
 public:
  explicit Clients(std::string key) : key_(std::move(key)) {}
  ~Clients() { stop(); }
  Clients(const Clients&) = delete;
  Clients& operator=(const Clients&) = delete;

  /// One that is used by the caller's own thread.
  Client one(uint16_t port);
  void begin(uint16_t port, std::function<void(Client&)> work, bool tls = false);
  /// Waits until each has got so many good answers more. False: something is wrong, or nothing gets on.
  bool wait_good(uint64_t more);
  /// Waits until so many more were refused, of all.
  bool wait_refused(uint64_t more);
  /// From now on the server may close connections, though never in the midst of an answer.
  void expect_end();
  /// Lets each end what it is at.
  void stop();
  uint64_t good() const;
  uint64_t refused() const;
  bool has_failed() const;
  bool may_end() const;

 private:
  friend class Client;
  void count_good(size_t client);
  void count_refused();
  void fail(const std::string& what);
  bool is_stopped() const;

  const std::string key_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<uint64_t> good_;
  uint64_t refused_ = 0;
  bool stopped_ = false, failed_ = false, may_end_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace kaogong::gateway::test
