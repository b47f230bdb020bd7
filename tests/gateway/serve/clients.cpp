#include "tests/gateway/serve/clients.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <numeric>

namespace kaogong::gateway::test {

namespace {

constexpr std::chrono::seconds kPatience{120};        // far above what anything here takes
constexpr std::chrono::milliseconds kRetryAfter{20};  // a client's own pace: sooner than it was asked to come again

std::string fault_of_refusal(const Answered& answer) {
  if (answer.field("content-type") != "application/problem+json") return "no problem document: " + answer.head;
  if (answer.field("retry-after").empty()) return "no Retry-After: " + answer.head;
  if (answer.body.find("\"status\":503") == std::string::npos) return "another status: " + answer.body;
  return {};
}

}  // namespace

Client::Client(Clients& all, size_t number, uint16_t port, std::string key, bool tls)
    : all_(all), number_(number), port_(port), key_(std::move(key)), tls_(tls) {
  connect();
}

void Client::connect() {
  if (tls_) {
    wire_ = std::make_unique<http::test::TlsClient>(port_, http::test::Offer{});
  } else {
    wire_ = std::make_unique<http::test::RawClient>(port_);
  }
}

void Client::fail(const std::string& what) {
  if (!ended_) all_.fail("client " + std::to_string(number_) + ": " + what);
}

std::string Client::request(std::string_view method, std::string_view target, std::string_view body,
                            std::string_view fields) const {
  std::string bytes(method);
  bytes.append(" ").append(target).append(" HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer ").append(key_);
  bytes.append("\r\n").append(fields);
  if (!body.empty() && fields.find("Content-Type") == std::string_view::npos)
    bytes += "Content-Type: application/json\r\n";
  const bool in_pieces = fields.find("Transfer-Encoding") != std::string_view::npos;
  if (!in_pieces && (!body.empty() || method != "GET"))
    bytes += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return bytes.append("\r\n").append(body);
}

Answered Client::call(std::string_view method, std::string_view target, std::string_view body,
                      std::string_view fields) {
  const auto bytes = request(method, target, body, fields);
  while (true) {
    wire_->send(bytes);  // where that fails there is no answer
    auto answer = read();
    if (answer.status != 503 || all_.has_failed()) return answer;
    std::this_thread::sleep_for(kRetryAfter);
  }
}

Answered Client::read() {
  auto answer = wire_->read();
  if (!answer.whole) {
    ended_ = answer.head.empty() && all_.may_end();
    fail("no answer, or not all of it: " + answer.head + answer.body);
    return {};
  }
  if (answer.field("connection") == "close") connect();
  if (answer.status != 503) {
    all_.count_good(number_);
  } else if (const auto wrong = fault_of_refusal(answer); !wrong.empty()) {
    fail(wrong);
  } else {
    all_.count_refused();
  }
  return answer;
}

Answered Client::change(std::string_view method, std::string_view target, std::string_view body,
                        std::string_view fields) {
  const auto key = "Idempotency-Key: " + std::to_string(number_) + "-" + std::to_string(++changes_) + "\r\n";
  return call(method, target, body, key + std::string(fields));
}

void Client::expect(std::string_view target, std::string_view body) {
  const auto answer = get(target);
  if (answer.status != 200 || answer.body != body)
    fail(std::string(target) + " gave " + std::to_string(answer.status) + " " + answer.body);
}

Client Clients::one(uint16_t port) {
  const std::lock_guard lock(mutex_);
  good_.push_back(0);
  return {*this, good_.size() - 1, port, key_, false};
}

void Clients::begin(uint16_t port, std::function<void(Client&)> work, bool tls) {
  const std::lock_guard lock(mutex_);
  const size_t number = good_.size();
  good_.push_back(0);
  threads_.emplace_back([this, number, port, tls, work = std::move(work)] {
    Client client(*this, number, port, key_, tls);
    while (!is_stopped() && !client.has_ended()) work(client);
  });
}

bool Clients::wait_good(uint64_t more) {
  std::unique_lock lock(mutex_);
  auto until = good_;
  for (auto& one : until) one += more;
  const auto all_got_on = [&] { return std::equal(good_.begin(), good_.end(), until.begin(), std::greater_equal<>()); };
  const bool came = changed_.wait_for(lock, kPatience, [&] { return failed_ || all_got_on(); });
  EXPECT_TRUE(came) << "nothing gets on";
  for (size_t i = 0; !came && i < good_.size(); ++i) EXPECT_GE(good_[i], until[i]) << "client " << i;
  if (!came) failed_ = stopped_ = true;
  return !failed_;
}

bool Clients::wait_refused(uint64_t more) {
  std::unique_lock lock(mutex_);
  const auto until = refused_ + more;
  const bool came = changed_.wait_for(lock, kPatience, [&] { return failed_ || refused_ >= until; });
  EXPECT_TRUE(came) << "nothing is refused";
  if (!came) failed_ = stopped_ = true;
  return !failed_;
}

void Clients::expect_end() {
  const std::lock_guard lock(mutex_);
  may_end_ = true;
}

bool Clients::may_end() const {
  const std::lock_guard lock(mutex_);
  return may_end_;
}

void Clients::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

uint64_t Clients::good() const {
  const std::lock_guard lock(mutex_);
  return std::accumulate(good_.begin(), good_.end(), uint64_t{0});
}

uint64_t Clients::refused() const {
  const std::lock_guard lock(mutex_);
  return refused_;
}

void Clients::count_good(size_t client) {
  {
    const std::lock_guard lock(mutex_);
    ++good_[client];
  }
  changed_.notify_all();
}

void Clients::count_refused() {
  {
    const std::lock_guard lock(mutex_);
    ++refused_;
  }
  changed_.notify_all();
}

void Clients::fail(const std::string& what) {
  ADD_FAILURE() << what;
  {
    const std::lock_guard lock(mutex_);
    failed_ = stopped_ = true;
  }
  changed_.notify_all();
}

bool Clients::has_failed() const {
  const std::lock_guard lock(mutex_);
  return failed_;
}

bool Clients::is_stopped() const {
  const std::lock_guard lock(mutex_);
  return stopped_;
}

}  // namespace kaogong::gateway::test
