// TLS of the server: certificate, key, and what is spoken.
#pragma once

#include <memory>
#include <string>

struct ssl_ctx_st;

namespace kaogong::http {

/// TLS 1.2 and 1.3, suites with forward secrecy, no renegotiation, no compression, ALPN http/1.1. Thread-safe.
class TlsContext {
 public:
  /// Nothing, and why in `error`, if a file cannot be read or key and certificate do not fit together.
  static std::shared_ptr<const TlsContext> open(const std::string& certificate_path, const std::string& key_path,
                                                std::string* error);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  ssl_ctx_st* handle() const { return handle_; }

 private:
  explicit TlsContext(ssl_ctx_st* handle) : handle_(handle) {}
  ssl_ctx_st* handle_;
};

}  // namespace kaogong::http
