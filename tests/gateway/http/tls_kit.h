// A certificate for a test's server, and a client under TLS.
#pragma once

#include <openssl/ssl.h>

#include <string>
#include <string_view>

#include "tests/gateway/http/server_kit.h"

namespace kaogong::http::test {

/// A key and a certificate signed by itself, in files of a folder of their own.
class Identity {
 public:
  Identity();
  ~Identity();
  Identity(const Identity&) = delete;
  Identity& operator=(const Identity&) = delete;
  std::string key_path() const { return folder_ + "/key.pem"; }
  std::string certificate_path() const { return folder_ + "/certificate.pem"; }

 private:
  std::string folder_;
};

struct Offer {
  int version_min = TLS1_2_VERSION, version_max = TLS1_3_VERSION;
  std::string alpn = {};    // as it goes over the wire
  std::string suites = {};  // of TLS 1.2
  bool weak = false;        // takes what OpenSSL itself would refuse
};

/// A client under TLS.
class TlsClient final : public RawClient {
 public:
  TlsClient(uint16_t port, const Offer& offer);
  ~TlsClient() override;
  bool is_up() const { return is_up_; }
  std::string version() const { return SSL_get_version(tls_); }
  std::string alpn() const;
  bool send(std::string_view bytes) override;
  /// Whether the server said that it ended, rather than just being gone.
  bool was_ended() { return SSL_read(tls_, &byte_, 1) <= 0 && (SSL_get_shutdown(tls_) & SSL_RECEIVED_SHUTDOWN) != 0; }
  std::string receive_until(std::string_view end);

 private:
  std::string receive_bytes() override;

  SSL_CTX* context_;
  SSL* tls_;
  bool is_up_;
  char byte_ = 0;
};

}  // namespace kaogong::http::test
