#include "gateway/client/client.h"

#include <algorithm>
#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <charconv>
#include <thread>

#include "gateway/client/problem_text.h"
#include "infra/crypto/random.h"

namespace kaogong::client {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;
using tcp = asio::ip::tcp;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;

namespace {

constexpr size_t kPieceBytes = size_t{64} << 10;
constexpr uint32_t kHeadBytesMax = 64 << 10;
constexpr size_t kIdempotencyKeyCharacters = 24;

bool is_ip(const std::string& host) {
  error_code error;
  asio::ip::make_address(host, error);
  return !error;
}

bool is_this_machine(const std::string& host) {
  error_code error;
  const auto address = asio::ip::make_address(host, error);
  return error ? host == "localhost" : address.is_loopback();
}

std::string in_small_letters(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  return out;
}

/// Seconds that the server asks to wait; nothing: it does not.
std::optional<std::chrono::seconds> retry_after(const Response& response) {
  const auto* text = response.find("retry-after");
  if (text == nullptr) return std::nullopt;
  int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), seconds);
  if (error != std::errc{} || end != text->data() + text->size() || seconds < 0) return std::nullopt;
  return std::chrono::seconds(seconds);
}

bool is_worth_another(const Response& response) {
  if (response.status == 429 || response.status == 503) return true;
  return response.status == 409 && problem_code(response) == "idempotency_in_flight";
}

/// One attempt of a call: a connection, what was sent on it, and what came back.
class Attempt {
 public:
  Attempt(const ClientOptions& options, const Request& request, const std::string& idempotency_key, const Sink& sink)
      : options_(options), request_(request), idempotency_key_(idempotency_key), sink_(sink) {}

  /// Nothing: response() is the answer. Else what failed.
  std::string run(asio::ssl::context* tls) {
    if (tls == nullptr) {
      beast::tcp_stream stream(io_);
      if (auto failed = connect(stream); !failed.empty()) return failed;
      return exchange(stream);
    }
    TlsStream stream(io_, *tls);
    const auto& host = options_.address.host;
    if (!is_ip(host)) SSL_set_tlsext_host_name(stream.native_handle(), host.c_str());
    error_code error;
    stream.set_verify_callback(asio::ssl::host_name_verification(host), error);
    if (error) return "TLS: " + error.message();
    if (auto failed = connect(beast::get_lowest_layer(stream)); !failed.empty()) return failed;
    beast::get_lowest_layer(stream).expires_after(options_.connect_timeout);
    error = finish([&](auto done) { stream.async_handshake(asio::ssl::stream_base::client, done); });
    if (error) return "no TLS with " + options_.address.host_field() + ": " + error.message();
    return exchange(stream);
  }

  bool was_sent() const { return sent_; }
  bool reached_sink() const { return reached_sink_; }
  Response& response() { return response_; }

 private:
  /// Runs one asynchronous step to its end, which its stream's timeout bounds.
  template <typename Start>
  error_code finish(const Start& start) {
    error_code result;
    io_.restart();
    start([&](const error_code& error, auto&&...) { result = error; });
    io_.run();
    return result;
  }

  std::string connect(beast::tcp_stream& stream) {
    error_code error;
    tcp::resolver resolver(io_);
    const auto found = resolver.resolve(options_.address.host, options_.address.port, error);
    if (error) return "there is no host '" + options_.address.host + "': " + error.message();
    stream.expires_after(options_.connect_timeout);
    error = finish([&](auto done) { stream.async_connect(found, done); });
    return error ? "cannot reach " + options_.address.host_field() + ": " + error.message() : "";
  }

  template <typename Body>
  void fill_head(http::request<Body>& message) const {
    message.version(11);
    message.method_string(request_.method);
    message.target(options_.address.base + request_.path);
    message.set(http::field::host, options_.address.host_field());
    message.set(http::field::user_agent, "kaogong");
    message.set(http::field::connection, "close");
    if (!options_.key.empty()) message.set(http::field::authorization, "Bearer " + options_.key);
    if (!options_.tenant.empty()) message.set("Kaogong-Tenant", options_.tenant);
    if (!request_.content_type.empty()) message.set(http::field::content_type, request_.content_type);
    if (!idempotency_key_.empty()) message.set("Idempotency-Key", idempotency_key_);
    for (const auto& [name, value] : request_.fields) message.set(name, value);
    message.prepare_payload();
  }

  template <typename Stream>
  std::string exchange(Stream& stream) {
    if (request_.body_path.empty()) {
      http::request<http::string_body> message;
      message.body() = request_.body;
      fill_head(message);
      return send_and_receive(stream, message);
    }
    http::request<http::file_body> message;
    error_code error;
    message.body().open(request_.body_path.c_str(), beast::file_mode::scan, error);
    if (error) return "cannot read " + request_.body_path + ": " + error.message();
    fill_head(message);
    return send_and_receive(stream, message);
  }

  template <typename Stream, typename Body>
  std::string send_and_receive(Stream& stream, http::request<Body>& message) {
    auto& lowest = beast::get_lowest_layer(stream);
    http::request_serializer<Body> serializer(message);
    error_code failed_sending;
    sent_ = true;
    while (!failed_sending && !serializer.is_done()) {
      lowest.expires_after(options_.step_timeout);
      failed_sending = finish([&](auto done) { http::async_write_some(stream, serializer, done); });
    }
    // A server that does not want the body answers before it has it all, and stops reading.
    const auto failed = receive(stream, lowest);
    if (failed && failed_sending) return "the connection broke while sending: " + failed_sending.message();
    return failed ? "the connection broke before the answer was there: " + failed.message() : "";
  }

  template <typename Stream>
  error_code receive(Stream& stream, beast::tcp_stream& lowest) {
    beast::flat_buffer buffer;
    http::response_parser<http::buffer_body> parser;
    parser.body_limit(boost::none);
    parser.header_limit(kHeadBytesMax);
    lowest.expires_after(options_.step_timeout);
    if (const auto error = finish([&](auto done) { http::async_read_header(stream, buffer, parser, done); }))
      return error;
    response_.status = parser.get().result_int();
    for (const auto& field : parser.get().base())
      response_.fields.emplace_back(in_small_letters(std::string_view(field.name_string())), field.value());
    const auto piece = std::make_unique<std::array<char, kPieceBytes>>();
    while (!parser.is_done()) {
      auto& body = parser.get().body();
      body.data = piece->data();
      body.size = piece->size();
      lowest.expires_after(options_.step_timeout);
      auto error = finish([&](auto done) { http::async_read_some(stream, buffer, parser, done); });
      if (error == http::error::need_buffer) error = {};
      if (!take({piece->data(), piece->size() - body.size})) return {};
      if (error) return error;
    }
    return {};
  }

  /// False: no more is wanted.
  bool take(std::string_view bytes) {
    if (bytes.empty()) return true;
    if (sink_ && response_.is_good()) {
      reached_sink_ = true;
      return sink_(bytes);
    }
    if (response_.body.size() + bytes.size() > Client::kAnswerBytesMax) return false;
    response_.body += bytes;
    return true;
  }

  const ClientOptions& options_;
  const Request& request_;
  const std::string& idempotency_key_;
  const Sink& sink_;
  asio::io_context io_{1};
  Response response_;
  bool sent_ = false, reached_sink_ = false;
};

}  // namespace

const std::string* Response::find(std::string_view name) const {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const auto& field) { return field.first == name; });
  return found == fields.end() ? nullptr : &found->second;
}

struct Client::Wire {
  ClientOptions options;
  asio::ssl::context tls{asio::ssl::context::tls_client};
};

Client::Client(std::unique_ptr<Wire> wire) : wire_(std::move(wire)) {}
Client::~Client() = default;

std::unique_ptr<Client> Client::open(ClientOptions options, std::string* error) {
  auto wire = std::make_unique<Wire>();
  wire->options = std::move(options);
  const auto& given = wire->options;
  if (!given.address.is_tls && !given.key.empty() && !given.plain_allowed && !is_this_machine(given.address.host)) {
    *error = "the key would go to " + given.address.host_field() + " unencrypted: use https, or allow it with --plain";
    return nullptr;
  }
  if (!given.address.is_tls) return std::unique_ptr<Client>(new Client(std::move(wire)));
  using Tls = asio::ssl::context;
  wire->tls.set_options(Tls::no_sslv2 | Tls::no_sslv3 | Tls::no_tlsv1 | Tls::no_tlsv1_1);
  wire->tls.set_verify_mode(asio::ssl::verify_peer);
  error_code failed;
  if (given.ca_path.empty()) {
    wire->tls.set_default_verify_paths(failed);
  } else {
    wire->tls.load_verify_file(given.ca_path, failed);
  }
  if (failed) {
    *error = "the certificates that are trusted cannot be read: " + failed.message();
    return nullptr;
  }
  return std::unique_ptr<Client>(new Client(std::move(wire)));
}

std::variant<Response, CallFailure> Client::call(const Request& request, const Sink& sink) {
  const auto& options = wire_->options;
  const bool changes = request.method != "GET" && request.method != "HEAD";
  const std::string idempotency_key = changes ? crypto::random_base62(kIdempotencyKeyCharacters) : std::string();
  std::chrono::milliseconds pause = options.pause;
  bool was_sent = false;
  for (int number = 1;; ++number) {
    Attempt attempt(options, request, idempotency_key, sink);
    const auto failed = attempt.run(options.address.is_tls ? &wire_->tls : nullptr);
    was_sent = was_sent || attempt.was_sent();
    const bool is_last = number >= options.attempts_max || attempt.reached_sink();
    if (failed.empty() && (is_last || !is_worth_another(attempt.response()))) return std::move(attempt.response());
    if (is_last) return CallFailure{failed, changes && was_sent};
    const auto asked = failed.empty() ? retry_after(attempt.response()) : std::nullopt;
    std::this_thread::sleep_for(std::min<std::chrono::milliseconds>(asked ? *asked : pause, options.pause_longest));
    pause *= 2;
  }
}

}  // namespace kaogong::client
