// A server on this machine that takes what is posted to it, one request after another.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace kaogong::api::test {

class Receiver {
 public:
  struct Message {
    std::map<std::string, std::string> fields;  // names in lower case
    std::string body;
  };
  Receiver();
  ~Receiver();
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/hook"; }
  int port() const { return port_; }
  /// What it answers from now on.
  void answer(int status);
  std::vector<Message> messages() const;

 private:
  void serve();
  int fd_ = -1, port_ = 0;
  mutable std::mutex mutex_;
  int status_ = 204;
  std::vector<Message> messages_;
  std::thread thread_;
};

}  // namespace kaogong::api::test
