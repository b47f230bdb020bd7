// What a connection does between two waits: requests are made of heads, answers become bytes.
#include <algorithm>
#include <exception>

#include "gateway/http/connection.h"
#include "gateway/http/log_keys.h"
#include "infra/log/keys.h"

namespace kaogong::http {

namespace {

constexpr size_t kScratchBytesKept = size_t{256} << 10;

/// Gives reserved bytes back when the request is over.
struct BodyRoom {
  BodyRoom(ServerState& owner, uint64_t count) : state(owner), bytes(count) {}
  ~BodyRoom() { state.release_body(bytes); }
  BodyRoom(const BodyRoom&) = delete;
  BodyRoom& operator=(const BodyRoom&) = delete;
  ServerState& state;
  uint64_t bytes;
};

const metrics::LabelValue kNoOperation = "none";

}  // namespace

void Connection::on_timeout(Waiting waiting, Activity::Why why) {
  if (waiting == Waiting::kAnswer) return watch();
  timed_out_ = true;
  is_closed_ = is_closed_ || why == Activity::Why::kRoom;
  boost::system::error_code ignored;
  socket_.cancel(ignored);
}

void Connection::on_drain() {
  if (watches_) stop_request();
}

void Connection::stop_request() {
  if (exchange_ != nullptr) exchange_->stop.request_stop();
}

void Connection::close() {
  is_closed_ = is_gone_ = true;
  stop_request();
  boost::system::error_code ignored;
  socket_.cancel(ignored);
  on_news();
}

void Connection::on_news() {
  news_.set();
  if (upload_runs_) upload_news_.set();
}

void Connection::watch() {
  if (is_watch_armed_) return;
  is_watch_armed_ = true;
  socket_.async_wait(Socket::wait_read, [self = shared_from_this()](boost::system::error_code error) {
    self->is_watch_armed_ = false;
    if (error || self->exchange_ == nullptr) return;
    self->may_read_ = true;
    if (!self->transport_.is_gone()) return;  // the next request came; from here on nobody watches
    self->is_gone_ = true;
    self->exchange_->stop.request_stop();
    self->news_.set();
  });
}

Transport::State Connection::fill() {
  const auto room = input_.room();
  if (room.empty()) return Transport::State::kDone;
  const auto got = transport_.read(room);
  if (got.state == Transport::State::kDone) {
    input_.came(got.bytes);
    received_bytes_ += got.bytes;
    state_.measures.received_bytes().add(got.bytes);
    // A plain socket that gave less than there was room for is empty; under TLS more may have been unpacked already.
    may_read_ = transport_.is_tls() || got.bytes == room.size();
  } else {
    may_read_ = false;
  }
  return got.state;
}

void Connection::take_first(size_t bytes) {
  std::copy_n(first_bytes_.data(), bytes, input_.room().data());
  input_.came(bytes);
  received_bytes_ += bytes;
  state_.measures.received_bytes().add(bytes);
  may_read_ = bytes == first_bytes_.size();
}

bool Connection::write_some(std::string_view* bytes, Transport::State* state) {
  while (!bytes->empty()) {
    const auto put = transport_.write(*bytes);
    *state = put.state;
    if (put.state != Transport::State::kDone) return put.state != Transport::State::kBroken;
    bytes->remove_prefix(put.bytes);
    sent_bytes_ += put.bytes;
    writing_.moved(put.bytes);
    state_.measures.sent_bytes().add(put.bytes);
  }
  *state = Transport::State::kDone;
  return true;
}

void Connection::compose(const Response& response, Coding coding, std::optional<uint64_t> body_bytes,
                         std::string* out) const {
  append_head(response,
              {.date = shard_.date(),
               .request_id = view(request_id_),
               .keep_alive = keep_alive_,
               .http_1_0 = http_1_0_,
               .coding = coding,
               .body_bytes = body_bytes},
              out);
}

void Connection::write_whole(const Response& response, Coding coding, bool head_only, bool is_length_known) {
  answer_began_ = true;
  std::string& out = shard_.scratch();
  out.clear();
  if (out.capacity() > kScratchBytesKept) out.shrink_to_fit();
  compose(response, coding, is_length_known ? std::optional<uint64_t>(response.body.size()) : std::nullopt, &out);
  if (!head_only && may_have_body(response.status)) out += response.body;
  std::string_view rest = out;
  Transport::State state{};
  if (!write_some(&rest, &state)) {
    is_gone_ = true;
  } else if (!rest.empty()) {
    unsent_ = rest;
  }
}

void Connection::finish(const Route* route, int status, const Request* request) {
  idle_since_ = now();
  const auto elapsed = idle_since_ - began_;
  state_.measures.answered(route, status, elapsed);
  if (!state_.options.access_log) return;
  const log::Level level = status >= 500 ? log::Level::kWarn : log::Level::kInfo;
  if (!state_.logger.enabled(level)) return;
  constexpr log::Event kEvent{"http_request"};
  const auto write = [&](std::initializer_list<log::Field> fields) {
    if (level == log::Level::kWarn) {
      state_.logger.warn(kEvent, fields);
    } else {
      state_.logger.info(kEvent, fields);
    }
  };
  const auto operation = route != nullptr ? route->operation_id : kNoOperation.text();
  write({{keys::kRequestId, log::MachineText(view(request_id_))},
         {log::keys::kTraceId, log::MachineText(request != nullptr ? view(request->trace_id) : "")},
         {keys::kOperation, log::MachineText(operation)},
         {keys::kMethod, log::MachineText(request != nullptr ? to_text(request->method) : "")},
         {keys::kStatus, status},
         {keys::kReceivedBytes, received_bytes_},
         {keys::kSentBytes, sent_bytes_},
         {keys::kElapsedUs, elapsed}});
}

Connection::Step Connection::refuse(const Response& response, Refused why, bool head_only) {
  state_.measures.refused(why);
  write_whole(response, Coding::kIdentity, head_only);
  finish(nullptr, response.status, nullptr);
  return keep_alive_ ? Step::kAnswered : Step::kRefused;
}

Request Connection::make_request(const Head& head, Target target) {
  Request request;
  request.method = head.method;
  request.target = std::string(head.target);
  request.path = std::move(target.path);
  request.query = std::move(target.query);
  std::vector<Field> fields;
  fields.reserve(head.fields.size());
  std::vector<std::string_view> forwarded_for;
  for (const auto& field : head.fields) {
    if (!state_.proxies.empty() && field.name == "x-forwarded-for") forwarded_for.push_back(field.value);
    fields.push_back({std::string(field.name), std::string(field.value)});
  }
  request.fields = Fields(std::move(fields));
  request.peer = state_.proxies.client_of(peer_, forwarded_for);
  request.id = request_id_;
  request.trace_id = shard_.ids().trace_id(head.find("traceparent"));
  request.deadline = began_ + std::chrono::milliseconds(state_.options.request_timeout_ms);
  return request;
}

/// Why a body is not taken; nothing: it is. Sets up what is to be read.
std::optional<Response> Connection::prepare_body(const Head& head, const Route& route) {
  framing_ = head.framing;
  body_left_ = head.length;
  const auto* const encoding = head.find("content-encoding");
  const auto coding = encoding != nullptr ? parse_coding(*encoding) : Coding::kIdentity;
  switch (route.body) {
    case BodyKind::kNone:
      if (framing_ != Framing::kNone) return refusal(400, "This operation takes no body.");
      return std::nullopt;
    case BodyKind::kJson:
      if (coding != Coding::kIdentity)
        return refusal(415, "The body of this operation must not be packed (Content-Encoding).");
      body_max_ = route.body_bytes_max;
      if (framing_ == Framing::kLength && body_left_ > body_max_) return refusal(413, "The body is too large.");
      return std::nullopt;
    case BodyKind::kStream:
      if (!coding) return refusal(415, "Content-Encoding must be gzip, zstd or identity.");
      if (framing_ == Framing::kLength && body_left_ > static_cast<uint64_t>(state_.options.upload_bytes_max))
        return refusal(413, "The body is too large.");
      return std::nullopt;
  }
  return std::nullopt;
}

Connection::Step Connection::answer_inline(const Route& route, const Request& request,
                                           const std::vector<std::string>& values) {
  Response response;
  const bool head_only = request.method == Method::kHead;
  try {
    response = state_.dispatcher.handle(request, route, values);
  } catch (const std::exception& error) {
    state_.logger.error(log::Event{"http_handler_failed"}, {{keys::kRequestId, log::MachineText(view(request_id_))},
                                                            {keys::kOperation, log::MachineText(route.operation_id)},
                                                            {log::keys::kReason, log::MachineText(error.what())}});
    response = refusal(500, "The server made a mistake. It is in its log, under this request's id.");
  }
  if (!is_sendable(response) || response.stream)
    response = refusal(500, "The server made a mistake. It is in its log, under this request's id.");
  write_whole(response, Coding::kIdentity, head_only);
  finish(&route, response.status, &request);
  return keep_alive_ ? Step::kAnswered : Step::kRefused;
}

/// What the fast path found; an answer goes out at once.
void Connection::on_looked(const std::optional<Response>& answer) {
  if (asked_ == nullptr) return;
  asked_->is_done = true;
  if (answer) {
    asked_->status = answer->status;
    if (!is_gone_) write_whole(*answer, Coding::kIdentity, asked_->request.method == Method::kHead);
    if (unsent_.empty()) finish(&asked_->route, answer->status, &asked_->request);
  }
  news_.set();
}

/// kRun: the usual way is to be taken, with the request as it was.
Connection::Step Connection::answer_fast(const Route& route, Request* request, const std::vector<std::string>& values) {
  Response response;
  const auto verdict = shard_.fast_thread()->begin(*request, route, values, &response);
  if (verdict == FastThread::Verdict::kNo) return Step::kRun;
  if (verdict == FastThread::Verdict::kAsk) return Step::kAsk;
  write_whole(response, Coding::kIdentity, request->method == Method::kHead);
  finish(&route, response.status, request);
  return keep_alive_ ? Step::kAnswered : Step::kRefused;
}

Connection::Step Connection::begin(size_t head_bytes) {
  began_ = now();
  sent_bytes_ = 0;
  received_bytes_ = input_.bytes().size();
  answer_began_ = false;
  request_id_ = shard_.ids().request_id();
  head_end_ = {};
  Head& head = shard_.head();
  auto fields = std::move(head.fields);
  fields.clear();
  head = {};
  head.fields = std::move(fields);
  if (const auto fault = parse_head(input_.first(head_bytes), state_.head_limits, &head)) {
    // What comes behind such a head is anybody's guess.
    keep_alive_ = false;
    http_1_0_ = head.http_1_0;
    return refuse(refusal(status_of(*fault), to_text(*fault)), Refused::kHead, false);
  }
  const bool head_only = head.method == Method::kHead;
  const bool has_body = head.framing != Framing::kNone;
  const bool stays = head.keep_alive && !shard_.is_draining();
  http_1_0_ = head.http_1_0;
  expects_continue_ = head.expects_continue;
  // A body that nobody reads would be taken for the next request.
  keep_alive_ = stays && !has_body;
  auto target = parse_target(head.target);
  if (!target) {
    input_.take(head_bytes);
    return refuse(refusal(400, "The target is not a path, or has a segment or an escape that must not be there."),
                  Refused::kTarget, head_only);
  }
  auto match = state_.routes.find(head.method, target->raw_path);
  if (match.route == nullptr) {
    input_.take(head_bytes);
    if (match.allowed.empty())
      return refuse(refusal(404, "There is nothing at this path."), Refused::kRoute, head_only);
    Response response = refusal(405, "This path has other methods: see Allow.");
    std::string allowed;
    for (const auto method : match.allowed) {
      if (!allowed.empty()) allowed += ", ";
      allowed += to_text(method);
    }
    response.fields.add("allow", allowed);
    return refuse(response, Refused::kRoute, head_only);
  }
  const Route& route = *match.route;
  if (const auto refused = prepare_body(head, route)) {
    input_.take(head_bytes);
    return refuse(*refused, Refused::kBody, head_only);
  }
  keep_alive_ = stays;
  if (route.lane == Lane::kInline && !has_body) {
    const Request request = make_request(head, std::move(*target));
    input_.take(head_bytes);
    return answer_inline(route, request, match.values);
  }
  Request request = make_request(head, std::move(*target));
  Step fast = Step::kRun;
  if (state_.fast_path != nullptr && !has_body && state_.fast_path->takes(route)) {
    fast = answer_fast(route, &request, match.values);
    if (fast == Step::kAnswered || fast == Step::kRefused) {
      input_.take(head_bytes);
      return fast;
    }
  }
  if (fast == Step::kAsk) {
    input_.take(head_bytes);
    asked_ = std::make_unique<Asked>(Asked{std::move(request), route, std::move(match.values)});
    return fast;
  }
  make_exchange(route, std::move(request), std::move(match.values));
  if (route.body == BodyKind::kStream) {
    const auto* const encoding = head.find("content-encoding");
    const auto coding = encoding != nullptr ? parse_coding(*encoding).value_or(Coding::kIdentity) : Coding::kIdentity;
    exchange_->request.deadline = std::chrono::steady_clock::time_point::max();
    exchange_->upload.emplace(exchange_->notify);
    exchange_->unpacked.emplace(*exchange_->upload, coding, static_cast<uint64_t>(state_.options.upload_bytes_max));
    exchange_->request.stream = &*exchange_->unpacked;
  }
  input_.take(head_bytes);
  chunks_ = {};
  return has_body && route.body == BodyKind::kJson ? Step::kReadBody : Step::kRun;
}

void Connection::make_exchange(const Route& route, Request request, std::vector<std::string> values) {
  exchange_ = std::make_shared<Exchange>();
  exchange_->request = std::move(request);
  exchange_->route = &route;
  exchange_->values = std::move(values);
  exchange_->head_only = exchange_->request.method == Method::kHead;
  exchange_->compress_bytes_min = state_.options.compress_bytes_min;
  exchange_->request.stop = exchange_->stop.get_token();
  if (const auto* const accept = exchange_->request.fields.find("accept-encoding"))
    exchange_->accepted = choose_coding(*accept);
  exchange_->notify = [weak = weak_from_this(), executor = socket_.get_executor()] {
    asio::post(executor, [weak] {
      if (const auto self = weak.lock()) self->on_news();
    });
  };
}

bool Connection::reserve(uint64_t bytes) {
  if (!state_.reserve_body(bytes)) return false;
  if (exchange_->body_room == nullptr) {
    exchange_->body_room = std::make_shared<BodyRoom>(state_, bytes);
  } else {
    static_cast<BodyRoom*>(exchange_->body_room.get())->bytes += bytes;
  }
  return true;
}

int Connection::take_body() {
  std::string& body = exchange_->request.body;
  if (framing_ == Framing::kLength) {
    const auto piece =
        input_.bytes().substr(0, static_cast<size_t>(std::min<uint64_t>(body_left_, input_.bytes().size())));
    body += piece;
    body_left_ -= piece.size();
    reading_.moved(piece.size());
    input_.take(piece.size());
    return body_left_ == 0 ? 200 : 0;
  }
  while (!input_.empty()) {
    const auto step = chunks_.step(input_.bytes());
    if (step.data.size() > body_max_ - body.size()) return 413;
    if (!step.data.empty() && !reserve(step.data.size())) return 503;
    body += step.data;
    reading_.moved(step.data.size());
    input_.take(step.consumed);
    if (step.state == ChunkDecoder::State::kEnd) return 200;
    if (step.state != ChunkDecoder::State::kMore) return 400;
  }
  return 0;
}

BodySource::State Connection::take_upload(Upload& upload) {
  using State = BodySource::State;
  if (framing_ == Framing::kLength) {
    const auto piece =
        input_.bytes().substr(0, static_cast<size_t>(std::min<uint64_t>(body_left_, input_.bytes().size())));
    upload.put(piece);
    body_left_ -= piece.size();
    reading_.moved(piece.size());
    input_.take(piece.size());
    return body_left_ == 0 ? State::kEnd : State::kMore;
  }
  while (!input_.empty()) {
    const auto step = chunks_.step(input_.bytes());
    if (!step.data.empty()) upload.put(step.data);
    reading_.moved(step.data.size());
    input_.take(step.consumed);
    if (step.state == ChunkDecoder::State::kEnd) return State::kEnd;
    if (step.state != ChunkDecoder::State::kMore) return State::kMalformed;
  }
  return State::kMore;
}

bool Connection::submit() {
  ThreadLane* lane = nullptr;
  switch (exchange_->route->lane) {
    case Lane::kInline:  // with a body
    case Lane::kInteractive:
      lane = &*state_.interactive;
      break;
    case Lane::kBulk:
      lane = &*state_.bulk;
      break;
    case Lane::kWatch:
      lane = &*state_.watch;
      break;
  }
  const bool taken = lane->submit([exchange = exchange_, &state = state_] {
    exchange->run(state.dispatcher, [&](const char* why) {
      state.logger.error(log::Event{"http_handler_failed"},
                         {{keys::kRequestId, log::MachineText(view(exchange->request.id))},
                          {keys::kOperation, log::MachineText(exchange->route->operation_id)},
                          {log::keys::kReason, log::MachineText(why)}});
    });
  });
  if (taken) shard_.wake_soon(*lane);
  return taken;
}

}  // namespace kaogong::http
