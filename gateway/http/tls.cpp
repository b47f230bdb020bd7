#include "gateway/http/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace kaogong::http {

namespace {

constexpr const char* kSuites12 =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr unsigned char kAlpn[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
constexpr unsigned char kSessionContext[] = {'k', 'a', 'o', 'g', 'o', 'n', 'g'};

/// A client that offers protocols of which none is ours is refused, rather than spoken to in one it did not offer.
int select_alpn(SSL*, const unsigned char** out, unsigned char* out_bytes, const unsigned char* in, unsigned in_bytes,
                void*) {
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_bytes, kAlpn, sizeof kAlpn, in, in_bytes) != OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

std::string reason() {
  char text[256] = "no reason is given";
  if (const auto code = ERR_get_error(); code != 0) ERR_error_string_n(code, text, sizeof text);
  ERR_clear_error();
  return text;
}

}  // namespace

std::shared_ptr<const TlsContext> TlsContext::open(const std::string& certificate_path, const std::string& key_path,
                                                   std::string* error) {
  ERR_clear_error();
  SSL_CTX* const handle = SSL_CTX_new(TLS_server_method());
  if (handle == nullptr) {
    *error = "TLS cannot be started: " + reason();
    return nullptr;
  }
  std::shared_ptr<const TlsContext> context(new TlsContext(handle));
  SSL_CTX_set_options(handle, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                  SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(handle,
                   SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_session_id_context(handle, kSessionContext, sizeof kSessionContext);
  SSL_CTX_set_alpn_select_cb(handle, select_alpn, nullptr);
  if (SSL_CTX_set_min_proto_version(handle, TLS1_2_VERSION) != 1 || SSL_CTX_set_cipher_list(handle, kSuites12) != 1) {
    *error = "TLS cannot be set up: " + reason();
    return nullptr;
  }
  if (SSL_CTX_use_certificate_chain_file(handle, certificate_path.c_str()) != 1) {
    *error = "the certificate " + certificate_path + " cannot be read: " + reason();
    return nullptr;
  }
  if (SSL_CTX_use_PrivateKey_file(handle, key_path.c_str(), SSL_FILETYPE_PEM) != 1) {
    *error = "the key " + key_path + " cannot be read: " + reason();
    return nullptr;
  }
  if (SSL_CTX_check_private_key(handle) != 1) {
    *error = "the key " + key_path + " is not that of the certificate " + certificate_path;
    return nullptr;
  }
  return context;
}

TlsContext::~TlsContext() { SSL_CTX_free(handle_); }

}  // namespace kaogong::http
