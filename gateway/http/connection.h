// One connection: reads requests, has them answered, writes the answers. Not for others to include.
#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/http/activity.h"
#include "gateway/http/answer.h"
#include "gateway/http/chunk_decoder.h"
#include "gateway/http/exchange.h"
#include "gateway/http/head.h"
#include "gateway/http/input_buffer.h"
#include "gateway/http/shard.h"
#include "gateway/http/signal.h"
#include "gateway/http/target.h"
#include "gateway/http/transport.h"

namespace kaogong::http {

/// Of one shard's thread. Lives as long as its coroutine runs.
class Connection final : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Shard& shard, Socket socket, std::string peer);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Begins; returns at once.
  void start();
  /// The server drains: what only watches ends.
  void on_drain();
  void stop_request();
  void close();

 private:
  /// As much as most heads have; every connection holds so much while it is idle.
  static constexpr size_t kFirstBytes = 512;
  /// What is to be done with a request whose head is read.
  enum class Step : uint8_t { kAnswered, kRefused, kReadBody, kAsk, kRun };

  /// A request that the fast path looks further for.
  struct Asked {
    Request request;
    const Route& route;
    std::vector<std::string> values;
    bool is_done = false;  // it has looked
    int status = 0;        // of the answer, which was written; 0: it has none, so the usual way is to be taken
  };

  struct Wait final : Activity {
    explicit Wait(Connection& connection) : owner(connection) {}
    void on_timeout(Waiting waiting, Why why) override { owner.on_timeout(waiting, why); }
    Connection& owner;
  };

  // The coroutine and its parts (connection.cpp).
  static Awaitable<> run(std::shared_ptr<Connection> self);
  Awaitable<bool> handshake();
  Awaitable<bool> ask_fast_path();
  Awaitable<bool> serve_exchange();
  Awaitable<bool> read_body();
  Awaitable<bool> send_answer();
  Awaitable<bool> send_stream();
  Awaitable<bool> send(std::string_view bytes);
  Awaitable<bool> send_unsent();
  Awaitable<> end_upload();
  Awaitable<> linger();
  static Awaitable<> pump_upload(std::shared_ptr<Connection> self, std::shared_ptr<Exchange> exchange);

  // What happens between two awaits (connection_request.cpp).
  Step begin(size_t head_bytes);
  Step refuse(const Response& response, Refused why, bool head_only);
  Step answer_inline(const Route& route, const Request& request, const std::vector<std::string>& values);
  Request make_request(const Head& head, Target target);
  void on_looked(const std::optional<Response>& answer);
  Step answer_fast(const Route& route, Request* request, const std::vector<std::string>& values);
  void make_exchange(const Route& route, Request request, std::vector<std::string> values);
  std::optional<Response> prepare_body(const Head& head, const Route& route);
  bool submit();
  void finish(const Route* route, int status, const Request* request);
  void compose(const Response& response, Coding coding, std::optional<uint64_t> body_bytes, std::string* out) const;
  /// Composes a whole answer and writes what goes at once; the rest waits in `unsent_`.
  void write_whole(const Response& response, Coding coding, bool head_only, bool is_length_known = true);
  BodySource::State take_upload(Upload& upload);
  /// Takes what is there of a whole body. 0: more is to come; 200: it is whole; else why it is refused.
  int take_body();
  bool reserve(uint64_t bytes);

  void on_timeout(Waiting waiting, Activity::Why why);
  void on_news();
  void watch();
  /// Writes as much as goes now; false: the connection is broken.
  bool write_some(std::string_view* bytes, Transport::State* state);
  Transport::State fill();
  /// Takes over what was read into `first_bytes_`.
  void take_first(size_t bytes);
  std::chrono::steady_clock::time_point now() const { return std::chrono::steady_clock::now(); }

  Shard& shard_;
  ServerState& state_;
  Socket socket_;
  Transport transport_;
  const std::string peer_;
  InputBuffer input_;
  std::array<char, kFirstBytes> first_bytes_;  // what comes first after a time without anything
  HeadEnd head_end_;
  Wait reading_{*this}, writing_{*this};
  Signal news_, upload_news_;
  std::string unsent_;

  // Of the request that is being served.
  std::shared_ptr<Exchange> exchange_;
  std::unique_ptr<Asked> asked_;                                      // what the fast path looks for
  std::chrono::steady_clock::time_point began_, idle_since_ = now();  // idle: as the last answer was sent
  RequestId request_id_;
  ChunkDecoder chunks_;
  uint64_t body_left_ = 0, body_max_ = 0;
  uint64_t sent_bytes_ = 0, received_bytes_ = 0;
  Framing framing_ = Framing::kNone;
  bool keep_alive_ = true, http_1_0_ = false, expects_continue_ = false;

  bool may_read_ = false;  // the socket was seen to have bytes
  bool timed_out_ = false, is_closed_ = false, is_gone_ = false;
  bool watches_ = false, is_watch_armed_ = false;
  bool upload_runs_ = false, upload_is_abandoned_ = false, answer_began_ = false;
};

}  // namespace kaogong::http
