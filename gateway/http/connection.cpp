// The coroutines of a connection. One of the few files that are slow to compile: what does not wait is in
// connection_request.cpp.
#include "gateway/http/connection.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>

namespace kaogong::http {

namespace {

constexpr Token kToken{};
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::string_view kLastChunk = "0\r\n\r\n";
constexpr std::string_view kEventStream = "text/event-stream";
constexpr int kRetryAfterS = 1;
/// Of what a client goes on to send after it was refused.
constexpr size_t kLingerBytesMax = size_t{1} << 20;

Socket::wait_type direction(Transport::State state) {
  return state == Transport::State::kAwaitsWritable ? Socket::wait_write : Socket::wait_read;
}

bool must_wait(Transport::State state) {
  return state == Transport::State::kAwaitsReadable || state == Transport::State::kAwaitsWritable;
}

}  // namespace

Connection::Connection(Shard& shard, Socket socket, std::string peer)
    : shard_(shard),
      state_(shard.state()),
      socket_(std::move(socket)),
      transport_(socket_.native_handle(), shard.state().tls()),
      peer_(std::move(peer)),
      input_(shard.blocks()),
      news_(socket_.get_executor()),
      upload_news_(socket_.get_executor()) {
  shard_.add(*this);
}

Connection::~Connection() {
  shard_.remove(*this);
  state_.leave();
}

void Connection::start() {
  auto self = shared_from_this();
  auto coroutine = run(std::move(self));
  asio::co_spawn(socket_.get_executor(), std::move(coroutine), asio::detached);
}

Awaitable<bool> Connection::handshake() {
  boost::system::error_code error;
  reading_.begin(shard_.activities(), Waiting::kHandshake, now());
  for (;;) {
    const auto state = transport_.handshake();
    if (state == Transport::State::kDone) break;
    if (!must_wait(state)) co_return false;
    co_await socket_.async_wait(direction(state), asio::redirect_error(kToken, error));
    if (error || timed_out_ || is_closed_) co_return false;
  }
  reading_.end();
  idle_since_ = now();
  may_read_ = true;
  co_return true;
}

Awaitable<> Connection::run(std::shared_ptr<Connection> self) {
  Connection& me = *self;
  boost::system::error_code error;
  bool serves = true;
  if (me.transport_.is_tls()) serves = co_await me.handshake();
  while (serves) {
    // A whole head.
    size_t head_bytes = 0;
    std::optional<HeadFault> fault;
    Transport::State state = Transport::State::kAwaitsReadable;
    for (;;) {
      if (!me.input_.empty()) {
        fault = me.head_end_.look(me.input_.bytes(), &head_bytes);
        if (fault || head_bytes > 0) break;
        if (me.input_.bytes().size() >= me.state_.head_limits.bytes_max) {
          fault = HeadFault::kTooLarge;
          break;
        }
      }
      if (me.may_read_) {
        state = me.fill();
        if (state == Transport::State::kDone) continue;
        if (!must_wait(state)) break;
      }
      if (me.input_.empty()) {
        me.input_.release();
        me.reading_.begin(me.shard_.activities(), Waiting::kIdle, me.idle_since_);
        if (me.shard_.is_draining()) me.timed_out_ = true;
      } else if (!me.reading_.is_on(Waiting::kHead)) {
        me.reading_.begin(me.shard_.activities(), Waiting::kHead, me.now());
      }
      if (!me.timed_out_ && me.input_.empty() && !me.transport_.is_tls()) {
        // Read by the loop itself when it comes: to wait until it can be read costs another call of the system.
        const size_t bytes =
            co_await me.socket_.async_receive(asio::buffer(me.first_bytes_), asio::redirect_error(kToken, error));
        if (bytes > 0 && !me.is_closed_) {
          me.timed_out_ = false;  // a request came at the last moment
          me.take_first(bytes);
          continue;
        }
      } else if (!me.timed_out_) {
        co_await me.socket_.async_wait(direction(state), asio::redirect_error(kToken, error));
      }
      me.may_read_ = true;
      if (me.is_closed_ || (error && !me.timed_out_)) {
        state = Transport::State::kBroken;
        break;
      }
      if (!me.timed_out_) continue;
      if (me.input_.empty() && me.fill() == Transport::State::kDone) {
        me.timed_out_ = false;  // a request came at the last moment
        error = {};
        continue;
      }
      state = Transport::State::kBroken;
      break;
    }
    me.reading_.end();
    if (!fault && head_bytes == 0) {
      if (!me.timed_out_ || me.input_.empty()) break;
      me.keep_alive_ = false;
      me.began_ = me.now();
      me.refuse(refusal(408, "The header did not come in time."), Refused::kTimeout, false);
      break;
    }
    Step step = Step::kRefused;
    if (fault) {
      me.keep_alive_ = false;
      me.began_ = me.now();
      me.refuse(refusal(status_of(*fault), to_text(*fault)), Refused::kHead, false);
    } else {
      step = me.begin(head_bytes);
    }
    if (step == Step::kAsk) {
      const bool answered = co_await me.ask_fast_path();
      if (answered) {
        serves = me.keep_alive_ && !me.is_gone_;
        continue;
      }
      step = Step::kRun;
    }
    if (step == Step::kReadBody || step == Step::kRun) {
      serves = co_await me.serve_exchange();
      continue;
    }
    if (!me.unsent_.empty() && !me.is_gone_) co_await me.send_unsent();
    if (me.is_gone_) break;
    if (step == Step::kRefused) {
      co_await me.linger();
      break;
    }
  }
  me.reading_.end();
  me.writing_.end();
  if (!me.is_gone_ && !me.timed_out_) me.transport_.end_writing();
  me.is_gone_ = true;
  me.socket_.close(error);
}

Awaitable<bool> Connection::send(std::string_view bytes) {
  boost::system::error_code error;
  for (;;) {
    Transport::State state{};
    if (!write_some(&bytes, &state)) break;
    if (bytes.empty()) {
      writing_.end();
      co_return true;
    }
    if (!writing_.is_on()) writing_.begin(shard_.activities(), Waiting::kWrite, now());
    co_await socket_.async_wait(direction(state), asio::redirect_error(kToken, error));
    // Cancelled for another's sake, like that of an upload that is given up: the bytes are still to go.
    if (timed_out_ || is_closed_ || (error && error != asio::error::operation_aborted)) break;
  }
  writing_.end();
  is_gone_ = true;
  co_return false;
}

Awaitable<bool> Connection::send_unsent() {
  const std::string bytes = std::move(unsent_);
  unsent_ = {};
  co_return co_await send(bytes);
}

Awaitable<> Connection::linger() {
  boost::system::error_code error;
  transport_.end_writing();
  reading_.begin(shard_.activities(), Waiting::kLinger, now());
  size_t left = kLingerBytesMax;
  while (!timed_out_ && !is_closed_) {
    input_.release();
    const auto got = transport_.read(input_.room());
    if (got.state == Transport::State::kDone) {
      if (got.bytes > left) break;
      left -= got.bytes;
      continue;
    }
    if (!must_wait(got.state)) break;
    co_await socket_.async_wait(direction(got.state), asio::redirect_error(kToken, error));
    if (error) break;
  }
  reading_.end();
  is_gone_ = true;
}

/// Whether the fast path had the answer; it is sent then.
Awaitable<bool> Connection::ask_fast_path() {
  news_.take();
  shard_.fast_thread()->ask([weak = weak_from_this()](const std::optional<Response>& answer) {
    if (const auto self = weak.lock()) self->on_looked(answer);
  });
  // Many have their answers in one turn of the loop. Who waits here goes on when all of these have been sent: the first
  // may have its next request there.
  while (!asked_->is_done) {
    if (!news_.take()) co_await news_.wait();
  }
  const auto asked = std::move(asked_);
  if (asked->status == 0) {
    make_exchange(asked->route, std::move(asked->request), std::move(asked->values));
    co_return false;
  }
  if (!unsent_.empty()) {
    co_await send_unsent();
    finish(&asked->route, asked->status, &asked->request);
  }
  co_return true;
}

Awaitable<bool> Connection::read_body() {
  boost::system::error_code error;
  int status = 0;
  if (framing_ == Framing::kLength) {
    if (reserve(body_left_)) {
      exchange_->request.body.reserve(static_cast<size_t>(body_left_));
    } else {
      status = 503;
    }
  }
  if (status == 0) status = take_body();
  if (status == 0 && expects_continue_) {
    const bool sent = co_await send(kContinue);
    if (!sent) co_return false;
  }
  if (status == 0) reading_.begin(shard_.activities(), Waiting::kBody, now());
  auto state = Transport::State::kAwaitsReadable;
  while (status == 0) {
    if (may_read_) {
      state = fill();
      if (state == Transport::State::kDone) {
        status = take_body();
        continue;
      }
      if (!must_wait(state)) break;
    }
    co_await socket_.async_wait(direction(state), asio::redirect_error(kToken, error));
    may_read_ = true;
    if (timed_out_) {
      status = 408;
    } else if (error || is_closed_) {
      break;
    }
  }
  reading_.end();
  if (status == 200) co_return true;
  if (status == 0) {
    is_gone_ = true;
    co_return false;
  }
  keep_alive_ = false;
  timed_out_ = false;
  const bool head_only = exchange_->head_only;
  Refused why = Refused::kBody;
  Response response;
  switch (status) {
    case 408:
      response = refusal(408, "The body did not come in time.");
      why = Refused::kTimeout;
      break;
    case 413:
      response = refusal(413, "The body is too large.");
      break;
    case 503:
      response = refusal_for_now(503, "The server holds too many bodies at once.", kRetryAfterS);
      why = Refused::kBusy;
      break;
    default:
      response = refusal(400, "The body is not chunked as it must be, or has trailers.");
  }
  refuse(response, why, head_only);
  if (!unsent_.empty() && !is_gone_) co_await send_unsent();
  if (!is_gone_) co_await linger();
  co_return false;
}

/// Has the request of `exchange_` answered; whether the connection goes on.
Awaitable<bool> Connection::serve_exchange() {
  const auto exchange = exchange_;
  if (exchange->route->body == BodyKind::kJson && framing_ != Framing::kNone) {
    const bool whole = co_await read_body();
    if (!whole) {
      exchange_ = nullptr;
      co_return false;
    }
  }
  news_.take();
  if (!submit()) {
    if (exchange->upload) keep_alive_ = keep_alive_ && framing_ == Framing::kNone;
    refuse(refusal_for_now(503, "The server has too much to do.", kRetryAfterS), Refused::kBusy, exchange->head_only);
    exchange_ = nullptr;
    if (!unsent_.empty() && !is_gone_) co_await send_unsent();
    if (!keep_alive_ && !is_gone_) co_await linger();
    co_return keep_alive_ && !is_gone_;
  }
  if (exchange->upload) {
    upload_runs_ = true;
    upload_is_abandoned_ = false;
    upload_news_.take();
    auto pump = pump_upload(shared_from_this(), exchange);
    asio::co_spawn(socket_.get_executor(), std::move(pump), asio::detached);
  } else {
    reading_.begin(shard_.activities(), Waiting::kAnswer, began_);
  }
  while (!exchange->answered.load(std::memory_order_acquire) && !is_closed_) {
    if (!news_.take()) co_await news_.wait();
  }
  bool goes_on = false;
  if (!is_closed_) {
    const bool sent = co_await send_answer();
    goes_on = sent && keep_alive_;
    finish(exchange->route, exchange->response.status, &exchange->request);
  }
  if (reading_.is_on(Waiting::kAnswer)) reading_.end();
  exchange->stop.request_stop();
  if (exchange->download) exchange->download->close();
  if (upload_runs_) {
    goes_on = false;
    co_await end_upload();
  }
  watches_ = false;
  exchange_ = nullptr;
  if (!goes_on && !is_gone_ && !is_closed_ && exchange->upload) co_await linger();
  // When the others that are answered in this turn of the loop are, too, the next request may be there.
  if (goes_on) co_await asio::post(socket_.get_executor(), kToken);
  co_return goes_on && !is_gone_;
}

Awaitable<bool> Connection::send_answer() {
  const auto exchange = exchange_;
  const Response& response = exchange->response;
  // What was not read of a body would be taken for the next request.
  if (upload_runs_ && !exchange->download) keep_alive_ = false;
  if (shard_.is_draining()) keep_alive_ = false;
  if (exchange->download) {
    const bool sent = co_await send_stream();
    co_return sent;
  }
  if (response.body.size() <= kStreamBytesMax || exchange->head_only) {
    write_whole(response, exchange->coding, exchange->head_only, exchange->is_length_known);
    bool sent = !is_gone_;
    if (sent && !unsent_.empty()) sent = co_await send_unsent();
    co_return sent;
  }
  answer_began_ = true;
  std::string head;
  compose(response, exchange->coding, response.body.size(), &head);
  bool sent = co_await send(head);
  if (sent && may_have_body(response.status)) sent = co_await send(response.body);
  co_return sent;
}

Awaitable<bool> Connection::send_stream() {
  const auto exchange = exchange_;
  Download& download = *exchange->download;
  const bool is_chunked = !http_1_0_;
  if (http_1_0_) keep_alive_ = false;
  watches_ = exchange->response.content_type.starts_with(kEventStream);
  if (watches_ && shard_.is_draining()) exchange->stop.request_stop();
  answer_began_ = true;
  std::string out, piece;
  compose(exchange->response, exchange->coding, std::nullopt, &out);
  for (;;) {
    const auto taken = download.take(&piece);
    if (!piece.empty()) {
      if (is_chunked) {
        char size[20];
        const int digits = std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
        out.append(size, static_cast<size_t>(digits));
      }
      out += piece;
      if (is_chunked) out += "\r\n";
    }
    if (taken.ended && taken.whole && is_chunked) out += kLastChunk;
    const bool waits = out.empty() && !taken.ended;
    if (!out.empty()) {
      const bool sent = co_await send(out);
      if (!sent) co_return false;
    }
    out.clear();
    piece.clear();
    if (taken.ended) {
      // Broken off in the middle: the client must not take it for the whole.
      if (!taken.whole) is_gone_ = true;
      co_return taken.whole;
    }
    if (is_gone_ || is_closed_) co_return false;
    if (waits && !news_.take()) co_await news_.wait();
  }
}

Awaitable<> Connection::end_upload() {
  upload_is_abandoned_ = true;
  upload_news_.set();
  boost::system::error_code ignored;
  socket_.cancel(ignored);
  while (upload_runs_) {
    if (!news_.take()) co_await news_.wait();
  }
}

Awaitable<> Connection::pump_upload(std::shared_ptr<Connection> self, std::shared_ptr<Exchange> exchange) {
  using End = BodySource::State;
  Connection& me = *self;
  Upload& upload = *exchange->upload;
  boost::system::error_code error;
  End end = me.framing_ == Framing::kNone ? End::kEnd : End::kMore;
  auto state = Transport::State::kAwaitsReadable;
  while (end == End::kMore) {
    if (me.upload_is_abandoned_ || me.is_closed_ || me.is_gone_) {
      end = End::kGone;
      break;
    }
    if (!upload.has_room() || (me.expects_continue_ && me.input_.empty() && !upload.is_wanted())) {
      me.reading_.end();
      if (!me.upload_news_.take()) co_await me.upload_news_.wait();
      continue;
    }
    if (!me.input_.empty()) {
      end = me.take_upload(upload);
      continue;
    }
    if (me.expects_continue_) {
      me.expects_continue_ = false;
      std::string_view line = kContinue;
      Transport::State written{};
      if (!me.answer_began_ && (!me.write_some(&line, &written) || !line.empty())) {
        end = End::kGone;
        break;
      }
    }
    if (!me.reading_.is_on(Waiting::kBody)) me.reading_.begin(me.shard_.activities(), Waiting::kBody, me.now());
    if (me.may_read_) {
      state = me.fill();
      if (state == Transport::State::kDone) continue;
      if (!must_wait(state)) {
        end = End::kGone;
        me.is_gone_ = state == Transport::State::kBroken;
        break;
      }
    }
    co_await me.socket_.async_wait(direction(state), asio::redirect_error(kToken, error));
    me.may_read_ = true;
    if (me.timed_out_) {
      end = End::kTimeout;
      me.timed_out_ = false;
    } else if (error) {
      end = End::kGone;
    }
  }
  me.reading_.end();
  if (end == End::kGone) exchange->stop.request_stop();
  if (end != End::kEnd) me.keep_alive_ = false;
  upload.end(end);
  me.upload_runs_ = false;
  me.news_.set();
}

}  // namespace kaogong::http
