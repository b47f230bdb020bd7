#include "tests/gateway/http/tls_kit.h"

#include <openssl/pem.h>
#include <openssl/x509.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>

namespace kaogong::http::test {

Identity::Identity() {
  char name[] = "/tmp/kaogong-tls-XXXXXX";
  folder_ = ::mkdtemp(name);
  EVP_PKEY* const key = EVP_EC_gen("P-256");
  X509* const certificate = X509_new();
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  X509_NAME* const subject = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("localhost"), -1, -1,
                             0);
  X509_set_issuer_name(certificate, subject);
  X509_sign(certificate, key, EVP_sha256());
  FILE* file = std::fopen(key_path().c_str(), "w");
  PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
  std::fclose(file);
  file = std::fopen(certificate_path().c_str(), "w");
  PEM_write_X509(file, certificate);
  std::fclose(file);
  X509_free(certificate);
  EVP_PKEY_free(key);
}

Identity::~Identity() {
  ::unlink(key_path().c_str());
  ::unlink(certificate_path().c_str());
  ::rmdir(folder_.c_str());
}

TlsClient::TlsClient(uint16_t port, const Offer& offer) : RawClient(port), context_(SSL_CTX_new(TLS_client_method())) {
  ::signal(SIGPIPE, SIG_IGN);
  if (offer.weak) SSL_CTX_set_security_level(context_, 0);
  SSL_CTX_set_min_proto_version(context_, offer.version_min);
  SSL_CTX_set_max_proto_version(context_, offer.version_max);
  if (!offer.suites.empty()) SSL_CTX_set_cipher_list(context_, offer.suites.c_str());
  tls_ = SSL_new(context_);
  if (!offer.alpn.empty())
    SSL_set_alpn_protos(tls_, reinterpret_cast<const unsigned char*>(offer.alpn.data()),
                        static_cast<unsigned>(offer.alpn.size()));
  SSL_set_fd(tls_, socket());
  is_up_ = SSL_connect(tls_) == 1;
}

TlsClient::~TlsClient() {
  SSL_free(tls_);
  SSL_CTX_free(context_);
}

std::string TlsClient::alpn() const {
  const unsigned char* name = nullptr;
  unsigned bytes = 0;
  SSL_get0_alpn_selected(tls_, &name, &bytes);
  return {reinterpret_cast<const char*>(name), bytes};
}

bool TlsClient::send(std::string_view bytes) {
  return SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size())) > 0;
}

std::string TlsClient::receive_bytes() {
  std::string piece(65'536, ' ');
  const int got = SSL_read(tls_, piece.data(), static_cast<int>(piece.size()));
  piece.resize(got > 0 ? static_cast<size_t>(got) : 0);
  return piece;
}

std::string TlsClient::receive_until(std::string_view end) {
  std::string all;
  while (!all.ends_with(end)) {
    const auto piece = receive();
    if (piece.empty()) break;
    all += piece;
  }
  return all;
}

}  // namespace kaogong::http::test
